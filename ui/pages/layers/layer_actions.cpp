// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/layers/layer_actions.h"

#include "ui/pages/layers/exclude_above.h"
#include "ui/selection/selection.h"
#include "ui/theme/theme.h"

#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMenu>

#include <numeric>

namespace qs::ui {

LayerActions::LayerActions(Document *document, Selection *selection, LayerModel *model, QWidget *parent)
    : QObject(parent)
    , m_document(document)
    , m_selection(selection)
    , m_model(model)
    , m_parent(parent)
{
    Document &target = *document;
    add(tr("&Quantize"), {}, [&target](const auto &layers) { quantizeLayers(target, layers, true); });
    add(tr("&Exclude"), QStringLiteral("excluded"),
        [&target](const auto &layers) { quantizeLayers(target, layers, false); });
    add(tr("Quantize &only these"), {}, [&target](const auto &layers) { quantizeOnly(target, layers); });
    add(tr("Exclude all &but these"), {}, [&target](const auto &layers) { excludeAllBut(target, layers); });
    add(tr("&Invert"), QStringLiteral("swap"), [&target](const auto &layers) { invertLayers(target, layers); });

    addOverrideMenu(tr("Set &mode"), {{tr("From the scheme"), [](SchemePatch &patch) { patch.mode.reset(); }},
                                      {tr("Symmetric"), [](SchemePatch &patch) { patch.mode = Mode::Symmetric; }},
                                      {tr("Asymmetric"), [](SchemePatch &patch) { patch.mode = Mode::Asymmetric; }}});
    QList<std::pair<QString, std::function<void(SchemePatch &)>>> bits{
        {tr("From the scheme"), [](SchemePatch &patch) { patch.bits.reset(); }}};
    for (int count = kMaxBits; count >= kMinBits; --count)
        bits.append({tr("%1 bits").arg(count), [count](SchemePatch &patch) { patch.bits = count; }});
    addOverrideMenu(tr("Set bi&ts"), bits);
    add(tr("&Clear overrides"), {}, [&target](const auto &layers) { clearOverrides(target, layers); });

    m_copyNames = add(tr("Copy &name"), QStringLiteral("copy"), [this](const auto &layers) { copyNames(layers); });
    m_copyRows = add(tr("Copy rows as C&SV"), {}, [this](const auto &layers) { copyRows(layers); });

    addForAll(tr("Quantize &all"), [this] {
        LayerIndices all(m_document->model()->layers.size());
        std::iota(all.begin(), all.end(), std::size_t{0});
        quantizeLayers(*m_document, all, true);
    });
    addForAll(tr("Exclude &first and last"), [this] { excludeFirstAndLast(); });
    addForAll(tr("Exclude layers abo&ve error…"), [this] { showExcludeAbove(); });

    connect(selection, &Selection::layersChanged, this, &LayerActions::updateEnabled);
    connect(document, &Document::modelChanged, this, &LayerActions::updateEnabled);
    updateEnabled();
}

QAction *LayerActions::add(const QString &text, const QString &icon, std::function<void(const LayerIndices &)> work)
{
    auto *action = new QAction(text, this);
    if (!icon.isEmpty())
        action->setIcon(themedIcon(icon));
    connect(action, &QAction::triggered, this, [this, work = std::move(work)] {
        if (const LayerIndices layers = selectedLayers(); !layers.empty())
            work(layers);
    });
    m_forSelection << action;
    return action;
}

QAction *LayerActions::addForAll(const QString &text, std::function<void()> work)
{
    auto *action = new QAction(text, this);
    connect(action, &QAction::triggered, this, std::move(work));
    m_forAll << action;
    return action;
}

QMenu *LayerActions::addOverrideMenu(const QString &text,
                                     const QList<std::pair<QString, std::function<void(SchemePatch &)>>> &choices)
{
    auto *menu = new QMenu(text, m_parent);
    for (const auto &[name, change] : choices)
        connect(menu->addAction(name), &QAction::triggered, this, [this, change = change] {
            if (const LayerIndices layers = selectedLayers(); !layers.empty())
                changeOverrides(*m_document, layers, change);
        });
    m_forSelection << menu->menuAction();
    return menu;
}

void LayerActions::fillContextMenu(QMenu *menu) const
{
    menu->addActions(m_forSelection);
    menu->insertSeparator(m_copyNames);
}

void LayerActions::fillQuantizeMenu(QMenu *menu) const
{
    menu->addActions(m_forAll);
    menu->addSeparator();
    fillContextMenu(menu);
}

void LayerActions::updateEnabled()
{
    const bool some = m_document->model() && !m_selection->layers().isEmpty();
    for (QAction *action : std::as_const(m_forSelection))
        action->setEnabled(some);
    for (QAction *action : std::as_const(m_forAll))
        action->setEnabled(m_document->model() && !m_document->model()->layers.empty());
}

LayerIndices LayerActions::selectedLayers() const
{
    LayerIndices result;
    for (const int layer : m_selection->layers())
        result.push_back(static_cast<std::size_t>(layer));
    return result;
}

void LayerActions::toggleSelected()
{
    if (const LayerIndices layers = selectedLayers(); !layers.empty())
        toggleLayers(*m_document, layers);
}

void LayerActions::excludeFirstAndLast()
{
    const Model &model = *m_document->model();
    LayerIndices ends{0, model.layers.size() - 1};
    if (const std::optional<Chain> &chain = m_document->report()->chain->chain)
        ends = {chain->layers.front().layer, chain->layers.back().layer};
    quantizeLayers(*m_document, ends, false);
}

void LayerActions::copyNames(const LayerIndices &layers) const
{
    QStringList names;
    for (const std::size_t layer : layers)
        names << QString::fromStdString(m_document->model()->layers[layer].name);
    QGuiApplication::clipboard()->setText(names.join(QLatin1Char('\n')));
}

void LayerActions::copyRows(const LayerIndices &layers) const
{
    QGuiApplication::clipboard()->setText(m_model->toCsv(layers, m_columns()));
}

void LayerActions::showExcludeAbove()
{
    auto *popup = new ExcludeAbove(m_document, m_model, m_parent->window());
    popup->setAttribute(Qt::WA_DeleteOnClose);
    popup->showIn(m_parent->window());
}

} // namespace qs::ui
