// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/file_chooser.h"

#include "ui/theme/theme.h"

#include <QAbstractButton>
#include <QFileDialog>
#include <QMessageBox>

namespace qs::ui {

namespace {

constexpr int kBoxIcon = 32;

} // namespace

QString DialogFileChooser::fileToOpen(QWidget *parent, const QString &title, const QString &folder,
                                      const QString &filter)
{
    return QFileDialog::getOpenFileName(parent, title, folder, filter);
}

QString DialogFileChooser::folderToOpen(QWidget *parent, const QString &title, const QString &folder)
{
    return QFileDialog::getExistingDirectory(parent, title, folder);
}

QString DialogFileChooser::fileToSave(QWidget *parent, const QString &title, const QString &proposal,
                                      const QString &filter)
{
    return QFileDialog::getSaveFileName(parent, title, proposal, filter);
}

FileChooser::Unsaved DialogFileChooser::unsavedRecipe(QWidget *parent)
{
    QMessageBox box(QMessageBox::Question, tr("Unsaved recipe"), tr("Save the changes to the recipe?"),
                    QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel, parent);
    box.setInformativeText(tr("The scheme, the excluded layers and the overrides are lost if they are not saved."));
    box.setDefaultButton(QMessageBox::Save);
    box.button(QMessageBox::Save)->setText(tr("&Save"));
    box.button(QMessageBox::Discard)->setText(tr("&Discard"));
    box.button(QMessageBox::Cancel)->setText(tr("&Cancel"));
    box.setIconPixmap(themedIcon(QStringLiteral("save"), &Theme::accent).pixmap(kBoxIcon, kBoxIcon));
    switch (box.exec()) {
    case QMessageBox::Save:
        return Unsaved::Save;
    case QMessageBox::Discard:
        return Unsaved::Discard;
    default:
        return Unsaved::Cancel;
    }
}

} // namespace qs::ui
