// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// GroupField: which of a channel's groups is shown. Hidden where a channel has one scale.
#pragma once

#include <QWidget>

class QLabel;
class QSpinBox;

namespace qs::ui {

class GroupField : public QWidget
{
    Q_OBJECT
public:
    /// Whether all groups together can be chosen, too.
    enum class Whole { Offered, Never };
    explicit GroupField(Whole whole, QWidget *parent = nullptr);

    /// `group` counts from 0, −1: the whole channel. Emits nothing.
    void showGroup(qint64 group, std::uint64_t groups);
    /// The one that is shown: that asked for, within the groups that there are; −1: the whole channel.
    qint64 group() const;

signals:
    void chosen(qint64 group);

private:
    QSpinBox *m_number; ///< as people count, from 1; 0: the whole channel
    QLabel *m_count;
};

} // namespace qs::ui
