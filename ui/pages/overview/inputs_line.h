// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// InputsLine: what was fed into the network and what was assumed, or why nothing was run; and how to change it.
#pragma once

#include "ui/document/image_inputs.h"
#include "ui/document/setup.h"
#include "ui/widgets/chip_row.h"

#include <QWidget>

class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace qs::ui {

class FileChooser;
class Settings;

class InputsLine : public QWidget
{
    Q_OBJECT
public:
    InputsLine(Setup *setup, FileChooser *chooser, Settings *settings, QWidget *parent = nullptr);

    /// All that is fed and assumed, or what running the network would take, in one sentence.
    QString text() const { return m_sentence; }
    const ChipRow *chips() const { return m_chips; }

protected:
    /// A presentation has taken it away, or brings it back.
    bool event(QEvent *event) override;

private:
    void refresh();
    void showFed(const OutputErrorReport &output);
    QList<Chip> chipsOf(const OutputErrorReport &output) const;
    void fillMenu();
    void chooseInputs();
    void chooseLabels();
    void addPictureChoices();
    void feedPictures(const QStringList &paths);
    QString chooseArray(const QString &title);

    Setup *m_setup;
    FileChooser *m_chooser;
    Settings *m_settings;
    ChipRow *m_chips;
    QLabel *m_text; ///< what no chip says
    QString m_sentence;
    QPushButton *m_run;
    QToolButton *m_inputs;
    QMenu *m_menu;
    PixelScale m_scale = PixelScale::ZeroToOne;
};

} // namespace qs::ui
