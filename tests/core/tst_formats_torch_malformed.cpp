// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch files that are wrong: each ends in an error that names the place.
#include "tests/core/torch_bytes.h"

#include <QTest>

using namespace qs;
using namespace qs::test;

class TestTorchMalformed : public QObject
{
    Q_OBJECT

private slots:
    void malformed_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        archiveRows();
        storageRows();
        tensorRows();
        legacyRows();
    }

    void malformed()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const auto model = openTorch(m_folder, bytes);
        QVERIFY(!model);
        QCOMPARE(model.error().code, ErrorCode::Input);
        const QString text = QString::fromStdString(model.error().text());
        QVERIFY2(text.contains(message), qPrintable(text));
        QVERIFY2(text.contains("x.pt'") && text.contains("byte "), qPrintable(text));
        QVERIFY2(!text.contains('\n') && text.size() < 800, qPrintable(text));
    }

    /// Without its mark it is any pickle.
    void otherMark()
    {
        const auto model = openTorch(m_folder, patched(legacy("N", "]", ""), 5, 0, 1));
        QVERIFY(!model);
        QVERIFY2(model.error().message.str().starts_with("this is a Python pickle;"), model.error().text().c_str());
    }

    void everyPrefixIsAnError()
    {
        const QByteArray old = legacy(dictionary({{"a", tensor(oldStorage("7", 2), 0, {2}, {1})}}),
                                      "](" + unicode("7") + "e", little(2, 8) + floats(2));
        for (const QByteArray &whole : {one(kWhole), old}) {
            QVERIFY(fromMemory(whole));
            for (qsizetype size = 0; size < whole.size(); ++size)
                QVERIFY2(!fromMemory(whole.left(size)), qPrintable(QString::number(size)));
        }
    }

    /// No byte of a small file may lead outside of it.
    void everyByteMayBeWrong()
    {
        const QByteArray whole = one(kWhole);
        for (qsizetype at = 0; at < whole.size(); ++at) {
            for (const unsigned value : {0x00U, 0x7FU, 0x80U, 0xFFU}) {
                const QByteArray bytes = patched(whole, at, value, 1);
                const auto model = fromMemory(bytes);
                if (!model)
                    continue;
                for (const TensorInfo &tensor : model->tensors)
                    QVERIFY(tensor.byteOffset + tensor.byteSize <= static_cast<std::uint64_t>(bytes.size()));
            }
        }
    }

private:
    static void archiveRows()
    {
        const QByteArray dict = dictionary({{"w", kWhole}});
        const ZipEntry data = ZipEntry::stored("m/data/0", floats(12));
        QTest::newRow("two folders") << archive(dict, {data, ZipEntry::stored("n/x", "")}) << "this one is not in 'm'";
        QTest::newRow("two pickles") << archive(dict, {data, ZipEntry::stored("n/data.pkl", pickled(dict))})
                                     << "one folder for all entries";
        QTest::newRow("entry outside of the folder")
            << archive(dict, {data, ZipEntry::stored("x", "")}) << "this one is not in 'm'";
        QTest::newRow("no pickle") << zipBytes({data}) + QByteArray() << "is no PyTorch file";
        QTest::newRow("program of torch.export")
            << zipBytes({data, ZipEntry::stored("m/archive_format", "pt2")}) + QByteArray() << "torch.export";
        QTest::newRow("byte order in the middle") << archive(dict, {data, ZipEntry::stored("m/byteorder", "middle")})
                                                  << "must be 'little' or 'big', not 'middle'";
        QTest::newRow("byte order of 1 MB")
            << archive(dict, {data, ZipEntry::stored("m/byteorder", QByteArray(1 << 20, 'l'))})
            << "it has 1048576 bytes, the limit is 64";
        QTest::newRow("version of 1 MB") << archive(dict, {data}, QByteArray(1 << 20, '3')) << "the limit is 64";
        ZipEntry bomb = ZipEntry::packed("m/data.pkl", pickled(dict));
        bomb.size = 60'000'000;
        QTest::newRow("bomb") << zipBytes({bomb, data}) << "the limit is 1100 to 1";
        QTest::newRow("zeros for a pickle")
            << zipBytes({ZipEntry::packed("m/data.pkl", QByteArray(100'000'000, '\0')), data})
            << "the pickle starts with 0x00";
        QTest::newRow("nested marks, packed")
            << zipBytes({ZipEntry::packed("m/data.pkl", "\x80\x02" + QByteArray(10'000'000, ']')), data})
            << "bytes of memory, the limit";
        ZipEntry damaged = ZipEntry::packed("m/data.pkl", pickled(dict));
        damaged.crc ^= 1;
        QTest::newRow("checksum of a packed pickle") << zipBytes({damaged, data}) << "the checksum of the entry";
        QTest::newRow("pickle in pieces") << archive("](" + kWhole) << "STOP";
    }

    static void storageRows()
    {
        const auto id = [](const QByteArray &value) {
            return archive(rebuilt("_rebuild_tensor_v2", {value + "Q", integer(0), integers({1}), integers({1})}));
        };
        const QByteArray type = global("torch", "FloatStorage");
        const auto parts = [&](const QList<QByteArray> &items) { return id(tuple(items)); };
        QTest::newRow("id is a text") << id(unicode("storage")) << "it must be a tuple";
        QTest::newRow("id is a number") << id("K\1") << "not a whole number";
        QTest::newRow("id of nothing") << id(")") << "has 0 items";
        QTest::newRow("wrong tag") << parts({unicode("store"), type, unicode("0"), unicode("cpu"), "K\1"})
                                   << "the first of which is not 'storage'";
        QTest::newRow("4 items") << parts({unicode("storage"), type, unicode("0"), unicode("cpu")}) << "has 4 items";
        QTest::newRow("7 items") << parts({unicode("storage"), type, unicode("0"), unicode("cpu"), "K\1", "N", "N"})
                                 << "has 7 items";
        QTest::newRow("type is a text") << parts(
                                               {unicode("storage"), unicode("f"), unicode("0"), unicode("cpu"), "K\1"})
                                        << "must be a global";
        for (const char *key : {"../data/0", "0/../1", "", "-1", "a", "000000000000000000000"})
            QTest::addRow("key '%s'", key)
                << parts({unicode("storage"), type, unicode(key), unicode("cpu"), "K\1"}) << "must be a decimal number";
        QTest::newRow("key is a number") << parts({unicode("storage"), type, integer(0), unicode("cpu"), "K\1"})
                                         << "must be a decimal number, not 0";
        const auto first = [](const QByteArray &value) { return one(tensor(value, 0, {1}, {1})); };
        QTest::newRow("no such record") << first(storage("1", 12)) << "has no entry 'data/1' for this storage";
        QTest::newRow("unknown type") << first(storage("0", 12, "StringStorage"))
                                      << "the storage type 'torch.StringStorage' is unknown";
        QTest::newRow("negative size") << first(storage("0", -1)) << "a whole number from 0 on, not -1";
        QTest::newRow("size of 2^62") << first(storage("0", std::int64_t{1} << 62)) << "more than 2^64 - 1 bytes";
        QTest::newRow("size of 2^61") << first(storage("0", std::int64_t{1} << 61))
                                      << "has 9223372036854775808 bytes, the archive has 48";
        QTest::newRow("larger than its record") << first(storage("0", 1000)) << "has 4000 bytes, the archive has 48";
        const QByteArray both = "](" + kWhole + tensor(storage("0", 12, "IntStorage"), 0, {1}, {1}) + "e";
        QTest::newRow("one storage of two types") << archive(both) << "has another type or size than at byte";
    }

    static void tensorRows()
    {
        const QByteArray data = storage("0", 12);
        const auto row = [](const char *name, const QByteArray &value, const char *message) {
            QTest::newRow(name) << one(value) << message;
        };
        const std::int64_t huge = std::int64_t{1} << 62;
        row("negative size", tensor(data, 0, {-1}, {1}), "'size' must not be negative, not -1");
        row("size of 2^62", tensor(data, 0, {huge}, {1}), "more than 2^64 - 1 bytes");
        row("sizes whose product overflows", tensor(data, 0, {huge, huge}, {0, 0}), "more than 2^64 - 1 bytes");
        row("overflow beside zero", tensor(data, 0, {0, huge, 16}, {1, 1, 1}), "more than 2^64 - 1 bytes");
        row("more sizes than strides", tensor(data, 0, {1, 1}, {1}), "'stride' has 1 dimensions, 'size' has 2");
        row("negative stride", tensor(data, 0, {2}, {-1}), "'stride' must not be negative");
        row("stride that overflows", tensor(data, 0, {9}, {huge}), "reach past the 12 elements");
        row("stride past the end", tensor(data, 0, {2}, {12}), "reach past the 12 elements of storage '0'");
        row("negative offset", tensor(data, -1, {1}, {1}), "'offset' must not be negative");
        row("offset past the end", tensor(data, 12, {1}, {1}), "offset 12, size [1] and stride [1] reach past");
        row("offset of 2^62", tensor(data, huge, {1}, {1}), "reach past the 12 elements");
        row("33 dimensions", tensor(data, 0, QList<std::int64_t>(33, 1), QList<std::int64_t>(33, 1)),
            "'size' has 33 dimensions, the limit is 32");
        row("size is a text", rebuilt("_rebuild_tensor_v2", {data, integer(0), unicode("1"), integers({1})}),
            "'size' must be a tuple of whole numbers, not a string");
        row("size of fractions",
            rebuilt("_rebuild_tensor_v2",
                    {data, integer(0), tuple({QByteArray("G\0\0\0\0\0\0\0\0", 9)}), integers({1})}),
            "'size' must be a whole number, not a fractional number");
        row("offset is a text", rebuilt("_rebuild_tensor_v2", {data, unicode("0"), integers({1}), integers({1})}),
            "'offset' must be a whole number, not a string");
        row("no arguments", rebuilt("_rebuild_tensor_v2", {}), "a storage was expected, not None");
        row("no storage", rebuilt("_rebuild_tensor_v2", {"K\1", integer(0), integers({1}), integers({1})}),
            "a storage was expected, not a whole number");
        row("untyped and no type", tensor(storage("0", 48, "UntypedStorage"), 0, {1}, {1}), "the storage is untyped");
        row("type that is unknown",
            rebuilt("_rebuild_tensor_v3", {storage("0", 48, "UntypedStorage"), integer(0), integers({1}), integers({1}),
                                           "\x89", "}", global("torch", "f7")}),
            "the element type 'torch.f7' is unknown");
        row("parameter of nothing", rebuilt("_rebuild_parameter", {"N", "\x88", ")"}),
            "a tensor was expected, not None");
        QByteArray wrapped = kWhole;
        for (int i = 0; i < 200; ++i)
            wrapped = rebuilt("_rebuild_parameter", {wrapped});
        row("parameters in parameters", wrapped, "wrapped more than 100 times");
        row("item of a tensor", kWhole + unicode("a") + "Ns",
            "it does not work on what 'torch._utils._rebuild_tensor_v2'");
        row("state of a tensor", kWhole + "}b", "it does not work on what");
        QTest::newRow("deeply nested") << archive(kWhole + QByteArray(1001, '\x85')) << "deeper than 1000 levels";
        QTest::newRow("name of 70 KB") << archive(dictionary({{QByteArray(70'000, 'n'), kWhole}}))
                                       << "more than 65536 bytes";
    }

    static void legacyRows()
    {
        const QByteArray value = tensor(oldStorage("7", 2), 0, {2}, {1});
        const QByteArray keys = "](" + unicode("7") + "e";
        const QByteArray data = little(2, 8) + floats(2);
        QTest::newRow("old: protocol 1002") << legacy(value, keys, data, "M\xea\x03") << "must be the number 1001";
        QTest::newRow("old: protocol is a text") << legacy(value, keys, data, unicode("1001")) << "the number 1001";
        QTest::newRow("old: no byte order")
            << legacy(value, keys, data, "M\xe9\x03", "}") << "'little_endian' must be True or False";
        QTest::newRow("old: keys are a tuple")
            << legacy(value, unicode("7") + "\x85", data) << "must be a list, not a tuple";
        QTest::newRow("old: key is a number") << legacy(value, "]K\7a", data) << "'' is no storage of the file";
        QTest::newRow("old: key of nothing") << legacy(value, "](" + unicode("8") + "e", data) << "'8' is no storage";
        QTest::newRow("old: key is missing") << legacy(value, "]", data) << "storage '7' is missing";
        QTest::newRow("old: key twice") << legacy(value, "](" + unicode("7") + unicode("7") + "e", data + data)
                                        << "it is listed twice";
        QTest::newRow("old: other size") << legacy(value, keys, little(3, 8) + floats(3))
                                         << "it has 3 elements here and 2 in the pickle";
        QTest::newRow("old: negative size")
            << legacy(value, keys, QByteArray(8, '\xff') + floats(3)) << "it has -1 elements here";
        QTest::newRow("old: no size") << legacy(value, keys, little(2, 7)) << "ends before the number of its elements";
        QTest::newRow("old: short by a byte") << legacy(value, keys, data.chopped(1)) << "7 bytes follow";
        const QByteArray view = tuple({unicode("8"), integer(1), integer(2)});
        QTest::newRow("old: view past the end") << legacy(tensor(oldStorage("7", 2, view), 0, {1}, {1}), keys, data)
                                                << "a view of 2 elements from 1 on reaches past the 2";
        QTest::newRow("old: view of nothing") << legacy(tensor(oldStorage("7", 2, ")"), 0, {1}, {1}), keys, data)
                                              << "must be a tuple (key, offset, size)";
    }

    static Result<Model> fromMemory(const QByteArray &bytes)
    {
        Model model;
        model.path = "x.pt";
        const auto size = static_cast<std::size_t>(bytes.size());
        QS_CHECK(kTorchReader.read(InputFile::fromMemory(std::as_bytes(std::span(bytes.constData(), size)), "x.pt"),
                                   model, {}));
        return model;
    }

    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestTorchMalformed)
#include "tst_formats_torch_malformed.moc"
