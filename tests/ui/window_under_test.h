// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The real main window with a document, settings in a temporary folder and a chooser that answers what a test says.
#pragma once

#include "ui/document/document.h"
#include "ui/pages/layers/layers_panel.h"
#include "ui/settings/settings.h"
#include "ui/widgets/file_chooser.h"
#include "ui/window/main_window.h"

#include <QComboBox>
#include <QDropEvent>
#include <QMimeData>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <QTreeView>

#include <memory>

namespace qs::test {

inline QImage pictureOf(QWidget *widget)
{
    return widget->grab().toImage();
}

inline void drop(QWidget *window, const QString &path)
{
    QMimeData data;
    data.setUrls({QUrl::fromLocalFile(path)});
    QDragEnterEvent enter({200, 200}, Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(window, &enter);
    QVERIFY(enter.isAccepted());
    QDropEvent event(QPointF(200, 200), Qt::CopyAction, &data, Qt::LeftButton, {});
    QApplication::sendEvent(window, &event);
}

/// Views follow once per turn of the event loop.
inline void showChanges()
{
    QCoreApplication::processEvents();
}

/// As the user picks an entry.
inline void choose(QComboBox *combo, const QString &name)
{
    const int index = combo->findText(name);
    QVERIFY2(index >= 0, qPrintable(name));
    combo->setCurrentIndex(index);
    showChanges();
}

class ScriptedChooser final : public ui::FileChooser
{
public:
    QString path; ///< the answer to every question for a file
    Unsaved unsaved = Unsaved::Discard;
    QString filter; ///< of the last question
    int fileQuestions = 0;
    int unsavedQuestions = 0;

    QString fileToOpen(QWidget *, const QString &, const QString &, const QString &asked) override
    {
        ++fileQuestions;
        filter = asked;
        return path;
    }
    QString folderToOpen(QWidget *, const QString &, const QString &) override
    {
        ++fileQuestions;
        return path;
    }
    QString fileToSave(QWidget *, const QString &, const QString &, const QString &) override
    {
        ++fileQuestions;
        return path;
    }
    Unsaved unsavedRecipe(QWidget *) override
    {
        ++unsavedQuestions;
        return unsaved;
    }
};

struct WindowUnderTest {
    QTemporaryDir folder;
    std::unique_ptr<ui::Settings> settings = std::make_unique<ui::Settings>(folder.filePath("settings.ini"));
    ScriptedChooser chooser;
    std::unique_ptr<ui::Document> document = std::make_unique<ui::Document>();
    ui::Setup *setup = document->setups().front();
    std::unique_ptr<ui::MainWindow> window = std::make_unique<ui::MainWindow>(document.get(), settings.get(), &chooser);

    explicit WindowUnderTest(const QString &model = {})
    {
        window->resize(1440, 900);
        window->show();
        // Before that, keys of menus do nothing.
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
        if (!model.isEmpty())
            open(model);
    }

    ~WindowUnderTest()
    {
        window.reset();
        document.reset();
    }

    /// Waits until all results of the present recipe are there, and the views show them.
    bool settle()
    {
        const auto done = [this] {
            return setup->analysis() == ui::Setup::Analysis::Done && !setup->distribution().isPending() &&
                   !setup->clipping().isPending();
        };
        // What was just done reaches the views, which may start jobs; and so do the results.
        for (int round = 0; round < 2; ++round) {
            showChanges();
            if (!QTest::qWaitFor(done, 20000))
                return false;
        }
        showChanges();
        return true;
    }

    bool open(const QString &location)
    {
        QSignalSpy ended(document.get(), &ui::Document::openEnded);
        window->openModel(location);
        return (!ended.isEmpty() || ended.wait(20000)) && (!document->model() || settle());
    }

    /// A part of the window by its object name.
    template <class T> T *find(const char *name) const
    {
        T *found = window->findChild<T *>(QLatin1String(name));
        // A test that goes on without it would only crash later.
        if (!found)
            qFatal("no part of the window is called %s", name);
        return found;
    }

    QTreeView *table() const { return find<ui::LayersPanel>("layers")->view(); }

    /// Row in the table of the layer with that name, as the user sees it; −1 when it is not shown.
    int rowOf(const QString &name) const
    {
        const QAbstractItemModel *model = table()->model();
        for (int row = 0; row < model->rowCount(); ++row)
            if (model->index(row, 0).data().toString() == name)
                return row;
        return -1;
    }

    QStringList names() const
    {
        QStringList result;
        const QAbstractItemModel *model = table()->model();
        for (int row = 0; row < model->rowCount(); ++row)
            result << model->index(row, 0).data().toString();
        return result;
    }

    /// A click into the middle of the check box of a row.
    void clickCheckBox(int row) const
    {
        const QModelIndex index = table()->model()->index(row, 0);
        QStyleOptionViewItem option;
        option.initFrom(table());
        option.rect = table()->visualRect(index);
        option.features = QStyleOptionViewItem::HasCheckIndicator;
        const QRect box = table()->style()->subElementRect(QStyle::SE_ItemViewItemCheckIndicator, &option, table());
        QTest::mouseClick(table()->viewport(), Qt::LeftButton, {}, box.center());
    }
};

} // namespace qs::test
