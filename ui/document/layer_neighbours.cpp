// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/layer_neighbours.h"

#include "core/network/makers.h"
#include "core/network/network_map.h"
#include "ui/document/document.h"
#include "ui/document/screening.h"
#include "ui/document/setup.h"
#include "ui/text/format.h"

namespace qs::ui {

namespace {

/// Above that, boxes would become groups, which are nobody's neighbours.
constexpr std::size_t kMostBoxes = 200'000;

QString taskId()
{
    return QStringLiteral("layer neighbours");
}

/// `other` is what it is a neighbour of: an output is often a value without a name of its own, called as what makes it.
QString nameOf(const NetworkBox &box, const NetworkBox &other)
{
    if (box.kind == NetworkBox::Kind::Output && box.name == other.name)
        return LayerNeighbours::tr("the output");
    const QString name = text::oneLine(box.name);
    return box.kind == NetworkBox::Kind::Join ? LayerNeighbours::tr("%1 (%2)").arg(name, QString::fromStdString(box.op))
                                              : name;
}

Result<std::vector<LayerNeighbours::Neighbours>> neighboursOf(const Model &model, std::optional<Activation> activation,
                                                              const TaskContext &context)
{
    QS_ASSIGN(const NetworkSearch found, findNetwork(model, activation, context));
    std::vector<LayerNeighbours::Neighbours> layers(model.layers.size());
    if (!found.network)
        return layers;
    QS_ASSIGN(const NetworkMap map, networkMap(model, *found.network, kMostBoxes, context));
    if (map.grouped)
        return layers;
    for (const auto &[from, to] : map.lines) {
        for (const std::size_t layer : map.boxes[to].layers)
            layers[layer].before << nameOf(map.boxes[from], map.boxes[to]);
        for (const std::size_t layer : map.boxes[from].layers)
            layers[layer].behind << nameOf(map.boxes[to], map.boxes[from]);
    }
    return layers;
}

} // namespace

LayerNeighbours &LayerNeighbours::of(Setup &setup)
{
    auto *known = setup.findChild<LayerNeighbours *>({}, Qt::FindDirectChildrenOnly);
    return known ? *known : *new LayerNeighbours(setup);
}

LayerNeighbours::LayerNeighbours(Setup &setup)
    : QObject(&setup)
    , m_setup(setup)
{
    connect(&setup, &Setup::changed, this, &LayerNeighbours::follow);
    connect(&Screening::of(setup), &Screening::changed, this, [this] { follow(Change::Analysis); });
    follow(Change::Analysis);
}

LayerNeighbours::Neighbours LayerNeighbours::around(std::size_t layer) const
{
    return layer < m_layers.size() ? m_layers[layer] : Neighbours();
}

/// After the numbers that somebody waits for.
void LayerNeighbours::follow(Changes changes)
{
    TaskRunner &tasks = m_setup.document().tasks();
    if (changes & Change::Model) {
        tasks.drop(taskId());
        m_askedOf.reset();
        m_layers.clear();
    }
    const std::shared_ptr<const Model> model = m_setup.model();
    // One after the other: Esc stops what runs, and nothing comes up behind it.
    if (!model || m_setup.analysis() != Setup::Analysis::Done || Screening::of(m_setup).isPending() ||
        (m_askedOf == model && m_activation == m_setup.recipe().activation))
        return;
    m_askedOf = model;
    m_activation = m_setup.recipe().activation;
    tasks.run(
        {taskId(), tr("Looking for what feeds each layer …"), JobRank::View}, this,
        [model, activation = m_activation](const TaskContext &context) {
            return neighboursOf(*model, activation, context);
        },
        [this](Result<std::vector<Neighbours>> layers) {
            m_layers = layers ? std::move(*layers) : std::vector<Neighbours>();
            emit changed();
        });
}

} // namespace qs::ui
