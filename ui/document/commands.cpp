// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/commands.h"

#include "ui/document/setup.h"
#include "ui/text/format.h"

#include <QCoreApplication>

#include <algorithm>
#include <ranges>
#include <utility>

namespace qs::ui {

namespace {

struct Commands {
    Q_DECLARE_TR_FUNCTIONS(Commands)
};

QString nameOf(const Model &model, std::size_t layer)
{
    return text::buttonText(QString::fromStdString(model.layers[layer].module));
}

/// `one` says what is done to a single layer, by its name; `many` to that many.
EditText textFor(const Model &model, const LayerIndices &layers, QString (*one)(), QString (*many)(int))
{
    if (layers.size() == 1)
        return EditText([one, name = nameOf(model, layers.front())] { return one().arg(name); });
    return EditText([many, count = text::plural(layers.size())] { return many(count); });
}

EditText switchText(const Model &model, const LayerIndices &layers, bool quantize)
{
    if (quantize)
        return textFor(
            model, layers, [] { return Commands::tr("Quantize %1"); },
            [](int count) { return Commands::tr("Quantize %n layers", nullptr, count); });
    return textFor(
        model, layers, [] { return Commands::tr("Exclude %1"); },
        [](int count) { return Commands::tr("Exclude %n layers", nullptr, count); });
}

EditText changeText(const Model &model, const LayerIndices &layers)
{
    return textFor(
        model, layers, [] { return Commands::tr("Change %1"); },
        [](int count) { return Commands::tr("Change %n layers", nullptr, count); });
}

/// Those of `layers` that can be quantized and whose state differs from `quantize`.
LayerIndices toSwitch(const Setup &setup, const LayerIndices &layers, bool quantize)
{
    LayerIndices result;
    std::ranges::copy_if(layers, std::back_inserter(result), [&](std::size_t layer) {
        return setup.canQuantize(layer) && setup.isQuantized(layer) != quantize;
    });
    return result;
}

LayerIndices allLayers(const Setup &setup)
{
    const auto range = std::views::iota(std::size_t{0}, setup.model()->layers.size());
    return {range.begin(), range.end()};
}

LayerIndices others(const Setup &setup, const LayerIndices &layers)
{
    LayerIndices sorted = layers;
    std::ranges::sort(sorted);
    LayerIndices result;
    std::ranges::set_difference(allLayers(setup), sorted, std::back_inserter(result));
    return result;
}

void switchLayers(Setup &setup, const EditText &text, const LayerIndices &on, const LayerIndices &off)
{
    Recipe recipe = setup.recipe();
    setQuantized(recipe, *setup.model(), on, off);
    setup.edit(text, recipe);
}

} // namespace

RecipeCommand::RecipeCommand(Setup &setup, const EditText &text, std::shared_ptr<const Recipe> after, int gesture)
    : Step(text)
    , m_setup(setup)
    , m_gesture(gesture)
    , m_before(setup.sharedRecipe())
    , m_after(std::move(after))
{}

void RecipeCommand::undo()
{
    m_setup.applyRecipe(m_before);
}

void RecipeCommand::redo()
{
    m_setup.applyRecipe(m_after);
}

bool RecipeCommand::mergeWith(const QUndoCommand *other)
{
    // The stack asks only for commands of the same id, and only those of this class have one.
    const auto *later = static_cast<const RecipeCommand *>(other);
    if (&later->m_setup != &m_setup)
        return false;
    m_after = later->m_after;
    take(*later);
    setObsolete(*m_before == *m_after);
    return true;
}

void quantizeLayers(Setup &setup, const LayerIndices &layers, bool quantize)
{
    const LayerIndices changed = toSwitch(setup, layers, quantize);
    if (changed.empty())
        return;
    const LayerIndices none;
    switchLayers(setup, switchText(*setup.model(), changed, quantize), quantize ? changed : none,
                 quantize ? none : changed);
}

void toggleLayers(Setup &setup, const LayerIndices &layers)
{
    quantizeLayers(setup, layers, !toSwitch(setup, layers, true).empty());
}

void invertLayers(Setup &setup, const LayerIndices &layers)
{
    const LayerIndices on = toSwitch(setup, layers, true);
    const LayerIndices off = toSwitch(setup, layers, false);
    if (!on.empty() || !off.empty())
        switchLayers(
            setup,
            [count = text::plural(on.size() + off.size())] { return Commands::tr("Invert %n layers", nullptr, count); },
            on, off);
}

void quantizeOnly(Setup &setup, const LayerIndices &layers)
{
    const EditText text = textFor(
        *setup.model(), layers, [] { return Commands::tr("Quantize only %1"); },
        [](int count) { return Commands::tr("Quantize only %n layers", nullptr, count); });
    switchLayers(setup, text, toSwitch(setup, layers, true), toSwitch(setup, others(setup, layers), false));
}

void excludeAllBut(Setup &setup, const LayerIndices &layers)
{
    const EditText text = textFor(
        *setup.model(), layers, [] { return Commands::tr("Exclude all but %1"); },
        [](int count) { return Commands::tr("Exclude all but %n layers", nullptr, count); });
    switchLayers(setup, text, {}, toSwitch(setup, others(setup, layers), false));
}

void changeOverrides(Setup &setup, const LayerIndices &layers, const std::function<void(SchemePatch &)> &change,
                     int gesture)
{
    Recipe recipe = setup.recipe();
    qs::changeOverrides(recipe, *setup.model(), layers, change);
    setup.edit(changeText(*setup.model(), layers), recipe, gesture);
}

void changeAxis(Setup &setup, const LayerIndices &layers, std::optional<int> axis)
{
    Recipe recipe = setup.recipe();
    for (const std::size_t index : layers)
        setAxis(recipe, setup.model()->layers[index], axis);
    setup.edit(changeText(*setup.model(), layers), recipe);
}

void changeRole(Setup &setup, const std::vector<std::size_t> &tensors, std::optional<Role> role)
{
    Recipe recipe = setup.recipe();
    for (const std::size_t tensor : tensors)
        setRole(recipe, setup.model()->tensors[tensor].name, role);
    if (tensors.size() == 1)
        setup.edit(
            [name = text::buttonText(QString::fromStdString(setup.model()->tensors[tensors.front()].name))] {
                return Commands::tr("Change the role of %1").arg(name);
            },
            recipe);
    else
        setup.edit([count = text::plural(
                        tensors.size())] { return Commands::tr("Change the role of %n tensors", nullptr, count); },
                   recipe);
}

void clearOverrides(Setup &setup, const LayerIndices &layers)
{
    Recipe recipe = setup.recipe();
    qs::clearOverrides(recipe, *setup.model(), layers);
    const EditText text = textFor(
        *setup.model(), layers, [] { return Commands::tr("Clear the overrides of %1"); },
        [](int count) { return Commands::tr("Clear the overrides of %n layers", nullptr, count); });
    setup.edit(text, recipe);
}

void changeScheme(Setup &setup, const Scheme &scheme, int gesture)
{
    Recipe recipe = setup.recipe();
    recipe.scheme = scheme;
    setup.edit([scheme] { return Commands::tr("Change the scheme to %1").arg(text::words(scheme.summary())); }, recipe,
               gesture);
}

void changeActivation(Setup &setup, std::optional<Activation> activation)
{
    Recipe recipe = setup.recipe();
    recipe.activation = activation;
    setup.edit([] { return Commands::tr("Change the activation between layers"); }, recipe);
}

} // namespace qs::ui
