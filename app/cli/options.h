// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Options that sub-commands share: which scheme, which layers, which network run.
#pragma once

#include "app/cli/command.h"

#include "core/analysis/analyze.h"
#include "core/recipe/recipe.h"
#include "core/scheme/scheme_fields.h"

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qs::cli {

/// SCHEME, SELECT and NETWORK as they stood on the line.
class RecipeOptions
{
public:
    /// All options of the three groups; this object must outlive the parsing.
    std::vector<Option> options();
    /// Those that a recipe can hold: SCHEME, SELECT, and the activation.
    std::vector<Option> recipeOptions();
    /// The others: what is fed to the network.
    std::vector<Option> feedOptions();

    /// Usage errors that can be told before the model is opened.
    Result<void> check() const;
    /// The recipe file or the model's own recipe, then the convention, then single fields, then the rules in the
    /// order of the line.
    Result<Recipe> recipe(const Model &model) const;
    Result<AnalyzeOptions> analyzeOptions(const TaskContext &context) const;
    bool allowUnmatched() const { return m_allowUnmatched; }

private:
    enum class Select : std::uint8_t { Exclude, Include, Only, Set };
    struct Selection {
        Select kind;
        std::string text;
    };

    Result<SchemePatch> schemePatch() const;
    Result<std::vector<Rule>> rules() const;

    std::string m_recipeFile;
    std::array<std::string, kSchemeFieldCount> m_scheme; ///< by field, as they stood on the line
    std::vector<Selection> m_selections;
    std::vector<std::string> m_ties; ///< NAME=NAME
    bool m_allowUnmatched = false;
    std::string m_outputError = "auto";
    std::vector<std::string> m_inputs; ///< FILE or NAME=FILE
    std::vector<std::string> m_dims;   ///< NAME=N
    std::uint64_t m_samples = 0;       ///< 0: as many as fit the network
    std::string m_labels;
    std::string m_importance; ///< file of llama.cpp
    std::string m_activation;
    std::uint64_t m_seed = 0;
};

/// "NAME=FILE", or FILE alone, also where it has an equals sign in its name.
InputFileName parseInputsOption(const std::string &text);
/// "NAME=N": a free dimension and its size.
Result<std::pair<std::string, std::uint64_t>> parseDimOption(const std::string &text);

/// "NAME=NAME" where the model has tensors of both names, which may have equals signs in them.
Result<std::pair<std::string, std::string>> parseTieOption(const std::string &text, const Model &model);

/// "PATTERN:bits=4,mode=asymmetric,axis=1" as a rule. The pattern ends at the last ':' behind which there are only
/// fields, since both patterns (re:…) and values (group:32) may hold one.
Result<Rule> parseSetOption(std::string_view text);

} // namespace qs::cli
