// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers that steps of a lesson speak of, found out by the core as the step sets it.
#pragma once

#include "core/analysis/analysis_cache.h"
#include "core/lessons/lesson.h"

#include <map>
#include <memory>

namespace qs {

/// What the numbers of a step are. A pointer that leads nowhere gives none.
struct LessonValues {
    std::vector<std::optional<double>> numbers; ///< one per LessonStep::numbers
    std::optional<double> answer;               ///< of LessonQuestion::number
    std::uint64_t samples = 0;                  ///< that the network was fed; 0 without one
};

/// Remembers models and what is known about them. Not thread-safe.
class LessonPlayer
{
public:
    explicit LessonPlayer(Lesson lesson)
        : m_lesson(std::move(lesson))
    {}
    ~LessonPlayer();
    LessonPlayer(const LessonPlayer &) = delete;
    LessonPlayer &operator=(const LessonPlayer &) = delete;

    const Lesson &lesson() const { return m_lesson; }

    /// Pointers lead into the JSON of `analyze --full` (CLI.md) under the state of the step, where a layer may go by
    /// its module: "/layers/fc2/metrics/sqnr_db". Besides: "/before/…" the same of the step before; "/walk/value",
    /// …/divided, …/rounded, …/code, …/back, …/error (its magnitude), …/scale, …/zero_point of the step's walk;
    /// "/channel/codes_used", …/lowest_code, …/highest_code, …/scale, …/largest, …/clipped_share of its layer and
    /// channel; "/lesson/scales", how many there are in all, and …/channel, its number. Errors: of opening, reading,
    /// Cancelled.
    Result<LessonValues> values(std::size_t step, const TaskContext &context);

private:
    struct Opened;
    struct Found;

    Result<std::shared_ptr<Opened>> open(const std::string &location, const TaskContext &context);
    Result<std::shared_ptr<const Found>> find(std::size_t step, const TaskContext &context);

    Lesson m_lesson;
    std::map<std::string, std::shared_ptr<Opened>> m_models;     ///< by location
    std::map<std::size_t, std::shared_ptr<const Found>> m_found; ///< by step
};

} // namespace qs
