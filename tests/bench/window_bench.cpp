// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// quantoscope_window_bench tick|key MODEL COUNT: does COUNT times in the real window what a user does, and prints how
// long each took in milliseconds, as one JSON list. `tick`: switches a layer of the table off or on, until all results
// of the new recipe are there and every view has painted them; wall clock. `key`: arrow down in the table, until every
// view has painted the next layer; processor time of the thread of the window.
#include "ui/document/document.h"
#include "ui/settings/settings.h"
#include "ui/widgets/file_chooser.h"
#include "ui/window/application.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QTemporaryDir>
#include <QTreeView>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <functional>
#include <random>
#include <string_view>

namespace {

using namespace qs;

/// Of the calling thread.
double processorMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) * 1e-6;
}

class Bench
{
public:
    Bench() { m_window.resize(1440, 900); }

    bool open(const QString &model)
    {
        m_window.show();
        m_window.openModel(model);
        waitFor([this] { return m_document.model() != nullptr; });
        settle();
        for (QTreeView *view : m_window.findChildren<QTreeView *>())
            if (view->isVisible() && view->model()->rowCount() == static_cast<int>(m_document.model()->layers.size()))
                m_table = view;
        return m_table != nullptr;
    }

    double tick(int row)
    {
        QElapsedTimer clock;
        clock.start();
        QAbstractItemModel *model = m_table->model();
        const QModelIndex index = model->index(row, 0);
        const bool on = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        model->setData(index, on ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
        settle();
        return static_cast<double>(clock.nsecsElapsed()) * 1e-6;
    }

    double key()
    {
        const double before = processorMilliseconds();
        QKeyEvent press(QEvent::KeyPress, Qt::Key_Down, Qt::NoModifier);
        QApplication::sendEvent(m_table, &press);
        QCoreApplication::processEvents(); // views hear of it
        QCoreApplication::processEvents(); // plots are painted
        const double spent = processorMilliseconds() - before;
        settle(); // the distribution of the layer arrives meanwhile
        return spent;
    }

    void select(int row) { m_table->setCurrentIndex(m_table->model()->index(row, 0)); }
    int rows() const { return m_table->model()->rowCount(); }

private:
    void waitFor(const std::function<bool()> &done)
    {
        while (!done())
            QCoreApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }

    /// Until nothing is computed and nothing is left to paint.
    void settle()
    {
        for (int round = 0; round < 2; ++round) {
            QCoreApplication::processEvents();
            waitFor([this] {
                return m_setup->analysis() == ui::Setup::Analysis::Done && !m_setup->distribution().isPending() &&
                       !m_setup->clipping().isPending();
            });
        }
        QCoreApplication::processEvents();
    }

    QTemporaryDir m_folder;
    ui::Settings m_settings{m_folder.filePath(QStringLiteral("settings.ini"))};
    ui::Document m_document;
    ui::Setup *m_setup = m_document.setups().front();
    ui::DialogFileChooser m_chooser;
    ui::MainWindow m_window{&m_document, &m_settings, &m_chooser};
    QTreeView *m_table = nullptr;
};

} // namespace

int main(int argc, char *argv[])
{
    const std::string_view what = argc == 4 ? argv[1] : "";
    const int count = argc == 4 ? std::atoi(argv[3]) : 0;
    if ((what != "tick" && what != "key") || count <= 0) {
        std::fprintf(stderr, "usage: quantoscope_window_bench tick|key MODEL COUNT\n");
        return 2;
    }
    ui::prepareApplication();
    QApplication application(argc, argv);
    ui::setUpApplication(application, ui::ThemeChoice::Light);
    Bench bench;
    if (!bench.open(QString::fromLocal8Bit(argv[2]))) {
        std::fprintf(stderr, "the table of layers was not found\n");
        return 1;
    }
    std::mt19937 random(1);
    bench.select(0);
    for (int i = 0; i < count; ++i) {
        const double spent = what == "key" ? bench.key() : bench.tick(static_cast<int>(random() % bench.rows()));
        std::printf("%s%.3f", i == 0 ? "[" : ", ", spent);
    }
    std::printf("]\n");
    return 0;
}
