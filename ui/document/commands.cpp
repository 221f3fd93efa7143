// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/commands.h"

#include "ui/document/document.h"
#include "ui/document/many_layers.h"
#include "ui/text/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <ranges>

namespace qs::ui {

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("Commands", text);
}

QString nameOf(const Model &model, std::size_t layer)
{
    return text::buttonText(QString::fromStdString(model.layers[layer].module));
}

QString switchText(const Model &model, const LayerIndices &layers, bool quantize)
{
    if (layers.size() == 1)
        return (quantize ? tr("Quantize %1") : tr("Exclude %1")).arg(nameOf(model, layers.front()));
    return (quantize ? tr("Quantize %1 layers") : tr("Exclude %1 layers")).arg(layers.size());
}

QString changeText(const Model &model, const LayerIndices &layers)
{
    if (layers.size() == 1)
        return tr("Change %1").arg(nameOf(model, layers.front()));
    return tr("Change %1 layers").arg(layers.size());
}

/// Those of `layers` that can be quantized and whose state differs from `quantize`.
LayerIndices toSwitch(const Document &document, const LayerIndices &layers, bool quantize)
{
    LayerIndices result;
    std::ranges::copy_if(layers, std::back_inserter(result), [&](std::size_t layer) {
        return document.canQuantize(layer) && document.isQuantized(layer) != quantize;
    });
    return result;
}

LayerIndices allLayers(const Document &document)
{
    const auto range = std::views::iota(std::size_t{0}, document.model()->layers.size());
    return {range.begin(), range.end()};
}

LayerIndices others(const Document &document, const LayerIndices &layers)
{
    LayerIndices sorted = layers;
    std::ranges::sort(sorted);
    LayerIndices result;
    std::ranges::set_difference(allLayers(document), sorted, std::back_inserter(result));
    return result;
}

void switchLayers(Document &document, const QString &text, const LayerIndices &on, const LayerIndices &off)
{
    Recipe recipe = document.recipe();
    switchMany(recipe, *document.model(), on, off);
    document.edit(text, recipe);
}

} // namespace

RecipeCommand::RecipeCommand(Document &document, const QString &text, const Recipe &after, int gesture)
    : QUndoCommand(text)
    , m_document(document)
    , m_gesture(gesture)
{
    const Recipe &before = document.recipe();
    note(m_scheme, before.scheme, after.scheme);
    note(m_rules, before.rules, after.rules);
    note(m_activation, before.activation, after.activation);
}

template <class T> void RecipeCommand::note(Part<T> &part, const T &before, const T &after)
{
    if (before != after)
        part = Change<T>{before, after};
}

template <class T> void RecipeCommand::merge(Part<T> &part, const Part<T> &later)
{
    if (!later)
        return;
    if (!part)
        part = later;
    else
        part->after = later->after;
    if (part->before == part->after)
        part.reset();
}

void RecipeCommand::undo()
{
    Recipe recipe = m_document.recipe();
    if (m_scheme)
        recipe.scheme = m_scheme->before;
    if (m_rules)
        recipe.rules = m_rules->before;
    if (m_activation)
        recipe.activation = m_activation->before;
    m_document.applyRecipe(recipe);
}

void RecipeCommand::redo()
{
    Recipe recipe = m_document.recipe();
    if (m_scheme)
        recipe.scheme = m_scheme->after;
    if (m_rules)
        recipe.rules = m_rules->after;
    if (m_activation)
        recipe.activation = m_activation->after;
    m_document.applyRecipe(recipe);
}

bool RecipeCommand::mergeWith(const QUndoCommand *other)
{
    // The stack asks only for commands of the same id, and all commands on it are of this class.
    const auto *later = static_cast<const RecipeCommand *>(other);
    merge(m_scheme, later->m_scheme);
    merge(m_rules, later->m_rules);
    merge(m_activation, later->m_activation);
    setText(later->text());
    setObsolete(!m_scheme && !m_rules && !m_activation);
    return true;
}

void quantizeLayers(Document &document, const LayerIndices &layers, bool quantize)
{
    const LayerIndices changed = toSwitch(document, layers, quantize);
    if (changed.empty())
        return;
    const LayerIndices none;
    switchLayers(document, switchText(*document.model(), changed, quantize), quantize ? changed : none,
                 quantize ? none : changed);
}

void toggleLayers(Document &document, const LayerIndices &layers)
{
    quantizeLayers(document, layers, !toSwitch(document, layers, true).empty());
}

void invertLayers(Document &document, const LayerIndices &layers)
{
    const LayerIndices on = toSwitch(document, layers, true);
    const LayerIndices off = toSwitch(document, layers, false);
    if (!on.empty() || !off.empty())
        switchLayers(document, tr("Invert %1 layers").arg(on.size() + off.size()), on, off);
}

void quantizeOnly(Document &document, const LayerIndices &layers)
{
    const QString text = layers.size() == 1 ? tr("Quantize only %1").arg(nameOf(*document.model(), layers.front()))
                                            : tr("Quantize only %1 layers").arg(layers.size());
    switchLayers(document, text, toSwitch(document, layers, true), toSwitch(document, others(document, layers), false));
}

void excludeAllBut(Document &document, const LayerIndices &layers)
{
    const QString text = layers.size() == 1 ? tr("Exclude all but %1").arg(nameOf(*document.model(), layers.front()))
                                            : tr("Exclude all but %1 layers").arg(layers.size());
    switchLayers(document, text, {}, toSwitch(document, others(document, layers), false));
}

void changeOverrides(Document &document, const LayerIndices &layers, const std::function<void(SchemePatch &)> &change,
                     int gesture)
{
    Recipe recipe = document.recipe();
    for (const std::size_t index : layers) {
        const Layer &layer = document.model()->layers[index];
        SchemePatch patch = overridesOf(recipe, layer);
        change(patch);
        Scheme scheme = recipe.scheme;
        patch.applyTo(scheme);
        if (scheme.mode == Mode::Asymmetric && scheme.codeRange == CodeRange::Narrow)
            patch.codeRange = CodeRange::Full;
        setOverrides(recipe, layer, patch);
    }
    document.edit(changeText(*document.model(), layers), recipe, gesture);
}

void changeAxis(Document &document, const LayerIndices &layers, std::optional<int> axis)
{
    Recipe recipe = document.recipe();
    for (const std::size_t index : layers)
        setAxis(recipe, document.model()->layers[index], axis);
    document.edit(changeText(*document.model(), layers), recipe);
}

void clearOverrides(Document &document, const LayerIndices &layers)
{
    Recipe recipe = document.recipe();
    for (const std::size_t index : layers) {
        setOverrides(recipe, document.model()->layers[index], {});
        setAxis(recipe, document.model()->layers[index], std::nullopt);
    }
    const QString text = layers.size() == 1
                             ? tr("Clear the overrides of %1").arg(nameOf(*document.model(), layers.front()))
                             : tr("Clear the overrides of %1 layers").arg(layers.size());
    document.edit(text, recipe);
}

void changeScheme(Document &document, const Scheme &scheme, int gesture)
{
    Recipe recipe = document.recipe();
    recipe.scheme = scheme;
    document.edit(tr("Change the scheme to %1").arg(QString::fromStdString(scheme.summary())), recipe, gesture);
}

void changeActivation(Document &document, std::optional<Activation> activation)
{
    Recipe recipe = document.recipe();
    recipe.activation = activation;
    document.edit(tr("Change the activation between layers"), recipe);
}

} // namespace qs::ui
