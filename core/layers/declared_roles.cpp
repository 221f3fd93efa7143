// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/layers/declared_roles.h"

#include "core/base/text.h"
#include "core/parse/json.h"

#include <algorithm>

#include <nlohmann/json.hpp>

namespace qs {
namespace {

std::unexpected<Error> wrong(Text message)
{
    return fail(ErrorCode::Input, std::move(message));
}

Result<bool> boolFrom(const std::string &key, const json::Value &value)
{
    if (value.kind != json::Kind::Bool)
        return wrong(Text::of("'{}' must be true or false, not {}", key, json::describe(value.kind)));
    return value.boolean;
}

Result<Op> opFrom(const json::Value &value)
{
    const auto op = value.kind == json::Kind::String ? opFromText(value.text) : std::nullopt;
    if (!op)
        return wrong(Text::of("'op' must be linear, conv, recurrent, embedding, conv_transpose or matmul"));
    return *op;
}

Result<std::size_t> biasFrom(const Model &model, const json::Value &value)
{
    const auto bias = value.kind == json::Kind::String ? model.findTensor(value.text) : std::nullopt;
    if (!bias || model.tensors[*bias].shape.size() != 1 || !isWeightFloat(model.tensors[*bias].dtype))
        return wrong(Text::of("'bias' must name a float tensor of one axis"));
    return *bias;
}

Result<void> setField(const Model &model, const TensorInfo &tensor, const std::string &key, const json::Value &value,
                      TensorRole &role)
{
    if (key == "layer") {
        QS_ASSIGN(role.layer, boolFrom(key, value));
    } else if (key == "quantizable") {
        QS_ASSIGN(role.quantizable, boolFrom(key, value));
    } else if (key == "op") {
        QS_ASSIGN(role.op, opFrom(value));
    } else if (key == "axis") {
        if (value.kind != json::Kind::Unsigned || value.number >= tensor.shape.size())
            return wrong(Text::of("'axis' must be a whole number from 0 to {}", tensor.shape.size() - 1));
        role.channelAxis = static_cast<int>(value.number);
    } else if (key == "stack") {
        if (value.kind != json::Kind::Unsigned || value.number >= std::min<std::size_t>(tensor.shape.size(), UINT8_MAX))
            return wrong(Text::of("'stack' must be a whole number from 0 to {}", tensor.shape.size() - 1));
        role.stackAxes = static_cast<std::uint8_t>(value.number);
    } else if (key == "bias") {
        QS_ASSIGN(role.bias, biasFrom(model, value));
    } else if (key == "reason") {
        if (value.kind != json::Kind::String)
            return wrong(Text::of("'reason' must be a string, not {}", json::describe(value.kind)));
        role.reason = Text::asIs(value.text);
    }
    return {};
}

Result<void> addRole(Model &model, const std::string &name, const json::Value &object)
{
    const auto index = model.findTensor(name);
    if (!index || model.tensors[*index].shape.size() < 2)
        return wrong(Text::of("there is no such tensor of two or more axes"));
    if (object.kind != json::Kind::Object)
        return wrong(Text::of("it must be an object, not {}", json::describe(object.kind)));
    const TensorInfo &tensor = model.tensors[*index];
    TensorRole role;
    for (const auto &[key, value] : object.members)
        QS_CHECK(setField(model, tensor, key, value, role));
    if (role.stackAxes > role.channelAxis.value_or(0))
        return wrong(Text::of("'stack' counts axes before 'axis' only"));
    if (role.bias && model.tensors[*role.bias].shape[0] != tensor.shape[std::size_t(role.channelAxis.value_or(0))])
        return wrong(Text::of("'bias' does not have one value per output"));
    model.roles.emplace(*index, std::move(role));
    return {};
}

} // namespace

std::string rolesText(const Model &model, bool decoded)
{
    nlohmann::json json = nlohmann::json::object();
    for (const auto &[index, role] : model.roles) {
        const TensorInfo &tensor = model.tensors[index];
        if (tensor.shape.size() < 2 || (role.stored && !decoded))
            continue;
        nlohmann::json entry = nlohmann::json::object();
        if (!role.layer)
            entry["layer"] = false;
        if (!role.quantizable)
            entry["quantizable"] = false;
        if (role.op)
            entry["op"] = textOf(*role.op);
        if (role.channelAxis)
            entry["axis"] = *role.channelAxis;
        if (role.stackAxes > 0)
            entry["stack"] = role.stackAxes;
        if (role.bias)
            entry["bias"] = model.tensors[*role.bias].name;
        if (!role.reason.empty())
            entry["reason"] = role.reason.str();
        json[tensor.name] = std::move(entry);
    }
    if (json.empty())
        return {};
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void readDeclaredRoles(Model &model)
{
    const auto text = model.metadata.find(kRolesKey);
    if (text == model.metadata.end())
        return;
    const auto root = json::parse(text->second, kRolesKey);
    if (!root || root->kind != json::Kind::Object) {
        model.warnings.push_back(Text::of("the metadata '{}' is not used: {}", kRolesKey,
                                          root ? Text::of("it must be an object") : root.error().sentence()));
        return;
    }
    for (const auto &[name, object] : root->members)
        if (const auto added = addRole(model, name, object); !added)
            model.warnings.push_back(Text::of("the metadata '{}' about tensor {} is not used: {}", kRolesKey,
                                              inQuotes(name), added.error().sentence()));
}

} // namespace qs
