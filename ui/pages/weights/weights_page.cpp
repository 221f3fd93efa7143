// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/weights/weights_page.h"

#include "core/analysis/weight_lookup.h"
#include "ui/document/document.h"
#include "ui/document/result_view.h"
#include "ui/document/setup.h"
#include "ui/plots/weight_matrix_plot.h"
#include "ui/selection/selection.h"
#include "ui/text/format.h"

#include <QBoxLayout>
#include <QComboBox>
#include <QLabel>

#include <algorithm>

namespace qs::ui {

namespace {

constexpr int kZoomRest = 60;    // milliseconds
constexpr int kMostCells = 2048; // along an axis
constexpr int kSmallest = 64;    // before the plot has got its size

} // namespace

PageInfo WeightsPage::page()
{
    return {.id = QStringLiteral("weights"),
            .icon = QStringLiteral("matrix"),
            .title = tr("&Weights"),
            .tip = tr("Weights, codes and errors of a layer as a picture"),
            .place = PagePlace::Tab,
            .make = [](const PageContext &context) -> QWidget * {
                return new WeightsPage(context.setup, context.selection);
            },
            .panes = [](QWidget *page) -> QList<QWidget *> {
                return {static_cast<WeightsPage *>(page)->plot()->plotWidget()};
            }};
}

WeightsPage::WeightsPage(Setup *setup, Selection *selection, QWidget *parent)
    : QWidget(parent)
    , m_setup(setup)
    , m_selection(selection)
    , m_plot(new WeightMatrixPlot(selection))
    , m_view(new QComboBox)
    , m_range(new QComboBox)
{
    m_view->addItem(tr("Weight"), static_cast<int>(WeightView::Weight));
    m_view->addItem(tr("Code"), static_cast<int>(WeightView::Code));
    m_view->addItem(tr("Difference, in steps"), static_cast<int>(WeightView::Difference));
    m_view->addItem(tr("Clipped only"), static_cast<int>(WeightView::Clipped));
    m_range->addItem(tr("99 % of the cells"), static_cast<int>(WeightMatrixPlot::Range::Usual));
    m_range->addItem(tr("All cells"), static_cast<int>(WeightMatrixPlot::Range::Full));
    m_range->setProperty("explains", QStringLiteral("weights.range"));
    auto *row = new QHBoxLayout;
    row->setContentsMargins(2, 0, 2, 0);
    const std::pair<QString, QComboBox *> fields[] = {{tr("Show"), m_view}, {tr("Colours"), m_range}};
    for (const auto &[name, field] : fields) {
        auto *label = new QLabel(name);
        label->setObjectName(QStringLiteral("secondary"));
        label->setBuddy(field);
        field->setAccessibleName(name);
        row->addWidget(label);
        row->addWidget(field);
    }
    row->addStretch();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(10, 10, 10, 10);
    layout->setSpacing(8);
    layout->addLayout(row);
    layout->addWidget(m_plot, 1);

    m_zoomed.setSingleShot(true);
    m_zoomed.setInterval(kZoomRest);
    connect(&m_zoomed, &QTimer::timeout, this, &WeightsPage::read);
    connect(m_plot, &PlotPanel::xRangeChanged, &m_zoomed, qOverload<>(&QTimer::start));
    connect(m_plot, &PlotPanel::yRangeChanged, &m_zoomed, qOverload<>(&QTimer::start));
    connect(m_plot, &WeightMatrixPlot::weightHovered, this, &WeightsPage::lookAt);
    connect(m_plot, &WeightMatrixPlot::weightClicked, this, &WeightsPage::follow);
    connect(m_view, &QComboBox::currentIndexChanged, this, &WeightsPage::refresh);
    connect(m_range, &QComboBox::currentIndexChanged, this,
            [this] { m_plot->setRange(static_cast<WeightMatrixPlot::Range>(m_range->currentData().toInt())); });
    auto *view = new ResultView(this, [this](Changes changes) {
        if (changes & Change::Model)
            m_source = {};
        refresh();
        m_plot->setStale(m_setup->analysisJob().isStale());
    });
    view->follow(setup, Change::Model | Change::Results | Change::Stale);
    view->follow(selection);
    view->add(Change::Model);
}

void WeightsPage::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_zoomed.start();
}

void WeightsPage::showMessage(const QString &message)
{
    m_source = m_askedOf = {};
    m_setup->document().tasks().drop(QStringLiteral("weightMap"));
    m_plot->setEmptyMessage(message);
    m_plot->setMap(nullptr, {}, -1, WeightView::Weight, {});
}

void WeightsPage::refresh()
{
    const int layer = m_selection->layer();
    if (!m_setup->model() || layer < 0)
        return showMessage(tr("Select a layer to see its weights as a picture."));
    const auto index = static_cast<std::size_t>(layer);
    const LayerReport *known = m_setup->report()->layers[index].get();
    if (!known)
        return showMessage(tr("The scales of this layer are being computed …"));
    if (!known->quantization || known->quantization->scales.empty())
        return showMessage(tr("This layer is kept as it is: %1").arg(m_setup->keptReason(index)));
    const Source source{layer, known->quantization, static_cast<WeightView>(m_view->currentData().toInt())};
    if (source == m_source)
        return;
    const bool isOther = source.layer != m_source.layer || m_plot->message() != QString();
    m_source = source;
    m_lookedAt = {~quint64{0}, 0};
    m_plot->setEmptyMessage(tr("Reading weights …"));
    if (isOther) // its own shape first, so that the whole of it is asked for
        m_plot->setMap(nullptr, source.quantization->shape, layer, source.view, {});
    read();
}

void WeightsPage::read()
{
    if (m_source.layer < 0 || !isVisible())
        return;
    const QSize pixels = m_plot->pixels();
    WeightMapRequest request;
    request.view = m_source.view;
    const MatrixShape shape = m_source.quantization->shape;
    request.part =
        m_plot->message().isEmpty() ? m_plot->visiblePart() : BlockRange{0, shape.channels, 0, shape.weights};
    request.mostRows = static_cast<std::uint64_t>(std::clamp(pixels.height(), kSmallest, kMostCells));
    request.mostColumns = static_cast<std::uint64_t>(std::clamp(pixels.width(), kSmallest, kMostCells));
    // A new picture gives the axes their ranges, which is no reason to read it again.
    const std::array<std::uint64_t, 6> asked = {request.part.channel, request.part.channels, request.part.weight,
                                                request.part.weights, request.mostRows,      request.mostColumns};
    if (asked == m_asked && m_askedOf == m_source)
        return;
    m_asked = asked;
    m_askedOf = m_source;
    m_setup->document().tasks().run(
        {QStringLiteral("weightMap"), tr("Reading weights …"), JobRank::View}, this,
        [model = m_setup->model(), source = m_source, request](const TaskContext &context) {
            return weightMap(*model, model->layers[static_cast<std::size_t>(source.layer)], *source.quantization,
                             request, context);
        },
        [this, source = m_source](Result<WeightMap> map) {
            if (!(source == m_source))
                return;
            if (!map)
                return showMessage(text::sentence(text::words(map.error().sentence())));
            m_lookedAt = {~quint64{0}, 0}; // the new picture knows no exact weight yet
            showGrid(source);
            m_plot->setMap(std::make_shared<const WeightMap>(std::move(*map)), source.quantization->shape, source.layer,
                           source.view,
                           text::oneLine(m_setup->model()->layers[static_cast<std::size_t>(source.layer)].module));
        });
}

/// Filters of a convolution side by side, experts one below the other.
void WeightsPage::showGrid(const Source &source)
{
    const Layer &layer = m_setup->model()->layers[static_cast<std::size_t>(source.layer)];
    const TensorInfo &tensor = m_setup->model()->tensorOf(layer);
    const int axis = source.quantization->channelAxis;
    std::uint64_t kernel = 1;
    const bool isConvolution = layer.op == Op::Conv || layer.op == Op::ConvTranspose;
    for (std::size_t i = 2; isConvolution && i < tensor.shape.size(); ++i)
        kernel *= tensor.shape[i];
    const std::uint64_t matrices = matricesOf(tensor, axis);
    m_plot->setGrid(kernel > 1 ? kernel : 0, matrices > 1 ? source.quantization->shape.channels / matrices : 0);
}

QString WeightsPage::nameOf(quint64 channel, quint64 weight) const
{
    const Layer &layer = m_setup->model()->layers[static_cast<std::size_t>(m_source.layer)];
    QStringList place;
    for (const std::uint64_t index :
         positionInTensor(m_setup->model()->tensorOf(layer), m_source.quantization->channelAxis, channel, weight))
        place << QString::number(index);
    return QStringLiteral("[%1]").arg(place.join(QStringLiteral(", ")));
}

/// Reads one weight: what is drawn may be the largest of many.
void WeightsPage::lookAt(quint64 channel, quint64 weight)
{
    if (m_source.layer < 0 || m_lookedAt == std::pair(channel, weight))
        return;
    m_lookedAt = {channel, weight};
    m_setup->document().tasks().run(
        {QStringLiteral("weightUnderMouse"), tr("Reading a weight …"), JobRank::View}, this,
        [model = m_setup->model(), source = m_source, channel, weight](const TaskContext &) {
            return weightAt(*model, model->layers[static_cast<std::size_t>(source.layer)], *source.quantization,
                            channel, weight);
        },
        [this, source = m_source, channel, weight](const Result<ValueWalk> &walk) {
            if (!walk || !(source == m_source))
                return;
            m_plot->setExact(channel, weight,
                             tr("%1 = %2, code %3, back %4, error %5")
                                 .arg(nameOf(channel, weight), text::number(walk->value), text::integer(walk->code),
                                      text::number(walk->back), text::number(walk->error, 3)));
        });
}

/// The number line shows the weight that was clicked.
void WeightsPage::follow(quint64 channel, quint64 weight)
{
    if (m_source.layer < 0)
        return;
    m_setup->document().tasks().run(
        {QStringLiteral("followWeight"), tr("Reading a weight …"), JobRank::View}, this,
        [model = m_setup->model(), source = m_source, channel, weight](const TaskContext &) {
            return weightAt(*model, model->layers[static_cast<std::size_t>(source.layer)], *source.quantization,
                            channel, weight);
        },
        [this, source = m_source, channel, weight](const Result<ValueWalk> &walk) {
            if (walk && source == m_source && m_selection->layer() == source.layer)
                m_selection->follow(
                    {static_cast<qint64>(channel), static_cast<qint64>(weight), static_cast<float>(walk->value)});
        });
}

} // namespace qs::ui
