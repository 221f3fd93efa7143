// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ZIP archives: what the directory accepts, what it refuses, and unpacking with limits.
#include "core/base/input_file.h"
#include "core/parse/zip.h"
#include "tests/support/zip_bytes.h"

#include <QTest>

using namespace qs;
using namespace qs::test;

namespace {

std::span<const std::byte> bytesOf(const QByteArray &bytes)
{
    return std::as_bytes(std::span(bytes.constData(), static_cast<std::size_t>(bytes.size())));
}

std::shared_ptr<const InputFile> fileOf(const QByteArray &bytes)
{
    return InputFile::fromMemory(bytesOf(bytes), "x");
}

Result<zip::Directory> directory(const QByteArray &bytes)
{
    return zip::readDirectory(*fileOf(bytes), "'x'");
}

Result<QByteArray> unpacked(const QByteArray &archive, const zip::Entry &entry, std::uint64_t limit)
{
    QByteArray out;
    const auto crc = zip::unpack(*fileOf(archive), entry, limit, "'x'", {}, [&](std::span<const std::byte> bytes) {
        out.append(reinterpret_cast<const char *>(bytes.data()), static_cast<qsizetype>(bytes.size()));
        return Result<void>();
    });
    if (!crc)
        return std::unexpected(crc.error());
    if (*crc != crcOf(out))
        return fail(ErrorCode::Work, Text::asIs("wrong checksum returned"));
    return out;
}

const ZipEntry kPlain = ZipEntry::stored("a/b", "hello");
const QByteArray kText = "hello, hello, hello, hello, hello";

/// One entry "a/b" of 5 bytes: local header at 0, payload at 33, directory at 38, its end at 87.
QByteArray plain()
{
    return zipBytes({kPlain});
}
constexpr qsizetype kPayload = 33;
constexpr qsizetype kCentral = 38;
constexpr qsizetype kEnd = 87;

ZipEntry named(const QByteArray &name)
{
    return ZipEntry::stored(name, "hello");
}

ZipEntry with(ZipEntry entry, auto change)
{
    change(entry);
    return entry;
}

} // namespace

class TestZip : public QObject
{
    Q_OBJECT

private slots:
    void wellFormed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QByteArray>("content");
        QTest::addColumn<int>("warnings");
        QTest::newRow("stored") << plain() << QByteArray("hello") << 0;
        QTest::newRow("deflated") << zipBytes({ZipEntry::packed("a/b", kText)}) << kText << 0;
        QTest::newRow("empty entry") << zipBytes({ZipEntry::stored("a/b", "")}) << QByteArray() << 0;
        QTest::newRow("empty entry, deflated") << zipBytes({ZipEntry::packed("a/b", "")}) << QByteArray() << 0;
        QTest::newRow("as PyTorch writes") << zipBytes({with(kPlain,
                                                             [](ZipEntry &e) {
                                                                 e.late = true;
                                                                 e.localExtra = "FB" + little(9, 2) + "ZZZZZZZZZ";
                                                             })},
                                                       true)
                                           << QByteArray("hello") << 0;
        QTest::newRow("as NumPy writes") << zipBytes({with(kPlain, [](ZipEntry &e) {
            e.localExtra = little(1, 2) + little(16, 2) + little(5, 8) + little(5, 8);
        })}) << QByteArray("hello") << 0;
        QTest::newRow("numbers of 64 bits") << wide() << QByteArray("hello") << 0;
        QTest::newRow("comment") << patched(plain(), kEnd + 20, 3, 2) + "abc" << QByteArray("hello") << 0;
        QTest::newRow("folder beside it") << zipBytes({kPlain, ZipEntry::stored("a/", "")}) << QByteArray("hello") << 0;
        QTest::newRow("names that differ by case") << zipBytes({kPlain, named("A/b")}) << QByteArray("hello") << 1;
        QTest::newRow("name in an old code page") << zipBytes({with(named("a/b"), [](ZipEntry &e) { e.flags = 0; }),
                                                               with(named("\x81"), [](ZipEntry &e) { e.flags = 0; })})
                                                  << QByteArray("hello") << 0;
        QTest::newRow("name of 4096 bytes")
            << zipBytes({kPlain, named(QByteArray(4096, 'n'))}) << QByteArray("hello") << 0;
        QTest::newRow("an archive inside")
            << zipBytes({kPlain, ZipEntry::stored("z.zip", plain())}) << QByteArray("hello") << 0;
    }

    void wellFormed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QByteArray, content);
        QFETCH(int, warnings);
        const auto found = directory(bytes);
        QVERIFY2(found, found ? "" : found.error().text().c_str());
        QCOMPARE(found->warnings.size(), static_cast<std::size_t>(warnings));
        const zip::Entry *entry = found->find("a/b");
        QVERIFY(entry);
        QCOMPARE(entry->size, static_cast<std::uint64_t>(content.size()));
        QCOMPARE(entry->crc, crcOf(content));
        const auto out = unpacked(bytes, *entry, entry->size);
        QVERIFY2(out, out ? "" : out.error().text().c_str());
        QCOMPARE(*out, content);
        for (qsizetype limit = 0; limit < content.size(); ++limit) {
            const auto part = unpacked(bytes, *entry, static_cast<std::uint64_t>(limit));
            QVERIFY2(part, part ? "" : part.error().text().c_str());
            QCOMPARE(*part, content.left(limit));
        }
    }

    void malformed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        endRows();
        end64Rows();
        centralRows();
        localRows();
        severalEntryRows();
    }

    void malformed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const auto found = directory(bytes);
        QVERIFY(!found);
        QCOMPARE(found.error().code, ErrorCode::Input);
        const QString text = QString::fromStdString(found.error().text());
        QVERIFY2(text.contains(message), qPrintable(text));
        QVERIFY2(text.contains("'x', ZIP ") && text.contains(", byte "), qPrintable(text));
        QVERIFY2(!text.contains('\n') && text.size() < 500, qPrintable(text));
    }

    void damagedStreams_data()
    {
        QTest::addColumn<QByteArray>("payload");
        QTest::addColumn<quint64>("size");
        QTest::addColumn<QString>("message");
        const QByteArray whole = deflated(kText);
        const auto size = static_cast<quint64>(kText.size());
        QTest::newRow("cut off") << whole.chopped(1) << size << "the deflated bytes end after";
        QTest::newRow("nothing") << QByteArray() << quint64(0) << "end after 0 of 0 bytes";
        QTest::newRow("bytes behind") << whole + "xyz" << size << "3 bytes follow the deflated ones";
        QTest::newRow("longer than said") << whole << size - 1 << "more than the 32 bytes are unpacked";
        QTest::newRow("shorter than said") << whole << size + 1 << "33 bytes were unpacked instead of 34";
        QTest::newRow("no deflate") << QByteArray("\xff\xff\xff\xff") << size << "the deflated bytes are damaged";
    }

    void damagedStreams()
    {
        QFETCH(QByteArray, payload);
        QFETCH(quint64, size);
        QFETCH(QString, message);
        const QByteArray archive = zipBytes({{"a", payload, size, 0, 8}});
        const auto found = directory(archive);
        QVERIFY2(found, found ? "" : found.error().text().c_str());
        const auto out = unpacked(archive, found->entries[0], size);
        QVERIFY(!out);
        const QString text = QString::fromStdString(out.error().text());
        QVERIFY2(text.contains(message) && text.contains("'x', ZIP entry 'a', byte "), qPrintable(text));
    }

    void everyPrefixIsAnError()
    {
        for (const QByteArray &whole : {plain(), wide(), zipBytes({ZipEntry::packed("a", kText)})}) {
            QVERIFY(directory(whole));
            for (qsizetype size = 0; size < whole.size(); ++size)
                QVERIFY2(!directory(whole.left(size)), qPrintable(QString::number(size)));
        }
    }

    /// Whatever byte is wrong, nothing outside the archive is touched.
    void everyByteMayBeWrong()
    {
        const QByteArray whole = zipBytes({kPlain, ZipEntry::packed("c", kText)}, true);
        for (qsizetype at = 0; at < whole.size(); ++at) {
            for (const unsigned value : {0x00U, 0x01U, 0x7FU, 0x80U, 0xFFU}) {
                const QByteArray bytes = patched(whole, at, value, 1);
                const auto found = directory(bytes);
                if (!found)
                    continue;
                for (const zip::Entry &entry : found->entries) {
                    QVERIFY(entry.dataOffset + entry.storedSize <= static_cast<std::uint64_t>(bytes.size()));
                    const auto out = unpacked(bytes, entry, entry.size);
                    QVERIFY(!out || static_cast<std::uint64_t>(out->size()) == entry.size);
                }
            }
        }
    }

    void firstNames()
    {
        QCOMPARE(zip::firstFileName(bytesOf(plain())), std::string_view("a/b"));
        QCOMPARE(zip::firstFileName(bytesOf(zipBytes({ZipEntry::stored("d/", ""), named("d/x.npy")}))),
                 std::string_view("d/x.npy"));
        QVERIFY(zip::firstFileName(bytesOf(plain().left(30))).empty());
        QVERIFY(!zip::startsLikeArchive(bytesOf("x" + plain())));
        QVERIFY(!zip::startsLikeArchive({}));
    }

private:
    /// All numbers of the entry that may have 64 bits do.
    static QByteArray wide()
    {
        const ZipEntry entry = with(kPlain, [](ZipEntry &e) {
            e.localExtra = little(1, 2) + little(16, 2) + little(5, 8) + little(5, 8);
            e.centralExtra = little(1, 2) + little(24, 2) + little(5, 8) + little(5, 8) + little(0, 8);
        });
        QByteArray bytes = zipBytes({entry}, true);
        const qsizetype central = bytes.indexOf("PK\1\2");
        for (const qsizetype at : {qsizetype(18), qsizetype(22), central + 20, central + 24, central + 42})
            bytes = patched(bytes, at, 0xffffffff, 4);
        bytes = patched(bytes, -14, 0xffff, 2);
        bytes = patched(bytes, -12, 0xffff, 2);
        bytes = patched(bytes, -10, 0xffffffff, 4);
        return patched(bytes, -6, 0xffffffff, 4);
    }

    void endRows()
    {
        QTest::newRow("nothing") << QByteArray() << "does not end with it";
        QTest::newRow("no end") << plain().left(kEnd) << "does not end with it";
        QTest::newRow("data behind") << plain() + "x" << "does not end with it";
        QTest::newRow("comment length too large")
            << patched(plain(), kEnd + 20, 9, 2) + "abc" << "does not end with it";
        QTest::newRow("end in the comment")
            << patched(plain(), kEnd + 20, 22, 2) + endOfDirectory(0, 0, 0) << "there is a second one";
        QTest::newRow("directory past the end") << patched(plain(), kEnd + 16, 1000, 4) << "must end at byte 87";
        QTest::newRow("directory too long") << patched(plain(), kEnd + 12, 1000, 4) << "said to have 1000 bytes";
        QTest::newRow("directory in front") << patched(plain(), kEnd + 16, 0, 4) << "must end at byte 87";
        QTest::newRow("too many entries")
            << patched(patched(plain(), kEnd + 8, 2, 2), kEnd + 10, 2, 2) << "2 entries do not fit into 49 bytes";
        QTest::newRow("too few entries") << patched(patched(plain(), kEnd + 8, 0, 2), kEnd + 10, 0, 2)
                                         << "the directory has 49 bytes more";
        QTest::newRow("some entries elsewhere") << patched(plain(), kEnd + 8, 0, 2) << "0 of 1 entries";
        QTest::newRow("several disks") << patched(plain(), kEnd + 4, 1, 2) << "split over 2 disks";
        QTest::newRow("directory on another disk") << patched(plain(), kEnd + 6, 1, 2) << "split over";
    }

    void end64Rows()
    {
        const QByteArray whole = zipBytes({kPlain}, true); // end at 87, locator at 143
        const auto locator = kEnd + 56;
        QTest::newRow("locator points outside") << patched(whole, locator + 8, 10'000, 8) << "it points to byte 10000";
        QTest::newRow("locator points far outside")
            << patched(whole, locator + 8, ~std::uint64_t{0}, 8) << "it points to byte 18446744073709551615";
        QTest::newRow("locator points elsewhere") << patched(whole, locator + 8, 3, 8) << "the signature is wrong";
        QTest::newRow("locator, several disks") << patched(whole, locator + 16, 2, 4) << "several disks";
        QTest::newRow("ZIP64 end, size") << patched(whole, kEnd + 4, 45, 8) << "its size is 45 instead of 44";
        QTest::newRow("ZIP64 end, disk") << patched(whole, kEnd + 16, 1, 4) << "several disks";
        QTest::newRow("ZIP64 end, entries") << patched(whole, kEnd + 32, 2, 8) << "contradicts";
        QTest::newRow("ZIP64 end, size of the directory") << patched(whole, kEnd + 40, 48, 8) << "contradicts";
        QTest::newRow("ZIP64 end, offset") << patched(whole, kEnd + 48, 1, 8) << "contradicts";
        QByteArray many = patched(patched(whole, -14, 0xffff, 2), -12, 0xffff, 2);
        many = patched(patched(many, kEnd + 24, 300'000, 8), kEnd + 32, 300'000, 8);
        QTest::newRow("300,000 entries") << many << "300000 entries";
    }

    void centralRows()
    {
        const auto field = [](const char *row, qsizetype offset, std::uint64_t value, int size, const char *message) {
            QTest::newRow(row) << patched(plain(), kCentral + offset, value, size) << message;
        };
        field("signature", 0, 0, 4, "a header of an entry was expected");
        for (const int method : {1, 12, 14, 93, 99})
            QTest::addRow("method %d", method)
                << patched(plain(), kCentral + 10, static_cast<unsigned>(method), 2)
                << QStringLiteral("compression method is %1, supported are 0 (stored) and 8").arg(method);
        field("encrypted", 8, 1, 2, "it is encrypted");
        field("patch", 8, 1 << 5, 2, "flags 0x0020");
        field("masked", 8, 1 << 13, 2, "flags 0x2000");
        field("name past the end", 28, 60'000, 2, "do not fit into the directory");
        field("extra field past the end", 30, 60'000, 2, "do not fit into the directory");
        field("comment past the end", 32, 60'000, 2, "do not fit into the directory");
        field("disk", 34, 1, 2, "disk 1");
        field("size without an extra field", 24, 0xffffffff, 4, "missing in the ZIP64 extra field");
        field("stored size without an extra field", 20, 0xffffffff, 4, "missing in the ZIP64 extra field");
        field("offset without an extra field", 42, 0xffffffff, 4, "missing in the ZIP64 extra field");
        field("stored with two sizes", 24, 6, 4, "5 bytes stored and 6 unpacked");
        field("local header past the end", 42, 1000, 4, "said to be at byte 1000");
        const auto entry = [](const char *row, auto change, const char *message) {
            QTest::newRow(row) << zipBytes({with(kPlain, change)}) << message;
        };
        entry(
            "part of the extra field past its end",
            [](ZipEntry &e) { e.centralExtra = little(7, 2) + little(5, 2) + "abcd"; }, "reaches past its end");
        entry("rest of an extra field", [](ZipEntry &e) { e.centralExtra = "abc"; }, "reaches past its end");
        entry("folder with content", [](ZipEntry &e) { e.name = "a/"; }, "it is a folder and has 5 bytes");
        QTest::newRow("bomb") << zipBytes({{"a", "12345", 6 * 1100, 0, 8}}) << "the limit is 1100 to 1";
        const ZipEntry huge{"a", "12345", 0xffffffff, 0,
                            8,   0x0800,  {},         little(1, 2) + little(8, 2) + little(std::uint64_t{1} << 63, 8)};
        QTest::newRow("size of 2^63") << zipBytes({huge}) << "9223372036854775808 bytes cannot have been packed";
        nameRows();
    }

    void nameRows()
    {
        const auto name = [](const char *row, const QByteArray &text, const char *message) {
            QTest::newRow(row) << zipBytes({named(text)}) << message;
        };
        name("empty name", "", "its name is empty");
        name("zero byte in the name", QByteArray("a\0b", 3), "holds a zero byte");
        name("backslash", "a\\b", "holds a backslash");
        name("absolute", "/a", "absolute path");
        name("drive", "C:a", "absolute path");
        for (const char *text : {"..", "../x", "a/../../x", "a/.."})
            QTest::addRow("name %s", text) << zipBytes({named(text)}) << "leads out of the archive";
        name("name that is not UTF-8", "a\xff", "said to be UTF-8");
        name("name of 65,535 bytes", QByteArray(65'535, 'n'), "its name has 65535 bytes, the limit is 4096");
    }

    void localRows()
    {
        const auto field = [](const char *row, qsizetype offset, std::uint64_t value, int size, const char *message) {
            QTest::newRow(row) << patched(plain(), offset, value, size) << message;
        };
        field("local signature", 0, 0, 4, "the signature of its local header is wrong");
        field("local name", 30, 'x', 1, "its local header has another name");
        field("local method", 8, 8, 2, "its local header has the compression method 8");
        field("local flags", 6, 1, 2, "its local header has the flags 0x0001");
        field("local descriptor flag", 6, 8, 2, "its local header has the flags");
        field("local stored size", 18, 4, 4, "its local header says 4 bytes stored");
        field("local size", 22, 6, 4, "5 bytes stored, 6 unpacked");
        field("local checksum", 14, 0, 4, "checksum 00000000");
        field("local extra field past the end", 28, 60'000, 2, "reach into the directory");
        field("payload in the directory", 28, 1, 2, "reach into the directory");
        const ZipEntry late = with(kPlain, [](ZipEntry &e) { e.late = true; });
        QTest::newRow("descriptor contradicts") << patched(zipBytes({late}), kPayload + 5 + 8, 6, 4)
                                                << "the data descriptor behind the payload contradicts";
        QTest::newRow("sizes before the descriptor contradict")
            << patched(zipBytes({late}), 18, 6, 4) << "its local header says 6 bytes stored";
    }

    void severalEntryRows()
    {
        QTest::newRow("name twice") << zipBytes({kPlain, kPlain}) << "a second entry has the same name";
        QTest::newRow("bytes in front") << inFront() << "the first entry does not begin at byte 0";
        // Two headers, one payload: the second entry's header is the payload of the first.
        const ZipEntry inner = ZipEntry::stored("b", "hello");
        const ZipEntry outer = ZipEntry::stored("a", localHeader(inner) + inner.payload);
        const QByteArray bytes = localHeader(outer) + outer.payload;
        const QByteArray central =
            centralHeader(outer, 0) + centralHeader(inner, static_cast<std::uint64_t>(localHeader(outer).size()));
        QTest::newRow("entries overlap") << bytes + central +
                                                endOfDirectory(2, static_cast<std::uint64_t>(central.size()),
                                                               static_cast<std::uint64_t>(bytes.size()))
                                         << "it begins inside the entry before it";
        const QByteArray twice = centralHeader(kPlain, 0) + centralHeader(named("c/d"), 0);
        QTest::newRow("one local header for two")
            << plain().left(kCentral) + twice + endOfDirectory(2, static_cast<std::uint64_t>(twice.size()), kCentral)
            << "its local header has another name";
    }

    static QByteArray inFront()
    {
        const QByteArray bytes = "#!/bin/sh\n" + plain().left(kCentral);
        const QByteArray central = centralHeader(kPlain, 10);
        return bytes + central + endOfDirectory(1, static_cast<std::uint64_t>(central.size()), kCentral + 10);
    }
};

QTEST_GUILESS_MAIN(TestZip)
#include "tst_parse_zip.moc"
