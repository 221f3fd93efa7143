// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Inputs: what a user feeds into the network in place of the model's own samples.
#pragma once

#include "core/eval/network_inputs.h"
#include "ui/document/image_inputs.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <optional>

class QUndoCommand;
class QUndoStack;

namespace qs::ui {

class TaskRunner;

/// Where inputs come from: arrays or pictures; nothing of both: the model's own samples.
struct InputsSource {
    QString inputs; ///< path of an array
    QString labels; ///< the same; may be empty
    QStringList pictures;
    PixelScale scale = PixelScale::ZeroToOne;

    bool isOwn() const { return inputs.isEmpty() && pictures.isEmpty(); }
    bool operator==(const InputsSource &) const = default;
};

/// Each choice is a step of undo.
class Inputs : public QObject
{
    Q_OBJECT
public:
    struct Fed {
        std::shared_ptr<const NetworkInputs> values; ///< null: the model's own samples
        InputsSource source;
    };

    Inputs(TaskRunner &tasks, QUndoStack &undoStack);

    /// Reads `.npy` and `.npz` files in the background (the path of the labels may be empty); an empty path of the
    /// inputs goes back to the model's own samples.
    void set(const QString &inputsPath, const QString &labelsPath);
    /// Feeds pictures to the first input of the model's network that takes some, made with `activation`.
    void setPictures(const QStringList &paths, PixelScale scale, std::shared_ptr<const Model> model,
                     std::optional<Activation> activation);
    /// As they were when the model was open the last time: no step of undo, and no word about files that are gone.
    void restore(const InputsSource &source, std::shared_ptr<const Model> model, std::optional<Activation> activation);
    /// Null: the model's own samples.
    const std::shared_ptr<const NetworkInputs> &current() const { return m_fed.values; }
    const InputsSource &source() const { return m_fed.source; }
    /// Another model is open.
    void reset();
    /// The network could be run with the present inputs.
    void accept() { m_before.reset(); }
    /// The network could not be run: goes back to those before, if these are new. False when they are not.
    bool reject(const QString &sentence);
    /// For steps of undo: everybody else chooses.
    void putInForce(const Fed &fed);
    static bool isStep(const QUndoCommand *command);

signals:
    void changed();
    void refused(const QString &sentence);

private:
    enum class As { Step, Session };

    void read(const InputsSource &source, std::shared_ptr<const Model> model, std::optional<Activation> activation,
              As what);
    void take(const InputsSource &source, Result<std::shared_ptr<const NetworkInputs>> inputs, As what);

    TaskRunner &m_tasks;
    QUndoStack &m_undoStack;
    Fed m_fed;
    /// Those before the last choice, until the network has accepted that.
    std::optional<Fed> m_before;
};

} // namespace qs::ui
