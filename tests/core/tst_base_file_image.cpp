// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// FileImage: bytes of a file at fixed addresses, whatever was asked for before.
#include "core/base/file_image.h"
#include "core/base/input_file.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>

#include <unistd.h>

using namespace qs;

namespace {

constexpr std::uint64_t kSize = 300'007;

QByteArray content()
{
    QByteArray bytes;
    for (std::uint64_t i = 0; i < kSize; ++i)
        bytes.append(char(i % 251));
    return bytes;
}

} // namespace

class TestFileImage : public QObject
{
    Q_OBJECT

private slots:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(m_content), qint64(kSize));
    }

    void holdsWhatIsAskedFor_data()
    {
        QTest::addColumn<bool>("inMemory");
        QTest::newRow("file") << false;
        QTest::newRow("memory") << true;
    }

    void holdsWhatIsAskedFor()
    {
        QFETCH(bool, inMemory);
        const auto file = inMemory ? InputFile::fromMemory(std::as_bytes(std::span(m_content)), "m")
                                   : InputFile::open(path().toStdString()).value();
        const FileImage image(*file);
        QCOMPARE(image.size(), kSize);
        struct Part {
            std::uint64_t offset, size;
        };
        std::vector<std::span<const std::byte>> views;
        const std::vector<Part> parts{{200'000, 10}, {0, 1},       {4090, 20},   {210'000, 70'000}, {kSize - 1, 1},
                                      {kSize, 0},    {100'000, 1}, {4096, 4096}, {8192, 1},         {0, kSize}};
        for (const Part &part : parts) {
            const auto bytes = image.at(part.offset, part.size);
            QVERIFY(bytes);
            QCOMPARE(bytes->data(), image.bytes().data() + part.offset);
            views.push_back(*bytes);
        }
        // Views stay as they were, whatever was read after them.
        for (std::size_t i = 0; i < parts.size(); ++i)
            QVERIFY(std::ranges::equal(views[i],
                                       std::as_bytes(std::span(m_content)).subspan(parts[i].offset, parts[i].size)));
        QCOMPARE(image.textAt(251, 3).value(), std::string_view("\0\1\2", 3));
        image.release(5000, 100'000);
        QVERIFY(std::ranges::equal(image.at(0, kSize).value(), std::as_bytes(std::span(m_content))));
    }

    void readsNoMoreThanItMust()
    {
        const auto file = InputFile::open(path().toStdString()).value();
        const FileImage image(*file);
        QVERIFY(image.at(0, 100));
        QCOMPARE(::truncate(path().toLocal8Bit().constData(), 1000), 0);
        QVERIFY(image.at(0, 100)); // is there already
        const auto later = image.at(100'000, 1);
        QVERIFY(!later);
        QVERIFY(later.error().message.str().starts_with("file changed while it was read"));
    }

    void emptyFile()
    {
        QCOMPARE(::truncate(path().toLocal8Bit().constData(), 0), 0);
        const auto file = InputFile::open(path().toStdString()).value();
        const FileImage image(*file);
        QCOMPARE(image.size(), std::uint64_t(0));
        QVERIFY(image.at(0, 0));
    }

private:
    QString path() const { return m_folder->filePath("file"); }

    const QByteArray m_content = content();
    std::unique_ptr<QTemporaryDir> m_folder;
};

QTEST_GUILESS_MAIN(TestFileImage)
#include "tst_base_file_image.moc"
