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


def weights(content, inputs):
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    return session.run(None, {"x": np.eye(inputs, dtype=np.float32)})[0]


def differs(name, nodes, tensors, cli, folder):
    inputs = 16 if name == "shape_chain" else K
    value = lambda text, shape: H.make_tensor_value_info(text, T.FLOAT, shape)
    graph = H.make_graph([*nodes, node("MatMul", ["x", "v"], ["y"])], "g", [value("x", ["n", inputs])], [value("y", None)],
                         tensors)
    content = H.make_model(graph, opset_imports=[H.make_opsetid("", 21)], ir_version=10).SerializeToString()
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
    return abs(told - found) > 1e-3 * found


if __name__ == "__main__":
    print("onnx", onnx.__version__, "onnxruntime", onnxruntime.__version__)
    onnxruntime.set_default_logger_severity(3)
    with tempfile.TemporaryDirectory() as place:
        wrong = [name for name, case in CASES.items() if differs(name, *case, sys.argv[1], place)]
    print("different:", ", ".join(wrong) or "none")
    sys.exit(1 if wrong else 0)
