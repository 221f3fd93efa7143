// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/recipe_roles.h"

#include "core/layers/declared_network.h"
#include "core/layers/equal_tensors.h"
#include "core/layers/layer_rules.h"
#include "core/model/names.h"
#include "core/recipe/pattern.h"

#include <algorithm>
#include <map>

namespace qs {
namespace {

Op opOf(Role role)
{
    switch (role) {
    case Role::Convolution:
        return Op::Conv;
    case Role::Recurrent:
        return Op::Recurrent;
    case Role::Embedding:
        return Op::Embedding;
    default:
        return Op::Linear;
    }
}

bool isKindOf(Op op, Op wanted)
{
    return op == wanted || (op == Op::MatMul && wanted == Op::Linear) ||
           (op == Op::ConvTranspose && wanted == Op::Conv);
}

std::size_t leastRank(Role role)
{
    return !isLayerRole(role) ? 0 : role == Role::Stack ? 3 : 2;
}

/// What the tensor is by the rule.
TensorRole roleBy(const Rule &rule, const Model &model, std::size_t tensor)
{
    const Role role = *rule.role;
    TensorRole result;
    result.layer = isLayerRole(role);
    result.reason = Text::of("{}, as rule {} says", textOf(role), briefInQuotes(rule.match));
    if (!result.layer)
        return result;
    if (const auto before = model.roles.find(tensor); before != model.roles.end())
        result.bias = before->second.bias;
    result.op = opOf(role);
    result.stackAxes = role == Role::Stack ? 1 : 0;
    result.channelAxis = result.stackAxes;
    const auto layer = model.layerOf(tensor);
    if (layer && isKindOf(model.layers[*layer].op, *result.op) && model.tensors[tensor].stackAxes == result.stackAxes) {
        result.op = model.layers[*layer].op;
        result.channelAxis = model.layers[*layer].channelAxis;
    }
    return result;
}

class RoleChange
{
public:
    RoleChange(const Model &model, const Recipe &recipe)
        : m_model(model)
        , m_recipe(recipe)
        , m_ofCodes(model.tensors.size())
    {
        for (const Layer &layer : model.layers) {
            if (!layer.stored)
                continue;
            m_ofCodes[layer.tensor] = true;
            for (const std::size_t part : layer.stored->parts())
                m_ofCodes[part] = true;
        }
    }

    /// The rule that decides about each tensor whose role is changed.
    Result<std::map<std::size_t, const Rule *>> find() const
    {
        std::map<std::size_t, const Rule *> changes;
        for (const Rule &rule : m_recipe.rules)
            if (rule.role)
                QS_CHECK(apply(rule, changes));
        return changes;
    }

private:
    Result<void> apply(const Rule &rule, std::map<std::size_t, const Rule *> &changes) const
    {
        QS_ASSIGN(const Pattern pattern, Pattern::compile(rule.match));
        std::optional<std::size_t> tooFlat;
        bool changed = false;
        const auto visit = [&](std::size_t tensor) {
            if (const auto alias = m_model.aliases.find(tensor); alias != m_model.aliases.end())
                tensor = alias->second;
            if (m_ofCodes[tensor])
                return;
            if (m_model.tensors[tensor].shape.size() < leastRank(*rule.role)) {
                tooFlat = tensor;
                return;
            }
            changes[tensor] = &rule;
            changed = true;
        };
        if (pattern.isPlainName()) { // a recipe may have one per tensor
            const std::string &name = pattern.plainName();
            for (const auto &found : {m_model.findTensor(name), m_model.findTensor(name + ".weight")})
                if (found)
                    visit(*found);
        } else {
            for (std::size_t i = 0; i < m_model.tensors.size(); ++i)
                if (pattern.matches(m_model.tensors[i].name) || pattern.matches(moduleName(m_model.tensors[i].name)))
                    visit(i);
        }
        if (tooFlat && !changed)
            return fail(ErrorCode::Usage,
                        Text::of("a tensor of shape {} cannot be {}: that takes {} axes or more",
                                 shapeText(m_model.tensors[*tooFlat].shape), textOf(*rule.role), leastRank(*rule.role)),
                        Text::of("rule {}", briefInQuotes(rule.match)));
        return {};
    }

    const Model &m_model;
    const Recipe &m_recipe;
    std::vector<bool> m_ofCodes;
};

} // namespace

Result<std::shared_ptr<const Model>> withRoles(std::shared_ptr<const Model> model, const Recipe &recipe)
{
    const bool hasRoles = std::ranges::any_of(recipe.rules, [](const Rule &rule) { return rule.role.has_value(); });
    if (!hasRoles && recipe.ties.empty())
        return model;
    QS_ASSIGN(const auto changes, RoleChange(*model, recipe).find());
    auto changed = std::make_shared<Model>(*model);
    changed->asOpened = model;
    QS_ASSIGN(const bool isTied, addTies(*changed, recipe.ties, TaskContext()));
    if (changes.empty() && !isTied)
        return model;
    for (const auto &[tensor, rule] : changes)
        changed->roles[tensor] = roleBy(*rule, *model, tensor);
    listLayers(*changed);
    changed->warnings = model->warnings; // said when the file was opened
    checkDeclaredNetwork(*changed);
    for (const auto &[tensor, rule] : changes) {
        NamedRole &role = changed->namedRoles[tensor];
        role.role = *rule->role;
        role.reason = Text::constant("a rule of the recipe says so");
    }
    return changed;
}

void checkDeclaredRoles(Model &model)
{
    const auto found = model.metadata.find("quantoscope.recipe");
    if (found == model.metadata.end() || found->second.find("\"role\"") == std::string::npos)
        return;
    const auto recipe = recipeOfMetadata(model);
    if (!recipe || !*recipe)
        return;
    if (const auto changes = RoleChange(model, **recipe).find(); !changes) {
        model.warnings.push_back(
            Text::of("the recipe in the file's metadata is not used: {}", changes.error().sentence()));
        model.metadata.erase(found);
    }
}

} // namespace qs
