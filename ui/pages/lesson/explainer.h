// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Explainer: "Explain this number" on every value of the window, by key and by right click.
#pragma once

#include "ui/pages/page.h"

#include <QObject>
#include <QPointer>

class QAbstractItemView;

namespace qs::ui {

class ExplanationPopup;

/// Widgets say by the property "explains" which explanation is theirs, cells of the layers by LayerModel::ExplainRole.
class Explainer : public QObject
{
    Q_OBJECT
public:
    /// `owner`: a widget of the window; the window's plots get an entry in their menus.
    Explainer(const PageContext &context, QWidget *owner);

    /// The explanation of what has the focus, or of what a person chooses from a list of all values in sight.
    bool showTip(const QWidget *widget, const QPoint &at);
    void explainFocus();
    /// Beside that rectangle of the screen; false when there is no such explanation.
    bool explain(const QString &id, const QRect &beside);
    /// As the popup shows it: "0.437 / 127.5 = 0.003431"; empty where numbers are missing.
    QString filled(const QString &id) const;

signals:
    void lessonWanted(const QString &id, std::size_t step);
    void termWanted(const QString &term);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void offer(QWidget *widget, const QPoint &at);
    void chooseFromAll();
    void addToPlots();

    PageContext m_context;
    QWidget *m_owner;
};

} // namespace qs::ui
