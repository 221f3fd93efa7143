// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// InputFile: what it opens, what it refuses, and files that change while they are read. Parallel loops, too.
#include "core/base/input_file.h"
#include "core/base/parallel.h"
#include "core/base/text.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <numeric>
#include <span>
#include <thread>
#include <vector>

#include <sys/stat.h>
#include <unistd.h>

using namespace qs;

namespace {

constexpr qint64 kPage = 4096;

/// Reads the whole file.
Result<QByteArray> contentOf(const InputFile &file)
{
    QByteArray bytes(static_cast<qsizetype>(file.size()), '\0');
    QS_CHECK(file.read(0, std::as_writable_bytes(std::span(bytes.data(), file.size()))));
    return bytes;
}

} // namespace

class TestInputFile : public QObject
{
    Q_OBJECT

private slots:
    void opensFiles_data()
    {
        QTest::addColumn<QByteArray>("content");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("one byte") << QByteArray("x");
        QTest::newRow("one page") << QByteArray(kPage, 'a');
        QTest::newRow("a page and a byte") << QByteArray(kPage + 1, 'b');
    }

    void opensFiles()
    {
        QFETCH(QByteArray, content);
        const auto path = write(content);
        const auto file = InputFile::open(path);
        QVERIFY(file);
        QCOMPARE((*file)->size(), static_cast<std::uint64_t>(content.size()));
        QCOMPARE((*file)->path(), std::filesystem::path(path));
        QCOMPARE(contentOf(**file).value(), content);
        QCOMPARE((*file)->text().value(), content.toStdString());
        QVERIFY((*file)->memory().empty());
        const auto head = (*file)->head(10);
        QVERIFY(head);
        QCOMPARE(static_cast<qsizetype>(head->size()), std::min<qsizetype>(10, content.size()));
        QVERIFY(content.startsWith(QByteArrayView(head->data(), static_cast<qsizetype>(head->size()))));
        QVERIFY((*file)->isSameFile(path));
        QVERIFY(!(*file)->isSameFile(m_folder.path().toStdString()));
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("message");
        QTest::newRow("missing") << "nothing"
                                 << "the file does not exist";
        QTest::newRow("folder") << "folder"
                                << "not a file but a folder";
        QTest::newRow("pipe") << "pipe"
                              << "not a regular file";
        QTest::newRow("device") << "/dev/zero"
                                << "not a regular file";
        QTest::newRow("below a file") << "plain/x"
                                      << "the file does not exist";
    }

    void refuses()
    {
        QFETCH(QString, name);
        QFETCH(QString, message);
        const QDir folder(m_folder.path());
        folder.mkdir("folder");
        ::mkfifo(folder.filePath("pipe").toLocal8Bit().constData(), 0600);
        QFile plain(folder.filePath("plain"));
        QVERIFY(plain.open(QIODevice::WriteOnly));
        const auto file = InputFile::open(folder.filePath(name).toStdString());
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::Input);
        QCOMPARE(QString::fromStdString(file.error().message.str()), message);
    }

    void refusesUnreadable()
    {
        const auto path = write("secret");
        QCOMPARE(::chmod(path.c_str(), 0), 0);
        const uid_t user = ::geteuid();
        if (user == 0) // root may read everything: be nobody for a moment
            QCOMPARE(::seteuid(65534), 0);
        const auto file = InputFile::open(path);
        QCOMPARE(::seteuid(user), 0);
        QCOMPARE(::chmod(path.c_str(), 0600), 0);
        QVERIFY(!file);
        QCOMPARE(QString::fromStdString(file.error().message.str()), QString("no permission to read the file"));
    }

    void readsRanges()
    {
        QByteArray content;
        for (int i = 0; i < 3 * kPage; ++i)
            content.append(char(i % 251));
        const auto file = InputFile::open(write(content));
        QVERIFY(file);
        const auto memory = InputFile::fromMemory(std::as_bytes(std::span(content)), "m");
        for (const InputFile *either : {file->get(), memory.get()}) {
            for (const qint64 offset : {qint64(0), qint64(1), kPage - 1, 3 * kPage - 5, 3 * kPage}) {
                QByteArray part(std::min<qint64>(5000, content.size() - offset), 'x');
                const auto target = std::as_writable_bytes(std::span(part));
                QVERIFY(either->read(static_cast<std::uint64_t>(offset), target));
                QCOMPARE(part, content.mid(offset, part.size()));
            }
            std::array<std::byte, 2> two{};
            for (const std::uint64_t offset : {std::uint64_t(3 * kPage - 1), std::uint64_t(3 * kPage), UINT64_MAX}) {
                const auto beyond = either->read(offset, two);
                QVERIFY(!beyond);
                QCOMPARE(beyond.error().code, ErrorCode::Input);
            }
        }
    }

    void tellsOfTruncation_data()
    {
        QTest::addColumn<qint64>("newSize");
        QTest::newRow("to nothing") << qint64(0);
        QTest::newRow("inside the first page") << qint64(10);
        QTest::newRow("at a page") << 2 * kPage;
        QTest::newRow("by one byte") << 8 * kPage - 1;
    }

    void tellsOfTruncation()
    {
        QFETCH(qint64, newSize);
        const auto path = write(QByteArray(8 * kPage, '\1'));
        const auto file = InputFile::open(path);
        QVERIFY(file);
        QVERIFY(contentOf(**file));

        QCOMPARE(::truncate(path.c_str(), newSize), 0);
        const auto all = contentOf(**file);
        QVERIFY(!all);
        QCOMPARE(all.error().code, ErrorCode::Input);
        QCOMPARE(QString::fromStdString(all.error().message.str()),
                 QString("file changed while it was read: it had %1 bytes and has %2 now").arg(8 * kPage).arg(newSize));
        // What is still there is not what was opened either.
        std::array<std::byte, 10> first{};
        QVERIFY(!(*file)->read(0, first));

        // Grown to its old size again, it is still not the file that was opened.
        QCOMPARE(::truncate(path.c_str(), 8 * kPage), 0);
        QVERIFY(!(*file)->read(0, first));
    }

    void readsInManyThreads()
    {
        const QByteArray content(256 * kPage, '\1');
        const auto path = write(content);
        const auto file = InputFile::open(path);
        QVERIFY(file);
        const auto inThreads = [&] {
            std::atomic<int> equal{0};
            {
                std::vector<std::jthread> threads;
                for (int i = 0; i < 4; ++i)
                    threads.emplace_back([&] { equal += contentOf(**file) == content ? 1 : 0; });
            }
            return equal.load();
        };
        QCOMPARE(inThreads(), 4);
        QCOMPARE(::truncate(path.c_str(), 0), 0);
        QCOMPARE(inThreads(), 0);
    }

    void seesRewriting()
    {
        const auto path = write("before");
        const auto file = InputFile::open(path);
        QVERIFY(file);
        std::this_thread::sleep_for(std::chrono::milliseconds(20)); // file times move in steps of some milliseconds
        write("behind");
        const auto text = (*file)->text();
        QVERIFY(!text);
        QCOMPARE(QString::fromStdString(text.error().message.str()), QString("file changed while it was read"));
    }

    void deletedFileStaysReadable()
    {
        const auto path = write("content");
        const auto file = InputFile::open(path);
        QVERIFY(file);
        QVERIFY(QFile::remove(QString::fromStdString(path)));
        QCOMPARE((*file)->text().value(), std::string("content"));
        QCOMPARE((*file)->size(), std::uint64_t(7));
    }

    void descriptorsAreGivenBack()
    {
        const auto path = write("content");
        for (int i = 0; i < 10'000; ++i)
            QVERIFY(InputFile::open(path));
    }

    void memory()
    {
        static constexpr std::array<std::byte, 3> kBytes{};
        const auto file = InputFile::fromMemory(kBytes, "demo:x");
        QCOMPARE(file->size(), std::uint64_t(3));
        QCOMPARE(file->memory().data(), kBytes.data());
        QVERIFY(!file->isSameFile("demo:x"));
        QCOMPARE(file->path(), std::filesystem::path("demo:x"));
    }

    void parallelVisitsAll_data()
    {
        QTest::addColumn<int>("threads");
        for (int threads : {0, 1, 2, 7})
            QTest::addRow("%d threads", threads) << threads;
    }

    void parallelVisitsAll()
    {
        QFETCH(int, threads);
        setThreadCount(threads);
        QVERIFY(threads == 0 || threadCount() == threads);
        std::vector<std::atomic<int>> visits(1000);
        const auto outer = parallelFor(10, {}, [&](std::size_t i) {
            return parallelFor(100, {}, [&](std::size_t j) -> Result<void> {
                ++visits[i * 100 + j];
                return {};
            });
        });
        QVERIFY(outer);
        for (const auto &count : visits)
            QCOMPARE(count.load(), 1);
        QVERIFY(
            parallelFor(0, {}, [](std::size_t) { return Result<void>(fail(ErrorCode::Work, Text::asIs("never"))); }));
        setThreadCount(0);
    }

    void parallelReportsLowestError()
    {
        setThreadCount(4);
        for (int round = 0; round < 50; ++round) {
            const auto result = parallelFor(200, {}, [](std::size_t i) -> Result<void> {
                if (i == 57)
                    std::this_thread::sleep_for(std::chrono::microseconds(200));
                if (i >= 57)
                    return fail(ErrorCode::Work, Text::asIs(std::to_string(i)));
                return {};
            });
            QVERIFY(!result);
            QCOMPARE(result.error().message.str(), std::string("57"));
        }
        setThreadCount(0);
    }

    void parallelCatchesExceptions()
    {
        const auto result = parallelFor(3, {}, [](std::size_t) -> Result<void> { throw std::bad_alloc(); });
        QVERIFY(!result);
        QCOMPARE(result.error().message.str(), std::string("not enough memory"));
    }

    void parallelStops()
    {
        std::stop_source source;
        const TaskContext context{source.get_token(), {}};
        std::atomic<int> count{0};
        const auto result = parallelFor(1'000'000, context, [&](std::size_t) -> Result<void> {
            if (++count == 10)
                source.request_stop();
            return {};
        });
        QVERIFY(!result);
        QCOMPARE(result.error().code, ErrorCode::Cancelled);
        QVERIFY(count < 1'000'000);
    }

    void quotesNames_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("plain") << QByteArray("fc1.weight") << QByteArray("'fc1.weight'");
        QTest::newRow("empty") << QByteArray() << QByteArray("''");
        QTest::newRow("newline") << QByteArray("a\nb") << QByteArray("'a\\x0Ab'");
        QTest::newRow("zero byte") << QByteArray("a\0b", 3) << QByteArray("'a\\x00b'");
        QTest::newRow("umlaut") << QByteArray("ä") << QByteArray("'ä'");
        QTest::newRow("right to left") << QByteArray("\xE2\x80\xAE"
                                                     "x")
                                       << QByteArray("'\\xE2\\x80\\xAEx'");
        QTest::newRow("not UTF-8") << QByteArray("\xFF\xC3") << QByteArray("'\\xFF\\xC3'");
        QTest::newRow("long") << QByteArray(80, 'a') + QByteArray(1000, 'b') + QByteArray(30, 'c')
                              << "'" + QByteArray(80, 'a') + "…" + QByteArray(30, 'c') + "'";
    }

    void quotesNames()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(inQuotes({text.constData(), static_cast<std::size_t>(text.size())})),
                 expected);
    }

private:
    std::string write(const QByteArray &content)
    {
        const QString path = m_folder.filePath("file");
        QFile file(path);
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write %s", qPrintable(path));
        return path.toStdString();
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestInputFile)
#include "tst_base_input_file.moc"
