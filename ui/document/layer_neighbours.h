// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayerNeighbours: what feeds each layer of a setup's model, and what it feeds, once its results are there.
#pragma once

#include "core/recipe/recipe.h"
#include "ui/document/changes.h"

#include <QObject>
#include <QStringList>

#include <memory>
#include <optional>
#include <vector>

namespace qs::ui {

class Setup;

class LayerNeighbours : public QObject
{
    Q_OBJECT
public:
    struct Neighbours {
        QStringList before; ///< names of layers, joins and inputs whose values it takes
        QStringList behind; ///< of those that take its own
    };

    /// The one of that setup, which owns it; made when it is first asked for.
    static LayerNeighbours &of(Setup &setup);

    /// Empty while nothing is known, and where no network is.
    Neighbours around(std::size_t layer) const;

signals:
    void changed();

private:
    explicit LayerNeighbours(Setup &setup);
    void follow(Changes changes);

    Setup &m_setup;
    std::vector<Neighbours> m_layers;
    std::shared_ptr<const Model> m_askedOf;
    std::optional<Activation> m_activation;
};

} // namespace qs::ui
