// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// BudgetPage: "Size budget": size against error, and the best recipe for a size, for bits per weight or for an error.
#pragma once

#include "ui/document/budget_job.h"
#include "ui/document/changes.h"
#include "ui/pages/page.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QLineEdit;
class QProgressBar;
class QPushButton;

namespace qs::ui {

class BudgetPlot;

class BudgetPage : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    explicit BudgetPage(const PageContext &context, QWidget *parent = nullptr);

    BudgetPlot *plot() const { return m_plot; }
    QComboBox *format() const { return m_format; }
    QPushButton *bits() const { return m_bits; }
    QComboBox *kind() const { return m_kind; }
    QLineEdit *limit() const { return m_limit; }
    QPushButton *findButton() const { return m_find; }
    QPushButton *stopButton() const { return m_stop; }
    QLabel *state() const { return m_state; }

signals:
    /// Somebody asked for something that this page does.
    void wanted();

private:
    void build();
    void fillBits();
    void addActions(ActionRegistry &actions);
    void excludeUntil();
    void offer();
    void find();
    void refresh(Changes changes);
    void showOffer();
    void showState();
    void showKind();
    QString foundText(const SearchResult &found) const;

    Setup *m_setup;
    BudgetPlot *m_plot;
    QComboBox *m_format;
    QPushButton *m_bits;
    QList<QAction *> m_bitChoices;
    QAction *m_keepFloat;
    QComboBox *m_kind;
    QLineEdit *m_limit;
    QPushButton *m_find;
    QPushButton *m_stop;
    QProgressBar *m_progress;
    QLabel *m_state;
    QString m_wrong; ///< what is wrong with the limit
};

} // namespace qs::ui
