#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""computed_weights.py CLI: weights that an ONNX graph computes of constants, against ONNX Runtime.

Of each model quantoscope-cli writes int8; ONNX Runtime multiplies both files by the identity, which gives the weights, and
their distance has to be the error that the program tells. Needs numpy, onnx and onnxruntime. Ends with 1 on a difference."""

import json
import subprocess
import sys
import tempfile

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto as T
from onnx import helper as H
from onnx import numpy_helper as N

rng = np.random.default_rng(1)


K, M = 24, 16
node = H.make_node


def floats(name, *shape):
    return N.from_array(rng.standard_normal(shape).astype(np.float32), name)


def given(name, values, kind=np.int64):
    return N.from_array(np.array(values, kind), name)


CASES = {
    "lora_fused": (
        [
            node("MatMul", ["A", "B"], ["d"]),
            node("Mul", ["d", "s"], ["e"]),
            node("Add", ["w", "e"], ["v"]),
        ],
        [
            floats("w", K, M),
            floats("A", K, 4),
            floats("B", 4, M),
            given("s", 2.0, np.float32),
        ],
    ),
    "lora_on_qdq": (
        [
            node("DequantizeLinear", ["q", "qs", "qz"], ["w"], axis=1),
            node("MatMul", ["A", "B"], ["d"]),
            node("Add", ["w", "d"], ["v"]),
        ],
        [
            N.from_array(rng.integers(-128, 128, (K, M)).astype(np.int8), "q"),
            N.from_array((rng.random(M) * 0.01 + 0.001).astype(np.float32), "qs"),
            N.from_array(rng.integers(-5, 5, M).astype(np.int8), "qz"),
            floats("A", K, 4),
            floats("B", 4, M),
        ],
    ),
    "clip": (
        [
            node("Clip", ["w", "lo", "hi"], ["v"]),
        ],
        [
            floats("w", K, M),
            given("lo", -0.5, np.float32),
            given("hi", 0.7, np.float32),
        ],
    ),
    "slice": (
        [
            node("Slice", ["w", "b", "e", "ax", "st"], ["v"]),
        ],
        [
            floats("w", 2 * K, M),
            given("b", [1]),
            given("e", [2 ** 62]),
            given("ax", [0]),
            given("st", [2]),
        ],
    ),
    "concat": (
        [
            node("Concat", ["w", "u", "t"], ["v"], axis=1),
        ],
        [
            floats("w", K, 8),
            floats("u", K, 5),
            floats("t", K, 3),
        ],
    ),
    "where": (
        [
            node("Greater", ["w", "z"], ["m"]),
            node("Where", ["m", "w", "u"], ["v"]),
        ],
        [
            floats("w", K, M),
            given("z", 0.1, np.float32),
            floats("u", K, M),
        ],
    ),
    "gather": (
        [
            node("Gather", ["w", "i"], ["v"], axis=0),
        ],
        [
            floats("w", 40, M),
            N.from_array(rng.permutation(40)[:K].astype(np.int64), "i"),
        ],
    ),
    "expand": (
        [
            node("Expand", ["w", "s"], ["v"]),
        ],
        [
            floats("w", K, 1),
            given("s", [1, M]),
        ],
    ),
    "unsq": (
        [
            node("Unsqueeze", ["w", "ax"], ["t"]),
            node("Mul", ["t", "g"], ["h"]),
            node("Squeeze", ["h", "ax"], ["v"]),
        ],
        [
            floats("w", K, M),
            given("ax", [0]),
            floats("g", 1, 1, M),
        ],
    ),
    "standard": (
        [
            node("ReduceMean", ["w", "ax"], ["m"]),
            node("Sub", ["w", "m"], ["c"]),
            node("Mul", ["c", "c"], ["q"]),
            node("ReduceMean", ["q", "ax"], ["var"]),
            node("Add", ["var", "eps"], ["ve"]),
            node("Sqrt", ["ve"], ["sd"]),
            node("Div", ["c", "sd"], ["v"]),
        ],
        [
            floats("w", K, M),
            given("ax", [0]),
            given("eps", 1e-05, np.float32),
        ],
    ),
    "reshape_mix": (
        [
            node("Reshape", ["w", "s"], ["v"]),
        ],
        [
            floats("w", 4, 6, M),
            given("s", [K, M]),
        ],
    ),
    "reshape_flat": (
        [
            node("Reshape", ["w", "s"], ["v"]),
        ],
        [
            floats("w", K * M),
            given("s", [K, M]),
        ],
    ),
    "cut": (
        [
            node("Reshape", ["w", "s"], ["t"]),
            node("Transpose", ["t"], ["u"], perm=[1, 0, 2]),
            node("Reshape", ["u", "s2"], ["v"]),
        ],
        [
            floats("w", K, M),
            given("s", [6, 4, M]),
            given("s2", [K, M]),
        ],
    ),
    "codebook": (
        [
            node("Gather", ["cb", "idx"], ["v"]),
        ],
        [
            floats("cb", 16),
            N.from_array(rng.integers(0, 16, (K, M)).astype(np.int64), "idx"),
        ],
    ),
    "reduce_kernels": (
        [
            node("Mul", ["w", "al"], ["p"]),
            node("ReduceSum", ["p", "ax"], ["v"], keepdims=0),
        ],
        [
            floats("w", 3, K, M),
            floats("al", 3, 1, 1),
            given("ax", [0]),
        ],
    ),
    "tile": (
        [
            node("Tile", ["w", "r"], ["v"]),
        ],
        [
            floats("w", K, 4),
            given("r", [1, 4]),
        ],
    ),
    "shape_chain": (
        [
            node("Shape", ["w"], ["sh"]),
            node("Gather", ["sh", "i1"], ["n"]),
            node("Concat", ["n", "rest"], ["s"], axis=0),
            node("Reshape", ["w", "s"], ["v"]),
        ],
        [
            floats("w", 4, 6, M),
            given("i1", [2]),
            given("rest", [-1]),
        ],
    ),
    "block_dq": (
        [
            node("DequantizeLinear", ["q", "qs"], ["w"], axis=0, block_size=8),
            node("Mul", ["w", "g"], ["v"]),
        ],
        [
            N.from_array(rng.integers(-128, 128, (K, M)).astype(np.int8), "q"),
            N.from_array((rng.random((3, M)) * 0.01).astype(np.float32), "qs"),
            floats("g", 1, M),
        ],
    ),
    "qat": (
        [
            node("QuantizeLinear", ["w", "qs", "qz"], ["q"], axis=1),
            node("DequantizeLinear", ["q", "qs", "qz"], ["d"], axis=1),
            node("Mul", ["d", "g"], ["v"]),
        ],
        [
            floats("w", K, M),
            N.from_array((rng.random(M) * 0.01 + 0.01).astype(np.float32), "qs"),
            N.from_array(np.zeros(M, np.int8), "qz"),
            floats("g", K, 1),
        ],
    ),
    "f16": (
        [
            node("Cast", ["w"], ["c"], to=1),
            node("Mul", ["c", "g"], ["v"]),
        ],
        [
            N.from_array(rng.standard_normal((K, M)).astype(np.float16), "w"),
            floats("g", 1, M),
        ],
    ),
    "gemm_lora": (
        [
            node("Gemm", ["A", "B"], ["d"], alpha=0.5, transB=1),
            node("Add", ["w", "d"], ["v"]),
        ],
        [
            floats("w", K, M),
            floats("A", K, 4),
            floats("B", M, 4),
        ],
    ),
    "max3": (
        [
            node("Max", ["w", "u", "z"], ["v"]),
        ],
        [
            floats("w", K, M),
            floats("u", K, M),
            given("z", 0, np.float32),
        ],
    ),
}


def product(weight, result):
    return node("MatMul", ["x", weight], [result])


def body(name, nodes, inputs, outputs, tensors=()):
    value = lambda text, kind, shape=None: H.make_tensor_value_info(text, kind, shape)
    return H.make_graph(nodes, name, [value(*i) for i in inputs], [value(*o) for o in outputs], list(tensors))


def scaled_in_branches():
    """Each branch scales a weight: one of the graph around it, one of its own."""
    yes = body("yes", [node("Mul", ["w", "g"], ["v"]), product("v", "a")], [], [("a", T.FLOAT)])
    no = body("no", [node("Add", ["u", "g"], ["v2"]), product("v2", "b")], [], [("b", T.FLOAT)], [floats("u", K, M)])
    return [node("If", ["choice"], ["y"], then_branch=yes, else_branch=no)]


def scaled_in_a_loop():
    step = [node("Mul", ["w", "g"], ["v"]), node("MatMul", ["state", "v"], ["next"]), node("Identity", ["go"], ["more"])]
    inside = body("step", step, [("i", T.INT64, []), ("go", T.BOOL, []), ("state", T.FLOAT)],
                  [("more", T.BOOL, []), ("next", T.FLOAT)])
    return [node("Loop", ["times", "", "x"], ["y"], body=inside)]


def by_parts(picking, count):
    return [*picking, *(product(f"v{i}", f"y{i}") for i in range(count))]


THREE = ["v0", "v1", "v2"]

# The graph says itself which products there are; "y" or "y0", "y1" … are its outputs.
WHOLE = {
    "split": (
        by_parts([node("Split", ["w", "s"], THREE, axis=1)], 3),
        [floats("w", K, 3 * M), given("s", [M, M // 2, 3 * M // 2])],
    ),
    "split_of_scaled": (
        by_parts([node("Mul", ["w", "g"], ["t"]), node("Split", ["t"], THREE, axis=1, num_outputs=3)], 3),
        [floats("w", K, 3 * M), floats("g", 1, 3 * M)],
    ),
    "split_one_used": (
        by_parts([node("Split", ["w", "s"], ["v0", "rest"], axis=1)], 1),
        [floats("w", K, 3 * M), given("s", [M, 2 * M])],
    ),
    "second_of_split": (
        by_parts([node("Split", ["w"], ["rest", "v0"], axis=1, num_outputs=2)], 1),
        [floats("w", K, 2 * M)],
    ),
    "slices": (
        by_parts([node("Slice", ["w", f"b{i}", f"b{i + 1}", "ax"], [f"v{i}"]) for i in range(2)], 2),
        [floats("w", K, 3 * M), given("ax", [1]), given("b0", [0]), given("b1", [M]), given("b2", [3 * M])],
    ),
    "codes_in_parts": (
        by_parts([
            node("DequantizeLinear", ["w", "qs"], ["d"], axis=1),
            node("Neg", ["d"], ["t"]),
            node("Split", ["t"], THREE, axis=1, num_outputs=3),
        ], 3),
        [
            N.from_array(rng.integers(-128, 128, (K, 3 * M)).astype(np.int8), "w"),
            N.from_array((rng.random(3 * M) * 0.01 + 0.001).astype(np.float32), "qs"),
        ],
    ),
    "branches": (scaled_in_branches(), [floats("w", K, M), floats("g", 1, M)]),
    "loop": (scaled_in_a_loop(), [floats("w", K, K), floats("g", 1, K), given("times", 1)]),
}


# Matrices that the graph takes out of a stack one by one: one scale per matrix and output, along this axis.
STACKS = {
    "split_stack": (
        by_parts([
            node("Split", ["w"], ["a", "b", "c"], axis=0, num_outputs=3),
            *(node("Squeeze", [part, "ax"], [f"v{i}"]) for i, part in enumerate("abc")),
        ], 3),
        [floats("w", 3, K, M), given("ax", [0])],
        2,
    ),
    "experts_by_index": (
        by_parts([node("Gather", ["w", f"i{i}"], [f"v{i}"], axis=0) for i in range(3)], 3),
        [floats("w", 3, K, M), *(given(f"i{i}", i) for i in range(3))],
        2,
    ),
    "experts_turned": (
        by_parts([
            n for i in range(3) for n in (node("Gather", ["w", f"i{i}"], [f"t{i}"], axis=0),
                                          node("Transpose", [f"t{i}"], [f"v{i}"], perm=[1, 0]))
        ], 3),
        [floats("w", 3, M, K), *(given(f"i{i}", i) for i in range(3))],
        1,
    ),
}


def function_model():
    """A function scales its weight: what it computes is another thing in each call."""
    inner = H.make_function("local", "Scaled", ["a", "b", "c"], ["r"],
                            [node("Mul", ["b", "c"], ["v"]), node("MatMul", ["a", "v"], ["r"])],
                            [H.make_opsetid("", 21)])
    return model_of([node("Scaled", ["x", "w", "g"], ["y"], domain="local")], [floats("w", K, M), floats("g", 1, M)],
                    functions=[inner])


def two_weights_model():
    """Parts of one tensor that are changed, each in its own way."""
    return model_of([
        node("Split", ["w"], ["a", "b"], axis=1, num_outputs=2),
        node("Mul", ["a", "k"], ["c"]),
        product("c", "y0"),
        product("b", "y1"),
    ], [floats("w", K, 2 * M), given("k", 2.0, np.float32)])


REASONS = {
    "function": (function_model, "Mul 'v' changes it before it is used as a weight"),
    "parts_changed": (two_weights_model, "changes it before it is used as a weight"),
}


def model_of(nodes, tensors, inputs=K, functions=()):
    value = lambda text, shape, kind=T.FLOAT: H.make_tensor_value_info(text, kind, shape)
    outputs = [o for n in nodes for o in n.output if o == "y" or (o[0] == "y" and o[1:].isdigit())]
    graph = H.make_graph(nodes, "g", [value("x", ["n", inputs]), value("choice", [], T.BOOL)], [value(o, None) for o in outputs],
                         tensors)
    opsets = [H.make_opsetid("", 21), *({f.domain: H.make_opsetid(f.domain, 1) for f in functions}.values())]
    return H.make_model(graph, opset_imports=opsets, ir_version=10, functions=list(functions))


def weights(content, inputs):
    """All outputs, with both values of the condition that branches look at."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    x = np.eye(inputs, dtype=np.float32)
    return np.concatenate([y.ravel() for c in (True, False) for y in session.run(None, {"x": x, "choice": np.array(c)})])


def differs(name, model, inputs, cli, folder):
    content = model.SerializeToString()
    source, target = f"{folder}/{name}.onnx", f"{folder}/{name}.int8.onnx"
    with open(source, "wb") as file:
        file.write(content)
    run = subprocess.run([cli, "quantize", source, "-o", target, "--force", "--output-error", "none", "--json"],
                         capture_output=True, text=True)
    if run.returncode != 0:
        print(f"{name}: {run.stderr.strip()}")
        return True
    told = json.loads(run.stdout)["total"]["metrics"]["relative_error"]
    whole = weights(content, inputs)
    found = np.linalg.norm(weights(onnx.load(target).SerializeToString(), inputs) - whole) / np.linalg.norm(whole)
    print(f"{name}: told {told:.6f}, ONNX Runtime {found:.6f}")
    return not found > 0 or abs(told - found) > 1e-3 * found


def listed(name, model, cli, folder):
    source = f"{folder}/{name}.onnx"
    onnx.save(model, source)
    layers = json.loads(subprocess.run([cli, "list", source, "--json"], capture_output=True, text=True).stdout)["layers"]
    return [layer for layer in layers if layer["name"] == "w"]


def is_no_stack(name, nodes, tensors, axis, cli, folder):
    seen = [(layer["channel_axis"], layer["channels"]) for layer in listed(name, model_of(nodes, tensors), cli, folder)]
    print(f"{name}: axis and scales {seen}")
    return seen != [(axis, 3 * M)]


def lacks_reason(name, make, reason, cli, folder):
    kept = [layer["reason"] for layer in listed(name, make(), cli, folder)]
    print(f"{name}: {kept}")
    return len(kept) != 1 or reason not in kept[0]


def main():
    cli = sys.argv[1]
    print("onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)
    onnxruntime.set_default_logger_severity(3)
    wrong = []
    with tempfile.TemporaryDirectory() as place:
        for name, (nodes, tensors) in CASES.items():
            inputs = 16 if name == "shape_chain" else K
            if differs(name, model_of([*nodes, product("v", "y")], tensors, inputs), inputs, cli, place):
                wrong.append(name)
        wrong += [name for name, case in WHOLE.items() if differs(name, model_of(*case), K, cli, place)]
        wrong += [name for name, case in STACKS.items() if is_no_stack(name, *case, cli, place)]
        wrong += [name for name, case in REASONS.items() if lacks_reason(name, *case, cli, place)]
    print("different:", ", ".join(wrong) or "none")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
