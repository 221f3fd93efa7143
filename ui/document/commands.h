// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every edit of the recipe, each one step of undo.
#pragma once

#include "core/recipe/bulk_edit.h"

#include <QUndoCommand>

#include <concepts>
#include <functional>
#include <memory>
#include <optional>

namespace qs::ui {

class Setup;

/// Commands of one gesture (a spin of the wheel over one field) become one step; kNoGesture never merges.
inline constexpr int kNoGesture = -1;

/// What an edit is called: words, or a function that gives them in the language that the program has by then.
class EditText
{
public:
    EditText(const QString &words)
        : m_words([words] { return words; })
    {}
    EditText(const char *words)
        : EditText(QString::fromUtf8(words))
    {}
    template <std::invocable Words>
    EditText(Words words)
        : m_words(std::move(words))
    {}
    QString operator()() const { return m_words(); }

private:
    std::function<QString()> m_words;
};

/// One step of undo, which can say what it is in the language that the program has now.
class Step : public QUndoCommand
{
public:
    explicit Step(const EditText &text)
        : QUndoCommand(text())
        , m_words(text)
    {}
    QString words() const { return m_words(); }

protected:
    void take(const Step &later)
    {
        m_words = later.m_words;
        setText(later.text());
    }

private:
    EditText m_words;
};

/// From one recipe to another; commands that follow each other share the one between them.
class RecipeCommand final : public Step
{
public:
    RecipeCommand(Setup &setup, const EditText &text, std::shared_ptr<const Recipe> after, int gesture);

    void undo() override;
    void redo() override;
    int id() const override { return m_gesture; }
    bool mergeWith(const QUndoCommand *other) override;

private:
    Setup &m_setup;
    int m_gesture;
    std::shared_ptr<const Recipe> m_before;
    std::shared_ptr<const Recipe> m_after;
};

void quantizeLayers(Setup &setup, const LayerIndices &layers, bool quantize);
/// All on if one of them is off, else all off.
void toggleLayers(Setup &setup, const LayerIndices &layers);
void invertLayers(Setup &setup, const LayerIndices &layers);
/// These on, all others off.
void quantizeOnly(Setup &setup, const LayerIndices &layers);
/// All others off; these stay as they are.
void excludeAllBut(Setup &setup, const LayerIndices &layers);

/// Lets `change` edit the override fields of each layer. Asymmetric codes use the full range: a narrow one goes away.
void changeOverrides(Setup &setup, const LayerIndices &layers, const std::function<void(SchemePatch &)> &change,
                     int gesture = kNoGesture);
void changeAxis(Setup &setup, const LayerIndices &layers, std::optional<int> axis);
/// Says what these tensors are (indices into Model::tensors), or, when empty, leaves it to their names again.
void changeRole(Setup &setup, const std::vector<std::size_t> &tensors, std::optional<Role> role);
/// Scheme fields and axis back to what the recipe says for all layers.
void clearOverrides(Setup &setup, const LayerIndices &layers);
void changeScheme(Setup &setup, const Scheme &scheme, int gesture = kNoGesture);
void changeActivation(Setup &setup, std::optional<Activation> activation);

} // namespace qs::ui
