// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/layer_groups.h"

#include <QHash>

#include <algorithm>

namespace qs::ui {

namespace {

constexpr qsizetype kFewNames = 60; // that a person reads at once

bool isDivider(QChar letter)
{
    return letter == u'.' || letter == u'/';
}

qsizetype commonBegin(const QString &a, const QString &b)
{
    return std::ranges::mismatch(a, b).in1 - a.begin();
}

qsizetype commonEnd(const QString &a, const QString &b)
{
    const auto place = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend());
    return place.first - a.rbegin();
}

} // namespace

QString groupOfName(const QString &name)
{
    qsizetype withDigit = -1;
    qsizetype last = -1;
    for (qsizetype begin = 0, i = 0; i < name.size(); ++i) {
        if (!isDivider(name[i]))
            continue;
        const QStringView part = QStringView(name).mid(begin, i - begin);
        const auto isDigit = [](QChar letter) { return letter.isDigit(); };
        if (!part.isEmpty() && std::ranges::all_of(part, isDigit))
            return name.left(i);
        if (withDigit < 0 && std::ranges::any_of(part, isDigit))
            withDigit = i;
        last = i;
        begin = i + 1;
    }
    return name.left(std::max<qsizetype>(withDigit >= 0 ? withDigit : last, 0));
}

bool areGroupsUseful(const QStringList &names)
{
    if (names.size() < kFewNames)
        return false;
    QHash<QString, qsizetype> sizes;
    for (const QString &name : names)
        ++sizes[groupOfName(name)];
    qsizetype grouped = 0;
    for (auto group = sizes.cbegin(); group != sizes.cend(); ++group)
        if (!group.key().isEmpty() && group.value() > 1)
            grouped += group.value();
    return sizes.size() > 1 && grouped * 2 > names.size();
}

std::vector<NameSpan> differingSpans(const QStringList &names)
{
    std::vector<NameSpan> spans;
    for (qsizetype i = 0; i < names.size(); ++i) {
        const QString &name = names[i];
        qsizetype begin = 0;
        qsizetype end = 0;
        for (const qsizetype other : {i - 1, i + 1}) {
            if (other < 0 || other >= names.size())
                continue;
            begin = std::max(begin, commonBegin(name, names[other]));
            end = std::max(end, commonEnd(name, names[other]));
        }
        qsizetype last = name.size() - end;
        begin = std::min(begin, name.size());
        while (begin > 0 && !isDivider(name[begin - 1]))
            --begin;
        // "a.1.b" beside "a.11.b" has its digit in both.
        last = std::max(last, std::min(begin + 1, name.size()));
        while (last < name.size() && !isDivider(name[last]))
            ++last;
        spans.push_back({static_cast<int>(begin), static_cast<int>(last)});
    }
    return spans;
}

} // namespace qs::ui
