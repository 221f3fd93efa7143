// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ClippingPage: "Clipping": the error of the selected channel against the point where its weights are clipped.
#pragma once

#include <QWidget>

#include <cstddef>
#include <cstdint>
#include <memory>

class QLabel;
class QSpinBox;

namespace qs {
struct LayerQuantization;
}

namespace qs::ui {

class ClippingPlot;
class Document;
class Selection;

/// Computes in the background, and only while it can be seen.
class ClippingPage : public QWidget
{
    Q_OBJECT
public:
    ClippingPage(Document *document, Selection *selection, QWidget *parent = nullptr);

    ClippingPlot *plot() const { return m_plot; }
    /// Counts from 1; shown for layers whose channels have several scales.
    QSpinBox *group() const { return m_group; }
    /// Which channel it is and why, when none is selected; empty otherwise.
    QString whose() const;

protected:
    void showEvent(QShowEvent *event) override;

private:
    /// What a curve is of. The quantization is new whenever a scheme or an axis is.
    struct Target {
        std::shared_ptr<const LayerQuantization> quantization;
        std::size_t layer = 0;
        std::uint64_t channel = 0;
        std::uint64_t group = 0;
        bool operator==(const Target &) const = default;
    };

    void refresh();
    void showMessage(const QString &message);
    void showGroups(std::uint64_t groups);
    void showWhose(std::uint64_t channel, bool isSelected);
    void compute(const Target &target);

    Document *m_document;
    Selection *m_selection;
    ClippingPlot *m_plot;
    QLabel *m_whose; ///< says why this channel, when none is selected
    QWidget *m_groupRow;
    QSpinBox *m_group;
    QLabel *m_groupCount;
    Target m_target; ///< shown, or being computed
};

} // namespace qs::ui
