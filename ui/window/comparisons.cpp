// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/comparisons.h"

#include "ui/actions/action_registry.h"
#include "ui/document/document.h"
#include "ui/pages/welcome/readable_formats.h"
#include "ui/settings/settings.h"
#include "ui/widgets/file_chooser.h"

#include <QApplication>
#include <QKeyEvent>
#include <QWidget>

namespace qs::ui {

Comparisons::Comparisons(Setup *setup, Settings *settings, FileChooser *chooser, ActionRegistry *actions,
                         QWidget *window)
    : QObject(window)
    , m_setup(setup)
    , m_settings(settings)
    , m_chooser(chooser)
    , m_window(window)
{
    addActions(*actions);
}

void Comparisons::addActions(ActionRegistry &actions)
{
    SideB *sideB = &m_setup->document().sideB();
    const auto isOpen = [this] { return bool(m_setup->model()); };
    const auto hasB = [sideB] { return sideB->isOpen(); };
    const ActionPlaces notInFields = ActionPlace::Plot | ActionPlace::Table | ActionPlace::Centre;
    actions.add({.id = QStringLiteral("compare.toggle"),
                 .text = tr("Co&mpare A with B"),
                 .tip = tr("Compare with a copy of A, or end it"),
                 .icon = QStringLiteral("compare"),
                 .keys = {QKeySequence(tr("Ctrl+D"))},
                 .work =
                     [this, sideB] {
                         if (sideB->isOpen()) {
                             sideB->close();
                             return;
                         }
                         sideB->copyFromA();
                         emit started();
                     },
                 .enabledWhen = isOpen,
                 .checkedWhen = hasB});
    actions.add({.id = QStringLiteral("compare.file"),
                 .text = tr("&Open as B…"),
                 .tip = tr("Compare with another file, of any format; dropping it on the right half does the same"),
                 .work = [this] { chooseFile(); },
                 .enabledWhen = isOpen});
    actions.add({.id = QStringLiteral("compare.copy"),
                 .text = tr("&Copy A to B"),
                 .tip = tr("B becomes the recipe of A, which you then change"),
                 .icon = QStringLiteral("copy"),
                 .work =
                     [this, sideB] {
                         sideB->copyFromA();
                         emit started();
                     },
                 .enabledWhen = isOpen});
    actions.add({.id = QStringLiteral("compare.floats"),
                 .text = tr("&Float32 as B"),
                 .tip = tr("B is the model as it is in the file"),
                 .work =
                     [this, sideB] {
                         sideB->compareWithFloats();
                         emit started();
                     },
                 .enabledWhen = isOpen});
    actions.add({.id = QStringLiteral("compare.swap"),
                 .text = tr("&Swap A and B"),
                 .tip = tr("A and B change places"),
                 .icon = QStringLiteral("swap"),
                 .keys = {Qt::Key_X},
                 .places = notInFields,
                 .work = [sideB] { sideB->swap(); },
                 .enabledWhen = [sideB] { return sideB->kind() == SideB::Kind::Recipe; }});
    actions.add({.id = QStringLiteral("compare.blink"),
                 .text = tr("&Blink: B in place of A"),
                 .tip = tr("Hold the key to see B in place of A"),
                 .keys = {Qt::Key_QuoteLeft},
                 .places = notInFields,
                 .work = [this] { blink(true); },
                 .enabledWhen = [sideB] { return sideB->report() != nullptr; },
                 .checkedWhen = [this] { return m_setup->showsOther(); }});
}

void Comparisons::chooseFile()
{
    const QString path =
        m_chooser->fileToOpen(m_window, tr("Compare with a model"), m_settings->data().lastFolder, modelFileFilters());
    if (!path.isEmpty())
        openAsB(path);
}

void Comparisons::openAsB(const QString &location)
{
    m_setup->document().sideB().openFile(location);
    emit started();
}

void Comparisons::blink(bool on)
{
    m_setup->showInstead(on ? m_setup->document().sideB().report() : nullptr);
    if (on)
        qApp->installEventFilter(this);
    else
        qApp->removeEventFilter(this);
}

/// Whatever ends the holding of the key ends the look at B.
bool Comparisons::eventFilter(QObject *watched, QEvent *event)
{
    const bool isKey = event->type() == QEvent::KeyRelease;
    if (isKey ? !static_cast<QKeyEvent *>(event)->isAutoRepeat()
              : event->type() == QEvent::MouseButtonPress || event->type() == QEvent::ApplicationDeactivate)
        blink(false);
    return QObject::eventFilter(watched, event);
}

} // namespace qs::ui
