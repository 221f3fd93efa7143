// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/group_field.h"

#include "ui/text/format.h"

#include <QBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QSpinBox>

#include <algorithm>
#include <limits>

namespace qs::ui {

GroupField::GroupField(Whole whole, QWidget *parent)
    : QWidget(parent)
    , m_number(new QSpinBox)
    , m_count(new QLabel)
{
    auto *name = new QLabel(tr("Group"));
    name->setBuddy(m_number);
    for (QLabel *label : {name, m_count})
        label->setObjectName(QStringLiteral("secondary"));
    m_number->setObjectName(QStringLiteral("group"));
    m_number->setAccessibleName(tr("Group of the channel"));
    m_number->setToolTip(tr("Each group of the channel has a scale, and a clipping point, of its own"));
    m_number->setMinimum(whole == Whole::Offered ? 0 : 1);
    if (whole == Whole::Offered)
        m_number->setSpecialValueText(tr("all"));
    m_number->setButtonSymbols(QAbstractSpinBox::NoButtons);
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(2, 0, 2, 0);
    row->addWidget(name);
    row->addWidget(m_number);
    row->addWidget(m_count);
    row->addStretch();
    hide();
    connect(m_number, &QSpinBox::valueChanged, this, [this] { emit chosen(group()); });
}

void GroupField::showGroup(qint64 group, std::uint64_t groups)
{
    const QSignalBlocker blocker(m_number);
    constexpr auto kMost = static_cast<std::uint64_t>(std::numeric_limits<int>::max());
    m_number->setMaximum(static_cast<int>(std::clamp<std::uint64_t>(groups, 1, kMost)));
    const bool has = group >= 0 && static_cast<std::uint64_t>(group) < groups;
    m_number->setValue(has ? static_cast<int>(group + 1) : m_number->minimum());
    m_count->setText(tr("of %1").arg(text::count(groups)));
    setVisible(groups > 1);
}

qint64 GroupField::group() const
{
    return m_number->value() - 1;
}

} // namespace qs::ui
