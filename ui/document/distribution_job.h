// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// DistributionJob: the distribution of one layer or channel of a setup, computed anew whenever its codes change.
#pragma once

#include "core/analysis/distribution.h"

#include <QObject>

#include <memory>
#include <optional>

namespace qs::ui {

class Selection;
class Setup;

class DistributionJob : public QObject
{
    Q_OBJECT
public:
    /// The layer, or a part of it; without a layer there is nothing to compute.
    struct Target {
        std::optional<std::size_t> layer = {};
        LayerPart part = {};
        bool operator==(const Target &) const = default;

        static Target of(const Selection &selection);
        /// "fc2, channel 3, group 1"; empty without a layer.
        QString name(const Model &model) const;
    };
    struct Shown {
        Target target; ///< without a group that the layer has not
        std::shared_ptr<const Distribution> values;
        Scheme scheme;   ///< with which they were computed
        QString problem; ///< why there are no values; empty otherwise
    };

    /// `id` names the job among all that run.
    DistributionJob(Setup &setup, const QString &id);

    void show(const Target &target);
    /// The latest one; it stays until the one of another target has been computed.
    const Shown &shown() const { return m_shown; }
    bool isPending() const;
    /// Results of layers are new: starts when those of the target are.
    void update();
    /// Another model is open.
    void reset();

signals:
    void changed();

private:
    Setup &m_setup;
    QString m_id;
    Target m_wanted;
    Shown m_shown;
    std::shared_ptr<const LayerQuantization> m_source; ///< of what is shown or being computed
};

} // namespace qs::ui
