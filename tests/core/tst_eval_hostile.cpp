// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Operators and values under hostile inputs: one sentence within the budget.
#include "core/eval/operator.h"
#include "core/eval/stored_value.h"
#include "tests/support/test_model.h"

#include <QTest>

#include <limits>

using namespace qs;
using namespace qs::test;

namespace {

constexpr std::uint64_t kBudget = std::uint64_t{1} << 20U;
constexpr std::int64_t kHuge = std::int64_t{1} << 62U;

using Numbers = std::vector<std::int64_t>;

/// What a node gets: floats of a shape, or integers as they stand.
struct Input {
    std::optional<Shape> floats;
    Numbers integers;
    bool single = false; ///< integers of rank 0
};

Input floats(Shape shape)
{
    return {std::move(shape), {}};
}
Input integers(Numbers values)
{
    return {{}, std::move(values)};
}
Input integer(std::int64_t value)
{
    return {{}, {value}, true};
}

ValuePtr valueOf(const Input &input, MemoryBudget &budget)
{
    const Shape listed = input.single ? Shape{} : Shape{static_cast<std::int64_t>(input.integers.size())};
    auto value =
        Value::make(input.floats ? ElementKind::Float : ElementKind::Int, input.floats.value_or(listed), budget);
    if (!value)
        qFatal("%s", value.error().text().c_str());
    if (input.floats)
        std::ranges::fill((*value)->floats(), 1.0F);
    else
        std::ranges::copy(input.integers, (*value)->ints().begin());
    return *value;
}

struct Case {
    const char *name;
    const char *op;
    std::int64_t version;
    std::vector<Input> inputs;
    std::vector<NetworkAttribute> attributes;
    const char *message; ///< part of it
};

constexpr const char *kMemory = "bytes of memory are needed";
constexpr const char *kNoMemory = "not possible in any memory";

std::vector<Case> cases()
{
    const Numbers wide{1 << 20, 1 << 20};
    return {
        {"expand", "Expand", 13, {floats({1}), integers({kHuge})}, {}, kNoMemory},
        {"expand twice", "Expand", 13, {floats({1}), integers({kHuge, kHuge})}, {}, "is not possible"},
        {"expand a little", "Expand", 13, {floats({1}), integers({1 << 20})}, {}, kMemory},
        {"constant of shape", "ConstantOfShape", 9, {integers({kHuge})}, {}, kNoMemory},
        {"negative shape", "ConstantOfShape", 9, {integers({-5})}, {}, kNoMemory},
        {"many axes", "ConstantOfShape", 9, {integers(Numbers(100, 1))}, {}, kNoMemory},
        {"tile", "Tile", 13, {floats({2}), integers({kHuge})}, {}, "cannot be repeated"},
        {"tile a little", "Tile", 13, {floats({2}), integers({1 << 20})}, {}, kMemory},
        {"pad", "Pad", 13, {floats({2}), integers({kHuge, kHuge})}, {}, "do not fit the shape"},
        {"pad a little", "Pad", 13, {floats({2}), integers({1 << 20, 0})}, {}, kMemory},
        {"pad away", "Pad", 13, {floats({2}), integers({-3, 0})}, {}, "do not fit the shape"},
        {"range", "Range", 11, {integer(0), integer(kHuge), integer(1)}, {}, kNoMemory},
        {"range from end to end",
         "Range",
         11,
         {integer(std::numeric_limits<std::int64_t>::min()), integer(std::numeric_limits<std::int64_t>::max()),
          integer(1)},
         {},
         "there is no range"},
        {"range without step", "Range", 11, {integer(0), integer(5), integer(0)}, {}, "there is no range"},
        {"reshape", "Reshape", 13, {floats({4}), integers({3, -1})}, {}, "does not become"},
        {"reshape to much", "Reshape", 13, {floats({4}), integers({kHuge, kHuge, 0})}, {}, "does not hold"},
        {"resize",
         "Resize",
         13,
         {floats({1, 1, 2, 2}), floats({0}), floats({0}), integers({1, 1, 1 << 30, 1 << 30})},
         {{"mode", std::string("linear")}},
         kMemory},
        {"resize beyond",
         "Resize",
         13,
         {floats({2}), floats({0}), floats({0}), integers({kHuge})},
         {},
         "does not become"},
        {"gather", "Gather", 13, {floats({2}), integers({2})}, {}, "index 2 is outside an axis of 2"},
        {"gather from below", "Gather", 13, {floats({2}), integers({-3})}, {}, "index -3 is outside"},
        {"axis", "Concat", 13, {floats({2}), floats({2})}, {{"axis", std::int64_t{7}}}, "there is no axis 7"},
        {"split", "Split", 13, {floats({2}), integers({kHuge, kHuge})}, {}, "do not make 2"},
        {"slice without step",
         "Slice",
         13,
         {floats({2}), integers({0}), integers({1}), integers({0}), integers({0})},
         {},
         "the step of a slice is 0"},
        {"pads of a pool",
         "MaxPool",
         12,
         {floats({1, 1, 2, 2})},
         {{"kernel_shape", Numbers{2, 2}}, {"pads", Numbers{1 << 30, 1 << 30, 1 << 30, 1 << 30}}},
         kNoMemory},
        {"pads of a convolution",
         "Conv",
         11,
         {floats({1, 1, 2, 2}), floats({1, 1, 1, 1})},
         {{"strides", Numbers{1 << 30, 1 << 30}}, {"pads", Numbers{1 << 30, 1 << 30, 1 << 30, 1 << 30}}},
         "memory"},
        {"channels of a convolution",
         "Conv",
         11,
         {floats({1, 3, 2, 2}), floats({1, 2, 1, 1})},
         {},
         "2 channels per group are expected, but there are 3"},
        {"transposed convolution",
         "ConvTranspose",
         11,
         {floats({1, 1, 2, 2}), floats({1, 1, 1, 1})},
         {{"strides", Numbers{1 << 30, 1 << 30}}},
         kMemory},
        {"groups", "Conv", 11, {floats({1, 3, 2}), floats({1, 3, 1})}, {{"group", std::int64_t{0}}}, "0 groups"},
        {"products", "MatMul", 13, {floats({2, 3}), floats({2, 3})}, {}, "3 columns cannot be multiplied with 2 rows"},
        {"large product", "MatMul", 13, {floats({1 << 12, 1}), floats({1, 1 << 12})}, {}, kMemory},
        {"shapes", "Add", 14, {floats({2}), floats({3})}, {}, "shapes [2] and [3] do not fit each other"},
        {"kinds", "Add", 14, {floats({2}), integers({1, 2})}, {}, "one input is of floats"},
        {"missing input", "Add", 14, {floats({2})}, {}, "input 2 is missing"},
        {"no input", "Relu", 14, {}, {}, "input 1 is missing"},
        {"einsum without arrow", "Einsum", 12, {floats({2, 2})}, {{"equation", std::string("i")}}, "rank 2"},
        {"einsum of nothing", "Einsum", 12, {floats({2})}, {}, "has not the axes"},
        {"einsum of too much",
         "Einsum",
         12,
         {floats({1 << 12}), floats({1 << 12})},
         {{"equation", std::string("i,j->ij")}},
         kMemory},
        {"einsum of sizes",
         "Einsum",
         12,
         {floats({2}), floats({3})},
         {{"equation", std::string("i,i->i")}},
         "axes of 2 and 3 elements have the same name"},
        {"einsum of more",
         "Einsum",
         12,
         {floats({2})},
         {{"equation", std::string("i,i->i")}},
         "the equation is not for 1 inputs"},
        {"einsum to what is not there",
         "Einsum",
         12,
         {floats({2})},
         {{"equation", std::string("i->j")}},
         "one that no input has"},
        {"einsum by signs", "Einsum", 12, {floats({2})}, {{"equation", std::string("1->1")}}, "'1' in the equation"},
        {"top", "TopK", 11, {floats({2}), integer(3)}, {}, "an axis of 2 has no 3 elements"},
        {"state",
         "LSTM",
         14,
         {floats({1, 1, 2}), floats({1, 8, 2}), floats({1, 8, 3})},
         {},
         "the shape [1, 8, 2]; [1, 12, 2] is expected"},
    };
}

} // namespace

Q_DECLARE_METATYPE(Case)

class TestEvalHostile : public QObject
{
    Q_OBJECT

private slots:
    void nodes_data();
    void nodes();
    void unknownAttribute();
    void longOperator();
    void missingOperators();
    void budgetIsGivenBack();
};

void TestEvalHostile::nodes_data()
{
    QTest::addColumn<Case>("what");
    for (const Case &entry : cases())
        QTest::newRow(entry.name) << entry;
}

void TestEvalHostile::nodes()
{
    QFETCH(Case, what);
    MemoryBudget budget(kBudget);
    Values inputs;
    NetworkNode node;
    node.op = what.op;
    node.version = what.version;
    node.name = "node";
    node.outputs = {0};
    node.attributes = what.attributes;
    for (const Input &input : what.inputs) {
        inputs.push_back(valueOf(input, budget));
        node.inputs.push_back(static_cast<std::uint32_t>(node.inputs.size()) + 1);
    }
    const Network network;
    const TaskContext task;
    const auto result = runNode(node, inputs, {network, task, budget});
    QVERIFY(!result);
    const std::string text = result.error().text();
    QVERIFY2(text.find(what.message) != std::string::npos, text.c_str());
    QVERIFY2(text.find("node 'node'") != std::string::npos, text.c_str());
    QVERIFY(budget.peak() <= kBudget);
}

void TestEvalHostile::unknownAttribute()
{
    Network network;
    NetworkNode node;
    node.op = "Relu";
    node.version = 14;
    node.name = "node";
    node.attributes = {{"slope", 1.0F}};
    network.graphs.emplace_back().nodes = {node};
    const auto checked = checkOperators(network);
    QVERIFY(!checked);
    QCOMPARE(checked.error().text(), "node 'node' uses the attribute 'slope' of operator Relu, which is not supported");
}

/// A name of a file may be as long as the file.
void TestEvalHostile::longOperator()
{
    Network network;
    NetworkNode &node = network.graphs.emplace_back().nodes.emplace_back();
    node.op = std::string(1'000'000, 'R');
    node.name = "node";
    const auto checked = checkOperators(network);
    QVERIFY(!checked);
    QVERIFY2(checked.error().text().size() < 300, checked.error().text().c_str());
}

/// All at once, each once, with the first node.
void TestEvalHostile::missingOperators()
{
    Network network;
    network.graphs.emplace_back();
    for (const char *op : {"Relu", "Loop", "Scan", "Loop", "NonMaxSuppression"}) {
        NetworkNode &node = network.graphs[0].nodes.emplace_back();
        node.op = op;
        node.version = 16;
        node.name = std::string(op) + "_1";
    }
    const auto checked = checkOperators(network);
    QVERIFY(!checked);
    QCOMPARE(checked.error().text(), "node 'Loop_1' uses operator Loop (opset 16), which is not supported; 2 more: "
                                     "Scan, NonMaxSuppression");
    QVERIFY(findOperator("", "Softmax", 12) != findOperator("", "Softmax", 13));
    QVERIFY(findOperator("", "Softmax", 0) == findOperator("ai.onnx", "Softmax", 13));
    QVERIFY(findOperator("com.example", "Softmax", 13) == nullptr);
    QVERIFY(findOperator("", "Softmax", 1000) == nullptr);
}

void TestEvalHostile::budgetIsGivenBack()
{
    MemoryBudget budget(1000);
    {
        const auto first = Value::make(ElementKind::Float, {10, 10}, budget);
        QS_VERIFY(first);
        QCOMPARE(budget.used(), 400 + Value::kOwnBytes);
        const auto view = Value::view(*first, {100});
        QS_VERIFY(view);
        QCOMPARE(budget.used(), 400 + 2 * Value::kOwnBytes);
        QVERIFY(!Value::view(*first, {99}));
        QVERIFY(!Value::make(ElementKind::Int, {100}, budget));
        QCOMPARE(reinterpret_cast<std::uintptr_t>((*view)->floats().data()) % 64, 0U);
    }
    QCOMPARE(budget.used(), 0U);
    QCOMPARE(budget.peak(), 400 + 2 * Value::kOwnBytes);
}

QTEST_GUILESS_MAIN(TestEvalHostile)
#include "tst_eval_hostile.moc"
