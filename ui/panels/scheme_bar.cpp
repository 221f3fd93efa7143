// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/panels/scheme_bar.h"

#include "ui/document/document.h"
#include "ui/panels/field_combo.h"
#include "ui/theme/theme.h"

#include <QBoxLayout>
#include <QFormLayout>
#include <QFrame>
#include <QLabel>
#include <QPushButton>
#include <QToolButton>

namespace qs::ui {

SchemeBar::SchemeBar(Document *document, QWidget *parent)
    : QWidget(parent)
    , m_document(document)
    , m_more(new QToolButton)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(4, 0, 4, 0);
    layout->setSpacing(6);
    for (const SchemeField field : {SchemeField::Mode, SchemeField::Bits, SchemeField::Scales})
        layout->addWidget(addField(field));
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_more->setIcon(themedIcon(QStringLiteral("chevron"), &Theme::secondaryText));
    m_more->setLayoutDirection(Qt::RightToLeft);
    m_more->setToolTip(tr("Convention, code range, scale type and codes"));
    layout->addWidget(m_more);
    buildPopup();
    connect(m_more, &QToolButton::clicked, this, [this] {
        m_popup->adjustSize();
        m_popup->move(m_more->mapToGlobal(QPoint(0, m_more->height() + 2)));
        m_popup->show();
    });
    connect(document, &Document::modelChanged, this, &SchemeBar::refresh);
    connect(document, &Document::recipeChanged, this, &SchemeBar::refresh);
    // A refused choice must not stay on display.
    connect(document, &Document::refused, this, &SchemeBar::refresh);
    refresh();
}

FieldCombo *SchemeBar::addField(SchemeField field)
{
    auto *combo = new FieldCombo;
    combo->setAccessibleName(tr("Scheme: %1").arg(fieldName(field)));
    combo->setToolTip(fieldHelp(field));
    for (const SchemeChoice &choice : fieldChoices(field))
        combo->addItem(choice.name, choice.value);
    m_fields.append({field, combo});
    connect(combo, &QComboBox::currentIndexChanged, this, [this, which = m_fields.last()] { change(which); });
    return combo;
}

void SchemeBar::buildPopup()
{
    m_popup = new QFrame(this, Qt::Popup);
    m_popup->setObjectName(QStringLiteral("panel"));
    auto *form = new QFormLayout(m_popup);
    form->setContentsMargins(14, 12, 14, 12);
    for (const SchemeField field : {SchemeField::CodeRange, SchemeField::ScaleType, SchemeField::Codes}) {
        auto *label = new QLabel(fieldName(field));
        label->setObjectName(QStringLiteral("secondary"));
        form->addRow(label, addField(field));
    }
    auto *reset = new QPushButton(
        tr("Back to %1").arg(QString::fromUtf8(kDefaultConvention.data(), qsizetype(kDefaultConvention.size()))));
    reset->setToolTip(tr("All fields as the convention has them"));
    form->addRow(reset);
    connect(reset, &QPushButton::clicked, this, [this] {
        changeScheme(*m_document, Scheme{});
        m_popup->hide();
    });
}

FieldCombo *SchemeBar::combo(SchemeField field) const
{
    for (const Field &entry : m_fields)
        if (entry.field == field)
            return entry.combo;
    return nullptr;
}

void SchemeBar::change(const Field &field)
{
    if (!m_document->model())
        return;
    SchemePatch patch;
    setFieldValue(patch, field.field, field.combo->currentData());
    Scheme scheme = m_document->recipe().scheme;
    patch.applyTo(scheme);
    // The other field gives way: asymmetric codes always use the full range.
    if (scheme.mode == Mode::Asymmetric && scheme.codeRange == CodeRange::Narrow) {
        if (field.field == SchemeField::CodeRange)
            scheme.mode = Mode::Symmetric;
        else
            scheme.codeRange = CodeRange::Full;
    }
    changeScheme(*m_document, scheme, field.combo->gesture());
}

void SchemeBar::refresh()
{
    const Scheme &scheme = m_document->recipe().scheme;
    for (const Field &entry : std::as_const(m_fields)) {
        const QVariant value = fieldValue(scheme, entry.field);
        entry.combo->showValue(value, fieldValueName(entry.field, value));
    }
    m_more->setText(tr("Details: %1").arg(QString::fromStdString(scheme.label())));
    const auto &model = m_document->model();
    // Codes that are in the file stay as they are: where there is nothing else, no choice would change anything.
    setEnabled(model && (model->layers.empty() || m_document->storedLayers() < model->layers.size()));
}

} // namespace qs::ui
