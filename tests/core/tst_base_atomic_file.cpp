// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// AtomicFile: complete under its name, or nothing at all.
#include "core/base/atomic_file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <thread>
#include <vector>

#include <sys/resource.h>
#include <unistd.h>

using namespace qs;

namespace {

std::span<const std::byte> bytesOf(const QByteArray &content)
{
    return std::as_bytes(std::span(content.constData(), static_cast<std::size_t>(content.size())));
}

/// The largest size of files that this process may write, for a while.
class FileSizeLimit
{
public:
    explicit FileSizeLimit(rlim_t bytes)
    {
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        const rlimit limit{bytes, m_before.rlim_max};
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() { ::setrlimit(RLIMIT_FSIZE, &m_before); }

private:
    rlimit m_before = {};
};

} // namespace

class TestAtomicFile : public QObject
{
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    /// Several programs write one file, one gives it its name.
    void staged()
    {
        const std::filesystem::path staged = m_folder->filePath("staged").toStdString();
        {
            auto first = AtomicFile::stage(staged, 10, {});
            auto second = AtomicFile::stage(staged, 10, {});
            QVERIFY(first && second);
            QVERIFY((*first)->write(0, bytesOf("01234")));
            QVERIFY((*second)->write(8, bytesOf("89")));
            QVERIFY((*first)->commit());
            QVERIFY((*second)->commit());
        }
        {
            const auto dropped = AtomicFile::adopt(staged, 10, target(), false, {});
            QVERIFY(dropped);
            QVERIFY((*dropped)->write(5, bytesOf("567")));
        }
        QVERIFY(std::filesystem::exists(staged)); // it stays until somebody says that it is whole
        QFile(QString::fromStdString(staged.string())).resize(12);
        const auto whole = AtomicFile::adopt(staged, 10, target(), false, {});
        QVERIFY(whole && (*whole)->verify(true));
        QVERIFY((*whole)->commit());
        QVERIFY(!std::filesystem::exists(staged));
        QFile written(QString::fromStdString(target()));
        QVERIFY(written.open(QIODevice::ReadOnly));
        QCOMPARE(written.readAll(), QByteArray("0123456789"));
        QVERIFY(!AtomicFile::adopt(staged, 10, target(), false, {})); // which is there
    }

    /// What was written into a file that has gone meanwhile is not kept.
    void stagedAndGone()
    {
        const std::filesystem::path staged = m_folder->filePath("staged").toStdString();
        const auto file = AtomicFile::stage(staged, 10, {});
        QVERIFY(file && (*file)->write(0, bytesOf("0")));
        std::filesystem::remove(staged);
        const auto gone = (*file)->commit();
        QVERIFY(!gone);
        QVERIFY(gone.error().text().find("replaced or removed") != std::string::npos);
    }

    void stagedWithoutRoom()
    {
        const std::filesystem::path staged = m_folder->filePath("staged").toStdString();
        const FileSizeLimit limit(1000);
        const auto file = AtomicFile::stage(staged, 2000, {});
        QVERIFY(!file && file.error().code == ErrorCode::Work);
        QVERIFY(!std::filesystem::exists(staged));
    }

    /// Whoever ends the program at once has to know of it.
    void unfinishedOnesAreLeftovers()
    {
        QVERIFY(Leftover::holdOff());
        auto file = AtomicFile::create(target(), 10, false);
        QVERIFY(file && !Leftover::holdOff());
        file->reset();
        QVERIFY(Leftover::holdOff());
    }

    void appearsOnCommit()
    {
        const QByteArray content(100'000, 'x');
        auto file = AtomicFile::create(target(), 100'000, false);
        QVERIFY(file);
        QVERIFY((*file)->write(0, bytesOf(content)));
        QVERIFY(!QFile::exists(path()));
        std::vector<std::byte> back(10);
        QVERIFY((*file)->read(99'990, back));
        QCOMPARE(back, std::vector<std::byte>(10, std::byte{'x'}));
        QVERIFY(!(*file)->read(99'991, back));
        QVERIFY((*file)->verify(true));
        QVERIFY((*file)->verify(false));
        QVERIFY(!QFile::exists(path()));
        QVERIFY((*file)->commit());
        QCOMPARE(read(), content);
        file->reset();
        QCOMPARE(entries(), QStringList{"out"});
    }

    void leavesNothingWithoutCommit()
    {
        {
            auto file = AtomicFile::create(target(), 10, false);
            QVERIFY(file);
            QVERIFY((*file)->write(0, bytesOf("0123456789")));
        }
        QCOMPARE(entries(), QStringList());
    }

    void emptyFile()
    {
        auto file = AtomicFile::create(target(), 0, false);
        QVERIFY(file);
        QVERIFY((*file)->verify(true));
        QVERIFY((*file)->commit());
        QCOMPARE(read(), QByteArray());
    }

    void writesFromManyThreads()
    {
        constexpr std::size_t kPieces = 64;
        constexpr std::size_t kPiece = 3'000'001; // several write-back steps, odd offsets
        auto file = AtomicFile::create(target(), kPieces * kPiece, false);
        QVERIFY(file);
        {
            std::vector<std::jthread> threads;
            for (std::size_t t = 0; t < 4; ++t)
                threads.emplace_back([&, t] {
                    for (std::size_t i = t; i < kPieces; i += 4) {
                        const std::vector<std::byte> piece(kPiece, static_cast<std::byte>(i));
                        if (!(*file)->write(i * kPiece, piece))
                            qFatal("write failed");
                    }
                });
        }
        QVERIFY((*file)->verify(true));
        QVERIFY((*file)->commit());
        const QByteArray content = read();
        for (std::size_t i = 0; i < kPieces; ++i)
            QVERIFY(content.mid(static_cast<qsizetype>(i * kPiece), kPiece) ==
                    QByteArray(kPiece, static_cast<char>(i)));
    }

    void keepsExistingFile()
    {
        write("old");
        const auto file = AtomicFile::create(target(), 3, false);
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::Work);
        QCOMPARE(file.error().message.str(), std::string("the file exists already"));
        QCOMPARE(read(), QByteArray("old"));
    }

    void keepsFileThatAppearedMeanwhile()
    {
        auto file = AtomicFile::create(target(), 3, false);
        QVERIFY(file);
        QVERIFY((*file)->write(0, bytesOf("new")));
        write("theirs");
        const auto committed = (*file)->commit();
        QVERIFY(!committed);
        QCOMPARE(committed.error().message.str(), std::string("the file exists already"));
        file->reset();
        QCOMPARE(read(), QByteArray("theirs"));
        QCOMPARE(entries(), QStringList{"out"});
    }

    void replacesWhenAsked()
    {
        write("old");
        auto file = AtomicFile::create(target(), 3, true);
        QVERIFY(file);
        QVERIFY((*file)->write(0, bytesOf("new")));
        QCOMPARE(read(), QByteArray("old"));
        QVERIFY((*file)->verify(true));
        QVERIFY((*file)->commit());
        QCOMPARE(read(), QByteArray("new"));
        QCOMPARE(entries(), QStringList{"out"});
    }

    void replacesWhatALinkPointsTo()
    {
        write("old");
        const QString link = m_folder->filePath("link");
        QVERIFY(QFile::link("out", link));
        auto file = AtomicFile::create(link.toStdString(), 3, true);
        QVERIFY(file);
        QVERIFY((*file)->write(0, bytesOf("new")));
        QVERIFY((*file)->commit());
        QVERIFY(QFileInfo(link).isSymLink());
        QCOMPARE(read(), QByteArray("new"));
    }

    void writesWhereADanglingLinkPoints()
    {
        const QString link = m_folder->filePath("link");
        QVERIFY(QFile::link("out", link));
        auto file = AtomicFile::create(link.toStdString(), 3, true);
        QVERIFY(file);
        QVERIFY((*file)->write(0, bytesOf("new")));
        QVERIFY((*file)->commit());
        QVERIFY(QFileInfo(link).isSymLink());
        QCOMPARE(read(), QByteArray("new"));
    }

    void refusesFilesOfTheSystem_data()
    {
        QTest::addColumn<QString>("target");
        QTest::newRow("standard output") << "/dev/stdout";
        QTest::newRow("a descriptor") << "/proc/self/fd/1";
        QTest::newRow("a device to be") << "/dev/quantoscope-out";
        QTest::newRow("through a link") << "link";
    }

    void refusesFilesOfTheSystem()
    {
        QFETCH(QString, target);
        QVERIFY(QFile::link("/dev/stdout", m_folder->filePath("link")));
        const QString path = target.startsWith('/') ? target : m_folder->filePath(target);
        const auto file = AtomicFile::create(path.toStdString(), 3, true);
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::Work);
        QCOMPARE(file.error().message.str(), std::string("files below /dev and /proc belong to the system"));
    }

    void refusesLinksInACircle()
    {
        QVERIFY(QFile::link("b", m_folder->filePath("a")));
        QVERIFY(QFile::link("a", m_folder->filePath("b")));
        const auto file = AtomicFile::create(m_folder->filePath("a").toStdString(), 3, true);
        QVERIFY(!file);
        QCOMPARE(file.error().message.str(), std::string("the name leads through more than 40 links"));
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("message");
        QTest::newRow("missing folder") << "none/out"
                                        << "the folder '%1/none' does not exist";
        QTest::newRow("file as folder") << "plain/out"
                                        << "'%1/plain' is not a folder";
        QTest::newRow("a folder") << "sub"
                                  << "the target exists and is not a regular file";
    }

    void refuses()
    {
        QFETCH(QString, name);
        QFETCH(QString, message);
        QDir(m_folder->path()).mkdir("sub");
        QFile plain(m_folder->filePath("plain"));
        QVERIFY(plain.open(QIODevice::WriteOnly));
        const auto file = AtomicFile::create(m_folder->filePath(name).toStdString(), 10, true);
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::Work);
        if (message.contains("%1"))
            message = message.arg(m_folder->path());
        QCOMPARE(QString::fromStdString(file.error().message.str()), message);
    }

    void refusesReadOnlyFolder()
    {
        QFile::setPermissions(m_folder->path(), QFileDevice::ReadOwner | QFileDevice::ExeOwner);
        const uid_t user = ::geteuid();
        if (user == 0) // root may write everywhere: be nobody for a moment
            QCOMPARE(::seteuid(65534), 0);
        const auto file = AtomicFile::create(target(), 10, false);
        QCOMPARE(::seteuid(user), 0);
        QFile::setPermissions(m_folder->path(),
                              QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ExeOwner);
        QVERIFY(!file);
        QVERIFY(file.error().message.str().starts_with("no permission to write into the folder"));
    }

    void refusesTooLarge_data()
    {
        QTest::addColumn<quint64>("size");
        QTest::newRow("2^62") << (quint64(1) << 62);
        QTest::newRow("2^63") << (quint64(1) << 63);
        QTest::newRow("2^64 - 1") << ~quint64(0);
    }

    void refusesTooLarge()
    {
        QFETCH(quint64, size);
        const auto file = AtomicFile::create(target(), size, false);
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::Work);
        QVERIFY2(file.error().message.str().find(std::to_string(size)) != std::string::npos,
                 file.error().message.str().c_str());
        QCOMPARE(entries(), QStringList());
    }

    void tellsFullDiskBeforeWork()
    {
        const FileSizeLimit limit(1000);
        const auto file = AtomicFile::create(target(), 1001, false);
        QVERIFY(!file);
        QCOMPARE(file.error().code, ErrorCode::Work);
        QVERIFY(file.error().message.str().starts_with("1001 bytes are more than a file in the folder"));
        QCOMPARE(entries(), QStringList());
    }

    void tellsFullDiskWhileWriting()
    {
        auto file = AtomicFile::create(target(), 10, false);
        QVERIFY(file);
        {
            const FileSizeLimit limit(1000);
            const auto written = (*file)->write(990, std::vector<std::byte>(20));
            QVERIFY(!written);
            QCOMPARE(written.error().code, ErrorCode::Work);
        }
        file->reset();
        QCOMPARE(entries(), QStringList());
    }

    void verifyFindsDifferences_data()
    {
        QTest::addColumn<qint64>("position");
        QTest::addColumn<bool>("everything");
        QTest::newRow("first block, sample") << qint64(0) << false;
        QTest::newRow("last block, sample") << qint64(99'999) << false;
        QTest::newRow("block 61, sample") << qint64(61'000) << false;
        QTest::newRow("middle, everything") << qint64(54'321) << true;
        QTest::newRow("truncated, sample") << qint64(-1) << false;
    }

    void verifyFindsDifferences()
    {
        QFETCH(qint64, position);
        QFETCH(bool, everything);
        auto file = AtomicFile::create(target(), 100'000, false);
        QVERIFY(file);
        for (std::uint64_t i = 0; i < 100; ++i)
            QVERIFY((*file)->write(i * 1000, std::vector<std::byte>(1000, std::byte{7})));
        QVERIFY((*file)->verify(everything));
        QFile changed(QString::fromStdString((*file)->temporaryPath().native()));
        QVERIFY(changed.open(QIODevice::ReadWrite));
        if (position < 0) {
            QVERIFY(changed.resize(99'999));
        } else {
            QVERIFY(changed.seek(position));
            QCOMPARE(changed.write("\x06", 1), 1);
        }
        changed.close();
        const auto verified = (*file)->verify(everything);
        QVERIFY(!verified);
        QCOMPARE(verified.error().code, ErrorCode::Work);
    }

    void verifyKnowsRewrittenBlocks()
    {
        auto file = AtomicFile::create(target(), 8, false);
        QVERIFY(file);
        QVERIFY((*file)->write(0, bytesOf("aaaa")));
        QVERIFY((*file)->write(4, bytesOf("bbbb")));
        QVERIFY((*file)->write(0, bytesOf("cccc")));
        QVERIFY((*file)->verify(true));
        QVERIFY((*file)->commit());
        QCOMPARE(read(), QByteArray("ccccbbbb"));
    }

private:
    QString path() const { return m_folder->filePath("out"); }
    std::filesystem::path target() const { return path().toStdString(); }
    QStringList entries() const
    {
        return QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    }
    QByteArray read() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
    }
    void write(const QByteArray &content) const
    {
        QFile file(path());
        if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
            qFatal("cannot write");
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestAtomicFile)
#include "tst_base_atomic_file.moc"
