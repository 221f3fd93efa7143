// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Lesson: steps for a class, as a data file (LESSONS.md). Each sets a state, points at a part of the window, asks, and
// explains.
#pragma once

#include "core/quant/teaching.h"
#include "core/recipe/recipe.h"

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace qs {

enum class LessonLanguage : std::uint8_t { English, Chinese };

/// The same words in both languages. Texts of a lesson are data, not texts of the program.
struct LessonWords {
    std::string english;
    std::string chinese; ///< may be empty: then English is shown

    bool empty() const { return english.empty() && chinese.empty(); }
    const std::string &in(LessonLanguage language) const
    {
        return (language == LessonLanguage::Chinese && !chinese.empty()) || english.empty() ? chinese : english;
    }
    bool operator==(const LessonWords &) const = default;
};

/// How a number is shown. Right: of a share of samples how many they are, "36".
enum class NumberForm : std::uint8_t { Plain, Integer, Percent, Decibel, Bytes, Size, Right };

/// A number that a step speaks of; where it comes from: `at`, see lessonValues().
struct LessonNumber {
    std::string at;
    NumberForm form = NumberForm::Plain;
    double expected = 0; ///< what replay must find
    double tolerance = 0;
};

struct LessonQuestion {
    enum class Kind : std::uint8_t { Number, Choice, Layer };
    Kind kind = Kind::Number;
    LessonWords text;
    std::vector<LessonWords> choices;   ///< of Choice
    std::size_t right = 0;              ///< of Choice: index
    std::string layer;                  ///< of Layer: the module's name
    std::optional<LessonNumber> number; ///< of Number: the answer, and how far a guess may be off
    std::optional<std::string> unit;    ///< shown behind the field
};

/// One value on the number line. With `low` and `high` the scale follows from that range, else it is given.
struct LessonWalk {
    float value = 0;
    float scale = 1;
    int bits = 8;
    bool narrow = false;
    bool asymmetric = false;
    int zeroPoint = 0;
    int step = 5; ///< of the number line, 1 to 5
    std::optional<float> low;
    std::optional<float> high;
};

/// What the window is set to.
struct LessonState {
    Recipe recipe;
    Teaching slips;
    std::string layer; ///< module; empty: the first one
    std::optional<std::uint64_t> channel;
    std::optional<LessonWalk> walk;
};

/// Its state is the one that numbers and answer are found out under.
struct LessonStep : LessonState {
    std::string model; ///< "demo:NAME", or a file beside the lesson; empty: the one of the step before
    /// The state until the answer is revealed, where that of the step would give it away.
    std::optional<LessonState> start;
    std::string tab;                ///< id of a page; empty: as it is
    std::string target;             ///< object name of what the step points at; empty: nothing
    std::vector<std::string> cover; ///< parts that are covered until the answer is revealed, beside coveredParts()
    std::vector<std::string> open;  ///< parts that are not, although they show numbers of the step, or "all"
    LessonWords say;
    std::optional<LessonQuestion> question;
    LessonWords explain;               ///< shown with the answer
    std::vector<LessonNumber> numbers; ///< {0}, {1} … of `say` and `explain`
    std::vector<std::string> hits;     ///< misconceptions that the step answers
};

struct Lesson {
    std::string id;
    LessonWords title;
    int minutes = 0;
    std::vector<LessonStep> steps;
    std::filesystem::path file; ///< models lie beside it; empty for lessons of the program
};

/// Names that steps may point at or cover, and tabs: those of the window.
struct LessonLimits {
    static constexpr std::size_t kBytes = std::size_t{1} << 20U;
    static constexpr std::size_t kSteps = 200;
    static constexpr std::size_t kText = 2000; ///< bytes
    static constexpr std::size_t kList = 32;   ///< numbers, choices, covers of a step
};

/// Error{Input} that names the place, the first unknown key, wrong type or value, or a limit.
Result<Lesson> lessonFromJson(std::string_view text, const std::string &where);
/// Reads and parses a file.
Result<Lesson> loadLesson(const std::filesystem::path &path);
/// What lessonFromJson() reads; indented, ends with a newline.
std::string toJson(const Lesson &lesson);

/// The model of a step: its own or that of the nearest step before; empty when none names one.
std::string modelOf(const Lesson &lesson, std::size_t step);
/// Where that model is, as openModel() reads it.
std::string modelLocation(const Lesson &lesson, std::size_t step);
/// The parts of the window that show the answer or a number of the explanation, by the names that lessons call them,
/// those in `cover` included and those in `open` left out. Without a question, or where it starts with another state,
/// only the former.
std::vector<std::string> coveredParts(const LessonStep &step);
/// Scale and codes of a walk.
ScaleAndZeroPoint scaleOf(const LessonWalk &walk, const Teaching &slips);
Coding codingOf(const LessonWalk &walk);

} // namespace qs
