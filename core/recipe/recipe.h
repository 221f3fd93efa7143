// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Recipe: what to do with each layer of a model, and the reason for it.
#pragma once

#include "core/model/model.h"
#include "core/quant/input_moments.h"
#include "core/scheme/scheme.h"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace qs {

/// One rule: for layers that `match`, exclude or include, change fields of the scheme, or change the axis; for tensors
/// that match, say what they are.
struct Rule {
    enum class Action : std::uint8_t { None, Exclude, Include };
    std::string match = {}; ///< glob or re:REGEX (pattern.h)
    Action action = Action::None;
    std::string why = {}; ///< optional, for people
    SchemePatch scheme = {};
    std::optional<int> axis = {};
    /// What the tensors are (core/layers/recipe_roles.h). Without an action it says whether they are quantized, too: as
    /// isQuantizedByDefault() says.
    std::optional<Role> role = {};

    bool operator==(const Rule &) const = default;
};

/// Whether the rule quantizes layers: as its action says, or else its role.
Rule::Action actionOf(const Rule &rule);

/// Rules are applied in order; the last one that says something about a field wins, field by field.
struct Recipe {
    Scheme scheme; ///< for layers that no rule changes
    std::vector<Rule> rules;
    std::optional<Activation> activation; ///< between layers of a chain, when set overrides the file's
    /// Tensor → another one with equal values: both are one layer then, with two names (core/layers/recipe_roles.h).
    std::map<std::string, std::string> ties = {};
    std::string chosenOn = {}; ///< for people: the samples on which scales or codes were chosen; changes nothing

    bool operator==(const Recipe &) const = default;
};

/// Who decided that a layer is kept as it is.
enum class DecidedBy : std::uint8_t {
    Nobody, ///< it is quantized
    User,   ///< a rule with the layer's exact name and no reason: what unticking it in the window makes
    Rule,   ///< another rule
    File,   ///< its values are codes already, or of a kind that cannot be quantized
    Format, ///< the export format cannot hold it otherwise
    Data,   ///< its weights or scales are no finite numbers
};

/// What happens to one layer, with its reason.
struct Decision {
    bool quantize = true;
    DecidedBy by = DecidedBy::Nobody;
    std::uint32_t rule = 0; ///< index into Recipe::rules when a user or a rule decided
    Text reason;            ///< why it is kept in float (or as stored); empty when it is quantized
    Scheme scheme;
    int channelAxis = 0;
    Text channelAxisReason;
    /// Where an export format writes values in place of codes: f16 or bf16, to which they are rounded once more.
    std::optional<DType> valuesAs = {};
    /// What the layer is fed; null until somebody adds it to a decision whose scheme needsInputs().
    std::shared_ptr<const InputMoments> moments = {};

    bool operator==(const Decision &) const = default;
};

/// InputMoments::id of those that the scheme needs; 0: it needs none, or they are not known.
std::uint64_t momentsId(const Decision &decision);

/// The recipe that a freshly opened model starts with: the one in the file's metadata if there is one, else the
/// default scheme and one exclude rule per kind of embedding that the model has.
Recipe defaultRecipe(const Model &model);

/// The recipe in the metadata `quantoscope.recipe`, if there is one; an error when it is damaged or does not fit.
Result<std::optional<Recipe>> recipeOfMetadata(const Model &model);
/// Adds a warning to a freshly read model whose own recipe is not used.
void checkDeclaredRecipe(Model &model);

/// One decision per layer, in the order of model.layers. Error{Usage} for invalid schemes, axes and patterns.
/// A pattern that matches nothing is Error{Usage} that lists near names, unless `allowUnmatched`.
Result<std::vector<Decision>> resolve(const Recipe &recipe, const Model &model, bool allowUnmatched);
/// For each rule, whether it matches a layer, or, if it names a role, any tensor. Error{Usage} for patterns that cannot
/// be read.
Result<std::vector<bool>> matchedRules(const Recipe &recipe, const Model &model);

/// What is to be said of rules that match nothing: one sentence each, with near names.
std::vector<Text> unmatchedRules(const Recipe &recipe, const Model &model);

/// JSON text of RECIPE.md ("quantoscope_recipe": 1); stable key order. Indented and ending with a newline, or compact
/// on one line without.
std::string toJson(const Recipe &recipe, bool compact = false);
/// Error{Input} that names the first unknown key, wrong type or wrong value. `hasRules` (optional) tells whether the
/// text has the key "rules": without it the default excludes of the model stay in force.
Result<Recipe> recipeFromJson(std::string_view text, const std::string &where, bool *hasRules = nullptr);
/// Reads and parses a recipe file (at most 64 MiB); without the key "rules" the model's default rules are used.
Result<Recipe> loadRecipe(const std::filesystem::path &path, const Model &model);

// Edits, as the window makes them: each changes or appends the layer's own rule. Of many layers: bulk_edit.h.

/// Sets quantize on or off for one layer with a rule at the end.
void setQuantized(Recipe &recipe, const Layer &layer, bool quantize);
/// Sets (or, with an empty optional inside the patch, clears) all override fields of one layer.
void setOverrides(Recipe &recipe, const Layer &layer, const SchemePatch &patch);
void setAxis(Recipe &recipe, const Layer &layer, std::optional<int> axis);
/// Says what the tensor of that name is, or, when empty, leaves it to its name and shape again.
void setRole(Recipe &recipe, const std::string &tensor, std::optional<Role> role);
/// The layer's own rule, which edits change: the last one that matches exactly its tensor's name; null: none.
const Rule *ownRule(const Recipe &recipe, const Layer &layer);
/// The override fields that the layer's own rule sets now.
SchemePatch overridesOf(const Recipe &recipe, const Layer &layer);

} // namespace qs
