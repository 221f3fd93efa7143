#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""onnx_files.py FOLDER: models of all types that the onnx package writes, in all forms of payloads."""

import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from expected import BELOW_A_BYTE, OUR_NAMES, Files, all_codes, of_array, sample, tensor


def kinds():
    """(ONNX type, NumPy type) of all but text."""
    for name, number in TensorProto.DataType.items():
        if name not in ("UNDEFINED", "STRING"):
            yield number, np.dtype(helper.tensor_dtype_to_np_dtype(number))


def arrays(random):
    result = {}
    for number, dtype in kinds():
        name = TensorProto.DataType.Name(number)
        for shape in ((), (7,), (3, 5), (2, 0, 3), (2, 3, 4)):
            result[f"{name}_{'x'.join(map(str, shape))}"] = (number, sample(dtype, shape, random))
        if OUR_NAMES.get(dtype.name, "")[:1] in ("f", "b") and dtype.kind != "b" and dtype.itemsize <= 8:
            if OUR_NAMES[dtype.name] not in BELOW_A_BYTE:
                result[name + ".codes"] = (number, all_codes(dtype))
    return result


def save(files, name, tensors, nodes=(), expected=None, opset=21, **arguments):
    graph = helper.make_graph(list(nodes), "graph", [], [], initializer=tensors)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    onnx.save_model(model, files.path(name), **arguments)
    if expected is None:
        expected = {
            t.name: of_array(numpy_helper.to_array(t), OUR_NAMES[numpy_helper.to_array(t).dtype.name])
            for t in onnx.load(files.path(name)).graph.initializer
        }
    files.add(name, expected)


def as_typed(name, number, array):
    return helper.make_tensor(name, number, array.shape, array.reshape(-1).tolist())


def packed(files, random):
    """Floats below a byte, in whole bytes so that safetensors can hold them."""
    raw, typed, expected = [], [], {}
    for number, dtype in kinds():
        if OUR_NAMES[dtype.name] in ("f4", "f6_e2m3", "f6_e3m2"):
            for shape in ((4,), (3, 8)):
                name = f"{TensorProto.DataType.Name(number)}_{len(shape)}"
                array = sample(dtype, shape, random)
                raw.append(numpy_helper.from_array(array, name))
                typed.append(as_typed(name, number, array))
                expected[name] = tensor(OUR_NAMES[dtype.name], shape, raw[-1].raw_data)
    save(files, "packed_raw.onnx", raw, (), expected)
    save(files, "packed_typed.onnx", typed, (), expected)


def dequantized(files, random):
    """Codes of every type that DequantizeLinear takes: what the node gives is the value of the layer."""
    nodes, tensors, expected = [], [], {}
    for number, dtype in kinds():
        kind = TensorProto.DataType.Name(number)
        if kind not in ("INT8", "UINT8", "INT4", "UINT4", "INT2", "UINT2"):
            continue
        codes = sample(dtype, (6, 8), random)
        scales = (random.random(6) / 16).astype(np.float32)
        zeros = sample(dtype, (6,), random)
        name = kind.lower()
        tensors += [
            numpy_helper.from_array(codes, name),
            numpy_helper.from_array(scales, name + "_s"),
            numpy_helper.from_array(zeros, name + "_z"),
        ]
        nodes += [
            helper.make_node("DequantizeLinear", [name, name + "_s", name + "_z"], [name + "_f"], axis=0),
            helper.make_node("Gemm", ["x", name + "_f"], [name + "_y"], transB=1),
        ]
        difference = codes.astype(np.int32) - zeros.astype(np.int32)[:, None]
        values = difference.astype(np.float32) * scales[:, None]
        expected[name] = tensor(OUR_NAMES[dtype.name], codes.shape, None, values)
        expected[name + "_s"] = of_array(scales)
        expected[name + "_z"] = of_array(zeros)
    for part in (key for key in expected if key.endswith(("_s", "_z"))):
        expected[part] |= {"bits": None, "values": None}  # belong to the codes
    save(files, "dequantized.onnx", tensors, nodes, expected, opset=25)


def main(folder):
    files = Files(folder)
    random = np.random.default_rng(9)
    content = arrays(random)
    raw = [numpy_helper.from_array(array, name) for name, (_, array) in content.items()]
    save(files, "raw.onnx", raw)
    whole = {number for number, dtype in kinds() if OUR_NAMES[dtype.name] not in BELOW_A_BYTE | {"c128"}}
    most = [numpy_helper.from_array(array, name) for name, (number, array) in content.items() if number in whole]
    save(files, "most_raw.onnx", most)
    typed = []
    for name, (number, array) in content.items():
        try:
            typed.append(as_typed(name, number, array))
        except Exception as error:
            print(f"  onnx {onnx.__version__} writes no field for {name}: {error}")
    save(files, "typed.onnx", typed)
    packed(files, random)
    big = [numpy_helper.from_array(sample("f4", (64, 48), random), f"w{i}") for i in range(5)]
    save(files, "external_one.onnx", big, save_as_external_data=True, location="external_one.data", size_threshold=0)
    save(files, "external_each.onnx", big, save_as_external_data=True, all_tensors_to_one_file=False, size_threshold=0)
    # Types below a byte and all others, in one file outside.
    save(
        files, "external_types.onnx", raw, save_as_external_data=True, location="external_types.data", size_threshold=0
    )
    constants = [
        helper.make_node("Constant", [], [name], value=numpy_helper.from_array(array, "inner"))
        for name, (_, array) in content.items()
    ]
    expected = {name: of_array(array) for name, (_, array) in content.items()}
    save(files, "constants.onnx", [], constants, expected)
    dequantized(files, random)
    files.save()


main(sys.argv[1])
