// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// BudgetJob: size against error of one setup: what choices of its free layers come to, and the best one for a budget.
#pragma once

#include "core/search/prepared_search.h"
#include "ui/document/search_base.h"

#include <QObject>
#include <QString>

#include <memory>
#include <optional>
#include <stop_token>
#include <unordered_map>
#include <vector>

namespace qs::ui {

class Setup;

/// Recipes that come from here are edits of the setup. What is measured belongs to the recipe without them
/// (SearchBase), so that it stays when one of them is in force, and is void as soon as somebody edits anything else.
class BudgetJob : public QObject
{
    Q_OBJECT
public:
    /// What layers may become.
    struct Offer {
        const ExportFormat *format = nullptr;
        std::vector<int> bits = {2, 3, 4, 8};
        bool keepFloat = true;
        bool operator==(const Offer &) const = default;
    };

    /// `id` names the jobs among all that run.
    BudgetJob(Setup &setup, const QString &id);

    const Offer &offer() const { return m_offer; }
    void setOffer(const Offer &offer);

    /// For a view that is seen: measures, unless that is known, or going on, or was stopped.
    void update();
    /// Also after it was stopped.
    void measure();
    bool isMeasuring() const;
    /// Of measuring or finding, 0 … 1.
    double progress() const { return m_progress; }
    /// Ends measuring without a result, or finding with the best so far.
    void stop();

    /// Null until it is measured; that of an earlier recipe is void.
    const std::shared_ptr<const PreparedSearch> &prepared() const { return m_prepared; }
    /// PreparedSearch::frontier() with what has been measured of it.
    const std::vector<SearchPoint> &frontier() const { return m_frontier; }
    /// The recipe in force; empty until both numbers are known.
    const std::optional<SearchPoint> &today() const { return m_today; }
    /// Why nothing could be measured or found; empty otherwise.
    const Text &problem() const { return m_problem; }
    /// Somebody has ended it without a result.
    bool wasStopped() const { return m_stopped; }

    /// What search() finds becomes one step of undo.
    void find(const SearchBudget &budget);
    bool isFinding() const;
    /// Of the last find(), while its recipe is in force.
    const SearchResult *found() const { return m_found ? &*m_found : nullptr; }

    /// Tries the recipe of a point, as often as one likes, until one of the other two.
    void tryPoint(std::size_t point);
    void keepTried();
    void dropTried();

    /// Another model is open.
    void reset();

signals:
    void changed();

private:
    /// What the measured numbers belong to.
    struct Basis {
        std::shared_ptr<const Model> model;
        Recipe recipe;
        Offer offer;
        std::shared_ptr<const NetworkInputs> inputs;
        OutputErrorRequest outputError = OutputErrorRequest::Auto;
        bool operator==(const Basis &) const = default;
    };

    Basis basis() const;
    void forget();
    void take(Result<std::shared_ptr<const PreparedSearch>> prepared);
    void takeFound(Result<SearchResult> result);
    void showProblem(const Error &error);
    void addToBase(const Recipe &recipe);
    void apply(const Recipe &recipe);
    void planToday();
    void takeResults();
    void follow();
    std::optional<double> errorToday() const;

    Setup &m_setup;
    QString m_measureJob;
    QString m_findJob;
    QString m_sizeJob;
    Offer m_offer;
    SearchBase m_base;
    mutable std::shared_ptr<const Recipe> m_baseOf; ///< whose base is the next one
    mutable Recipe m_baseRecipe;
    std::optional<Basis> m_basis;
    std::shared_ptr<const PreparedSearch> m_prepared;
    std::vector<SearchPoint> m_frontier;
    std::unordered_map<std::size_t, std::shared_ptr<const Recipe>> m_recipes; ///< of points that were tried
    std::optional<std::size_t> m_tried;
    std::optional<SearchResult> m_found;
    std::shared_ptr<const Recipe> m_sized; ///< whose size is known, or on its way
    std::optional<std::uint64_t> m_size;
    std::optional<SearchPoint> m_today;
    std::stop_source m_enough;
    double m_progress = 0;
    Text m_problem;
    bool m_stopped = false;
};

} // namespace qs::ui
