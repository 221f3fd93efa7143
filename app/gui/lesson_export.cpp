// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/lesson_export.h"

#include "app/gui/screenshot.h"
#include "core/base/atomic_file.h"
#include "ui/document/document.h"
#include "ui/pages/lesson/lesson_files.h"
#include "ui/pages/lesson/lesson_panel.h"
#include "ui/pages/lesson/lesson_paper.h"
#include "ui/window/main_window.h"

#include <QBuffer>
#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QPainter>
#include <QPdfWriter>
#include <QSvgGenerator>
#include <QTimer>

#include <memory>

namespace qs::app {

namespace {

constexpr int kPause = 300; // between two looks at whether a step is complete, in milliseconds
constexpr double kWide = 16;
constexpr double kHigh = 9;
constexpr double kInches = 0.8;   // per unit of the two
constexpr double kTextShare = 30; // of the height of a page, for a line of text

std::vector<LessonLanguage> languagesOf(const Arguments &arguments)
{
    if (arguments.paperLanguage == QLatin1String("both"))
        return {LessonLanguage::English, LessonLanguage::Chinese};
    if (arguments.paperLanguage == QLatin1String("en"))
        return {LessonLanguage::English};
    if (arguments.paperLanguage == QLatin1String("zh_CN"))
        return {LessonLanguage::Chinese};
    return {ui::lessonLanguage()};
}

/// One export on its way.
class StepExport : public QObject
{
public:
    StepExport(ui::MainWindow &window, ui::Document &document, const Arguments &arguments, bool folderIsNew)
        : QObject(&window)
        , m_window(window)
        , m_document(document)
        , m_arguments(arguments)
        , m_panel(window.findChild<ui::LessonPanel *>(QStringLiteral("lesson")))
        , m_writer(&m_pdf)
        , m_folderIsNew(folderIsNew)
    {
        m_pdf.open(QIODevice::WriteOnly);
        m_writer.setPageSize(QPageSize(QSizeF(kWide * kInches, kHigh * kInches), QPageSize::Inch));
        m_writer.setPageMargins({});
        m_timer.setInterval(kPause);
        connect(&m_timer, &QTimer::timeout, this, [this] { look(); });
        connect(&m_panel->run(), &ui::LessonRun::failed, this, [](const QString &sentence) {
            printError(sentence);
            QCoreApplication::exit(kExitInput);
        });
        m_timer.start();
    }

private:
    bool isComplete() const
    {
        ui::Setup &setup = *m_document.setups().front();
        return m_panel->run().values() && !m_document.isOpening() && setup.analysis() == ui::Setup::Analysis::Done &&
               !setup.distribution().isPending() && !setup.clipping().isPending();
    }

    void look()
    {
        ui::LessonRun &run = m_panel->run();
        // Views follow after the results: what was complete the last time, too, is on the screen.
        m_looks = isComplete() ? m_looks + 1 : 0;
        if (m_looks < 2)
            return;
        m_looks = 0;
        if (!run.isRevealed()) {
            run.reveal();
            return;
        }
        const std::size_t step = run.stepIndex();
        const QPixmap picture = m_window.grab();
        const QString name =
            QDir(m_arguments.steps).filePath(QStringLiteral("step-%1").arg(step + 1, 2, 10, QLatin1Char('0')));
        addPage(picture);
        for (const auto &written :
             {save(name + QStringLiteral(".png"), png(picture)), save(name + QStringLiteral(".svg"), svg(picture))})
            if (!written)
                return end(written.error());
        if (step + 1 < run.lesson().steps.size()) {
            run.goTo(step + 1);
            return;
        }
        m_painter.end();
        if (const auto written = save(QDir(m_arguments.steps).filePath(QStringLiteral("steps.pdf")), m_pdf.data());
            !written)
            return end(written.error());
        m_timer.stop();
        QCoreApplication::exit(0);
    }

    /// All slides, or none of them.
    void end(const Error &error)
    {
        m_timer.stop();
        for (const QString &path : m_made)
            QFile::remove(path);
        if (m_folderIsNew)
            QDir().rmdir(m_arguments.steps);
        printError(QString::fromStdString(error.text()));
        QCoreApplication::exit(kExitWork);
    }

    Result<void> save(const QString &path, const QByteArray &bytes)
    {
        if (!QFile::exists(path))
            m_made << path;
        return writeWholeFile(path.toStdString(), {bytes.data(), static_cast<std::size_t>(bytes.size())}, true);
    }

    static QByteArray png(const QPixmap &picture)
    {
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        picture.save(&buffer, "PNG");
        return buffer.data();
    }

    /// The same page as in the PDF.
    QByteArray svg(const QPixmap &picture) const
    {
        QBuffer buffer;
        buffer.open(QIODevice::WriteOnly);
        QSvgGenerator generator;
        generator.setOutputDevice(&buffer);
        generator.setSize(picture.size());
        generator.setViewBox(picture.rect());
        generator.setTitle(ui::wordsOf(m_panel->run().lesson().title));
        QPainter painter(&generator);
        drawPage(painter, picture.rect(), picture);
        painter.end();
        return buffer.data();
    }

    void addPage(const QPixmap &picture)
    {
        if (m_painter.isActive())
            m_writer.newPage();
        else
            m_painter.begin(&m_writer);
        drawPage(m_painter, QRectF(0, 0, m_writer.width(), m_writer.height()), picture);
    }

    /// Sentence above, picture, explanation with its numbers below.
    void drawPage(QPainter &painter, const QRectF &page, const QPixmap &picture) const
    {
        const ui::LessonRun &run = m_panel->run();
        const double line = page.height() / kTextShare;
        QFont font = painter.font();
        font.setPixelSize(static_cast<int>(line));
        painter.setFont(font);
        const QRectF inner = page.adjusted(line, line / 2, -line, -line / 2);
        const auto filled = [&](const LessonWords &words) {
            QStringList all;
            for (const LessonLanguage language : languagesOf(m_arguments))
                all << ui::withNumbers(ui::wordsOf(words, language), run.step().numbers, run.values()->numbers,
                                       language);
            return all.join(QLatin1Char('\n'));
        };
        const QRectF top(inner.left(), inner.top(), inner.width(), 3 * line);
        const QRectF bottom(inner.left(), inner.bottom() - 3.2 * line, inner.width(), 3.2 * line);
        const QRectF middle(inner.left(), top.bottom(), inner.width(), bottom.top() - top.bottom() - line / 2);
        painter.drawText(top, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, filled(run.step().say));
        const QSizeF size = QSizeF(picture.size()).scaled(middle.size(), Qt::KeepAspectRatio);
        painter.drawPixmap(
            QRectF(middle.left() + (middle.width() - size.width()) / 2, middle.top(), size.width(), size.height()),
            picture, QRectF(picture.rect()));
        painter.drawText(bottom, Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, filled(run.step().explain));
    }

    ui::MainWindow &m_window;
    ui::Document &m_document;
    const Arguments m_arguments;
    ui::LessonPanel *m_panel;
    QBuffer m_pdf;
    QPdfWriter m_writer;
    QPainter m_painter;
    QTimer m_timer;
    QStringList m_made; ///< files that were not there before
    const bool m_folderIsNew;
    int m_looks = 0; ///< in a row at which the step was complete
};

} // namespace

int refuseLesson(const QString &name)
{
    if (QFileInfo(name).isFile()) {
        const auto lesson = ui::readLesson(name);
        printError(QString::fromStdString(lesson.error().text()));
        return kExitInput;
    }
    printError(QStringLiteral("'%1' is no lesson, expected L1 to L7, exercises, one in %2, or a file")
                   .arg(name, ui::ownLessonFolder()));
    return kExitUsage;
}

int writeHandOut(const Arguments &arguments)
{
    const auto lesson = ui::lessonNamed(arguments.lesson); // known: main() has asked
    const auto done =
        ui::writeHandOut(arguments.handOut, *lesson,
                         {languagesOf(arguments), arguments.answers, arguments.convention.toStdString()}, {});
    if (done)
        return 0;
    printError(QString::fromStdString(done.error().text()));
    return done.error().code == ErrorCode::Input ? kExitInput : kExitWork;
}

void exportSteps(ui::MainWindow &window, ui::Document &document, const Arguments &arguments)
{
    const bool isNew = !QFileInfo::exists(arguments.steps);
    if (!QDir().mkpath(arguments.steps)) {
        printError(QStringLiteral("the folder cannot be made (%1)").arg(arguments.steps));
        QTimer::singleShot(0, [] { QCoreApplication::exit(kExitWork); });
        return;
    }
    window.startLesson(arguments.lesson, 0);
    window.present();
    new StepExport(window, document, arguments, isNew);
}

} // namespace qs::app
