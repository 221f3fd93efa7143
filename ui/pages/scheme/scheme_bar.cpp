// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/scheme/scheme_bar.h"

#include "core/scheme/convention.h"
#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/document/setup.h"
#include "ui/plots/mark_scale.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"
#include "ui/theme/theme.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/field_combo.h"
#include "ui/widgets/percent_field.h"
#include "ui/widgets/preset_delegate.h"

#include <QAbstractItemView>
#include <QBoxLayout>
#include <QFormLayout>
#include <QFrame>
#include <QHash>
#include <QLabel>
#include <QToolButton>

#include <utility>

namespace qs::ui {

namespace {

/// Characters that stay readable in a narrow window; what is cut ends in "…" and stands in the tool tip.
constexpr int kShortestPreset = 5;
constexpr int kShortestField = 5;
constexpr int kLimitsWidth = 300;
constexpr int kBarMargins = 24; // of this bar and the tool bar around it
/// Beside the longest description.
constexpr int kListRoom = 24;

} // namespace

SchemeBar::SchemeBar(Setup *setup, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_side(new ElidedLabel)
    , m_presets(new FieldCombo)
    , m_more(new QToolButton)
{
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(4, 0, 4, 0);
    layout->setSpacing(1);
    buildPresets();
    m_side->setAllOrNothing(true); // the words go first where there is little room
    layout->addWidget(m_side);
    layout->addSpacing(4);
    // One sentence, each word of which opens: "All layers symmetric · 8 bits · per channel · min–max, as gpt-fast".
    const auto addGrey = [&](const QString &words) {
        auto *label = new QLabel(words);
        label->setObjectName(QStringLiteral("secondary"));
        layout->addWidget(label);
        return label;
    };
    for (const SchemeField field : {SchemeField::Mode, SchemeField::Bits, SchemeField::Scales}) {
        if (field != SchemeField::Mode)
            addGrey(QStringLiteral("·"));
        layout->addWidget(addField(field));
    }
    // Where there is little room, the name of the preset gives way: what holds stands in the fields.
    for (const Field &field : m_fields) {
        // Beside the views of a page there is less room than in the tool bar.
        field.combo->setSizePolicy(isB() ? QSizePolicy::Preferred : QSizePolicy::Minimum, QSizePolicy::Fixed);
        field.combo->setObjectName(QStringLiteral("word"));
    }
    addGrey(QStringLiteral("·"));
    m_more->setObjectName(QStringLiteral("word"));
    m_more->setAccessibleName(tr("More of the scheme"));
    m_more->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_more->setIcon(themedIcon(QStringLiteral("chevron"), &Theme::secondaryText));
    m_more->setLayoutDirection(Qt::RightToLeft);
    m_more->setIconSize(QSize(12, 12));
    layout->addWidget(m_more);
    m_as = addGrey(tr("as", "convention"));
    m_presets->setObjectName(QStringLiteral("word"));
    layout->addWidget(m_presets);
    buildPopup();
    setFocusProxy(combo(SchemeField::Mode));
    connect(m_more, &QToolButton::clicked, this, &SchemeBar::showPopup);
    // A refused choice must not stay on display.
    auto *view = new ResultView(this, [this](Changes) { refresh(); });
    view->follow(setup, Change::Model | Change::Recipe | Change::Results | Change::Refused | Change::SideB);
    refresh();
}

void SchemeBar::setBrief(bool on)
{
    m_as->setVisible(!on);
    m_presets->setVisible(!on);
}

/// In the text of a presentation words that have no room go as a whole, the name of the preset first: what holds
/// stands in the fields.
void SchemeBar::giveWay()
{
    if (isB())
        return;
    const QList<QList<QWidget *>> inOrder{{m_as, m_presets}, {m_side}};
    for (const QList<QWidget *> &words : inOrder)
        for (QWidget *word : words)
            word->show();
    if (markScale() <= 1)
        return;
    const auto needed = [this] {
        int width = kBarMargins;
        for (int i = 0; i < layout()->count(); ++i)
            width += layout()->itemAt(i)->sizeHint().width() + layout()->spacing();
        return width;
    };
    for (const QList<QWidget *> &words : inOrder)
        if (needed() > window()->width())
            for (QWidget *word : words)
                word->hide();
}

void SchemeBar::buildPresets()
{
    m_presets->setAccessibleName(tr("Scheme: preset"));
    m_presets->setProperty("explains", QStringLiteral("scheme.preset"));
    nameByLabel(m_presets);
    m_presets->setMinimumContentsLength(kShortestPreset);
    m_presets->setItemDelegate(new PresetDelegate(m_presets));
    for (const Convention &convention : conventions()) {
        m_presets->addItem(text::fromView(convention.name), text::fromView(convention.name));
        const int last = m_presets->count() - 1;
        m_presets->setItemData(last, text::words(Text::of(convention.description)), Qt::ToolTipRole);
        m_presets->setItemData(last, text::words(Text::of(convention.description)), Qt::AccessibleDescriptionRole);
    }
    // All at once: a list of presets is read as a whole.
    m_presets->setMaxVisibleItems(m_presets->count());
    m_presets->view()->setMinimumWidth(m_presets->view()->sizeHintForColumn(0) + kListRoom);
    connect(m_presets, &QComboBox::currentIndexChanged, this, [this](int index) {
        if (index < 0 || !m_setup->model())
            return;
        const Convention *preset = findConvention(m_presets->itemData(index).toString().toStdString());
        changeScheme(*m_setup, preset->scheme(), m_presets->gesture());
    });
}

/// On Linux the name of a combo box is its text for screen readers: only a label says what it is of.
void SchemeBar::nameByLabel(QWidget *combo)
{
    auto *label = new QLabel(combo->accessibleName(), this);
    label->setBuddy(combo);
    label->hide();
}

FieldCombo *SchemeBar::addField(SchemeField field)
{
    auto *combo = new FieldCombo;
    combo->setAccessibleName(tr("Scheme: %1").arg(fieldName(field)));
    nameByLabel(combo);
    combo->setToolTip(fieldHelp(field));
    combo->setProperty("explains", fieldExplanation(field));
    combo->setMinimumContentsLength(kShortestField);
    for (const SchemeChoice &choice : fieldChoices(field))
        combo->addItem(choice.name, choice.value);
    m_fields.append({field, combo});
    connect(combo, &QComboBox::currentIndexChanged, this, [this, field, combo](int index) {
        if (index >= 0 && m_setup->model())
            changeScheme(*m_setup, withField(m_setup->recipe().scheme, field, combo->itemData(index)),
                         combo->gesture());
    });
    return combo;
}

void SchemeBar::buildPopup()
{
    m_popup = new QFrame(this, Qt::Popup);
    m_popup->setObjectName(QStringLiteral("panel"));
    auto *form = new QFormLayout(m_popup);
    form->setContentsMargins(14, 12, 14, 12);
    const auto addRow = [form](const QString &name, QWidget *widget) {
        auto *label = new QLabel(name);
        label->setObjectName(QStringLiteral("secondary"));
        label->setBuddy(widget);
        form->addRow(label, widget);
    };
    addRow(fieldName(SchemeField::Range), addField(SchemeField::Range));
    m_percentile = new PercentField;
    m_percentile->setAccessibleName(tr("Scheme: share of the weights in the range"));
    m_percentile->setToolTip(tr("How many of the weights the codes reach; the outermost others are clipped"));
    connect(m_percentile, &QDoubleSpinBox::valueChanged, this, [this] {
        Scheme scheme = m_setup->recipe().scheme;
        scheme.range = m_percentile->range();
        changeScheme(*m_setup, scheme, m_percentile->gesture());
    });
    addRow(tr("Share of weights"), m_percentile);
    for (const SchemeField field : {SchemeField::CodeRange, SchemeField::ScaleType, SchemeField::Codes})
        addRow(fieldName(field), addField(field));
    m_limits = new QLabel;
    m_limits->setObjectName(QStringLiteral("secondary"));
    m_limits->setTextFormat(Qt::PlainText);
    m_limits->setWordWrap(true);
    m_limits->setFixedWidth(kLimitsWidth);
    form->addRow(m_limits);
}

void SchemeBar::showPopup()
{
    m_popup->adjustSize();
    m_popup->move(m_more->mapToGlobal(QPoint(0, m_more->height() + 2)));
    m_popup->show();
    combo(SchemeField::Range)->setFocus();
}

FieldCombo *SchemeBar::combo(SchemeField field) const
{
    for (const Field &entry : m_fields)
        if (entry.field == field)
            return entry.combo;
    return nullptr;
}

bool SchemeBar::isB() const
{
    return m_setup != m_setup->document().setups().front();
}

QString SchemeBar::limits() const
{
    return m_limits->text();
}

/// Choices that would be refused cannot be chosen; the reasons stand below, because a list that is closed has no room.
void SchemeBar::showLimits(const Scheme &scheme)
{
    QStringList reasons;
    QHash<QString, QStringList> choices;
    for (const Field &entry : std::as_const(m_fields))
        for (int i = 0; i < entry.combo->count(); ++i) {
            const QString problem = fieldProblem({scheme}, entry.field, entry.combo->itemData(i));
            entry.combo->setProblem(entry.combo->itemData(i), problem);
            if (problem.isEmpty())
                continue;
            if (!choices.contains(problem))
                reasons << problem;
            choices[problem] << tr("“%1”").arg(entry.combo->itemText(i));
        }
    QStringList lines;
    for (const QString &reason : std::as_const(reasons))
        lines << tr("Not %1: %2").arg(text::listed(choices[reason]), reason);
    if (const QString hint = shortUnits(); !hint.isEmpty())
        lines << hint;
    m_limits->setText(lines.join(QLatin1Char('\n')));
    m_limits->setVisible(!lines.isEmpty());
    // The form would give it a single line.
    m_limits->setMinimumHeight(m_limits->heightForWidth(kLimitsWidth));
    if (m_popup->isVisible())
        m_popup->adjustSize();
}

/// Where the percentile of the layers' schemes has nothing to leave out.
QString SchemeBar::shortUnits() const
{
    const auto &model = m_setup->model();
    QString first;
    std::size_t without = 0;
    std::size_t quantized = 0;
    for (std::size_t i = 0; model && i < model->layers.size(); ++i) {
        if (!m_setup->isQuantized(i))
            continue;
        ++quantized;
        const Decision &decision = m_setup->decision(i);
        const MatrixShape shape = matrixShape(model->tensorOf(model->layers[i]), decision.channelAxis);
        const QString hint = percentileHint(decision.scheme, shape);
        without += hint.isEmpty() ? 0 : 1;
        if (first.isEmpty())
            first = hint;
    }
    if (without == 0 || without == quantized)
        return first;
    return tr("In %1 of %2 layers this range clips nothing. One of them: %3").arg(without).arg(quantized).arg(first);
}

/// In the text of a presentation the last words of the sentence may be cut, so that the window keeps its width.
void SchemeBar::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        m_more->setMinimumWidth(markScale() > 1 ? fontMetrics().averageCharWidth() * kShortestField : 0);
    if (event->type() == QEvent::FontChange)
        QMetaObject::invokeMethod(this, &SchemeBar::giveWay, Qt::QueuedConnection); // once all parts have it
}

void SchemeBar::refresh()
{
    const Scheme &scheme = m_setup->recipe().scheme;
    const QString label = text::words(scheme.label());
    if (m_presets->findData(label) >= 0)
        m_presets->showValue(label, label);
    else
        m_presets->showNone(label);
    const Convention *convention = findConvention(scheme.convention);
    m_presets->setToolTip(tr("%1\n%2").arg(label, convention ? text::words(Text::of(convention->description))
                                                             : tr("The preset that sets all fields")));
    for (const Field &entry : std::as_const(m_fields)) {
        const QVariant value = fieldValue(scheme, entry.field);
        entry.combo->showValue(value, fieldValueName(entry.field, value));
    }
    m_percentile->showRange(scheme.range);
    m_percentile->setEnabled(scheme.range.kind == RangeMethod::Kind::Percentile);
    showLimits(scheme);
    QStringList more;
    for (const SchemeField field :
         {SchemeField::Range, SchemeField::CodeRange, SchemeField::ScaleType, SchemeField::Codes})
        more << tr("%1: %2").arg(fieldName(field), combo(field)->currentText());
    m_more->setToolTip(more.join(QLatin1Char('\n')));
    const Scheme usual;
    const bool isUsual =
        scheme.codeRange == usual.codeRange && scheme.scaleType == usual.scaleType && scheme.codes == usual.codes;
    const QString range = combo(SchemeField::Range)->currentText();
    m_more->setText(isUsual ? range : tr("%1, more").arg(range));
    const bool hasB = m_setup->document().sideB().isOpen();
    m_side->setObjectName(isB()  ? QStringLiteral("sideB")
                          : hasB ? QStringLiteral("sideA")
                                 : QStringLiteral("secondary"));
    m_side->setStyleSheet({}); // another name, another rule of the style sheet
    m_side->setText(isB() ? tr("B") : hasB ? tr("A") : tr("All layers"));
    m_side->setMinimumWidth(hasB ? m_side->sizeHint().width() : 0);
    const auto &model = m_setup->model();
    giveWay();
    // Codes that are in the file stay as they are: where there is nothing else, no choice would change anything.
    setEnabled(model && (model->layers.empty() || m_setup->storedLayers() < model->layers.size()));
}

} // namespace qs::ui
