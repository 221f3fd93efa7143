// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ScratchFile: what goes in comes out, nothing stays on the disk, a full disk is an error.
#include "core/base/input_file.h"
#include "core/base/scratch_file.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <sys/resource.h>

using namespace qs;

namespace {

std::span<const std::byte> bytesOf(const QByteArray &bytes)
{
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

} // namespace

class TestScratchFile : public QObject
{
    Q_OBJECT

private slots:
    void init() { qputenv("TMPDIR", m_folder.path().toUtf8()); }

    void holdsWhatWasAppended_data()
    {
        QTest::addColumn<QByteArray>("folder");
        QTest::newRow("its folder") << m_folder.path().toUtf8();
        QTest::newRow("no such folder") << QByteArray("/nowhere/at/all");
        QTest::newRow("no folder given") << QByteArray();
    }

    void holdsWhatWasAppended()
    {
        QFETCH(QByteArray, folder);
        qputenv("TMPDIR", folder);
        auto scratch = ScratchFile::create();
        QVERIFY(scratch);
        QCOMPARE(*scratch->append(bytesOf("abc")), 0U);
        QCOMPARE(*scratch->append({}), 3U);
        ScratchFile moved = std::move(*scratch);
        QCOMPARE(*moved.append(bytesOf(QByteArray(100'000, 'x'))), 3U);
        QCOMPARE(moved.size(), 100'003U);
        const auto file = moved.finish("unpacked");
        QVERIFY(file);
        QCOMPARE((*file)->text().value(), "abc" + std::string(100'000, 'x'));
        QCOMPARE((*file)->path(), std::filesystem::path("unpacked"));
        QVERIFY(QDir(m_folder.path()).isEmpty(QDir::AllEntries | QDir::NoDotAndDotDot | QDir::Hidden));
    }

    void mayStayEmpty()
    {
        auto scratch = ScratchFile::create();
        QVERIFY(scratch);
        const auto file = scratch->finish("nothing");
        QVERIFY(file);
        QCOMPARE((*file)->size(), 0U);
    }

    void tellsThatTheDiskIsFull()
    {
        auto scratch = ScratchFile::create();
        QVERIFY(scratch);
        rlimit before = {};
        QCOMPARE(getrlimit(RLIMIT_FSIZE, &before), 0);
        const rlimit small{1000, before.rlim_max};
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &small), 0);
        const auto offset = scratch->append(bytesOf(QByteArray(2000, 'x')));
        QCOMPARE(setrlimit(RLIMIT_FSIZE, &before), 0);
        QVERIFY(!offset);
        QCOMPARE(offset.error().code, ErrorCode::Work);
        QVERIFY2(offset.error().text().starts_with("2000 bytes cannot be added to the 0 of a temporary file: "),
                 offset.error().text().c_str());
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestScratchFile)
#include "tst_base_scratch_file.moc"
