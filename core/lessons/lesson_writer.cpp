// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lessons/lesson.h"

#include "core/lessons/lesson_names.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace qs {
namespace {

using Json = nlohmann::ordered_json;

Json jsonOf(const LessonWords &words)
{
    Json json = Json::object();
    if (!words.english.empty())
        json["en"] = words.english;
    if (!words.chinese.empty())
        json["zh_CN"] = words.chinese;
    return json;
}

Json jsonOf(const LessonNumber &number)
{
    return {{"at", number.at},
            {"as", std::ranges::find(kForms, number.form, &FormName::form)->name},
            {"expect", number.expected},
            {"tolerance", number.tolerance}};
}

Json jsonOf(const LessonQuestion &question)
{
    Json json = Json::object();
    switch (question.kind) {
    case LessonQuestion::Kind::Number:
        json["kind"] = "number";
        break;
    case LessonQuestion::Kind::Choice:
        json["kind"] = "choice";
        break;
    case LessonQuestion::Kind::Layer:
        json["kind"] = "layer";
        break;
    }
    if (!question.text.empty())
        json["text"] = jsonOf(question.text);
    for (const LessonWords &choice : question.choices)
        json["choices"].push_back(jsonOf(choice));
    if (question.kind == LessonQuestion::Kind::Choice)
        json["right"] = question.right;
    if (question.kind == LessonQuestion::Kind::Layer)
        json["right"] = question.layer;
    if (question.number)
        json["number"] = jsonOf(*question.number);
    if (question.unit)
        json["unit"] = *question.unit;
    return json;
}

/// The shortest decimal that reads back as the same float.
Json jsonOf(float value)
{
    return std::stod(Json(value).dump()) == static_cast<double>(value) ? Json(value) : Json(static_cast<double>(value));
}

Json jsonOf(const LessonWalk &walk)
{
    Json json = {{"value", jsonOf(walk.value)}, {"scale", jsonOf(walk.scale)}, {"bits", walk.bits}};
    if (walk.narrow)
        json["narrow"] = true;
    if (walk.asymmetric)
        json["asymmetric"] = true;
    if (walk.zeroPoint != 0)
        json["zero_point"] = walk.zeroPoint;
    if (walk.low && walk.high) {
        json["low"] = jsonOf(*walk.low);
        json["high"] = jsonOf(*walk.high);
    }
    json["step"] = walk.step;
    return json;
}

void addState(Json &json, const LessonState &state)
{
    json["recipe"] = Json::parse(toJson(state.recipe, true));
    for (const SlipName &slip : kSlips)
        if (state.slips.*slip.member)
            json["slips"].push_back(slip.name);
    if (!state.layer.empty())
        json["layer"] = state.layer;
    if (state.channel)
        json["channel"] = *state.channel;
    if (state.walk)
        json["walk"] = jsonOf(*state.walk);
}

Json jsonOf(const LessonStep &step)
{
    Json json = Json::object();
    if (!step.model.empty())
        json["model"] = step.model;
    addState(json, step);
    if (step.start)
        addState(json["start"], *step.start);
    if (!step.tab.empty())
        json["tab"] = step.tab;
    if (!step.target.empty())
        json["target"] = step.target;
    if (!step.cover.empty())
        json["cover"] = step.cover;
    if (!step.open.empty())
        json["open"] = step.open;
    json["say"] = jsonOf(step.say);
    if (step.question)
        json["ask"] = jsonOf(*step.question);
    if (!step.explain.empty())
        json["explain"] = jsonOf(step.explain);
    for (const LessonNumber &number : step.numbers)
        json["numbers"].push_back(jsonOf(number));
    if (!step.hits.empty())
        json["hits"] = step.hits;
    return json;
}

} // namespace

std::string toJson(const Lesson &lesson)
{
    Json json = {{"quantoscope_lesson", 1}, {"id", lesson.id}, {"title", jsonOf(lesson.title)}};
    json["minutes"] = lesson.minutes;
    json["steps"] = Json::array();
    for (const LessonStep &step : lesson.steps)
        json["steps"].push_back(jsonOf(step));
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace qs
