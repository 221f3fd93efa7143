// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/checks/source_rules.h"

#include "tests/checks/source_tree.h"

#include <QRegularExpression>

#include <array>

namespace {

/// Floors of a layer from the ground up; rooms beside each other on one floor do not include each other either.
struct Layer {
    const char *folder;
    const char *readme;
    std::vector<QStringList> floors;
};

const std::vector<Layer> &layers()
{
    static const std::vector<Layer> kLayers{
        {"core",
         "core/README.md",
         {{"base"},
          {"kernels"},
          {"tensor"},
          {"parse", "scheme"},
          {"model", "metrics"},
          {"quant"},
          {"network", "recipe"},
          {"layers"},
          {"formats"},
          {"eval"},
          {"analysis"},
          {"export"},
          {"tools"},
          {"search"},
          {"reports"},
          {"lessons"},
          {"shards"}}},
        {"ui",
         "ui/README.md",
         {{"theme", "text", "tasks"},
          {"selection", "settings", "actions"},
          {"document"},
          {"models"},
          {"plots"},
          {"widgets"},
          {"pages"},
          {"window"}}},
    };
    return kLayers;
}

int floorOf(const Layer &layer, const QString &room)
{
    for (std::size_t i = 0; i < layer.floors.size(); ++i)
        if (layer.floors[i].contains(room))
            return static_cast<int>(i);
    return -1;
}

/// Room of a path inside a layer: "core/quant/x.h" is in "quant"; empty for files of the layer itself.
QString roomOf(const QString &path)
{
    return path.count(u'/') > 1 ? path.section(u'/', 1, 1) : QString();
}

void checkIncludes(const Layer &layer, const SourceFile &file, QStringList &broken)
{
    const QString room = roomOf(file.path);
    if (room.isEmpty())
        return;
    const int floor = floorOf(layer, room);
    if (floor < 0) {
        broken << file.fault(1, QStringLiteral("room %1 is on no floor; give it one").arg(room));
        return;
    }
    static const QRegularExpression kInclude(QStringLiteral(R"(^\s*#\s*include\s*"(\w+)/(\w+)/)"));
    for (qsizetype i = 0; i < file.lines.size(); ++i) {
        const auto match = kInclude.match(file.lines[i]);
        if (!match.hasMatch() || match.captured(1) != QLatin1String(layer.folder) || match.captured(2) == room)
            continue;
        const int other = floorOf(layer, match.captured(2));
        if (other < 0 || other >= floor)
            broken << file.fault(i + 1,
                                 QStringLiteral("%1 includes %2, which is not below it").arg(room, match.captured(2)));
    }
}

/// The table of a layer's README names each room that exists, from the top floor down, and no other.
void checkReadme(const Layer &layer, const SourceTree &tree, QStringList &broken)
{
    QStringList rooms;
    for (const SourceFile &file : tree.files()) {
        const QString room = roomOf(file.path);
        if (file.path.startsWith(QLatin1String(layer.folder) + u'/') && !room.isEmpty() && !rooms.contains(room))
            rooms << room;
    }
    const SourceFile *readme = tree.find(QLatin1String(layer.readme));
    if (!readme) {
        if (rooms.size() > 2) // trees of tests have one or two
            broken << QStringLiteral("%1:1: missing; it lists the floors").arg(QLatin1String(layer.readme));
        return;
    }
    static const QRegularExpression kRow(QStringLiteral(R"(^\| `(\w+)/?` \|)"));
    int last = static_cast<int>(layer.floors.size());
    for (qsizetype i = 0; i < readme->lines.size(); ++i) {
        const auto match = kRow.match(readme->lines[i]);
        if (!match.hasMatch())
            continue;
        const QString room = match.captured(1);
        const int floor = floorOf(layer, room);
        if (floor < 0 || !rooms.removeOne(room))
            broken << readme->fault(i + 1, QStringLiteral("lists the room %1, which is not there").arg(room));
        else if (floor > last)
            broken << readme->fault(i + 1, QStringLiteral("lists %1 below rooms that it may not include").arg(room));
        else
            last = floor;
    }
    for (const QString &room : std::as_const(rooms))
        broken << readme->fault(1, QStringLiteral("does not list the room %1").arg(room));
}

} // namespace

void checkFloors(const SourceTree &tree, QStringList &broken)
{
    for (const Layer &layer : layers()) {
        for (const SourceFile &file : tree.files())
            if (file.isSource() && file.path.startsWith(QLatin1String(layer.folder) + u'/'))
                checkIncludes(layer, file, broken);
        checkReadme(layer, tree, broken);
    }
}
