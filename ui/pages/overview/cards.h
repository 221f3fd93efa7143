// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Cards: the numbers that matter most, always in sight: size, output error, accuracy, the layer that costs most.
#pragma once

#include "ui/document/setup.h"

#include <QFrame>
#include <QList>
#include <QWidget>

class QGridLayout;
class QLabel;
class QToolButton;

namespace qs::ui {

class ElidedLabel;

/// A name, a value in bold and a grey remark; long texts are cut, never the window's width.
class Card : public QFrame
{
    Q_OBJECT
public:
    explicit Card(QWidget *parent = nullptr);

    void show(const QString &key, const QString &value, const QString &remark, const QString &help = {});
    /// Which explanation is that of its value.
    void setExplanation(const char *id);
    void setStale(bool stale);
    /// The same number of B, in a line of its own; empty: no line. `help`: why it is of another kind.
    void setOther(const QString &other, const QString &help = {});
    void addButton(QToolButton *button);
    /// The remark is a number that has to be seen: it needs room as the value does.
    void setRemarkNeeded() { m_needsRemark = true; }
    /// Width that its name and value need; a remark that is not needed may go.
    int namedWidth() const;
    QString key() const;
    QString value() const;
    QString remark() const;

private:
    ElidedLabel *m_key;
    QLabel *m_value;
    ElidedLabel *m_remark;
    ElidedLabel *m_other;
    bool m_needsRemark = false;
};

class Cards : public QWidget
{
    Q_OBJECT
public:
    explicit Cards(Setup *setup, QWidget *parent = nullptr);

    Card *sizeCard() const { return m_size; }
    Card *errorCard() const { return m_error; }
    Card *accuracyCard() const { return m_accuracy; }
    Card *worstCard() const { return m_worst; }
    QToolButton *excludeButton() const { return m_exclude; }

    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();
    void arrange();
    int widthOf(const QList<Card *> &cards, int columns) const;
    void showReport(const Report &report);
    void showSize(const Report &report);
    void showError(const Report &report);
    void showAccuracy(const Report &report);
    void showWorst(const Report &report);
    void showOther();

    Setup *m_setup;
    QGridLayout *m_layout;
    QLabel *m_file; ///< which file the numbers are of, while one is about to be written
    Card *m_size;
    Card *m_error;
    Card *m_accuracy;
    Card *m_worst;
    QToolButton *m_exclude;
};

} // namespace qs::ui
