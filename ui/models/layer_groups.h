// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Groups of layers by the beginning of their names: "model.layers.0" for all layers of a block.
#pragma once

#include <QString>
#include <QStringList>

#include <vector>

namespace qs::ui {

/// What a name has in common with the others of its block: up to its first part that is a number, else up to the first
/// one with a digit, else all but the last part; parts are divided by dots and slashes. Empty for names of one part.
QString groupOfName(const QString &name);

/// Whether groups help to read such a list: many names, of which most share a group that is not that of all.
bool areGroupsUseful(const QStringList &names);

/// The part of each name that its neighbours in the list do not have, widened to whole parts of names.
struct NameSpan {
    int begin = 0;
    int end = 0;
};
std::vector<NameSpan> differingSpans(const QStringList &names);

/// The name with `…` where letters are left out, so that it has at most the width that `widthOf` measures: the span
/// stays as long as it has room, then all that comes after it, what stands before it, and last some of what comes
/// after.
template <class WidthOf> QString shortenedAround(const QString &name, NameSpan span, double room, WidthOf widthOf)
{
    if (widthOf(name) <= room)
        return name;
    const auto size = static_cast<int>(name.size());
    const auto piece = [&](int begin, int end) {
        return (begin > 0 ? QStringLiteral("…") : QString()) + name.mid(begin, end - begin) +
               (end < size ? QStringLiteral("…") : QString());
    };
    // The longest that fits, of pieces that grow from `fewest` to `most` letters.
    const auto longest = [&](int fewest, int most, auto make) {
        while (fewest < most) {
            const int middle = (fewest + most + 1) / 2;
            if (widthOf(make(middle)) <= room)
                fewest = middle;
            else
                most = middle - 1;
        }
        return fewest;
    };
    if (widthOf(piece(span.begin, span.end)) > room) {
        const int kept = longest(0, span.end - span.begin, [&](int n) { return piece(span.end - n, span.end); });
        return piece(span.end - kept, span.end);
    }
    if (widthOf(piece(span.begin, size)) <= room)
        span.end = size;
    const int before = longest(0, span.begin, [&](int n) { return piece(span.begin - n, span.end); });
    const int begin = span.begin - before;
    const int after = longest(0, size - span.end, [&](int n) { return piece(begin, span.end + n); });
    return piece(begin, span.end + after);
}

} // namespace qs::ui
