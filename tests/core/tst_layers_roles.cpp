// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a reader knows of a tensor wins over the rules about names.
#include "core/recipe/recipe.h"
#include "core/reports/report_json.h"
#include "tests/core/model_builder.h"

#include <QTest>

#include <map>
#include <nlohmann/json.hpp>

using namespace qs;
using qs::test::layerNamed;

namespace {

using Shape = std::vector<std::uint64_t>;

TensorInfo tensorInfo(std::string name, Shape shape)
{
    TensorInfo info;
    info.name = std::move(name);
    info.shape = std::move(shape);
    info.byteSize = info.elements() * 4;
    return info;
}

} // namespace

class TestRoles : public QObject
{
    Q_OBJECT

private slots:
    void rolesWinOverNames()
    {
        Model model;
        for (const char *name : {"0.norm", "conv.weight", "deconv.weight", "matmul", "packed", "vector", "scores"})
            model.tensors.push_back(tensorInfo(name, {4, 6}));
        model.tensors[5].shape = {4};
        model.tensors.push_back(tensorInfo("plus", {6}));
        model.roles[0] = {.op = Op::Linear, .channelAxis = 1, .reason = Text::asIs("Gemm without transB")};
        model.roles[1] = {.reason = Text::asIs("only its shape is used"), .layer = false};
        model.roles[2] = {.op = Op::ConvTranspose, .channelAxis = 1, .reason = {}};
        model.roles[3] = {.op = Op::MatMul, .channelAxis = 1, .reason = Text::asIs("second factor"), .bias = 7};
        model.roles[4] = {.reason = Text::asIs("two consumers disagree"), .quantizable = false};
        model.roles[5] = {.channelAxis = 0, .reason = Text::asIs("a vector is never a layer")};
        findLayers(model);
        QCOMPARE(model.layers.size(), std::size_t(5));
        const Layer *norm = layerNamed(model, "0.norm");
        QVERIFY(norm && norm->op == Op::Linear && norm->keptReason.empty());
        QCOMPARE(norm->channelAxis, 1);
        QCOMPARE(norm->channelAxisReason.str(), std::string("Gemm without transB"));
        const Layer *deconv = layerNamed(model, "deconv.weight");
        QVERIFY(deconv && deconv->op == Op::ConvTranspose && deconv->channelAxis == 1);
        QVERIFY(!deconv->channelAxisReason.empty());
        QCOMPARE(layerNamed(model, "matmul")->bias, std::size_t(7));
        QVERIFY(layerNamed(model, "scores")); // says nothing: the rules about names
        Recipe includeAll;
        includeAll.rules = {{"*", Rule::Action::Include, {}, {}, {}}};
        const auto decisions = resolve(includeAll, model, false);
        QVERIFY(decisions);
        for (std::size_t i = 0; i < model.layers.size(); ++i) {
            const bool kept = model.layers[i].name == "packed";
            QCOMPARE((*decisions)[i].quantize, !kept);
            QCOMPARE((*decisions)[i].reason.str(), std::string(kept ? "two consumers disagree" : ""));
        }
    }

    void tiedTensorsAreOneLayer()
    {
        Model model;
        for (const char *name : {"embed_tokens.weight", "lm_head.weight", "fc.weight"})
            model.tensors.push_back(tensorInfo(name, {4, 6}));
        model.aliases[1] = 0;
        findLayers(model);
        QCOMPARE(model.layers.size(), std::size_t(2));
        QVERIFY(!layerNamed(model, "lm_head.weight"));
        QCOMPARE(model.parameters(), std::uint64_t(2 * 24));
        QCOMPARE(model.bytes(), std::uint64_t(2 * 24 * 4));
    }

    void listSaysRoles()
    {
        Model model;
        model.tensors = {tensorInfo("fc.weight", {4, 6}), tensorInfo("norm.weight", {6}),
                         tensorInfo("h.attn.bias", {1, 1, 4, 4}), tensorInfo("experts.up_proj", {2, 4, 6}),
                         tensorInfo("table", {4, 6})};
        model.roles[4] = {.reason = Text::asIs("only its shape is used"), .layer = false};
        findLayers(model);
        const auto decisions = resolve(Recipe{}, model, false);
        QVERIFY(decisions);
        const auto json = nlohmann::json::parse(listJson(model, *decisions, nullptr));
        std::map<std::string, std::string> roles;
        for (const char *list : {"layers", "tensors"})
            for (const auto &entry : json.at(list)) {
                roles[entry.at("name")] = entry.at("role");
                QVERIFY(!entry.at("role_reason").get<std::string>().empty());
            }
        const std::map<std::string, std::string> expected{{"fc.weight", "linear"},
                                                          {"norm.weight", "norm"},
                                                          {"h.attn.bias", "mask"},
                                                          {"experts.up_proj", "stack"},
                                                          {"table", "buffer"}};
        QVERIFY(roles == expected);
        QCOMPARE(json.at("layers").size(), std::size_t(2));
        QCOMPARE(json.at("layers")[0].at("channels").get<int>(), 2 * 4);
        QCOMPARE(model.roleReason(4).str(), std::string("only its shape is used"));
    }

    void declaredCodes()
    {
        Model model;
        model.tensors = {tensorInfo("w_quantized", {4, 6}), tensorInfo("w_scale", {4, 1}),
                         tensorInfo("w_zero", {4, 1})};
        model.tensors[0].dtype = DType::U8;
        model.tensors[2].dtype = DType::U8;
        StoredQuantization stored;
        stored.scheme.mode = Mode::Asymmetric;
        stored.scales = 1;
        stored.zeroPoints = 2;
        model.roles[0] = {
            .op = Op::MatMul, .channelAxis = 0, .reason = Text::asIs("DequantizeLinear"), .stored = stored};
        findLayers(model);
        QCOMPARE(model.layers.size(), std::size_t(1)); // scales of two axes are no weights
        QVERIFY(model.layers[0].stored && model.layers[0].keptReason.empty());
        QCOMPARE(model.parameters(), std::uint64_t(24));
        const auto decisions = resolve(Recipe{}, model, false);
        QVERIFY(decisions && !(*decisions)[0].quantize);
        QVERIFY((*decisions)[0].reason.str().starts_with("already quantized: 8 bits, asymmetric"));
    }
};

QTEST_GUILESS_MAIN(TestRoles)
#include "tst_layers_roles.moc"
