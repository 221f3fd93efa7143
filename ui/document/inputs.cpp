// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/inputs.h"

#include "core/network/makers.h"
#include "ui/document/commands.h"
#include "ui/tasks/task_runner.h"
#include "ui/text/format.h"
#include "ui/text/translation.h"

#include <QFileInfo>
#include <QUndoStack>

#include <algorithm>
#include <utility>

namespace qs::ui {

namespace {

constexpr auto kInputsJob = "inputs";

class InputsCommand final : public Step
{
public:
    InputsCommand(Inputs &inputs, const EditText &text, Inputs::Fed before, Inputs::Fed after)
        : Step(text)
        , m_inputs(inputs)
        , m_before(std::move(before))
        , m_after(std::move(after))
    {}

    void undo() override { m_inputs.putInForce(m_before); }
    void redo() override { m_inputs.putInForce(m_after); }
    bool leadsTo(const std::shared_ptr<const NetworkInputs> &values) const { return m_after.values == values; }

private:
    Inputs &m_inputs;
    Inputs::Fed m_before;
    Inputs::Fed m_after;
};

EditText textOf(const InputsSource &source)
{
    if (source.isOwn())
        return [] { return Inputs::tr("Feed the model's own samples"); };
    const auto count = static_cast<std::size_t>(source.pictures.size());
    if (count > 1)
        return [count] { return Inputs::tr("Feed %1 pictures").arg(text::count(count)); };
    const QString path = count == 1 ? source.pictures.front() : source.inputs;
    return [name = text::buttonText(QFileInfo(path).fileName())] { return Inputs::tr("Feed %1").arg(name); };
}

Result<std::shared_ptr<const NetworkInputs>> valuesOf(const InputsSource &source, const Model *model,
                                                      std::optional<Activation> activation, const TaskContext &context)
{
    if (source.pictures.isEmpty())
        return loadInputs({InputFileName{{}, source.inputs.toStdString()}}, source.labels.toStdString(), context);
    QS_ASSIGN(const NetworkSearch found, findNetwork(*model, activation, context));
    const auto input = found.network ? pictureInput(*found.network) : std::nullopt;
    if (!input)
        return fail(ErrorCode::Input, Text::of("no input of this network takes pictures, which have 1 or 3 channels, "
                                               "a height and a width"));
    return loadPictures(source.pictures, *input, source.scale, context);
}

} // namespace

Inputs::Inputs(TaskRunner &tasks, QUndoStack &undoStack)
    : m_tasks(tasks)
    , m_undoStack(undoStack)
{}

void Inputs::set(const QString &inputsPath, const QString &labelsPath)
{
    if (!inputsPath.isEmpty()) {
        read({inputsPath, labelsPath, {}, {}}, nullptr, {}, As::Step);
        return;
    }
    m_tasks.drop(kInputsJob);
    if (m_fed.values)
        m_undoStack.push(new InputsCommand(*this, textOf({}), m_fed, {}));
}

void Inputs::setPictures(const QStringList &paths, PixelScale scale, std::shared_ptr<const Model> model,
                         std::optional<Activation> activation)
{
    read({{}, {}, paths, scale}, std::move(model), activation, As::Step);
}

void Inputs::restore(const InputsSource &source, std::shared_ptr<const Model> model,
                     std::optional<Activation> activation)
{
    const auto isThere = [](const QString &path) { return path.isEmpty() || QFileInfo::exists(path); };
    if (!source.isOwn() && isThere(source.inputs) && isThere(source.labels) &&
        std::ranges::all_of(source.pictures, isThere))
        read(source, std::move(model), activation, As::Session);
}

void Inputs::read(const InputsSource &source, std::shared_ptr<const Model> model, std::optional<Activation> activation,
                  As what)
{
    m_tasks.run(
        {kInputsJob, tr("Reading …"), JobRank::Reading}, this,
        [source, model = std::move(model), activation](const TaskContext &context) {
            return valuesOf(source, model.get(), activation, context);
        },
        [this, source, what](Result<std::shared_ptr<const NetworkInputs>> inputs) {
            take(source, std::move(inputs), what);
        });
}

void Inputs::take(const InputsSource &source, Result<std::shared_ptr<const NetworkInputs>> inputs, As what)
{
    if (!inputs) {
        if (what == As::Step)
            emit refused(text::words(inputs.error().sentence()));
        return;
    }
    const Fed after{std::move(*inputs), source};
    if (what == As::Step)
        m_undoStack.push(new InputsCommand(*this, textOf(source), m_fed, after));
    else
        putInForce(after);
}

void Inputs::putInForce(const Fed &fed)
{
    if (!m_before)
        m_before = m_fed;
    m_fed = fed;
    emit changed();
}

bool Inputs::isStep(const QUndoCommand *command)
{
    return dynamic_cast<const InputsCommand *>(command) != nullptr;
}

void Inputs::reset()
{
    m_tasks.drop(kInputsJob);
    m_fed = {};
    m_before.reset();
}

bool Inputs::reject(const QString &sentence)
{
    if (!m_before)
        return false;
    // The step that led here is none: nobody wants to come back. Its owner hands it out for reading only.
    const int last = m_undoStack.index() - 1;
    auto *step =
        dynamic_cast<InputsCommand *>(last < 0 ? nullptr : const_cast<QUndoCommand *>(m_undoStack.command(last)));
    const bool isItsStep = step && step->leadsTo(m_fed.values);
    m_fed = *std::exchange(m_before, std::nullopt);
    if (isItsStep) {
        step->setObsolete(true);
        m_undoStack.undo(); // takes it off the stack without a call
    }
    emit changed();
    emit refused(sentence); // the last word: what is in force now is fine
    return true;
}

} // namespace qs::ui
