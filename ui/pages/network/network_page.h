// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// NetworkPage: "Network": the graph of the model, its layers coloured by what quantizing them costs.
#pragma once

#include "core/model/model.h"
#include "ui/pages/page.h"

#include <QWidget>

#include <memory>
#include <optional>

class QComboBox;

namespace qs::ui {

class ElidedLabel;
class NetworkPlot;
class Selection;
class Setup;

/// Places the boxes in the background, once per model.
class NetworkPage : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    NetworkPage(Setup *setup, Selection *selection, QWidget *parent = nullptr);

    NetworkPlot *plot() const { return m_plot; }
    QComboBox *colours() const { return m_colours; }

private:
    void findPicture();
    void showMessage(const QString &message);

    Setup *m_setup;
    NetworkPlot *m_plot;
    QComboBox *m_colours;
    ElidedLabel *m_about;                   ///< how many layers, joins, nodes
    std::shared_ptr<const Model> m_model;   ///< that the picture, or what is said instead, is of
    std::optional<Activation> m_activation; ///< with which its network was made
};

} // namespace qs::ui
