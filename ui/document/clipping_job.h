// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ClippingJob: the error of one channel or group of a setup against the point where its weights are clipped.
#pragma once

#include "core/analysis/clipping_curve.h"
#include "core/analysis/clipping_outputs.h"

#include <QObject>

#include <memory>

namespace qs::ui {

class Setup;

class ClippingJob : public QObject
{
    Q_OBJECT
public:
    /// The quantization is another one whenever the scheme or the axis of the layer is. Null: nothing to compute.
    struct Target {
        std::shared_ptr<const LayerQuantization> quantization;
        std::size_t layer = 0;
        std::uint64_t channel = 0;
        std::uint64_t group = 0;
        bool operator==(const Target &) const = default;
    };
    struct Shown {
        Target target;
        std::shared_ptr<const ClippingCurve> curve;
        /// The errors of outputs at the same points, where what the layer is fed is known; it comes later.
        std::shared_ptr<const OutputClipping> outputs = {};
        QString problem; ///< why there is no curve; empty otherwise
    };

    /// `id` names the job among all that run.
    ClippingJob(Setup &setup, const QString &id);

    void show(const Target &target);
    /// The latest one; it stays until the one of another target has been computed.
    const Shown &shown() const { return m_shown; }
    bool isPending() const;
    /// Another model is open.
    void reset();

signals:
    void changed();

private:
    void showOutputs();
    void forgetOutputs();
    QString outputsId() const { return m_id + QStringLiteral("Outputs"); }

    Setup &m_setup;
    QString m_id;
    Target m_wanted;
    Shown m_shown;
    std::optional<Activation> m_activation; ///< that the errors of outputs were computed with
};

} // namespace qs::ui
