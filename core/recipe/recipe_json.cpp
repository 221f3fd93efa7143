// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/recipe/recipe_json.h"

#include "core/base/text.h"
#include "core/parse/json.h"
#include "core/recipe/scheme_json.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace qs {
namespace {

using OrderedJson = nlohmann::ordered_json;

OrderedJson jsonOf(const Rule &rule)
{
    OrderedJson json = OrderedJson::object();
    json["match"] = rule.match;
    if (rule.action != Rule::Action::None)
        json["action"] = rule.action == Rule::Action::Exclude ? "exclude" : "include";
    if (!rule.scheme.empty())
        json["scheme"] = fieldsJson<OrderedJson>(rule.scheme);
    if (rule.axis)
        json["axis"] = *rule.axis;
    if (rule.role)
        json["role"] = textOf(*rule.role);
    if (!rule.why.empty())
        json["why"] = rule.why;
    return json;
}

/// Reads a recipe and knows the path to the value at hand, for messages.
class RecipeReader
{
public:
    explicit RecipeReader(const std::string &where)
        : m_where(where)
    {}

    Result<Recipe> read(const json::Value &root, bool *hasRules)
    {
        QS_CHECK(expect(root, json::Kind::Object, Text::of("a recipe")));
        QS_CHECK(onlyKeys(root, Text::of("the recipe"),
                          {{"quantoscope_recipe", "scheme", "rules", "network", "ties", "chosen_on"}}));
        const json::Value *version = root.find("quantoscope_recipe");
        if (version == nullptr)
            return wrong(Text::of("this is no recipe: the key 'quantoscope_recipe' is missing"));
        if (version->kind != json::Kind::Unsigned || version->number != 1)
            return wrong(Text::of("'quantoscope_recipe' must be 1, the version of recipes that this program knows"));
        Recipe recipe;
        if (const json::Value *scheme = root.find("scheme")) {
            SchemePatch patch;
            QS_CHECK(readScheme(*scheme, Text::asIs("'scheme'"), patch));
            patch.applyTo(recipe.scheme);
        }
        if (auto valid = recipe.scheme.validate(); !valid)
            return wrong(valid.error().message);
        const json::Value *rules = root.find("rules");
        if (rules != nullptr)
            QS_CHECK(readRules(*rules, recipe));
        if (const json::Value *network = root.find("network"))
            QS_CHECK(readNetwork(*network, recipe));
        if (const json::Value *ties = root.find("ties"))
            QS_CHECK(readTies(*ties, recipe));
        if (const json::Value *samples = root.find("chosen_on")) {
            QS_CHECK(expect(*samples, json::Kind::String, Text::asIs("'chosen_on'")));
            recipe.chosenOn = samples->text;
        }
        if (hasRules != nullptr)
            *hasRules = rules != nullptr;
        return recipe;
    }

private:
    std::unexpected<Error> wrong(Text message) const { return fail(ErrorCode::Input, std::move(message), m_where); }

    Result<void> expect(const json::Value &value, json::Kind kind, const Text &what) const
    {
        if (value.kind == kind)
            return {};
        return wrong(Text::of("{} must be {}, not {}", what, json::describe(kind), json::describe(value.kind)));
    }

    Result<void> onlyKeys(const json::Value &object, const Text &what, const std::vector<std::string_view> &known) const
    {
        for (const auto &[key, value] : object.members)
            if (std::find(known.begin(), known.end(), key) == known.end())
                return wrong(Text::of("unknown key {} in {}; known: {}", inQuotes(key), what,
                                      fmt::format("{}", fmt::join(known, ", "))));
        return {};
    }

    Result<void> readScheme(const json::Value &object, const Text &what, SchemePatch &patch) const
    {
        QS_CHECK(expect(object, json::Kind::Object, what));
        for (const auto &[key, value] : object.members)
            if (auto set = setSchemeField(patch, key, value); !set)
                return wrong(Text::of("{}: {}", what, set.error().message));
        return {};
    }

    Result<void> readRules(const json::Value &list, Recipe &recipe) const
    {
        QS_CHECK(expect(list, json::Kind::Array, Text::asIs("'rules'")));
        for (std::size_t i = 0; i < list.items.size(); ++i) {
            QS_ASSIGN(Rule rule, readRule(list.items[i], Text::of("rule {}", i + 1)));
            recipe.rules.push_back(std::move(rule));
        }
        return {};
    }

    Result<Rule> readRule(const json::Value &object, const Text &what) const
    {
        QS_CHECK(expect(object, json::Kind::Object, what));
        QS_CHECK(onlyKeys(object, what, {{"match", "action", "scheme", "axis", "role", "why"}}));
        Rule rule;
        const json::Value *match = object.find("match");
        if (match == nullptr)
            return wrong(Text::of("{} lacks the key 'match'", what));
        QS_CHECK(expect(*match, json::Kind::String, Text::of("{}: {}", what, "'match'")));
        rule.match = match->text;
        if (rule.match.empty())
            return wrong(Text::of("{}: 'match' must not be empty", what));
        if (const json::Value *action = object.find("action")) {
            if (action->kind != json::Kind::String || (action->text != "exclude" && action->text != "include"))
                return wrong(Text::of("{}: 'action' must be exclude or include", what));
            rule.action = action->text == "exclude" ? Rule::Action::Exclude : Rule::Action::Include;
        }
        if (const json::Value *why = object.find("why")) {
            QS_CHECK(expect(*why, json::Kind::String, Text::of("{}: {}", what, "'why'")));
            rule.why = why->text;
        }
        if (const json::Value *scheme = object.find("scheme"))
            QS_CHECK(readScheme(*scheme, Text::of("{}: {}", what, "'scheme'"), rule.scheme));
        if (const json::Value *axis = object.find("axis")) {
            QS_CHECK(expect(*axis, json::Kind::Unsigned, Text::of("{}: {}", what, "'axis'")));
            if (axis->number >= kMaxAxes)
                return wrong(Text::of("{}: 'axis' must be below {}, not {}", what, kMaxAxes, axis->number));
            rule.axis = static_cast<int>(axis->number);
        }
        if (const json::Value *role = object.find("role")) {
            QS_CHECK(expect(*role, json::Kind::String, Text::of("{}: {}", what, "'role'")));
            rule.role = roleFromText(role->text);
            if (!rule.role)
                return wrong(Text::of("{}: 'role' must be one of {}, not {}", what, roleNames(), inQuotes(role->text)));
        }
        return rule;
    }

    Result<void> readTies(const json::Value &object, Recipe &recipe) const
    {
        const std::string what = "'ties'";
        QS_CHECK(expect(object, json::Kind::Object, Text::asIs(what)));
        for (const auto &[name, same] : object.members) {
            QS_CHECK(expect(same, json::Kind::String, Text::of("{}: {}", what, inQuotes(name))));
            recipe.ties[name] = same.text;
        }
        return {};
    }

    Result<void> readNetwork(const json::Value &object, Recipe &recipe) const
    {
        QS_CHECK(expect(object, json::Kind::Object, Text::asIs("'network'")));
        QS_CHECK(onlyKeys(object, Text::asIs("'network'"), {{"activation"}}));
        const json::Value *activation = object.find("activation");
        if (activation == nullptr)
            return {};
        QS_CHECK(expect(*activation, json::Kind::String, Text::asIs("'activation'")));
        recipe.activation = activationFromText(activation->text);
        if (!recipe.activation)
            return wrong(
                Text::of("'activation' must be relu, gelu, silu, tanh or none, not {}", inQuotes(activation->text)));
        return {};
    }

    static constexpr std::uint64_t kMaxAxes = 32; // as many dimensions as readers accept

    const std::string &m_where;
};

} // namespace

std::string toJson(const Recipe &recipe, bool compact)
{
    OrderedJson json = OrderedJson::object();
    json["quantoscope_recipe"] = 1;
    json["scheme"] = fieldsJson<OrderedJson>(recipe.scheme);
    OrderedJson &rules = json["rules"] = OrderedJson::array();
    for (const Rule &rule : recipe.rules)
        rules.push_back(jsonOf(rule));
    if (recipe.activation)
        json["network"]["activation"] = textOf(*recipe.activation);
    if (!recipe.ties.empty())
        json["ties"] = recipe.ties;
    if (!recipe.chosenOn.empty())
        json["chosen_on"] = recipe.chosenOn;
    // Names that are not UTF-8 (from a format that allows them) must not end in an exception.
    constexpr auto kReplace = OrderedJson::error_handler_t::replace;
    return compact ? json.dump(-1, ' ', false, kReplace) : json.dump(2, ' ', false, kReplace) + "\n";
}

Result<Recipe> recipeFromValue(const json::Value &value, const std::string &where)
{
    return RecipeReader(where).read(value, nullptr);
}

Result<Recipe> recipeFromJson(std::string_view text, const std::string &where, bool *hasRules)
{
    QS_ASSIGN(const json::Value root, json::parse(text, where));
    return RecipeReader(where).read(root, hasRules);
}

} // namespace qs
