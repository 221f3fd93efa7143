// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// FileChooser: how the window asks for files and for what to do with unsaved edits; tests answer in its place.
#pragma once

#include <QCoreApplication>
#include <QString>

class QWidget;

namespace qs::ui {

class FileChooser
{
public:
    enum class Unsaved { Save, Discard, Cancel };

    virtual ~FileChooser() = default;

    /// Empty: the user has cancelled. `filter` as QFileDialog takes it.
    virtual QString fileToOpen(QWidget *parent, const QString &title, const QString &folder, const QString &filter) = 0;
    virtual QString folderToOpen(QWidget *parent, const QString &title, const QString &folder) = 0;
    /// `proposal` is a path.
    virtual QString fileToSave(QWidget *parent, const QString &title, const QString &proposal,
                               const QString &filter) = 0;
    virtual Unsaved unsavedRecipe(QWidget *parent) = 0;
};

/// The dialogs of the desktop.
class DialogFileChooser final : public FileChooser
{
    Q_DECLARE_TR_FUNCTIONS(FileChooser)

public:
    QString fileToOpen(QWidget *parent, const QString &title, const QString &folder, const QString &filter) override;
    QString folderToOpen(QWidget *parent, const QString &title, const QString &folder) override;
    QString fileToSave(QWidget *parent, const QString &title, const QString &proposal, const QString &filter) override;
    Unsaved unsavedRecipe(QWidget *parent) override;
};

} // namespace qs::ui
