// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/layers/layer_actions.h"

#include "ui/pages/layers/exclude_above.h"
#include "ui/selection/selection.h"

#include <QClipboard>
#include <QGuiApplication>

#include <numeric>

namespace qs::ui {

namespace {

QString idOf(const QString &name)
{
    return QStringLiteral("layers.") + name;
}

} // namespace

LayerActions::LayerActions(Setup *setup, Selection *selection, LayerModel *model, ActionRegistry *actions,
                           QWidget *parent)
    : QObject(parent)
    , m_setup(setup)
    , m_selection(selection)
    , m_model(model)
    , m_actions(actions)
    , m_parent(parent)
{
    addForAll();
    addChoices();
    addOverrides();
    addCopies();
}

void LayerActions::add(const QString &name, const QString &text, const QString &tip, const Work &work,
                       const QString &icon, const QList<QKeySequence> &keys)
{
    m_actions->add({.id = idOf(name),
                    .text = text,
                    .tip = tip,
                    .icon = icon,
                    .keys = keys,
                    .places = ActionPlace::Table,
                    .work = [this, work] { work(selectedLayers()); },
                    .enabledWhen = [this] { return m_setup->model() && !m_selection->layers().isEmpty(); }});
}

void LayerActions::addForAll(const QString &name, const QString &text, const QString &tip,
                             const std::function<void()> &work)
{
    m_actions->add({.id = idOf(name), .text = text, .tip = tip, .work = work, .enabledWhen = [this] {
                        return m_setup->model() && !m_setup->model()->layers.empty();
                    }});
}

void LayerActions::addForAll()
{
    addForAll(QStringLiteral("quantizeAll"), tr("Quantize &all"), tr("Quantize every layer that can be"), [this] {
        LayerIndices all(m_setup->model()->layers.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        quantizeLayers(*m_setup, all, true);
    });
    addForAll(QStringLiteral("excludeEnds"), tr("Exclude &first and last"),
              tr("Keep the first and the last layer of the network as they are"), [this] { excludeFirstAndLast(); });
    addForAll(QStringLiteral("alikeQkv"), tr("&Keep q, k and v together"),
              tr("Where one of the projections q, k and v of a block is kept, keep the others, too"),
              [this] { keepQkvTogether(); });
    addForAll(QStringLiteral("excludeAbove"), tr("Exclude layers abo&ve error…"),
              tr("Keep the layers whose error is above a limit"), [this] { showExcludeAbove(); });
}

void LayerActions::addChoices()
{
    Setup &target = *m_setup;
    add(QStringLiteral("toggle"), tr("Quantize or keep"), tr("Quantize the selected layers, or keep them"),
        [&target](const auto &layers) { toggleLayers(target, layers); }, {}, {Qt::Key_Space});
    add(QStringLiteral("quantize"), tr("&Quantize"), tr("Quantize the selected layers"),
        [&target](const auto &layers) { quantizeLayers(target, layers, true); });
    add(
        QStringLiteral("exclude"), tr("&Exclude"), tr("Keep the selected layers as they are"),
        [&target](const auto &layers) { quantizeLayers(target, layers, false); }, QStringLiteral("excluded"));
    add(QStringLiteral("quantizeOnly"), tr("Quantize &only these"),
        tr("Quantize the selected layers and keep all others"),
        [&target](const auto &layers) { quantizeOnly(target, layers); });
    add(QStringLiteral("excludeOthers"), tr("Exclude all &but these"), tr("Keep all layers but the selected ones"),
        [&target](const auto &layers) { excludeAllBut(target, layers); });
    add(
        QStringLiteral("invert"), tr("&Invert"), tr("Keep the selected layers that are quantized, and the reverse"),
        [&target](const auto &layers) { invertLayers(target, layers); }, QStringLiteral("swap"));
}

void LayerActions::addOverrides()
{
    const auto addChange = [this](const QString &name, const QString &text, const QString &tip,
                                  const PatchChange &change) {
        add(name, text, tip, [this, change](const auto &layers) { changeOverrides(*m_setup, layers, change); });
    };
    addChange(QStringLiteral("mode.scheme"), tr("&From the scheme"), tr("Take the mode from the scheme"),
              [](SchemePatch &patch) { patch.mode.reset(); });
    addChange(QStringLiteral("mode.symmetric"), tr("&Symmetric"), tr("Quantize the selected layers symmetrically"),
              [](SchemePatch &patch) { patch.mode = Mode::Symmetric; });
    addChange(QStringLiteral("mode.asymmetric"), tr("&Asymmetric"), tr("Quantize the selected layers asymmetrically"),
              [](SchemePatch &patch) { patch.mode = Mode::Asymmetric; });
    addChange(QStringLiteral("bits.scheme"), tr("&From the scheme"), tr("Take the number of bits from the scheme"),
              [](SchemePatch &patch) { patch.bits.reset(); });
    for (int count = kMaxBits; count >= kMinBits; --count)
        addChange(QStringLiteral("bits.%1").arg(count), tr("&%1 bits").arg(count),
                  tr("Quantize the selected layers to %1 bits").arg(count),
                  [count](SchemePatch &patch) { patch.bits = count; });
    add(QStringLiteral("clearOverrides"), tr("&Clear overrides"), tr("Use the scheme for the selected layers"),
        [this](const auto &layers) { clearOverrides(*m_setup, layers); });
}

void LayerActions::addCopies()
{
    add(
        QStringLiteral("copyName"), tr("Copy &name"), tr("Copy the names of the selected layers"),
        [this](const auto &layers) { copyNames(layers); }, QStringLiteral("copy"));
    add(QStringLiteral("copyRows"), tr("Copy rows as C&SV"), tr("Copy the table's rows of the selected layers"),
        [this](const auto &layers) { copyRows(layers); });
}

std::vector<MenuItem> LayerActions::itemsForSelection()
{
    std::vector<MenuItem> modes;
    for (const char *name : {"mode.scheme", "mode.symmetric", "mode.asymmetric"})
        modes.push_back({idOf(QLatin1String(name))});
    std::vector<MenuItem> bits{{idOf(QStringLiteral("bits.scheme"))}};
    for (int count = kMaxBits; count >= kMinBits; --count)
        bits.push_back({idOf(QStringLiteral("bits.%1").arg(count))});
    std::vector<MenuItem> items;
    for (const char *name : {"quantize", "exclude", "quantizeOnly", "excludeOthers", "invert"})
        items.push_back({idOf(QLatin1String(name))});
    items.push_back({.title = tr("Set &mode"), .items = modes});
    items.push_back({.title = tr("Set bi&ts"), .items = bits});
    items.push_back({idOf(QStringLiteral("clearOverrides"))});
    items.push_back({});
    for (const char *name : {"copyName", "copyRows"})
        items.push_back({idOf(QLatin1String(name))});
    return items;
}

std::vector<MenuItem> LayerActions::itemsForAll()
{
    return {{idOf(QStringLiteral("quantizeAll"))},
            {idOf(QStringLiteral("excludeEnds"))},
            {idOf(QStringLiteral("excludeAbove"))},
            {idOf(QStringLiteral("alikeQkv"))}};
}

LayerIndices LayerActions::selectedLayers() const
{
    LayerIndices result;
    for (const int layer : m_selection->layers())
        result.push_back(static_cast<std::size_t>(layer));
    return result;
}

void LayerActions::excludeFirstAndLast()
{
    const Model &model = *m_setup->model();
    LayerIndices ends{0, model.layers.size() - 1};
    if (const auto &chain = m_setup->chain().chain)
        ends = {chain->layers.front().layer, chain->layers.back().layer};
    quantizeLayers(*m_setup, ends, false);
}

/// Programs that fuse the three into one product need one decision for all of them.
void LayerActions::keepQkvTogether()
{
    quantizeLayers(*m_setup, partnersOfKept(m_setup->decisions(), *m_setup->model()), false);
}

void LayerActions::copyNames(const LayerIndices &layers) const
{
    QStringList names;
    for (const std::size_t layer : layers)
        names << QString::fromStdString(m_setup->model()->layers[layer].name);
    QGuiApplication::clipboard()->setText(names.join(QLatin1Char('\n')));
}

void LayerActions::copyRows(const LayerIndices &layers) const
{
    QGuiApplication::clipboard()->setText(m_model->toCsv(layers, m_columns()));
}

void LayerActions::showExcludeAbove()
{
    auto *popup = new ExcludeAbove(m_setup, m_model, m_parent->window());
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->showIn(m_parent->window());
}

} // namespace qs::ui
