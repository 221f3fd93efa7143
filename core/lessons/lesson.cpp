// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lessons/lesson.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/model_location.h"
#include "core/lessons/lesson_names.h"
#include "core/recipe/recipe_json.h"

#include <algorithm>
#include <cmath>
#include <ranges>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qs {
namespace {

using json::Kind;

/// Reads a lesson and knows the path to the value at hand, for messages.
class LessonReader
{
public:
    explicit LessonReader(const std::string &where)
        : m_where(where)
    {}

    Result<Lesson> read(const json::Value &root);

private:
    using Keys = std::vector<std::string_view>;

    std::unexpected<Error> wrong(Text message) const { return fail(ErrorCode::Input, std::move(message), m_where); }
    Result<void> isA(const json::Value &value, Kind kind, std::string_view what) const;
    Result<void> onlyKeys(const json::Value &object, std::string_view what, const Keys &known) const;
    Result<void> text(const json::Value &object, std::string_view key, std::string &target) const;
    Result<void> name(const json::Value &object, std::string_view key, std::string &target) const;
    Result<void> names(const json::Value &object, std::string_view key, std::vector<std::string> &target) const;
    Result<void> words(const json::Value &object, std::string_view key, LessonWords &target) const;
    Result<void> wordsOf(const json::Value &value, std::string_view key, LessonWords &target) const;
    Result<double> numberOf(const json::Value &value, std::string_view key) const;
    template <class T> Result<void> number(const json::Value &object, std::string_view key, T &target) const;
    Result<void> flag(const json::Value &object, std::string_view key, bool &target) const;
    Result<const json::Value *> list(const json::Value &object, std::string_view key) const;

    Result<LessonStep> step(const json::Value &value);
    Result<void> model(const json::Value &object, LessonStep &step) const;
    Result<void> slips(const json::Value &object, LessonState &state) const;
    Result<void> state(const json::Value &object, LessonState &state) const;
    Result<LessonWalk> walk(const json::Value &object) const;
    Result<LessonQuestion> question(const json::Value &object) const;
    Result<LessonNumber> lessonNumber(const json::Value &object, std::string_view what) const;
    Result<void> places(const LessonWords &words, std::size_t numbers) const;

    std::string m_where;
};

Result<void> LessonReader::isA(const json::Value &value, Kind kind, std::string_view what) const
{
    if (value.kind == kind)
        return {};
    return wrong(Text::of("'{}' must be {}, not {}", what, json::describe(kind), json::describe(value.kind)));
}

Result<void> LessonReader::onlyKeys(const json::Value &object, std::string_view what, const Keys &known) const
{
    QS_CHECK(isA(object, Kind::Object, what));
    for (const auto &[key, value] : object.members)
        if (std::ranges::find(known, key) == known.end())
            return wrong(Text::of("unknown key {} in '{}'; known: {}", inQuotes(key), what,
                                  fmt::format("{}", fmt::join(known, ", "))));
    return {};
}

Result<void> LessonReader::text(const json::Value &object, std::string_view key, std::string &target) const
{
    const json::Value *value = object.find(key);
    if (value == nullptr)
        return {};
    QS_CHECK(isA(*value, Kind::String, key));
    if (value->text.size() > LessonLimits::kText)
        return wrong(Text::of("'{}' has {} bytes, at most {} are read", key, value->text.size(), LessonLimits::kText));
    target = value->text;
    return {};
}

/// Letters, digits and ._:-/ only: ids, object names, pointers.
Result<void> LessonReader::name(const json::Value &object, std::string_view key, std::string &target) const
{
    QS_CHECK(text(object, key, target));
    const auto isPlain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view("._:-/").find(c) != std::string_view::npos;
    };
    if (!std::ranges::all_of(target, isPlain))
        return wrong(Text::of("'{}' may hold letters, digits and ._:-/ only, not {}", key, inQuotes(target)));
    return {};
}

Result<const json::Value *> LessonReader::list(const json::Value &object, std::string_view key) const
{
    const json::Value *value = object.find(key);
    if (value == nullptr)
        return value;
    QS_CHECK(isA(*value, Kind::Array, key));
    if (value->items.size() > LessonLimits::kList)
        return wrong(
            Text::of("'{}' has {} entries, at most {} are read", key, value->items.size(), LessonLimits::kList));
    return value;
}

Result<void> LessonReader::names(const json::Value &object, std::string_view key,
                                 std::vector<std::string> &target) const
{
    QS_ASSIGN(const json::Value *value, list(object, key));
    if (value == nullptr)
        return {};
    for (const json::Value &item : value->items) {
        json::Value holder;
        holder.kind = Kind::Object;
        holder.members.push_back({std::string(key), item});
        std::string one;
        QS_CHECK(name(holder, key, one));
        target.push_back(std::move(one));
    }
    return {};
}

Result<void> LessonReader::wordsOf(const json::Value &value, std::string_view key, LessonWords &target) const
{
    QS_CHECK(onlyKeys(value, key, {"en", "zh_CN"}));
    QS_CHECK(text(value, "en", target.english));
    QS_CHECK(text(value, "zh_CN", target.chinese));
    if (target.empty())
        return wrong(Text::of("'{}' has no words, expected 'en' or 'zh_CN'", key));
    return {};
}

Result<void> LessonReader::words(const json::Value &object, std::string_view key, LessonWords &target) const
{
    const json::Value *value = object.find(key);
    return value == nullptr ? Result<void>() : wordsOf(*value, key, target);
}

Result<double> LessonReader::numberOf(const json::Value &value, std::string_view key) const
{
    switch (value.kind) {
    case Kind::Unsigned:
        return static_cast<double>(value.number);
    case Kind::Signed:
        return static_cast<double>(value.negative);
    case Kind::Float:
        if (std::isfinite(value.real))
            return value.real;
        break;
    default:
        break;
    }
    return wrong(Text::of("'{}' must be a number", key));
}

template <class T> Result<void> LessonReader::number(const json::Value &object, std::string_view key, T &target) const
{
    const json::Value *value = object.find(key);
    if (value == nullptr)
        return {};
    QS_ASSIGN(const double found, numberOf(*value, key));
    constexpr double kMost = 1e9;
    if (std::fabs(found) > kMost || (std::integral<T> && found != std::trunc(found)))
        return wrong(Text::of("'{}' is {}, which it cannot be", key, found));
    target = static_cast<T>(found);
    return {};
}

Result<void> LessonReader::flag(const json::Value &object, std::string_view key, bool &target) const
{
    const json::Value *value = object.find(key);
    if (value == nullptr)
        return {};
    QS_CHECK(isA(*value, Kind::Bool, key));
    target = value->boolean;
    return {};
}

/// A built-in model, or the name of a file beside the lesson: no path leads anywhere else.
Result<void> LessonReader::model(const json::Value &object, LessonStep &step) const
{
    QS_CHECK(text(object, "model", step.model));
    const bool isPath = step.model.find_first_of("/\\") != std::string::npos || step.model == ".." ||
                        step.model == "." || step.model.find('\0') != std::string::npos;
    if (isPath)
        return wrong(Text::of("'model' is {}, expected demo:NAME or the name of a file beside the lesson",
                              inQuotes(step.model)));
    return {};
}

Result<void> LessonReader::slips(const json::Value &object, LessonState &state) const
{
    std::vector<std::string> found;
    QS_CHECK(names(object, "slips", found));
    for (const std::string &slip : found) {
        const auto row = std::ranges::find(kSlips, slip, &SlipName::name);
        if (row == std::end(kSlips))
            return wrong(Text::of("unknown slip {}; known: {}", inQuotes(slip),
                                  fmt::format("{}", fmt::join(kSlips | std::views::transform(&SlipName::name), ", "))));
        state.slips.*row->member = true;
    }
    return {};
}

Result<LessonWalk> LessonReader::walk(const json::Value &object) const
{
    QS_CHECK(onlyKeys(object, "walk",
                      {"value", "scale", "bits", "narrow", "asymmetric", "zero_point", "step", "low", "high"}));
    LessonWalk walk;
    QS_CHECK(number(object, "value", walk.value));
    QS_CHECK(number(object, "scale", walk.scale));
    QS_CHECK(number(object, "bits", walk.bits));
    QS_CHECK(number(object, "zero_point", walk.zeroPoint));
    QS_CHECK(number(object, "step", walk.step));
    QS_CHECK(flag(object, "narrow", walk.narrow));
    QS_CHECK(flag(object, "asymmetric", walk.asymmetric));
    if (object.find("low") || object.find("high")) {
        QS_CHECK(number(object, "low", walk.low.emplace()));
        QS_CHECK(number(object, "high", walk.high.emplace()));
        if (!(*walk.low < *walk.high))
            return wrong(Text::of("'low' must be below 'high'"));
    }
    if (walk.bits < kMinBits || walk.bits > kMaxBits)
        return wrong(Text::of("'bits' must be {} to {}", kMinBits, kMaxBits));
    const Coding coding = codingOf(walk);
    if (!(walk.scale > 0) || walk.step < 1 || walk.step > 5 || walk.zeroPoint < coding.codeMin ||
        walk.zeroPoint > coding.codeMax)
        return wrong(Text::of("'walk' needs a scale above 0, a step from 1 to 5, and a zero point that is a code"));
    return walk;
}

Result<LessonNumber> LessonReader::lessonNumber(const json::Value &object, std::string_view what) const
{
    QS_CHECK(onlyKeys(object, what, {"at", "as", "expect", "tolerance"}));
    LessonNumber result;
    QS_CHECK(name(object, "at", result.at));
    std::string form = "plain";
    QS_CHECK(name(object, "as", form));
    const auto row = std::ranges::find(kForms, form, &FormName::name);
    if (row == std::end(kForms))
        return wrong(Text::of("'as' is {}, expected one of {}", inQuotes(form),
                              fmt::format("{}", fmt::join(kForms | std::views::transform(&FormName::name), ", "))));
    result.form = row->form;
    QS_CHECK(number(object, "expect", result.expected));
    QS_CHECK(number(object, "tolerance", result.tolerance));
    if (result.at.empty() || result.at.front() != '/')
        return wrong(Text::of("'at' must be a pointer that starts with '/'"));
    if (result.tolerance < 0)
        return wrong(Text::of("'tolerance' must not be negative"));
    return result;
}

Result<LessonQuestion> LessonReader::question(const json::Value &object) const
{
    QS_CHECK(onlyKeys(object, "ask", {"kind", "text", "choices", "right", "number", "unit"}));
    LessonQuestion question;
    std::string kind;
    QS_CHECK(name(object, "kind", kind));
    QS_CHECK(words(object, "text", question.text));
    if (kind == "number") {
        const json::Value *number = object.find("number");
        if (number == nullptr)
            return wrong(Text::of("a question for a number lacks the key 'number'"));
        QS_ASSIGN(question.number, lessonNumber(*number, "number"));
        std::string unit;
        QS_CHECK(text(object, "unit", unit));
        if (!unit.empty())
            question.unit = unit;
    } else if (kind == "choice") {
        question.kind = LessonQuestion::Kind::Choice;
        QS_ASSIGN(const json::Value *choices, list(object, "choices"));
        for (std::size_t i = 0; choices != nullptr && i < choices->items.size(); ++i)
            QS_CHECK(wordsOf(choices->items[i], "choices", question.choices.emplace_back()));
        std::int32_t right = -1;
        QS_CHECK(number(object, "right", right));
        if (right < 0 || static_cast<std::size_t>(right) >= question.choices.size())
            return wrong(Text::of("'right' must be the index of one of the {} choices", question.choices.size()));
        question.right = static_cast<std::size_t>(right);
    } else if (kind == "layer") {
        question.kind = LessonQuestion::Kind::Layer;
        QS_CHECK(text(object, "right", question.layer));
    } else {
        return wrong(Text::of("'kind' is {}, expected number, choice or layer", inQuotes(kind)));
    }
    return question;
}

/// Each {0}, {1} … needs its number.
Result<void> LessonReader::places(const LessonWords &words, std::size_t numbers) const
{
    for (const std::string *text : {&words.english, &words.chinese})
        for (std::size_t at = text->find('{'); at != std::string::npos; at = text->find('{', at + 1)) {
            const std::size_t end = text->find('}', at);
            const std::string inside = end == std::string::npos ? std::string() : text->substr(at + 1, end - at - 1);
            const bool isNumber = !inside.empty() && inside.size() <= 2 &&
                                  std::ranges::all_of(inside, [](char c) { return c >= '0' && c <= '9'; });
            if (!isNumber || static_cast<std::size_t>(std::stoi(inside)) >= numbers)
                return wrong(Text::of("'{{{}}}' in a text has no number; there are {}", inside, numbers));
        }
    return {};
}

Result<void> LessonReader::state(const json::Value &object, LessonState &state) const
{
    QS_CHECK(slips(object, state));
    if (const json::Value *recipe = object.find("recipe")) {
        QS_ASSIGN(state.recipe, recipeFromValue(*recipe, m_where));
    }
    QS_CHECK(text(object, "layer", state.layer));
    if (object.find("channel")) {
        std::int64_t channel = 0;
        QS_CHECK(number(object, "channel", channel));
        if (channel < 0)
            return wrong(Text::of("'channel' must not be negative"));
        state.channel = static_cast<std::uint64_t>(channel);
    }
    if (const json::Value *found = object.find("walk")) {
        QS_ASSIGN(state.walk, walk(*found));
    }
    return {};
}

Result<LessonStep> LessonReader::step(const json::Value &value)
{
    QS_CHECK(onlyKeys(value, "step",
                      {"model", "recipe", "slips", "layer", "channel", "walk", "start", "tab", "target", "cover",
                       "open", "say", "ask", "explain", "numbers", "hits"}));
    LessonStep step;
    QS_CHECK(model(value, step));
    QS_CHECK(state(value, step));
    if (const json::Value *start = value.find("start")) {
        QS_CHECK(onlyKeys(*start, "start", {"recipe", "slips", "layer", "channel", "walk"}));
        QS_CHECK(state(*start, step.start.emplace()));
    }
    QS_CHECK(name(value, "tab", step.tab));
    QS_CHECK(name(value, "target", step.target));
    QS_CHECK(names(value, "cover", step.cover));
    QS_CHECK(names(value, "open", step.open));
    QS_CHECK(words(value, "say", step.say));
    QS_CHECK(words(value, "explain", step.explain));
    QS_CHECK(names(value, "hits", step.hits));
    if (step.say.empty())
        return wrong(Text::of("a step lacks the key 'say'"));
    if (const json::Value *ask = value.find("ask")) {
        QS_ASSIGN(step.question, question(*ask));
    }
    QS_ASSIGN(const json::Value *numbers, list(value, "numbers"));
    for (std::size_t i = 0; numbers != nullptr && i < numbers->items.size(); ++i) {
        QS_ASSIGN(LessonNumber number, lessonNumber(numbers->items[i], "numbers"));
        step.numbers.push_back(std::move(number));
    }
    QS_CHECK(places(step.say, step.numbers.size()));
    QS_CHECK(places(step.explain, step.numbers.size()));
    return step;
}

Result<Lesson> LessonReader::read(const json::Value &root)
{
    QS_CHECK(onlyKeys(root, "lesson", {"quantoscope_lesson", "id", "title", "minutes", "steps"}));
    const json::Value *version = root.find("quantoscope_lesson");
    if (version == nullptr)
        return wrong(Text::of("this is no lesson: the key 'quantoscope_lesson' is missing"));
    if (version->kind != Kind::Unsigned || version->number != 1)
        return wrong(Text::of("'quantoscope_lesson' must be 1, the version of lessons that this program knows"));
    Lesson lesson;
    QS_CHECK(name(root, "id", lesson.id));
    QS_CHECK(words(root, "title", lesson.title));
    QS_CHECK(number(root, "minutes", lesson.minutes));
    if (lesson.id.empty() || lesson.title.empty())
        return wrong(Text::of("a lesson needs the keys 'id' and 'title'"));
    const json::Value *steps = root.find("steps");
    if (steps == nullptr || steps->kind != Kind::Array || steps->items.empty() ||
        steps->items.size() > LessonLimits::kSteps)
        return wrong(Text::of("'steps' must be an array of 1 to {} steps", LessonLimits::kSteps));
    const std::string where = m_where;
    for (std::size_t i = 0; i < steps->items.size(); ++i) {
        m_where = fmt::format("{}, step {}", where, i + 1);
        QS_ASSIGN(LessonStep one, step(steps->items[i]));
        lesson.steps.push_back(std::move(one));
    }
    return lesson;
}

} // namespace

Result<Lesson> lessonFromJson(std::string_view text, const std::string &where)
{
    if (text.size() > LessonLimits::kBytes)
        return fail(
            ErrorCode::Input,
            Text::of("a lesson of {} bytes is too large, at most {} are read", text.size(), LessonLimits::kBytes),
            where);
    QS_ASSIGN(const json::Value root, json::parse(text, where));
    return LessonReader(where).read(root);
}

Result<Lesson> loadLesson(const std::filesystem::path &path)
{
    QS_ASSIGN(const auto file, InputFile::open(path));
    if (file->size() > LessonLimits::kBytes)
        return fail(
            ErrorCode::Input,
            Text::of("a lesson of {} bytes is too large, at most {} are read", file->size(), LessonLimits::kBytes),
            path.string());
    QS_ASSIGN(const std::string text, file->text());
    QS_ASSIGN(Lesson lesson, lessonFromJson(text, path.filename().string()));
    lesson.file = path;
    return lesson;
}

std::string modelOf(const Lesson &lesson, std::size_t step)
{
    for (std::size_t i = step + 1; i-- > 0;)
        if (!lesson.steps[i].model.empty())
            return lesson.steps[i].model;
    return {};
}

std::string modelLocation(const Lesson &lesson, std::size_t step)
{
    const std::string model = modelOf(lesson, step);
    if (model.empty() || ModelLocation::parse(model).isDemo())
        return model;
    return (lesson.file.parent_path() / model).string();
}

Coding codingOf(const LessonWalk &walk)
{
    Scheme scheme;
    scheme.bits = walk.bits;
    scheme.codeRange = walk.narrow ? CodeRange::Narrow : CodeRange::Full;
    return {CodeRule::Divide, Arithmetic::F32, scheme.codeMin(), scheme.codeMax()};
}

ScaleAndZeroPoint scaleOf(const LessonWalk &walk, const Teaching &slips)
{
    if (walk.low && walk.high) {
        Scheme scheme;
        scheme.bits = walk.bits;
        scheme.mode = walk.asymmetric ? Mode::Asymmetric : Mode::Symmetric;
        scheme.codeRange = walk.narrow && !walk.asymmetric ? CodeRange::Narrow : CodeRange::Full;
        const Quantizer quantizer(scheme, DType::F32);
        const WeightRange range{*walk.low, *walk.high, false};
        return slips.zeroOutsideRange ? scaleWithoutZero(range, quantizer) : quantizer.scaleFor(range);
    }
    ScaleAndZeroPoint scale;
    scale.scale = scale.stored = walk.scale;
    scale.zeroPoint = walk.asymmetric ? walk.zeroPoint : 0;
    return scale;
}

} // namespace qs
