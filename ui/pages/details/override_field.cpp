// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/details/override_field.h"

#include "ui/document/commands.h"
#include "ui/theme/theme.h"
#include "ui/widgets/field_combo.h"

#include <QBoxLayout>
#include <QLabel>
#include <QSignalBlocker>
#include <QToolButton>

namespace qs::ui {

OverrideField::OverrideField(const QString &name, const QString &help, const QString &inherited,
                             const QString &clearing, QWidget *parent)
    : QWidget(parent)
    , m_inherited(inherited)
    , m_label(new QLabel(name))
    , m_combo(new FieldCombo)
    , m_clear(new QToolButton)
{
    m_label->setObjectName(QStringLiteral("secondary"));
    m_label->setBuddy(m_combo);
    m_combo->setAccessibleName(tr("Selected layer: %1").arg(name));
    m_combo->setToolTip(help);
    // Long entries must not set the dock's width.
    m_combo->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_combo->setMinimumContentsLength(6);
    m_combo->setMinimumWidth(56);
    m_combo->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_clear->setObjectName(QStringLiteral("tiny"));
    m_clear->setIcon(themedIcon(QStringLiteral("close"), &Theme::secondaryText));
    m_clear->setIconSize(QSize(12, 12));
    m_clear->setToolTip(clearing);
    m_clear->setAccessibleName(tr("Clear the override: %1").arg(name));
    m_clear->hide();

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(2);
    layout->addWidget(m_combo, 1);
    layout->addWidget(m_clear);
    clearChoices();
    // A new style sheet takes own fonts away.
    connect(&ThemeManager::instance(), &ThemeManager::changed, this, [this] { setBold(m_bold); });
    connect(m_combo, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (index >= 0)
            emit changed(m_combo->itemData(index), m_combo->gesture());
    });
    connect(m_clear, &QToolButton::clicked, this, [this] { emit changed({}, kNoGesture); });
}

void OverrideField::setBold(bool bold)
{
    m_bold = bold;
    QFont font = m_combo->font();
    font.setBold(bold);
    m_combo->setFont(font);
}

void OverrideField::addChoice(const QString &name, const QVariant &value)
{
    const QSignalBlocker blocker(m_combo);
    m_combo->addItem(name, value);
}

void OverrideField::clearChoices()
{
    const QSignalBlocker blocker(m_combo);
    m_combo->clear();
    m_combo->addItem(m_inherited, QVariant());
}

void OverrideField::showValue(const std::optional<QVariant> &value, const QString &name)
{
    if (!value)
        m_combo->showMixed();
    else if (!value->isValid())
        m_combo->showValue({}, m_inherited);
    else
        m_combo->showValue(*value, name);
    const bool overridden = !value || value->isValid();
    setBold(overridden);
    m_clear->setVisible(overridden);
}

} // namespace qs::ui
