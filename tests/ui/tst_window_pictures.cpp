// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Every page as a picture, to be looked at: scenes × pages × themes × sizes × languages. Only where
// QUANTOSCOPE_PICTURES names a folder, which tests/ui/pictures does; it takes minutes.
#include "tests/support/gguf_bytes.h"
#include "tests/support/test_model.h"
#include "tests/ui/window_test.h"
#include "tests/ui/window_under_test.h"
#include "ui/actions/action_registry.h"
#include "ui/document/commands.h"
#include "ui/selection/selection.h"
#include "ui/text/translation.h"
#include "ui/theme/theme.h"

#include <QDir>
#include <QFileInfo>
#include <QProcess>
#include <QScopeGuard>

using namespace qs;
using namespace qs::test;
using namespace qs::ui;

namespace {

constexpr QSize kSizes[] = {{1440, 900}, {1366, 768}, {1024, 700}};
constexpr int kPatience = 600'000; // milliseconds: real networks in unoptimised builds
constexpr int kBlocks = 286;       // of seven layers: 2,002

QString modelsFolder()
{
    return qEnvironmentVariable("QUANTOSCOPE_MODELS");
}

void changeBits(Setup &setup, int bits)
{
    Scheme scheme = setup.recipe().scheme;
    scheme.bits = bits;
    changeScheme(setup, scheme);
}

/// Names and proportions of a language model, with tiny matrices.
QByteArray languageModel()
{
    std::vector<FloatTensor> tensors;
    std::uint32_t seed = 1;
    for (int block = 0; block < kBlocks; ++block) {
        const std::string start = "model.layers." + std::to_string(block);
        for (const char *name : {".self_attn.q_proj", ".self_attn.k_proj", ".self_attn.v_proj", ".self_attn.o_proj",
                                 ".mlp.gate_proj", ".mlp.up_proj", ".mlp.down_proj"}) {
            const float size = 0.02F + 0.001F * static_cast<float>(block % 40);
            tensors.push_back({start + name + ".weight", {16, 32}, randomValues(512, seed++, size)});
        }
    }
    return safetensorsBytes(tensors);
}

/// Four matrices of floats, as a file that llama.cpp could have written.
QByteArray floatGguf()
{
    GgufFile file;
    file.keys = {textKey("general.name", "four matrices")};
    for (std::uint32_t i = 0; i < 4; ++i) {
        file.tensors.push_back({"blk." + std::to_string(i) + ".ffn_up.weight",
                                {128, 64},
                                0,
                                static_cast<std::uint64_t>(file.data.size())});
        file.data += floatBytes(randomValues(128 * 64, i + 1, 0.1F * static_cast<float>(i + 1)));
    }
    return file.bytes();
}

} // namespace

class TestWindowPictures : public WindowTest
{
    Q_OBJECT
private slots:
    void scenes_data();
    void scenes();

private:
    bool isIdle(WindowUnderTest &t) const;
    void take(WindowUnderTest &t, const QString &scene, const QStringList &pages);
    QString exported(const QTemporaryDir &folder, const QString &model, const QString &name) const;

    const QString m_folder = qEnvironmentVariable("QUANTOSCOPE_PICTURES");
};

void TestWindowPictures::scenes_data()
{
    QTest::addColumn<QString>("model"); // a name below QUANTOSCOPE_MODELS, demo:…, "bad", "llm", "gguf", or nothing
    QTest::addColumn<int>("bits");
    QTest::addColumn<QString>("other"); // "copy", "gguf", "onnx", or nothing
    QTest::addColumn<QString>("language");
    const QString cnn = QStringLiteral("face_slim_320.onnx");
    QTest::newRow("start") << QString() << 8 << QString() << "en";
    QTest::newRow("error") << "bad" << 8 << QString() << "en";
    QTest::newRow("digits") << "demo:digits" << 8 << QString() << "en";
    QTest::newRow("digits-a-b") << "demo:digits" << 3 << "copy" << "en";
    QTest::newRow("gguf-gguf") << "gguf" << 4 << "gguf" << "en";
    QTest::newRow("cnn") << cnn << 4 << QString() << "en";
    QTest::newRow("cnn-onnx") << cnn << 4 << "onnx" << "en";
    QTest::newRow("language-model") << "llm" << 4 << "copy" << "en";
    QTest::newRow("chinese-start") << QString() << 8 << QString() << "zh_CN";
    QTest::newRow("chinese") << "demo:digits" << 3 << "copy" << "zh_CN";
}

bool TestWindowPictures::isIdle(WindowUnderTest &t) const
{
    // Plots repaint queued; the status line says "Ready" a moment later.
    for (int look = 0; look < 2; ++look) {
        QTest::qWait(150);
        if (!QTest::qWaitFor([&] { return !t.document->tasks().foremost() && !t.document->isOpening(); }, kPatience))
            return false;
    }
    return true;
}

void TestWindowPictures::take(WindowUnderTest &t, const QString &scene, const QStringList &pages)
{
    for (const QSize size : kSizes) {
        t.window->setDefaultSize(size);
        for (const QString &page : pages) {
            if (!page.isEmpty())
                QVERIFY2(t.window->showTab(page), qPrintable(page));
            for (const bool dark : {false, true}) {
                ThemeManager::instance().setDark(dark);
                QVERIFY(isIdle(t));
                const QString name = QStringLiteral("%1-%2-%3-%4.png")
                                         .arg(scene, page.isEmpty() ? QStringLiteral("whole") : page)
                                         .arg(size.width())
                                         .arg(dark ? QStringLiteral("dark") : QStringLiteral("light"));
                QVERIFY2(t.window->grab().save(QDir(m_folder).filePath(name)), qPrintable(name));
            }
        }
    }
    ThemeManager::instance().setDark(false);
}

/// What the command line writes of the model, four bits where the format has them.
QString TestWindowPictures::exported(const QTemporaryDir &folder, const QString &model, const QString &name) const
{
    const QString path = folder.filePath(name);
    QStringList arguments{QStringLiteral("quantize"), model, QStringLiteral("-o"), path};
    if (name.endsWith(QLatin1String(".gguf")))
        arguments << QStringLiteral("--convention") << QStringLiteral("gguf-q8_0");
    QProcess process;
    process.start(QStringLiteral(QUANTOSCOPE_CLI), arguments);
    if (!process.waitForFinished(kPatience) || process.exitCode() != 0)
        qWarning("%s", process.readAllStandardError().constData());
    return path;
}

void TestWindowPictures::scenes()
{
    if (m_folder.isEmpty())
        QSKIP("QUANTOSCOPE_PICTURES names no folder to write pictures into");
    QFETCH(const QString, model);
    QFETCH(const int, bits);
    QFETCH(const QString, other);
    QFETCH(const QString, language);
    const QString scene = QString::fromLatin1(QTest::currentDataTag());
    text::setLanguage(language);
    const auto back = qScopeGuard([] { text::setLanguage(QStringLiteral("en")); });
    WindowUnderTest t;
    QString path = model;
    if (model == QLatin1String("bad"))
        path = QString::fromStdString(writeFile(t.folder, "model.onnx", "This is no model, but plain text.\n"));
    else if (model == QLatin1String("llm"))
        path = QString::fromStdString(writeFile(t.folder, "llama-like.safetensors", languageModel()));
    else if (model == QLatin1String("gguf"))
        path = QString::fromStdString(writeFile(t.folder, "a.gguf", floatGguf()));
    else if (model.endsWith(QLatin1String(".onnx")))
        path = QDir(modelsFolder()).filePath(model);
    if (model.endsWith(QLatin1String(".onnx")) && (modelsFolder().isEmpty() || !QFileInfo::exists(path)))
        QSKIP("QUANTOSCOPE_MODELS does not hold that model");
    if (!path.isEmpty())
        t.window->openModel(path);
    QVERIFY(isIdle(t));
    if (!t.document->model())
        return take(t, scene, {QString()});
    changeBits(*t.setup, bits);
    QVERIFY(isIdle(t));
    if (other == QLatin1String("copy")) {
        t.document->sideB().copyFromA();
        changeBits(*t.setup, 8);
        changeOverrides(*t.setup, {1},
                        [](SchemePatch &patch) { patch.granularity = Granularity{Granularity::Kind::Group, 16}; });
    } else if (!other.isEmpty()) {
        t.document->sideB().openFile(exported(t.folder, path, QStringLiteral("b.") + other));
    }
    QVERIFY(isIdle(t));
    t.find<Selection>("selection")->setCurrent(1, 3);
    QVERIFY(isIdle(t));
    take(t, scene,
         {"overview", "network", "channels", "weights", "codes", "numberLine", "clipping", "compare", "budget", "rules",
          "file"});
    if (other.isEmpty()) {
        t.find<ActionRegistry>("actions")->trigger("model.export");
        take(t, scene + QStringLiteral("-export"), {QString()});
    }
}

QTEST_MAIN(TestWindowPictures)
#include "tst_window_pictures.moc"
