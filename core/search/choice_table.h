// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// ChoiceTable: what each layer takes and loses under each choice, measured by analyses of the whole model.
#pragma once

#include "core/analysis/report.h"
#include "core/search/search.h"

#include <limits>
#include <memory>
#include <vector>

namespace qs {

/// Layers that share their choice.
struct ChoiceGroup {
    std::vector<std::size_t> layers; ///< of the model
    std::vector<std::size_t> allowed;
};

/// The layers of a recipe that are free, and the choices that there are: schemes, and at last, where it is allowed,
/// float. Numbers are by choice and model layer.
class ChoiceTable
{
public:
    static constexpr std::size_t kNoChoice = std::numeric_limits<std::size_t>::max();

    static Result<ChoiceTable> make(const Model &model, const Recipe &recipe, const ExportFormat &format,
                                    const SearchOptions &options, AnalysisCache &cache, const TaskContext &context);

    const std::vector<ChoiceGroup> &groups() const { return m_groups; }
    std::size_t choices() const { return m_schemes.size() + 1; }
    /// The last one: the layer stays in float.
    std::size_t keptChoice() const { return m_schemes.size(); }
    const Scheme &schemeOf(std::size_t choice) const { return m_schemes[choice]; }
    SearchMetric metric() const { return m_metric; }
    const Text &inputs() const { return m_inputs; }
    const std::vector<Text> &warnings() const { return m_warnings; }
    const std::vector<SearchPoint> &uniform() const { return m_uniform; }
    const std::vector<std::vector<std::size_t>> &uniformChoices() const { return m_uniformChoices; }

    /// Bytes of a layer in the file, and in the layout of NUMERICS.md.
    std::uint64_t fileBytes(std::size_t choice, std::size_t layer) const { return m_fileBytes[choice][layer]; }
    std::uint64_t plainBytes(std::size_t choice, std::size_t layer) const { return m_plainBytes[choice][layer]; }
    /// Square of the relative error that it adds.
    double cost(std::size_t choice, std::size_t layer) const { return m_costs[choice][layer]; }
    /// Of layers that are not free.
    double lockedCost() const { return m_lockedCost; }
    std::uint64_t lockedPlainBytes() const { return m_lockedPlainBytes; }
    std::uint64_t weights() const { return m_weights; } ///< of layers that count for bits per weight

    /// The recipe that gives each group its choice.
    Recipe recipeOf(const std::vector<std::size_t> &choices) const;
    /// The same as decisions, as the format holds them.
    std::vector<Decision> decisionsOf(const std::vector<std::size_t> &choices) const;

private:
    class Maker;

    const Model *m_model = nullptr;
    Recipe m_base;
    std::vector<Decision> m_locked; ///< by layer, as the base recipe has it
    std::vector<bool> m_free;       ///< by layer
    std::vector<Scheme> m_schemes;  ///< by choice
    std::vector<ChoiceGroup> m_groups;
    std::vector<std::vector<Decision>> m_decisions; ///< by choice and layer; of the last choice those that are kept
    std::vector<std::vector<std::uint64_t>> m_fileBytes;
    std::vector<std::vector<std::uint64_t>> m_plainBytes;
    std::vector<std::vector<double>> m_costs;
    double m_lockedCost = 0;
    std::uint64_t m_lockedPlainBytes = 0;
    std::uint64_t m_weights = 0;
    SearchMetric m_metric = SearchMetric::Output;
    Text m_inputs;
    std::vector<Text> m_warnings;
    std::vector<SearchPoint> m_uniform;
    std::vector<std::vector<std::size_t>> m_uniformChoices; ///< by group
};

} // namespace qs
