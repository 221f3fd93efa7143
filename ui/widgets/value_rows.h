// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ValueRows: names and values in two columns; values can be selected and copied.
#pragma once

#include <QList>
#include <QWidget>

class QGridLayout;
class QLabel;

namespace qs::ui {

struct ValueRow {
    QString name;
    QString value;
    QString help;              ///< tool tip of both
    const char *explains = ""; ///< id of its explanation
};

class ValueRows : public QWidget
{
    Q_OBJECT
public:
    explicit ValueRows(QWidget *parent = nullptr);
    /// Keeps the labels that are there, so that a selection of text survives an update.
    void setRows(const QList<ValueRow> &rows);
    /// Width that the names take, and that they take at least, so that several lists can share one edge.
    int nameWidth() const;
    void setNameWidth(int width);
    QString valueOf(const QString &name) const;

private:
    struct Labels {
        QLabel *name;
        QLabel *value;
    };
    QGridLayout *m_layout;
    QList<Labels> m_labels;
};

} // namespace qs::ui
