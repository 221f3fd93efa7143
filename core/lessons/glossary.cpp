// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lessons/glossary.h"

#include "core/lessons/json_text.h"
#include "core/parse/json.h"

namespace qs {
namespace {

constexpr std::size_t kMostTerms = 1000;

/// {"en", "zh_CN", "en_meaning", "zh_CN_meaning", "lesson"}.
bool takeTerm(const json::Value &object, GlossaryTerm &term)
{
    return object.kind == json::Kind::Object && takeText(object, "en", term.term.english) &&
           takeText(object, "zh_CN", term.term.chinese) && takeText(object, "en_meaning", term.meaning.english) &&
           takeText(object, "zh_CN_meaning", term.meaning.chinese) && takeText(object, "lesson", term.lesson) &&
           !term.term.english.empty() && !term.term.chinese.empty();
}

} // namespace

Result<std::vector<GlossaryTerm>> glossaryFromJson(std::string_view text, const std::string &where)
{
    if (text.size() > LessonLimits::kBytes)
        return fail(ErrorCode::Input, Text::of("a glossary of {} bytes is too large", text.size()), where);
    QS_ASSIGN(const json::Value root, json::parse(text, where));
    const json::Value *terms = root.find("terms");
    if (root.find("quantoscope_glossary") == nullptr || terms == nullptr || terms->kind != json::Kind::Array ||
        terms->items.size() > kMostTerms)
        return fail(ErrorCode::Input,
                    Text::of("a glossary needs 'quantoscope_glossary' and 'terms', an array of at most {}", kMostTerms),
                    where);
    std::vector<GlossaryTerm> result;
    for (const json::Value &item : terms->items)
        if (!takeTerm(item, result.emplace_back()))
            return fail(ErrorCode::Input,
                        Text::of("term {} needs the texts 'en' and 'zh_CN', and may have 'en_meaning', "
                                 "'zh_CN_meaning' and 'lesson'",
                                 result.size()),
                        where);
    return result;
}

} // namespace qs
