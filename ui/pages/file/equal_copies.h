// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// EqualCopies: a row of the File page that looks for weights which the file holds several times, and ties them.
#pragma once

#include "core/base/result.h"
#include "core/layers/equal_tensors.h"

#include <QWidget>

class QPushButton;

namespace qs::ui {

class ElidedLabel;
class Setup;

/// Looking reads the weights, so it waits for the user; tying what was found is one step of undo.
class EqualCopies : public QWidget
{
    Q_OBJECT
public:
    explicit EqualCopies(Setup *setup, QWidget *parent = nullptr);

    /// Another model: nothing is known of its weights.
    void forget();

private:
    void look();
    void showFound(const Result<EqualTensors> &found);
    void tie();

    Setup *m_setup;
    QPushButton *m_button;
    ElidedLabel *m_text;
    EqualTensors m_found;
};

} // namespace qs::ui
