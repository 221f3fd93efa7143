// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/inputs.h"

#include "core/network/makers.h"
#include "ui/tasks/task_runner.h"
#include "ui/text/translation.h"

#include <utility>

namespace qs::ui {

namespace {

constexpr auto kInputsJob = "inputs";

} // namespace

Inputs::Inputs(TaskRunner &tasks)
    : m_tasks(tasks)
{}

void Inputs::set(const QString &inputsPath, const QString &labelsPath)
{
    if (inputsPath.isEmpty()) {
        reset();
        emit changed();
        return;
    }
    m_tasks.run(
        {kInputsJob, tr("Reading …"), JobRank::Reading}, this,
        [inputs = inputsPath.toStdString(), labels = labelsPath.toStdString()](const TaskContext &context) {
            return loadInputs({InputFileName{{}, inputs}}, labels, context);
        },
        [this](Result<std::shared_ptr<const NetworkInputs>> inputs) { take(std::move(inputs)); });
}

void Inputs::setPictures(const QStringList &paths, PixelScale scale, std::shared_ptr<const Model> model,
                         std::optional<Activation> activation)
{
    m_tasks.run(
        {kInputsJob, tr("Reading …"), JobRank::Reading}, this,
        [paths, scale, model = std::move(model),
         activation](const TaskContext &context) -> Result<std::shared_ptr<const NetworkInputs>> {
            QS_ASSIGN(const NetworkSearch found, findNetwork(*model, activation, context));
            const auto input = found.network ? pictureInput(*found.network) : std::nullopt;
            if (!input)
                return fail(ErrorCode::Input,
                            Text::of("no input of this network takes pictures, which have 1 or 3 channels, a height "
                                     "and a width"));
            return loadPictures(paths, *input, scale, context);
        },
        [this](Result<std::shared_ptr<const NetworkInputs>> inputs) { take(std::move(inputs)); });
}

void Inputs::take(Result<std::shared_ptr<const NetworkInputs>> inputs)
{
    if (!inputs) {
        emit refused(text::words(inputs.error().sentence()));
        return;
    }
    if (!m_before)
        m_before = m_current;
    m_current = std::move(*inputs);
    emit changed();
}

void Inputs::reset()
{
    m_tasks.drop(kInputsJob);
    m_current.reset();
    m_before.reset();
}

bool Inputs::reject(const QString &sentence)
{
    if (!m_before)
        return false;
    m_current = *std::exchange(m_before, std::nullopt);
    emit refused(sentence);
    emit changed();
    return true;
}

} // namespace qs::ui
