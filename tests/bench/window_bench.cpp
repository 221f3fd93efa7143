// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// quantoscope_window_bench WHAT MODEL COUNT: does COUNT times in the real window what a user does, and prints how long
// each took in milliseconds, as one JSON list. By the wall clock, until all results are there and every view has
// painted them: `tick` switches a layer of the table off or on, `tick-ab` does so beside a B of 4 bits, `undo` takes
// back an edit of all layers, `matrix` shows the weights of the next layer as a picture, `stall` opens the model and is
// the longest turn of the event loop while it is analysed and somebody scrolls and hovers. Processor time of the thread
// of the window, until every view has painted: `key` is arrow down in the table, `pan` moves or zooms the plot of
// scales, `rule` is one more letter of a new rule.
#include "ui/document/document.h"
#include "ui/document/side_b.h"
#include "ui/pages/rules/rules_page.h"
#include "ui/pages/weights/weights_page.h"
#include "ui/plots/scale_plot.h"
#include "ui/plots/weight_matrix_plot.h"
#include "ui/settings/settings.h"
#include "ui/widgets/file_chooser.h"
#include "ui/window/application.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollBar>
#include <QTemporaryDir>
#include <QTreeView>

#include <algorithm>
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
    explicit Bench(const QString &model)
        : m_file(model)
    {
        m_window.resize(1440, 900);
        m_window.show();
    }

    bool open()
    {
        m_window.openModel(m_file);
        waitFor([this] { return m_document.model() != nullptr; });
        settle();
        for (QTreeView *view : m_window.findChildren<QTreeView *>())
            if (view->isVisible() && view->model()->rowCount() == static_cast<int>(m_document.model()->layers.size()))
                m_table = view;
        if (m_table)
            select(0);
        return m_table != nullptr;
    }

    double tick()
    {
        return elapsed([this] {
            QAbstractItemModel *model = m_table->model();
            const QModelIndex index = model->index(static_cast<int>(m_random() % rows()), 0);
            const bool on = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
            model->setData(index, on ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
            settle();
        });
    }

    double tickBesideB()
    {
        if (!m_document.sideB().isOpen()) {
            m_document.sideB().compareWith(withBits(4), ui::EditText(QStringLiteral("4 bits")));
            settle();
        }
        return tick();
    }

    double undo()
    {
        const int bits = m_setup->recipe().scheme.bits == 4 ? 5 : 4;
        m_setup->edit(ui::EditText(QStringLiteral("bits")), withBits(bits));
        settle();
        return elapsed([this] {
            m_document.undoStack().undo();
            settle();
        });
    }

    double matrix()
    {
        m_window.showTab(QStringLiteral("overview"));
        select(++m_row % static_cast<int>(rows()));
        settle();
        return elapsed([this] {
            m_window.showTab(QStringLiteral("weights"));
            QCoreApplication::processEvents();
            const ui::WeightMatrixPlot *plot = m_window.findChild<ui::WeightsPage *>()->plot();
            waitFor([plot] { return plot->message().isEmpty(); });
            QCoreApplication::processEvents();
        });
    }

    double stall()
    {
        for (int turn = 0; turn < 2; ++turn) // the window is on show before a file is opened
            QCoreApplication::processEvents();
        double longest = 0;
        m_window.openModel(m_file);
        const std::shared_ptr<const Model> before = m_document.model();
        const auto isAnalysed = [&] {
            return m_document.model() != before && m_setup->analysis() == ui::Setup::Analysis::Done;
        };
        for (int step = 0; !isAnalysed(); ++step) {
            if (step % 4 == 0)
                scrollAndHover(step);
            longest = std::max(longest, elapsed([] { QCoreApplication::processEvents(); }));
        }
        return longest;
    }

    double key()
    {
        return spent([this] { press(m_table, Qt::Key_Down, {}); });
    }

    double pan()
    {
        ui::ScalePlot *plot = nullptr;
        for (auto *one : m_window.findChildren<ui::ScalePlot *>())
            if (one->isVisible())
                plot = one;
        const double wide = 1 / (1 + 0.1 * (m_row % 8));
        const ui::AxisRange all = plot->xRange();
        if (m_row++ == 0)
            m_home = all;
        const double width = (m_home.upper - m_home.lower) * wide;
        const double from = m_home.lower + (m_home.upper - m_home.lower - width) * (m_row % 5) / 5;
        return spent([&] { plot->setXRange({from, from + width}); });
    }

    double rule()
    {
        if (m_row == 0)
            m_window.showTab(QStringLiteral("rules"));
        QLineEdit *line = m_window.findChild<ui::RulesPage *>()->line();
        static const QString typed = QStringLiteral("*layer*7*.weight");
        const int at = m_row++ % static_cast<int>(typed.size());
        if (at == 0)
            line->clear();
        settle();
        return spent([&] { press(line, Qt::Key_unknown, typed.mid(at, 1)); });
    }

private:
    std::size_t rows() const { return m_document.model()->layers.size(); }
    void select(int row) { m_table->setCurrentIndex(m_table->model()->index(row, 0)); }

    Recipe withBits(int bits) const
    {
        Recipe recipe = m_setup->recipe();
        recipe.scheme.bits = bits;
        return recipe;
    }

    static void press(QWidget *widget, int key, const QString &letter)
    {
        QKeyEvent event(QEvent::KeyPress, key, Qt::NoModifier, letter);
        QApplication::sendEvent(widget, &event);
    }

    /// As a hand does that is impatient.
    void scrollAndHover(int step)
    {
        if (m_table)
            m_table->verticalScrollBar()->setValue(m_table->verticalScrollBar()->value() + (step % 16 < 8 ? 1 : -1));
        for (ui::PlotPanel *plot : m_window.findChildren<ui::PlotPanel *>()) {
            if (!plot->isVisible())
                continue;
            const QPointF at(20 + step * 7 % 400, 60 + step % 40);
            QMouseEvent move(QEvent::MouseMove, at, plot->plotWidget()->mapToGlobal(at), Qt::NoButton, Qt::NoButton,
                             Qt::NoModifier);
            QApplication::sendEvent(plot->plotWidget(), &move);
        }
    }

    /// Milliseconds by the wall clock.
    template <class Work> static double elapsed(const Work &work)
    {
        QElapsedTimer clock;
        clock.start();
        work();
        return static_cast<double>(clock.nsecsElapsed()) * 1e-6;
    }

    /// Milliseconds of the processor in this thread, until every view has painted what `work` changed.
    template <class Work> double spent(const Work &work)
    {
        const double before = processorMilliseconds();
        work();
        QCoreApplication::processEvents(); // views hear of it
        QCoreApplication::processEvents(); // plots are painted
        const double spent = processorMilliseconds() - before;
        settle(); // what is computed in the background arrives meanwhile
        return spent;
    }

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
                       !m_setup->clipping().isPending() && !m_document.sideB().isPending();
            });
        }
        QCoreApplication::processEvents();
    }

    QString m_file;
    QTemporaryDir m_folder;
    ui::Settings m_settings{m_folder.filePath(QStringLiteral("settings.ini"))};
    ui::Document m_document;
    ui::Setup *m_setup = m_document.setups().front();
    ui::DialogFileChooser m_chooser;
    ui::MainWindow m_window{&m_document, &m_settings, &m_chooser};
    QTreeView *m_table = nullptr;
    std::mt19937 m_random{1};
    int m_row = 0;
    ui::AxisRange m_home{};
};

struct Action {
    std::string_view name;
    double (Bench::*once)();
};

constexpr Action kActions[] = {{"tick", &Bench::tick}, {"tick-ab", &Bench::tickBesideB}, {"key", &Bench::key},
                               {"pan", &Bench::pan},   {"undo", &Bench::undo},           {"matrix", &Bench::matrix},
                               {"rule", &Bench::rule}, {"stall", &Bench::stall}};

} // namespace

int main(int argc, char *argv[])
{
    const int count = argc == 4 ? std::atoi(argv[3]) : 0;
    const auto action =
        argc == 4 ? std::ranges::find(kActions, std::string_view(argv[1]), &Action::name) : std::end(kActions);
    if (action == std::end(kActions) || count <= 0) {
        std::fprintf(stderr,
                     "usage: quantoscope_window_bench tick|tick-ab|key|pan|undo|matrix|rule|stall MODEL COUNT\n");
        return 2;
    }
    ui::prepareApplication();
    QApplication application(argc, argv);
    ui::setUpApplication(application, ui::ThemeChoice::Light);
    Bench bench(QString::fromLocal8Bit(argv[2]));
    if (action->name != "stall" && !bench.open()) {
        std::fprintf(stderr, "the table of layers was not found\n");
        return 1;
    }
    for (int i = 0; i < count; ++i)
        std::printf("%s%.3f", i == 0 ? "[" : ", ", (bench.*action->once)());
    std::printf("]\n");
    return 0;
}
