// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lessons/explanation.h"

#include "core/lessons/json_text.h"
#include "core/parse/json.h"

#include <algorithm>

namespace qs {
namespace {

constexpr std::size_t kMostEntries = 1000;

bool takeNumbers(const json::Value &object, std::vector<std::string> &target)
{
    const json::Value *list = object.find("numbers");
    if (list == nullptr)
        return true;
    if (list->kind != json::Kind::Array || list->items.size() > LessonLimits::kList)
        return false;
    for (const json::Value &item : list->items) {
        if (item.kind != json::Kind::String || item.text.size() > LessonLimits::kText)
            return false;
        target.push_back(item.text);
    }
    return true;
}

bool takeStep(const json::Value &object, std::size_t &target)
{
    const json::Value *step = object.find("step");
    if (step == nullptr)
        return true;
    if (step->kind != json::Kind::Unsigned || step->number < 1 || step->number > LessonLimits::kSteps)
        return false;
    target = step->number - 1;
    return true;
}

bool takeEntry(const json::Value &object, Explanation &entry)
{
    return object.kind == json::Kind::Object && takeText(object, "id", entry.id) &&
           takeText(object, "en", entry.name.english) && takeText(object, "zh_CN", entry.name.chinese) &&
           takeText(object, "en_meaning", entry.meaning.english) &&
           takeText(object, "zh_CN_meaning", entry.meaning.chinese) && takeText(object, "formula", entry.formula) &&
           takeText(object, "value", entry.value) && takeText(object, "term", entry.term) &&
           takeText(object, "lesson", entry.lesson) && takeNumbers(object, entry.numbers) &&
           takeStep(object, entry.step) && !entry.id.empty() && !entry.name.empty() && !entry.meaning.empty();
}

} // namespace

Result<std::vector<Explanation>> explanationsFromJson(std::string_view text, const std::string &where)
{
    if (text.size() > LessonLimits::kBytes)
        return fail(ErrorCode::Input, Text::of("a list of explanations of {} bytes is too large", text.size()), where);
    QS_ASSIGN(const json::Value root, json::parse(text, where));
    const json::Value *values = root.find("values");
    if (root.find("quantoscope_explanations") == nullptr || values == nullptr || values->kind != json::Kind::Array ||
        values->items.size() > kMostEntries)
        return fail(
            ErrorCode::Input,
            Text::of("explanations need 'quantoscope_explanations' and 'values', an array of at most {}", kMostEntries),
            where);
    std::vector<Explanation> result;
    for (const json::Value &item : values->items)
        if (!takeEntry(item, result.emplace_back()))
            return fail(ErrorCode::Input,
                        Text::of("explanation {} needs the texts 'id', 'en', 'en_meaning', and may have 'zh_CN', "
                                 "'zh_CN_meaning', 'formula', 'numbers', 'value', 'term', 'lesson' and 'step'",
                                 result.size()),
                        where);
    return result;
}

std::vector<TemplatePart> templateParts(std::string_view text)
{
    std::vector<TemplatePart> parts;
    while (true) {
        const std::size_t begin = text.find('{');
        const std::size_t end = begin == std::string_view::npos ? begin : text.find('}', begin);
        TemplatePart &part = parts.emplace_back();
        if (end == std::string_view::npos) {
            part.before = std::string(text);
            return parts;
        }
        part.before = std::string(text.substr(0, begin));
        const std::string_view place = text.substr(begin + 1, end - begin - 1);
        const std::size_t colon = place.find(':');
        part.name = std::string(place.substr(0, colon));
        part.form = colon == std::string_view::npos ? std::string("plain") : std::string(place.substr(colon + 1));
        text.remove_prefix(end + 1);
    }
}

const std::string *filledTemplate(const Explanation &explanation, const ExplainedPlace &place)
{
    const auto exists = [&](const TemplatePart &part) {
        return part.name.empty() || explainedValue(part.name, place).has_value();
    };
    for (const std::string &text : explanation.numbers)
        if (std::ranges::all_of(templateParts(text), exists))
            return &text;
    return nullptr;
}

} // namespace qs
