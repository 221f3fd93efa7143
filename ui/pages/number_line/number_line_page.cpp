// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/number_line/number_line_page.h"

#include "core/analysis/weight_lookup.h"
#include "core/quant/stored.h"
#include "ui/document/result_view.h"
#include "ui/document/setup.h"
#include "ui/pages/number_line/number_line_view.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalBlocker>

#include <algorithm>
#include <cmath>

namespace qs::ui {

namespace {

constexpr int kAsymmetric = 1; // index in the field
constexpr int kCast = 1;       // the same of slips
constexpr int kForgotten = 2;
constexpr float kExampleValue = 0.437F;
constexpr float kExampleScale = 0.1F;
constexpr double kLargest = 1e6;

int decimalsFor(double scale)
{
    const double magnitude = scale > 0 ? std::floor(std::log10(scale)) : -1;
    return static_cast<int>(std::clamp(3 - magnitude, 2.0, 12.0));
}

void addField(QBoxLayout *row, const QString &name, QWidget *field)
{
    auto *label = new QLabel(name);
    label->setObjectName(QStringLiteral("secondary"));
    label->setBuddy(field);
    field->setAccessibleName(name);
    row->addWidget(label);
    row->addWidget(field);
}

} // namespace

PageInfo NumberLinePage::page()
{
    return {.id = QStringLiteral("numberLine"),
            .icon = QStringLiteral("number-line"),
            .title = tr("Num&ber line"),
            .tip = tr("One weight through scale, rounding and back"),
            .place = PagePlace::Tab,
            .make = [](const PageContext &context) -> QWidget * {
                return new NumberLinePage(context.setup, context.selection);
            },
            .panes = [](QWidget *page) -> QList<QWidget *> { return {static_cast<NumberLinePage *>(page)->view()}; }};
}

NumberLinePage::NumberLinePage(Setup *setup, Selection *selection, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_selection(selection)
    , m_view(new NumberLineView)
    , m_whose(new QLabel)
    , m_stepLabel(new QLabel)
    , m_back(new QPushButton(tr("Back")))
    , m_next(new QPushButton(tr("Next")))
    , m_fromModel(new QPushButton(tr("From the model")))
    , m_valueField(new QDoubleSpinBox)
    , m_scaleField(new QDoubleSpinBox)
    , m_bits(new QComboBox)
    , m_mode(new QComboBox)
    , m_zeroPoint(new QSpinBox)
    , m_slip(new QComboBox)
{
    m_scale.scale = m_scale.stored = kExampleScale;
    m_value = kExampleValue;
    m_view->setProperty("explains", QStringLiteral("numberLine.walk"));
    auto *panel = new QFrame;
    panel->setObjectName(QStringLiteral("panel"));
    auto *inner = new QVBoxLayout(panel);
    inner->setContentsMargins(12, 10, 12, 10);
    inner->addWidget(makeControls());
    m_whose->setObjectName(QStringLiteral("secondary"));
    m_whose->setWordWrap(true);
    m_whose->setProperty("deskOnly", true);
    inner->addWidget(m_whose);
    inner->addWidget(m_view, 1);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->addWidget(panel);

    connect(m_view, &NumberLineView::stepChanged, this, &NumberLinePage::showFields);
    connect(m_view, &NumberLineView::valueWanted, this, [this](double value) {
        m_isFromModel = false;
        m_value = static_cast<float>(value);
        showWalk();
    });
    auto *results = new ResultView(this, [this](Changes) {
        if (m_isFromModel)
            takeFromModel();
    });
    results->follow(setup, Change::Model | Change::Results);
    results->follow(selection);
    results->add(Change::Model);
    connect(selection, &Selection::exampleWanted, this, &NumberLinePage::showExample);
    // A weight that somebody points at is one of the model.
    connect(selection, &Selection::followedChanged, this,
            [this] { m_isFromModel = m_isFromModel || m_selection->followed(); });
}

QWidget *NumberLinePage::makeControls()
{
    m_back->setToolTip(tr("One step back (←)"));
    m_next->setToolTip(tr("The next step (→); Space plays all of them"));
    m_fromModel->setProperty("deskOnly", true);
    m_fromModel->setToolTip(tr("Value, scale and codes of the selected channel"));
    connect(m_back, &QPushButton::clicked, this, [this] { m_view->setStep(m_view->step() - 1); });
    connect(m_next, &QPushButton::clicked, this,
            [this] { m_view->setStep(m_view->step() == NumberLineView::kSteps ? 1 : m_view->step() + 1); });
    connect(m_fromModel, &QPushButton::clicked, this, [this] {
        m_isFromModel = true;
        takeFromModel();
    });
    for (int bits = kMinBits; bits <= kMaxBits; ++bits)
        m_bits->addItem(tr("%n bits", nullptr, bits), bits);
    m_mode->addItems({tr("Symmetric"), tr("Asymmetric")});
    m_zeroPoint->setRange(-128, 127);
    m_zeroPoint->setButtonSymbols(QAbstractSpinBox::NoButtons);
    const int fieldWidth = fontMetrics().horizontalAdvance(QStringLiteral("−0.00000000"));
    for (QDoubleSpinBox *field : {m_valueField, m_scaleField}) {
        field->setKeyboardTracking(false);
        field->setButtonSymbols(QAbstractSpinBox::NoButtons);
        field->setMinimumWidth(fieldWidth);
        field->setRange(-kLargest, kLargest);
        connect(field, &QDoubleSpinBox::valueChanged, this, &NumberLinePage::takeFromFields);
    }
    for (QComboBox *field : {m_bits, m_mode})
        connect(field, &QComboBox::currentIndexChanged, this, &NumberLinePage::takeFromFields);
    connect(m_zeroPoint, &QSpinBox::valueChanged, this, &NumberLinePage::takeFromFields);
    m_slip->addItems({tr("None"), tr("Cast, not round"), tr("Zero point forgotten")});
    // The list is as wide as its words; the field must not make the window wider.
    m_slip->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_slip->setMinimumContentsLength(5);
    m_slip->setToolTip(tr("What goes wrong in quantizers that were written by hand"));
    connect(m_slip, &QComboBox::currentIndexChanged, this, &NumberLinePage::takeFromFields);

    auto *controls = new QWidget;
    auto *rows = new QVBoxLayout(controls);
    rows->setContentsMargins(0, 0, 0, 0);
    auto *steps = new QHBoxLayout;
    steps->addWidget(m_back);
    steps->addWidget(m_next);
    steps->addWidget(m_stepLabel);
    steps->addStretch();
    steps->addWidget(m_fromModel);
    rows->addLayout(steps);
    rows->addWidget(makeFieldRows());
    return controls;
}

/// Two rows, so that the fields keep their width beside two docks.
QWidget *NumberLinePage::makeFieldRows()
{
    auto *fields = new QWidget;
    fields->setProperty("deskOnly", true);
    auto *rows = new QVBoxLayout(fields);
    rows->setContentsMargins(0, 0, 0, 0);
    auto *numbers = new QHBoxLayout;
    addField(numbers, tr("Value"), m_valueField);
    addField(numbers, tr("Scale"), m_scaleField);
    addField(numbers, tr("Slip"), m_slip);
    auto *codes = new QHBoxLayout;
    addField(codes, tr("Codes"), m_bits);
    codes->addWidget(m_mode);
    m_mode->setAccessibleName(tr("Symmetric or asymmetric"));
    addField(codes, tr("Zero point"), m_zeroPoint);
    for (QHBoxLayout *row : {numbers, codes}) {
        row->addStretch();
        rows->addLayout(row);
    }
    return fields;
}

void NumberLinePage::takeFromModel()
{
    const int layer = m_selection->layer();
    const auto known = m_setup->model() && layer >= 0 ? m_setup->report()->layers[static_cast<std::size_t>(layer)]
                                                      : std::shared_ptr<const LayerReport>();
    m_whose->clear();
    m_slips = {};
    if (!known || !known->quantization || known->quantization->scales.empty() ||
        known->quantization->channelMax.empty()) {
        m_whose->setText(tr("An example: select a layer that is quantized to see one of its weights."));
        return showWalk();
    }
    const LayerQuantization &q = *known->quantization;
    const Layer &source = m_setup->model()->layers[static_cast<std::size_t>(layer)];
    const TensorInfo &tensor = m_setup->model()->tensorOf(source);
    const auto &followed = m_selection->followed();
    const auto channel =
        static_cast<std::uint64_t>(followed ? followed->channel : std::max<qint64>(m_selection->channel(), 0));
    const std::uint64_t weight = followed ? static_cast<std::uint64_t>(followed->weight) : 0;
    if (channel >= q.channelMax.size())
        return;
    const ScaleAndZeroPoint scale =
        storedScale(q, ScaleGeometry{q.scheme.granularity, q.shape}.entryOf(channel, weight));
    if (!scale.finite() || scale.scale == 0) {
        m_whose->setText(tr("The scale of this channel is 0: all its codes mean 0."));
        return;
    }
    m_scale = scale;
    m_coding = Quantizer(q.scheme, tensor.dtype).storedCoding();
    m_value = followed ? followed->value : q.channelMax[channel];
    const QString name = text::oneLine(source.module);
    if (followed) {
        QStringList place;
        for (const std::uint64_t index : positionInTensor(tensor, q.channelAxis, channel, weight))
            place << QString::number(index);
        m_whose->setText(tr("%1 [%2], a weight of channel %3, with the scale of its codes")
                             .arg(name, place.join(QStringLiteral(", ")))
                             .arg(channel));
    } else {
        m_whose->setText(tr("%1, channel %2: its largest weight. Click a bar of “Code grid” to follow another one.")
                             .arg(name)
                             .arg(channel));
    }
    showWalk();
}

void NumberLinePage::takeFromFields()
{
    m_isFromModel = false;
    m_whose->setText(tr("Numbers of your own"));
    m_slips.castNotRound = m_slip->currentIndex() == kCast;
    m_slips.forgetZeroPoint = m_slip->currentIndex() == kForgotten;
    m_value = static_cast<float>(m_valueField->value());
    if (m_scaleField->value() != 0)
        m_scale.scale = m_scale.stored = static_cast<float>(m_scaleField->value());
    Scheme scheme;
    scheme.bits = m_bits->currentData().toInt();
    m_coding.codeMin = scheme.codeMin();
    m_coding.codeMax = scheme.codeMax();
    m_scale.zeroPoint = m_mode->currentIndex() == kAsymmetric
                            ? std::clamp(m_zeroPoint->value(), m_coding.codeMin, m_coding.codeMax)
                            : 0;
    showWalk();
}

void NumberLinePage::showExample(const WalkExample &example)
{
    if (example.step <= 0) {
        m_isFromModel = true;
        takeFromModel();
        m_view->setStep(NumberLineView::kSteps);
        return;
    }
    m_isFromModel = false;
    m_value = example.value;
    m_scale = example.scale;
    m_coding = example.coding;
    m_slips = example.slips;
    showWalk();
    m_view->setStep(example.step);
}

void NumberLinePage::showWalk()
{
    if (!m_isFromModel)
        m_whose->setText(tr("Numbers of your own"));
    m_view->setWalk(m_value, m_scale, m_coding, m_slips);
    showFields();
}

void NumberLinePage::showFields()
{
    const QSignalBlocker blockers[] = {QSignalBlocker(m_valueField), QSignalBlocker(m_scaleField),
                                       QSignalBlocker(m_bits),       QSignalBlocker(m_mode),
                                       QSignalBlocker(m_zeroPoint),  QSignalBlocker(m_slip)};
    m_slip->setCurrentIndex(m_slips.castNotRound ? kCast : m_slips.forgetZeroPoint ? kForgotten : 0);
    const auto scale = static_cast<double>(m_scale.stored);
    for (QDoubleSpinBox *field : {m_valueField, m_scaleField}) {
        field->setDecimals(decimalsFor(std::abs(scale)));
        field->setSingleStep(std::abs(scale) / 10);
    }
    m_valueField->setValue(static_cast<double>(m_value));
    m_scaleField->setValue(scale);
    int bits = kMinBits;
    while (m_coding.codeMax >= 1 << (bits - 1))
        ++bits;
    m_bits->setCurrentIndex(m_bits->findData(bits));
    const bool isAsymmetric = m_mode->currentIndex() == kAsymmetric && !m_isFromModel;
    m_mode->setCurrentIndex(m_scale.zeroPoint != 0 || isAsymmetric ? kAsymmetric : 0);
    m_mode->setEnabled(!m_coding.hasOffsets());
    m_zeroPoint->setEnabled(m_mode->currentIndex() == kAsymmetric && !m_coding.hasOffsets());
    m_zeroPoint->setRange(m_coding.codeMin, m_coding.codeMax);
    m_zeroPoint->setValue(m_scale.zeroPoint);
    m_fromModel->setEnabled(!m_isFromModel && m_setup->model() != nullptr);
    m_stepLabel->setText(tr("Step %1 of %2").arg(m_view->step()).arg(NumberLineView::kSteps));
    m_back->setEnabled(m_view->step() > 1);
    m_next->setText(m_view->step() == NumberLineView::kSteps ? tr("Again") : tr("Next"));
    // For whoever records what the window shows.
    setProperty("walk", QVariant::fromValue(
                            WalkExample{m_value, m_scale, m_coding, m_slips, m_isFromModel ? 0 : m_view->step()}));
}

} // namespace qs::ui
