// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The glossary: terms in both languages, with a field that searches both.
#pragma once

#include <QDialog>

class QLineEdit;
class QTreeWidget;

namespace qs::ui {

class GlossaryDialog : public QDialog
{
    Q_OBJECT
public:
    explicit GlossaryDialog(QWidget *parent);

    QLineEdit *search() const { return m_search; }
    QTreeWidget *table() const { return m_table; }

signals:
    /// A term that a lesson shows was activated.
    void lessonWanted(const QString &id);

private:
    void filter(const QString &words);

    QLineEdit *m_search;
    QTreeWidget *m_table;
};

} // namespace qs::ui
