// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch files, built so that their bytes are visible: names, places, views, aliases.
#include "core/tensor/tensor_bytes.h"
#include "tests/core/torch_bytes.h"
#include "tests/support/tensor_content.h"

#include <QTest>

#include <cstring>

using namespace qs;
using namespace qs::test;

class TestTorchFile : public QObject
{
    Q_OBJECT

private slots:
    void names_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("names");
        const QByteArray ordered = global("collections", "OrderedDict") + ")R(";
        QTest::newRow("state dict") << ordered + unicode("a.b") + kWhole + unicode("c") + kWhole + "u}b" << "a.b c";
        QTest::newRow("empty") << QByteArray("}") << "";
        QTest::newRow("one tensor") << kWhole << "x";
        QTest::newRow("parameter") << rebuilt("_rebuild_parameter", {kWhole, "\x88", ")"}) << "x";
        QTest::newRow("list") << "](" + kWhole + kWhole + "e" << "0 1";
        QTest::newRow("tuple, set, numbers as keys")
            << "(" + kWhole + "\x8f(" + kWhole + "\x90}K\7" + kWhole + "st" << "0 1.0 2.7";
        QTest::newRow("tuple as key") << "})" + kWhole + "s" << "<a tuple at byte 3>";
        QTest::newRow("leaves that are no tensors")
            << dictionary({{"epoch", "K\1"}, {"w", kWhole}, {"args", object("argparse", "Namespace", "}")}}) << "w";
        QTest::newRow("checkpoint") << dictionary({{"epoch", "K\1"}, {"state_dict", dictionary({{"w", kWhole}})}})
                                    << "w";
        QTest::newRow("checkpoint with optimizer")
            << dictionary({{"optimizer", dictionary({{"m", kWhole}})}, {"model", dictionary({{"w", kWhole}})}}) << "w";
        QTest::newRow("nested, no known name")
            << dictionary({{"a", dictionary({{"b", kWhole}})}, {"c", "](" + kWhole + "e"}}) << "a.b c.0";
        const QByteArray inner = object("torch.nn.modules.linear", "Linear",
                                        dictionary({{"training", "\x88"},
                                                    {"_parameters", dictionary({{"weight", kWhole}, {"bias", "N"}})},
                                                    {"_buffers", "}"},
                                                    {"_modules", "}"},
                                                    {"cache", kWhole}}));
        QTest::newRow("module") << object("m", "Net",
                                          dictionary({{"_parameters", "}"},
                                                      {"_buffers", dictionary({{"mean", kWhole}})},
                                                      {"_modules", dictionary({{"fc", inner}})}}))
                                << "mean fc.weight";
        QTest::newRow("TorchScript")
            << object("__torch__", "Net",
                      dictionary({{"training", "\x88"}, {"fc", object("__torch__", "L", dictionary({{"w", kWhole}}))}}))
            << "fc.w";
        QTest::newRow("list of TorchScript")
            << global("torch.jit._pickle", "restore_type_tag") + "](" + kWhole + "e" + unicode("List[Tensor]") + "\x86R"
            << "0.0";
        QTest::newRow("class that is a dictionary")
            << global("a", "Dict") + ")\x81(" + unicode("w") + kWhole + "u" << "w";
        QTest::newRow("same name twice") << dictionary({{"a.b", kWhole}, {"a", dictionary({{"b", kWhole}})}})
                                         << "a.b a.b (2)";
        QTest::newRow("name that is not UTF-8") << "}U\1\xff" + kWhole + "s" << "\\xFF";
        QTest::newRow("shared and circular") << "]q\1(h\1](" + kWhole + "eh\1e" << "1.0";
        QTest::newRow("twins") << "](" + kWhole + "eq\1" + QByteArray("h\1\x86q\1").repeated(40)
                               << QString("0.").repeated(40) + "0";
    }

    void names()
    {
        QFETCH(QByteArray, value);
        QFETCH(QString, names);
        const auto model = openTorch(m_folder, archive(value));
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QStringList found;
        for (const TensorInfo &tensor : (*model)->tensors) {
            found += QString::fromStdString(tensor.name);
            QCOMPARE(tensor.shape, (std::vector<std::uint64_t>{3, 4}));
            QCOMPARE(tensor.byteSize, 48U);
        }
        QCOMPARE(found.join(' '), names);
        QCOMPARE((*model)->format, std::string("pytorch"));
    }

    void places_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<QString>("strides");
        QTest::addColumn<int>("first"); ///< element of the storage
        QTest::addColumn<int>("size");  ///< elements up to the last one
        const QByteArray data = storage("0", 12);
        QTest::newRow("packed") << tensor(data, 0, {3, 4}, {4, 1}) << "[3, 4]"
                                << "[]" << 0 << 12;
        QTest::newRow("part") << tensor(data, 4, {2, 4}, {4, 1}) << "[2, 4]"
                              << "[]" << 4 << 8;
        QTest::newRow("transposed") << tensor(data, 0, {4, 3}, {1, 4}) << "[4, 3]"
                                    << "[1, 4]" << 0 << 12;
        QTest::newRow("columns") << tensor(data, 1, {3, 2}, {4, 1}) << "[3, 2]"
                                 << "[4, 1]" << 1 << 10;
        QTest::newRow("every other") << tensor(data, 1, {5}, {2}) << "[5]"
                                     << "[2]" << 1 << 9;
        QTest::newRow("scalar") << tensor(data, 11, {}, {}) << "[]"
                                << "[]" << 11 << 1;
        QTest::newRow("axes of one element") << tensor(data, 0, {1, 12, 1}, {77, 1, 99}) << "[1, 12, 1]"
                                             << "[]" << 0 << 12;
        QTest::newRow("nothing") << tensor(data, 99, {0, 4}, {4, 1}) << "[0, 4]"
                                 << "[]" << 0 << 0;
        QTest::newRow("expanded") << tensor(data, 2, {4, 2}, {0, 1}) << "[4, 2]"
                                  << "[0, 1]" << 2 << 2;
        QTest::newRow("of a subclass") << global("torch._tensor", "_rebuild_from_type_v2") +
                                              tuple(
                                                  {global("torch._utils", "_rebuild_tensor_v2"), global("a", "B"),
                                                   tuple({data, integer(3), integers({2}), integers({1}), "\x89", "}"}),
                                                   "}"}) +
                                              "R"
                                       << "[2]"
                                       << "[]" << 3 << 2;
        QTest::newRow("untyped storage") << rebuilt(
                                                "_rebuild_tensor_v3",
                                                {tuple({unicode("storage"), global("torch.storage", "UntypedStorage"),
                                                        unicode("0"), unicode("cpu"), integer(48)}) +
                                                     "Q",
                                                 integer(2), integers({5}), integers({1}), "\x89", "}",
                                                 global("torch", "float32")})
                                         << "[5]"
                                         << "[]" << 2 << 5;
        QTest::newRow("size as an object")
            << rebuilt("_rebuild_tensor_v2", {data, integer(0), global("torch", "Size") + integers({3}) + "\x85R",
                                              integers({1}), "\x89", "}"})
            << "[3]"
            << "[]" << 0 << 3;
    }

    void places()
    {
        QFETCH(QByteArray, value);
        QFETCH(QString, shape);
        QFETCH(QString, strides);
        QFETCH(int, first);
        QFETCH(int, size);
        const QByteArray bytes = one(value);
        const auto model = openTorch(m_folder, bytes);
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QVERIFY((*model)->warnings.empty());
        const TensorInfo &tensor = (*model)->tensors.at(0);
        QCOMPARE(QString::fromStdString(shapeText(tensor.shape)), shape);
        QCOMPARE(QString::fromStdString(shapeText(tensor.strides)), strides);
        QCOMPARE(tensor.byteSize, static_cast<std::uint64_t>(4 * size));
        QCOMPARE(test::contentOf((*model)->view(0)), floats(12).mid(4 * first, 4 * size));
    }

    void types_data()
    {
        QTest::addColumn<QByteArray>("storageName");
        QTest::addColumn<int>("bytes");
        QTest::addColumn<QString>("type");
        QTest::newRow("Double") << QByteArray("DoubleStorage") << 8 << "f64";
        QTest::newRow("Half") << QByteArray("HalfStorage") << 2 << "f16";
        QTest::newRow("BFloat16") << QByteArray("BFloat16Storage") << 2 << "bf16";
        QTest::newRow("Long") << QByteArray("LongStorage") << 8 << "i64";
        QTest::newRow("Int") << QByteArray("IntStorage") << 4 << "i32";
        QTest::newRow("Short") << QByteArray("ShortStorage") << 2 << "i16";
        QTest::newRow("Char") << QByteArray("CharStorage") << 1 << "i8";
        QTest::newRow("Byte") << QByteArray("ByteStorage") << 1 << "u8";
        QTest::newRow("Bool") << QByteArray("BoolStorage") << 1 << "bool";
        QTest::newRow("ComplexFloat") << QByteArray("ComplexFloatStorage") << 8 << "c64";
        QTest::newRow("ComplexDouble") << QByteArray("ComplexDoubleStorage") << 16 << "complex128";
    }

    void types()
    {
        QFETCH(QByteArray, storageName);
        QFETCH(int, bytes);
        QFETCH(QString, type);
        const ZipEntry data = ZipEntry::stored("m/data/0", QByteArray(3 * bytes, '\1'));
        for (const char *order : {"little", "big"}) {
            const auto model =
                openTorch(m_folder, archive(dictionary({{"w", tensor(storage("0", 3, storageName), 1, {2}, {1})}}),
                                            {data, ZipEntry::stored("m/byteorder", order)}));
            QVERIFY2(model, model ? "" : model.error().text().c_str());
            const TensorInfo &tensor = (*model)->tensors.at(0);
            QCOMPARE(QString::fromUtf8(tensor.typeName().data()), type);
            QCOMPARE(tensor.byteSize, static_cast<std::uint64_t>(2 * bytes));
            QCOMPARE(tensor.bigEndian, bytes > 1 && order[0] == 'b');
        }
    }

    void aliases()
    {
        const QByteArray data = storage("0", 12);
        const auto model = openTorch(m_folder, archive(dictionary({{"a", kWhole},
                                                                   {"b", kWhole},
                                                                   {"c", tensor(data, 0, {4, 3}, {1, 4})},
                                                                   {"d", tensor(data, 0, {12}, {1})},
                                                                   {"e", tensor(data, 0, {4, 3}, {1, 4})}})));
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QCOMPARE((*model)->aliases, (std::unordered_map<std::size_t, std::size_t>{{1, 0}, {4, 2}}));
    }

    /// Tensors whose values are not there are listed, and say why.
    void withoutValues_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("shape");
        QTest::addColumn<QString>("reason");
        const QByteArray sparse = tuple({kWhole, kWhole, global("torch", "Size") + integers({5, 6}) + "\x85R"});
        QTest::newRow("sparse") << rebuilt("_rebuild_sparse_tensor", {global("torch", "sparse_coo"), sparse})
                                << "[5, 6]"
                                << "sparse tensors";
        QTest::newRow("meta") << rebuilt("_rebuild_meta_tensor_no_storage",
                                         {global("torch", "float32"), integers({5}), integers({1}), "\x89"})
                              << "[5]"
                              << "no values of this tensor";
        QTest::newRow("subclass") << rebuilt("_rebuild_wrapper_subclass",
                                             {global("a", "B"), global("torch", "float32"), integers({5, 7})})
                                  << "[5, 7]"
                                  << "this subclass";
        QTest::newRow("repeated without end")
            << tensor(storage("0", 12), 0, {1 << 20, 1 << 10}, {0, 0}) << "[1048576, 1024]"
            << "it repeats 12 stored elements more often than is read";
        QTest::newRow("NumPy") << rebuilt("_rebuild_device_tensor_from_numpy", {"N", "N", "N", "N"}) << "[]"
                               << "a form that is not read";
        QTest::newRow("function that nobody knows")
            << global("torch._tensor", "_rebuild_from_type_v2") + tuple({global("a", "make"), "N", ")", "N"}) + "R"
            << "[]"
            << "would be made by 'a.make'";
    }

    void withoutValues()
    {
        QFETCH(QByteArray, value);
        QFETCH(QString, shape);
        QFETCH(QString, reason);
        const auto model = openTorch(m_folder, archive(dictionary({{"a.weight", value}, {"b.weight", kWhole}})));
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        const TensorInfo &tensor = (*model)->tensors.at(0);
        QCOMPARE(QString::fromStdString(shapeText(tensor.shape)), shape);
        QVERIFY(tensor.encoding && tensor.encoding->decode == nullptr);
        QVERIFY2(tensor.encoding->withoutValues.str().find(reason.toStdString()) != std::string::npos,
                 tensor.encoding->withoutValues.str().c_str());
        QCOMPARE(tensor.byteSize, 0U);
        QCOMPARE((*model)->tensors.at(1).name, std::string("b.weight"));
    }

    /// One buffer that was saved after expand() is no weight, and stands in nobody's way.
    void repeatedElements()
    {
        const auto model =
            openTorch(m_folder, archive(dictionary({{"mask", tensor(storage("0", 12), 3, {64, 64}, {0, 0})},
                                                    {"few", tensor(storage("0", 12), 0, {4, 12}, {0, 1})},
                                                    {"fc.weight", tensor(storage("0", 12), 0, {3, 4}, {4, 1})}})));
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QCOMPARE((*model)->tensors.size(), std::size_t(3));
        QVERIFY(!(*model)->layerOf(0));
        QCOMPARE((*model)->roleReason(0).str(), std::string("its elements are a few stored ones that repeat"));
        QVERIFY((*model)->layerOf(2));
        std::vector<float> values(64 * 64);
        QVERIFY(TensorElements((*model)->view(0)).floats(0, values.size(), values.data()));
        float stored = 0;
        QVERIFY(TensorElements((*model)->view(2)).floats(3, 1, &stored));
        QCOMPARE(values, std::vector<float>(64 * 64, stored));
    }

    /// A checkpoint with several models names them, and gives the one that is asked for.
    void parts_data()
    {
        QTest::addColumn<QString>("part");
        QTest::addColumn<QString>("shown");
        QTest::addColumn<QString>("names");
        QTest::newRow("the usual one") << ""
                                       << "model"
                                       << "w";
        QTest::newRow("the same by name") << "model"
                                          << "model"
                                          << "w";
        QTest::newRow("ema") << "ema"
                             << "ema"
                             << "v.w";
        QTest::newRow("optimizer") << "optimizer"
                                   << "optimizer"
                                   << "state.0.exp_avg";
    }

    void parts()
    {
        QFETCH(QString, part);
        QFETCH(QString, shown);
        QFETCH(QString, names);
        const QByteArray state =
            dictionary({{"state", QByteArray("}K\0", 3) + dictionary({{"exp_avg", kWhole}}) + "s"}});
        const QByteArray value = dictionary({{"epoch", "K\1"},
                                             {"optimizer", state},
                                             {"ema", dictionary({{"v", dictionary({{"w", kWhole}})}})},
                                             {"model", dictionary({{"w", kWhole}})}});
        const std::string path = m_folder.filePath("parts.pt").toStdString();
        QFile file(m_folder.filePath("parts.pt"));
        const QByteArray bytes = archive(value);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size());
        file.close();
        const auto model = openModel(path, {}, part.toStdString());
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QCOMPARE((*model)->part, shown.toStdString());
        QCOMPARE((*model)->parts, (std::vector<std::string>{"optimizer", "ema", "model"}));
        QStringList found;
        for (const TensorInfo &tensor : (*model)->tensors)
            found << QString::fromStdString(tensor.name);
        QCOMPARE(found.join(' '), names);
        const auto none = openModel(path, {}, "generator");
        QVERIFY(!none);
        QCOMPARE(none.error().code, ErrorCode::Usage);
        QVERIFY2(none.error().message.str() == "there is no part 'generator'; there are: 'optimizer', 'ema', 'model'",
                 none.error().text().c_str());
    }

    /// What an ordinary loader would call is told, and everything else still listed.
    void foreignGlobals_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("names");
        const auto call = [](const char *module, const char *name) {
            return global(module, name) + unicode("touch /tmp/quantoscope-was-here") + "\x85R";
        };
        QTest::newRow("none") << QByteArray("N") << "";
        QTest::newRow("os.system") << call("os", "system") << "os.system";
        QTest::newRow("builtins.eval") << call("__builtin__", "eval") << "builtins.eval";
        QTest::newRow("posix.system") << call("posix", "system") << "posix.system";
        QTest::newRow("torch.load") << call("torch", "load") << "torch.load";
        QTest::newRow("several, sorted") << "(" + call("z", "z") + call("a", "b") + call("z", "z") + "t" << "a.b z.z";
        QTest::newRow("by its texts") << QByteArray("\x8c\x02os\x8c\x06system\x93") << "os.system";
        QTest::newRow("a class of somebody") << global("yolo", "Model") + ")\x81" << "yolo.Model";
        QTest::newRow("a layer") << global("torch.nn.modules.linear", "Linear") + ")\x81" << "";
        QTest::newRow("a function among layers")
            << global("torch.nn.modules.utils", "_single") + ")R" << "torch.nn.modules.utils._single";
        QTest::newRow("TorchScript outside of TorchScript") << global("__torch__", "Net") + ")\x81" << "__torch__.Net";
        QTest::newRow("a nested file") << global("torch.storage", "_load_from_bytes") + "C\1x\x85R"
                                       << "torch.storage._load_from_bytes";
    }

    void foreignGlobals()
    {
        QFETCH(QByteArray, value);
        QFETCH(QString, names);
        const auto model = openTorch(m_folder, archive(dictionary({{"evil", value}, {"w", kWhole}})));
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QStringList found;
        for (const std::string &name : (*model)->foreignGlobals)
            found += QString::fromStdString(name);
        QCOMPARE(found.join(' '), names);
        QCOMPARE((*model)->tensors.size(), std::size_t(1));
        QVERIFY(!QFile::exists("/tmp/quantoscope-was-here"));
    }

    /// torch.jit.freeze() leaves no parameter in the module: all weights are constants of its code.
    void frozenScript()
    {
        const QList<ZipEntry> entries{ZipEntry::stored("m/constants/0", floats(12)),
                                      ZipEntry::stored("m/constants.pkl", pickled(QByteArray("(") + kWhole + "t"))};
        const auto model = openTorch(m_folder, archive(object("__torch__", "Net", "}"), entries));
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QVERIFY((*model)->warnings.empty());
        QCOMPARE((*model)->tensors.size(), std::size_t(1));
        QCOMPARE((*model)->tensors[0].name, std::string("constants.0"));
        QCOMPARE((*model)->layers.size(), std::size_t(1));
        QCOMPARE(test::contentOf((*model)->view(0)), floats(12));
    }

    void torchScriptNamesItsOwnTypes()
    {
        const QList<ZipEntry> entries{ZipEntry::stored("m/data/0", floats(12)),
                                      ZipEntry::stored("m/constants.pkl", pickled(")"))};
        const auto model =
            openTorch(m_folder, archive(object("__torch__", "Net", dictionary({{"w", kWhole}})), entries));
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QVERIFY((*model)->foreignGlobals.empty());
    }

    void warnings_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<QString>("message");
        const QByteArray dict = dictionary({{"w", kWhole}});
        const ZipEntry data = ZipEntry::stored("m/data/0", floats(12));
        QTest::newRow("version 99") << archive(dict, {data}, "99") << "the version of the archive is '99'";
        QTest::newRow("version that is no number")
            << archive(dict, {data}, "new") << "the version of the archive is 'new'";
        QTest::newRow("no version") << zipBytes({ZipEntry::stored("m/data.pkl", pickled(dict)), data})
                                    << "no entry 'version'";
        ZipEntry unchecked = ZipEntry::stored("m/data.pkl", pickled(dict));
        unchecked.crc = 0;
        QTest::newRow("no checksums") << zipBytes({unchecked, data, ZipEntry::stored("m/version", "3")})
                                      << "written without checksums";
        QTest::newRow("larger record") << archive(dict, {ZipEntry::stored("m/data/0", floats(13))})
                                       << "1 storages are larger in the archive than the pickle says: 'm/data/0'";
        QTest::newRow("bytes after the pickle") << zipBytes({ZipEntry::stored("m/data.pkl", pickled(dict) + "xyz"),
                                                             data, ZipEntry::stored("m/version", "3")})
                                                << "3 bytes after the pickle";
        QTest::newRow("optimizer") << archive(dictionary({{"opt", dict}, {"model", dict}}))
                                   << "shown are the tensors of 'model'; others are not: 'opt'";
        QTest::newRow("same name") << archive(dictionary({{"w", kWhole}, {"w", kWhole}}))
                                   << "1 tensors had the name of another one and were renamed: 'w'";
        QTest::newRow("no tensors") << archive("}") << "the file holds no tensors";
        QTest::newRow("bytes after the storages")
            << legacy(tensor(oldStorage("7", 2), 0, {2}, {1}), "](" + unicode("7") + "e", little(2, 8) + floats(3))
            << "4 bytes after the last storage";
    }

    void warnings()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(QString, message);
        const auto model = openTorch(m_folder, bytes);
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QCOMPARE((*model)->warnings.size(), std::size_t(1));
        const QString text = QString::fromStdString((*model)->warnings[0].str());
        QVERIFY2(text.contains(message), qPrintable(text));
    }

    void packedEntries()
    {
        const QByteArray value = pickled(dictionary({{"w", tensor(storage("0", 12), 4, {2, 4}, {4, 1})}}));
        const auto model = openTorch(
            m_folder, zipBytes({ZipEntry::packed("m/data.pkl", value), ZipEntry::packed("m/data/0", floats(12)),
                                ZipEntry::packed("m/version", "3\n")}));
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QCOMPARE(test::contentOf((*model)->view(0)), floats(12).mid(16));
        QVERIFY((*model)->warnings.empty());
    }

    /// The index of shards is the same for all formats.
    void shards()
    {
        const QByteArray sparse = tuple({kWhole, kWhole, integers({5, 6})});
        const QByteArray meta = rebuilt("_rebuild_sparse_tensor", {global("torch", "sparse_coo"), sparse});
        const auto write = [&](const char *name, const QByteArray &bytes) {
            QFile file(m_folder.filePath(name));
            return file.open(QIODevice::WriteOnly) && file.write(bytes) == bytes.size();
        };
        QVERIFY(write("1.bin", archive(dictionary({{"a.weight", kWhole}, {"e", global("os", "system") + ")R"}}))));
        QVERIFY(write("2.bin", archive(dictionary({{"b.weight", kWhole}, {"c.weight", kWhole}, {"d.weight", meta}}))));
        QVERIFY(write("m.bin.index.json", R"({"weight_map":{"a.weight":"1.bin","b.weight":"2.bin","c.weight":"2.bin",)"
                                          R"("d.weight":"2.bin"}})"));
        const std::string path = m_folder.filePath("m.bin.index.json").toStdString();
        const auto model = openModel(path, {});
        QVERIFY2(model, model ? "" : model.error().text().c_str());
        QCOMPARE((*model)->format, std::string("pytorch"));
        QCOMPARE((*model)->tensors.size(), std::size_t(4));
        QCOMPARE((*model)->aliases, (std::unordered_map<std::size_t, std::size_t>{{2, 1}}));
        QCOMPARE((*model)->foreignGlobals, std::vector<std::string>{"os.system"});
        QCOMPARE((*model)->tensors[3].encoding, &(*model)->encodings.at(0));
        QCOMPARE((*model)->roles.at(3).reason.str(), std::string("sparse tensors are listed without values"));
        for (std::size_t i = 0; i < 2; ++i)
            QCOMPARE(test::contentOf((*model)->view(i)), floats(12));
        // Shards are of one format.
        QVERIFY(write("2.bin", QByteArray("\2\0\0\0\0\0\0\0{}", 10)));
        const auto mixed = openModel(path, {});
        QVERIFY(!mixed);
        QVERIFY2(mixed.error().message.str().find("this shard is a safetensors file") == 0,
                 mixed.error().text().c_str());
    }

    void oldForm()
    {
        const QByteArray view = tuple({unicode("8"), integer(1), integer(2)});
        const QByteArray value = dictionary({{"a", tensor(oldStorage("7", 2), 0, {2}, {1})},
                                             {"b", tensor(oldStorage("9", 3, view), 1, {1}, {1})},
                                             {"c", tensor(oldStorage("7", 2), 0, {2}, {1})}});
        const QByteArray keys = "](" + unicode("9") + unicode("7") + "e";
        const QByteArray storages = little(3, 8) + floats(3) + little(2, 8) + floats(5).mid(12);
        for (const bool big : {false, true}) {
            const auto model = openTorch(m_folder, legacy(value, keys, storages, "M\xe9\x03",
                                                          dictionary({{"little_endian", big ? "\x89" : "\x88"}})));
            QVERIFY2(model, model ? "" : model.error().text().c_str());
            QCOMPARE((*model)->tensors.size(), std::size_t(3));
            const auto bytesOf = [&](std::size_t i) { return test::contentOf((*model)->view(i)); };
            QCOMPARE(bytesOf(0), floats(5).mid(12));
            QCOMPARE(bytesOf(1), floats(3).mid(8));
            QCOMPARE((*model)->tensors[0].bigEndian, big);
            QCOMPARE((*model)->aliases, (std::unordered_map<std::size_t, std::size_t>{{2, 0}}));
        }
    }

private:
    QTemporaryDir m_folder;
};

QTEST_GUILESS_MAIN(TestTorchFile)
#include "tst_formats_torch.moc"
