// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// SkeletonRows: grey bars where the rows of a table will stand, while a file is being opened.
#pragma once

#include <QWidget>

namespace qs::ui {

class SkeletonRows : public QWidget
{
    Q_OBJECT
public:
    explicit SkeletonRows(QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;
};

} // namespace qs::ui
