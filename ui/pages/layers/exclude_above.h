// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ExcludeAbove: a small pop-up that excludes all layers whose error is above one number.
#pragma once

#include "ui/models/layer_model.h"

#include <QFrame>

class QDoubleSpinBox;
class QLabel;
class QPushButton;

namespace qs::ui {

class ExcludeAbove : public QFrame
{
    Q_OBJECT
public:
    ExcludeAbove(Setup *setup, LayerModel *model, QWidget *parent);

    void showIn(const QWidget *window);
    /// Layers that would be excluded now.
    LayerIndices found() const;

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    double proposal() const;
    void updateCount();
    void apply();

    Setup *m_setup;
    LayerModel *m_model;
    QDoubleSpinBox *m_limit;
    QLabel *m_count;
    QPushButton *m_button;
};

} // namespace qs::ui
