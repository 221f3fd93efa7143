// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// FilePage: "File": what the open file is, what it holds, and what is odd about it.
#pragma once

#include "ui/pages/page.h"
#include "ui/widgets/value_rows.h"

#include <QString>
#include <QWidget>

class QComboBox;
class QTabWidget;

namespace qs::ui {

class ElidedLabel;
class EqualCopies;
class Setup;
class TextList;

class FilePage : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    explicit FilePage(Setup *setup, QWidget *parent = nullptr);

    ValueRows *facts() const { return m_facts; }
    TextList *tensors() const { return m_tensors; }
    TextList *metadata() const { return m_metadata; }
    TextList *remarks() const { return m_remarks; }
    void showRemarks();
    QComboBox *part() const { return m_part; }
    /// What takes the keyboard: the list on show, or its tab where the list is empty.
    QWidget *pane() const;

signals:
    /// Of a checkpoint with several models another one is wanted.
    void partRequested(const QString &part);

private:
    void showModel();
    void showParts();
    void setUpTensors();
    void refreshLayers();
    void askNetwork();
    void count(TextList *list, const QString &name, qsizetype rows);

    Setup *m_setup;
    ElidedLabel *m_title;
    ElidedLabel *m_path;
    ValueRows *m_facts;
    QWidget *m_partRow; ///< only there for files with several models
    QComboBox *m_part;
    EqualCopies *m_copies;
    QTabWidget *m_lists;
    TextList *m_tensors;
    TextList *m_metadata;
    TextList *m_remarks;
    QString m_network;      ///< the line about the graph that the file carries; empty until it was read
    std::size_t m_kept = 0; ///< layers that cannot be quantized, as shown
};

} // namespace qs::ui
