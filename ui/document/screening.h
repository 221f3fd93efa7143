// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Screening: what makes the layers of a setup's model hard to quantize, looked for once its results are there.
#pragma once

#include "core/analysis/screening.h"
#include "ui/document/changes.h"

#include <QObject>
#include <QStringList>

namespace qs::ui {

class Setup;

class Screening : public QObject
{
    Q_OBJECT
public:
    /// The one of that setup, which owns it; made when it is first asked for.
    static Screening &of(Setup &setup);

    /// In the order of layers; empty while nothing is known. Models above 1 GiB are not read once more for it.
    const std::vector<Trouble> &troubles() const { return m_troubles; }
    bool isPending() const;
    /// Sentences about one layer.
    QStringList sentencesOf(std::size_t layer) const;

signals:
    void changed();

private:
    explicit Screening(Setup &setup);
    void follow(Changes changes);

    Setup &m_setup;
    std::vector<Trouble> m_troubles;
    bool m_asked = false; ///< of the model that is open
};

} // namespace qs::ui
