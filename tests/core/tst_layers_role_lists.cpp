// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Names of tensors of real families of models against roles that were decided by hand (tests/data/roles).
#include "core/layers/roles.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <algorithm>
#include <chrono>
#include <numeric>

using namespace qs;

namespace {

constexpr const char *kFolder = QUANTOSCOPE_SOURCE_DIR "/tests/data/roles";

struct Expected {
    QString role;
    bool layer = false;
    bool kept = false;
    int axis = 0;
    int stack = 0;
    QString of;
};

bool isLayerByRole(const QString &role)
{
    return QStringList{"linear", "convolution", "recurrent", "embedding", "stack"}.contains(role);
}

struct List {
    std::vector<TensorInfo> tensors;
    std::vector<Expected> expected;
};

/// Reads one file of the folder; the format is in its README.
List readList(const QString &file)
{
    List list;
    QFile source(QString(kFolder) + "/" + file);
    if (!source.open(QIODevice::ReadOnly | QIODevice::Text))
        qFatal("cannot read %s", qPrintable(file));
    for (const QString &line : QString::fromUtf8(source.readAll()).split('\n', Qt::SkipEmptyParts)) {
        if (line.startsWith('#'))
            continue;
        const QStringList words = line.split(' ', Qt::SkipEmptyParts);
        if (words.size() < 4)
            qFatal("%s: a line has fewer than four words: %s", qPrintable(file), qPrintable(line));
        TensorInfo tensor;
        tensor.name = words[1].toStdString();
        const auto type = dtypeFromName(words[2].toStdString());
        if (!type)
            qFatal("%s: unknown type %s", qPrintable(file), qPrintable(words[2]));
        tensor.dtype = *type;
        if (words[3] != "-")
            for (const QString &size : words[3].split('x'))
                tensor.shape.push_back(size.toULongLong());
        list.tensors.push_back(std::move(tensor));
        Expected expected;
        expected.role = QString(words[0]).remove('!');
        expected.layer = words[0].endsWith('!') || isLayerByRole(words[0]);
        for (const QString &word : words.mid(4)) {
            if (word == "kept")
                expected.kept = true;
            else if (word.startsWith("axis="))
                expected.axis = word.mid(5).toInt();
            else if (word.startsWith("stack="))
                expected.stack = word.mid(6).toInt();
            else if (word.startsWith("of="))
                expected.of = word.mid(3);
            else
                qFatal("%s: unknown word %s", qPrintable(file), qPrintable(word));
        }
        list.expected.push_back(std::move(expected));
    }
    return list;
}

std::vector<std::size_t> orderOf(const std::vector<TensorInfo> &tensors)
{
    std::vector<std::size_t> order(tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::sort(order, {}, [&](std::size_t i) -> std::string_view { return tensors[i].name; });
    return order;
}

QString text(std::string_view view)
{
    return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size()));
}

} // namespace

class TestRoleLists : public QObject
{
    Q_OBJECT

private slots:
    void families_data()
    {
        QTest::addColumn<QString>("file");
        const QStringList files = QDir(kFolder).entryList({"*.txt"}, QDir::Files, QDir::Name);
        QVERIFY(files.size() >= 30);
        for (const QString &file : files)
            QTest::newRow(qPrintable(file)) << file;
    }

    void families()
    {
        QFETCH(QString, file);
        const List list = readList(file);
        QVERIFY(!list.tensors.empty());
        const auto roles = namedRoles(list.tensors, orderOf(list.tensors));
        QCOMPARE(roles.size(), list.tensors.size());
        QStringList wrong;
        for (std::size_t i = 0; i < roles.size(); ++i) {
            const NamedRole &role = roles[i];
            const Expected &expected = list.expected[i];
            const QString of = role.of == NamedRole::kNone ? QString() : text(list.tensors[role.of].name);
            const bool same = text(textOf(role.role)) == expected.role && role.op.has_value() == expected.layer &&
                              role.keptByDefault == expected.kept &&
                              (!role.op || (role.channelAxis == expected.axis && role.stackAxes == expected.stack)) &&
                              (expected.of.isEmpty() || of == expected.of) && std::string_view(role.reason.text) != "";
            if (!same)
                wrong << QString("%1: %2%3%4 axis %5 stack %6 of %7, expected %8%9 axis %10 of %11")
                             .arg(text(list.tensors[i].name), text(textOf(role.role)), role.op ? "!" : "",
                                  role.keptByDefault ? " kept" : "")
                             .arg(role.channelAxis)
                             .arg(role.stackAxes)
                             .arg(of, expected.role, expected.layer ? "!" : "")
                             .arg(expected.axis)
                             .arg(expected.of);
        }
        QVERIFY2(wrong.isEmpty(), qPrintable("\n" + wrong.join("\n")));
    }

    /// Twice the tensors take about twice the time: no row looks at more than the neighbours of a tensor.
    void timeIsLinear()
    {
        const auto seconds = [](int blocks) {
            std::vector<TensorInfo> tensors;
            for (int i = 0; i < blocks; ++i)
                for (const char *leaf : {"qweight", "qzeros", "scales", "g_idx", "bias", "zero_points", "biases"}) {
                    TensorInfo tensor;
                    tensor.name = QString("model.layers.%1.mlp.down_proj.%2").arg(i).arg(leaf).toStdString();
                    tensor.shape = {4, 4};
                    tensor.dtype = DType::F16;
                    tensors.push_back(std::move(tensor));
                }
            const auto order = orderOf(tensors);
            double best = 1e9;
            for (int run = 0; run < 3; ++run) {
                const auto start = std::chrono::steady_clock::now();
                if (namedRoles(tensors, order).size() != tensors.size())
                    return 1e9;
                best = std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
            }
            return best;
        };
        const double small = seconds(1000);
        const double large = seconds(8000);
        QVERIFY2(large < 8 * 2.5 * small, qPrintable(QString("%1 s and %2 s").arg(small).arg(large)));
    }
};

QTEST_GUILESS_MAIN(TestRoleLists)
#include "tst_layers_role_lists.moc"
