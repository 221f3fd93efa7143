// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs: what a user feeds into the network in place of the model's own samples.
#pragma once

#include "core/eval/network_inputs.h"
#include "ui/document/image_inputs.h"

#include <QObject>

#include <memory>
#include <optional>

namespace qs::ui {

class TaskRunner;

class Inputs : public QObject
{
    Q_OBJECT
public:
    explicit Inputs(TaskRunner &tasks);

    /// Reads `.npy` and `.npz` files in the background (the path of the labels may be empty); an empty path of the
    /// inputs goes back to the model's own samples.
    void set(const QString &inputsPath, const QString &labelsPath);
    /// Feeds pictures to the first input of the model's network that takes some, made with `activation`.
    void setPictures(const QStringList &paths, PixelScale scale, std::shared_ptr<const Model> model,
                     std::optional<Activation> activation);
    /// Null: the model's own samples.
    const std::shared_ptr<const NetworkInputs> &current() const { return m_current; }
    /// Another model is open.
    void reset();
    /// The network could be run with the present inputs.
    void accept() { m_before.reset(); }
    /// The network could not be run: goes back to those before, if these are new. False when they are not.
    bool reject(const QString &sentence);

signals:
    void changed();
    void refused(const QString &sentence);

private:
    void take(Result<std::shared_ptr<const NetworkInputs>> inputs);

    TaskRunner &m_tasks;
    std::shared_ptr<const NetworkInputs> m_current;
    /// Those before the last choice, until the network has accepted that.
    std::optional<std::shared_ptr<const NetworkInputs>> m_before;
};

} // namespace qs::ui
