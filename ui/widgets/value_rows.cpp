// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/value_rows.h"

#include <QGridLayout>
#include <QLabel>

#include <algorithm>

namespace qs::ui {

ValueRows::ValueRows(QWidget *parent)
    : QWidget(parent)
    , m_layout(new QGridLayout(this))
{
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setHorizontalSpacing(12);
    m_layout->setVerticalSpacing(2);
    m_layout->setColumnStretch(1, 1);
}

void ValueRows::setRows(const QList<ValueRow> &rows)
{
    while (m_labels.size() < rows.size()) {
        const int row = static_cast<int>(m_labels.size());
        const Labels labels{new QLabel, new QLabel};
        labels.name->setObjectName(QStringLiteral("secondary"));
        for (QLabel *label : {labels.name, labels.value}) {
            label->setTextFormat(Qt::PlainText);
            label->setTextInteractionFlags(Qt::TextSelectableByMouse);
        }
        labels.value->setWordWrap(true);
        m_layout->addWidget(labels.name, row, 0, Qt::AlignTop);
        m_layout->addWidget(labels.value, row, 1, Qt::AlignTop);
        m_labels << labels;
    }
    for (qsizetype i = 0; i < m_labels.size(); ++i) {
        const bool shown = i < rows.size();
        const Labels &labels = m_labels[i];
        labels.name->setVisible(shown);
        labels.value->setVisible(shown);
        if (!shown)
            continue;
        for (QLabel *label : {labels.name, labels.value})
            label->setProperty("explains", QString::fromLatin1(rows[i].explains));
        labels.name->setText(rows[i].name);
        labels.value->setText(rows[i].value);
        labels.name->setToolTip(rows[i].help);
        labels.value->setToolTip(rows[i].help);
    }
    setVisible(!rows.isEmpty());
}

int ValueRows::nameWidth() const
{
    int width = 0;
    for (const Labels &labels : m_labels)
        if (!labels.name->isHidden())
            width = std::max(width, labels.name->sizeHint().width());
    return width;
}

void ValueRows::setNameWidth(int width)
{
    m_layout->setColumnMinimumWidth(0, width);
}

QString ValueRows::valueOf(const QString &name) const
{
    for (const Labels &labels : m_labels)
        if (!labels.name->isHidden() && labels.name->text() == name)
            return labels.value->text();
    return {};
}

} // namespace qs::ui
