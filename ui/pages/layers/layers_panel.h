// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// LayersPanel: the table of layers with its filter line.
#pragma once

#include "ui/models/layer_model.h"
#include "ui/pages/page.h"

#include <QSet>
#include <QWidget>

#include <functional>

class QAction;
class QLabel;
class QLineEdit;
class QMenu;
class QStackedWidget;
class QTreeView;

namespace qs::ui {

class ActionRegistry;
class LayerActions;
class LayerDelegate;
class LayerFilter;
class LayerHeat;
class Selection;

class LayersPanel : public QWidget
{
    Q_OBJECT
public:
    static PageInfo page();
    LayersPanel(Setup *setup, Selection *selection, ActionRegistry *actions, QWidget *parent = nullptr);
    /// Detaches the view, so that it asks for nothing any more.
    ~LayersPanel() override;

    LayerModel *model() const { return m_model; }
    QTreeView *view() const { return m_view; }
    void setFilter(const QString &text);
    QString filter() const;
    /// What is wrong with the text of the filter line; empty when nothing is.
    QString filterProblem() const;

    /// Groups are there from the start where names are many; this is the user's own choice.
    void setGrouped(bool grouped);
    bool isGrouped() const;

    /// Widths, order and choice of columns.
    QByteArray columnState() const;
    void restoreColumns(const QByteArray &state);
    void resetColumns();

signals:
    /// The filter is to become a rule.
    void ruleWanted(const QString &text);

protected:
    /// The property "answersCovered" is that of LayerModel::setCovered().
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void buildView();
    void addActions(ActionRegistry &actions);
    void focusFilter();
    void connectSelection();
    void modelChanged();
    void resultsComplete();
    void selectionFromView();
    void selectionToView();
    void filterChanged(const QString &text);
    void applyFilter(const std::function<void()> &change);
    void updateState();
    void tellWhatIsOnShow();
    void showGroups(bool grouped);
    void openGroups();
    void groupTurned(const QModelIndex &index, bool open);
    std::vector<int> layersOf(const QModelIndexList &rows) const;
    bool showsSelectionByGroup() const;
    void fitColumns();
    void showComparison();
    void fillColumnMenu(QMenu *menu);
    void showMenu(const std::function<void(QMenu *)> &fill, const QPoint &position);
    int layerAt(const QModelIndex &index) const;
    std::vector<LayerModel::Column> visibleColumns() const;

    Setup *m_setup;
    Selection *m_selection;
    LayerModel *m_model;
    LayerFilter *m_filter;
    LayerDelegate *m_delegate;
    LayerActions *m_actions;
    QLineEdit *m_line;
    QAction *m_problemIcon;
    QLabel *m_problem;
    QLabel *m_counter;
    QStackedWidget *m_stack;
    QTreeView *m_view;
    QLabel *m_sentence;
    QWidget *m_noMatch;
    QWidget *m_skeleton;
    LayerHeat *m_heat;
    QSet<QString> m_closed;                          ///< groups that the user has closed, or has not opened
    ShownErrorKind m_kind = ShownErrorKind::Pending; ///< that the columns were fitted for
    bool m_filteredEarly = false;                    ///< before all results were there, which some filters look at
    bool m_syncing = false;
    bool m_turning = false;    ///< groups are opened or closed, but not by the user
    int m_sorted = -1;         ///< column that the table was sorted by last
    bool m_ownColumns = false; ///< the user has chosen widths: do not fit them to the next model
};

} // namespace qs::ui
