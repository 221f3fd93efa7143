// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NumberLinePage: "Number line": one value through scale, round, clamp and back, taken from the model or typed.
#pragma once

#include "core/quant/teaching.h"
#include "ui/pages/page.h"

#include <QWidget>

class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QPushButton;
class QSpinBox;

namespace qs::ui {

class NumberLineView;
class Selection;
class Setup;
struct WalkExample;

/// Follows the selected channel until somebody types other numbers; "From the model" goes back to it.
class NumberLinePage : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    NumberLinePage(Setup *setup, Selection *selection, QWidget *parent = nullptr);

    NumberLineView *view() const { return m_view; }
    bool isFromModel() const { return m_isFromModel; }

private:
    QWidget *makeControls();
    QWidget *makeFieldRows();
    void takeFromModel();
    /// What the fields say becomes what is shown.
    void takeFromFields();
    void showFields();
    void showExample(const WalkExample &example);
    void showWalk();

    Setup *m_setup;
    Selection *m_selection;
    NumberLineView *m_view;
    QLabel *m_whose;
    QLabel *m_stepLabel;
    QPushButton *m_back;
    QPushButton *m_next;
    QPushButton *m_fromModel;
    QDoubleSpinBox *m_valueField;
    QDoubleSpinBox *m_scaleField;
    QComboBox *m_bits;
    QComboBox *m_mode;
    QSpinBox *m_zeroPoint;
    QComboBox *m_slip;
    bool m_isFromModel = true;
    float m_value = 0.437F;
    ScaleAndZeroPoint m_scale;
    Teaching m_slips;
    Coding m_coding{CodeRule::Divide, Arithmetic::F32, -8, 7};
};

} // namespace qs::ui
