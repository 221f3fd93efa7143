#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the onnx package reads from ONNX files, as JSON.

onnx_judge.py FILE…            lists the tensors of these files
onnx_judge.py --make FOLDER    writes models with all types and payload forms into FOLDER, then lists them
"""
import hashlib
import json
import pathlib
import sys

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

STRING = TensorProto.STRING


def array_of(proto):
    # onnx 1.12 fails on complex numbers outside of raw_data; they are pairs of real and imaginary parts.
    if proto.data_type == TensorProto.COMPLEX64 and proto.float_data:
        return numpy.array(proto.float_data, "<f4")
    if proto.data_type == TensorProto.COMPLEX128 and proto.double_data:
        return numpy.array(proto.double_data, "<f8")
    return numpy_helper.to_array(proto)


def entry(name, proto):
    """Name, shape, type, and a hash of the values; bfloat16 as the float32 values that the package makes of it."""
    array = numpy.ascontiguousarray(array_of(proto))
    if proto.data_type == TensorProto.BFLOAT16:
        array = array.astype("<f4")
    return {
        "name": name,
        "shape": list(proto.dims),
        "type": TensorProto.DataType.Name(proto.data_type),
        "sha256": hashlib.sha256(array.tobytes()).hexdigest(),
    }


def constant(node):
    """The tensor that a Constant node makes, or None."""
    for attribute in node.attribute:
        if attribute.name == "value":
            return attribute.t
        if attribute.name == "value_float":
            return numpy_helper.from_array(numpy.array(attribute.f, "<f4"))
        if attribute.name == "value_floats":
            return numpy_helper.from_array(numpy.array(attribute.floats, "<f4"))
        if attribute.name == "value_int":
            return numpy_helper.from_array(numpy.array(attribute.i, "<i8"))
        if attribute.name == "value_ints":
            return numpy_helper.from_array(numpy.array(attribute.ints, "<i8"))
    return None


def walk_nodes(nodes, found):
    for node in nodes:
        if node.op_type == "Constant" and node.domain in ("", "ai.onnx"):
            proto = constant(node)
            if proto is not None:
                found.append(entry(node.output[0], proto))
        for attribute in node.attribute:
            for graph in [attribute.g] if attribute.type == onnx.AttributeProto.GRAPH else attribute.graphs:
                walk(graph, found)


def walk(graph, found):
    for proto in graph.initializer:
        if proto.data_type != STRING:
            found.append(entry(proto.name, proto))
    walk_nodes(graph.node, found)


def listed(path):
    model = onnx.load(str(path))
    found = []
    walk(model.graph, found)
    for function in model.functions:
        walk_nodes(function.node, found)
    return {"path": str(path), "ir_version": model.ir_version, "producer": model.producer_name, "tensors": found}


def values(data_type, shape, random):
    count = int(numpy.prod(shape, dtype=int))
    if data_type in (TensorProto.COMPLEX64, TensorProto.COMPLEX128):
        return random.standard_normal(count) + 1j * random.standard_normal(count)
    if data_type in (TensorProto.FLOAT, TensorProto.DOUBLE, TensorProto.FLOAT16, TensorProto.BFLOAT16):
        return random.standard_normal(count)
    if data_type == TensorProto.BOOL:
        return random.integers(0, 2, count).astype(bool)
    info = numpy.iinfo(onnx.mapping.TENSOR_TYPE_TO_NP_TYPE[data_type])
    return random.integers(info.min, info.max, count, dtype=info.dtype, endpoint=True)


def tensors(random):
    """Every type in its own field and in raw_data, with 0 to 3 axes."""
    result = []
    for data_type in (*range(1, 8), *range(9, 15), TensorProto.BFLOAT16):
        for shape in ((), (1,), (7,), (3, 5), (2, 0, 3), (2, 3, 4)):
            name = f"{TensorProto.DataType.Name(data_type)}_{'x'.join(map(str, shape))}"
            data = values(data_type, shape, random)
            typed = helper.make_tensor(name, data_type, shape, data.tolist())
            result.append(typed)
            if data_type != TensorProto.BFLOAT16:
                raw = data.astype(onnx.mapping.TENSOR_TYPE_TO_NP_TYPE[data_type]).tobytes()
                result.append(helper.make_tensor(name + "_raw", data_type, shape, raw, raw=True))
    return result


def save(path, nodes, initializers, functions=(), **arguments):
    graph = helper.make_graph(nodes, "graph", [], [], initializer=initializers)
    opsets = [helper.make_opsetid("", 17), helper.make_opsetid("local", 1)]
    model = helper.make_model(graph, producer_name="judge", opset_imports=opsets, functions=functions)
    onnx.save_model(model, str(path), **arguments)
    return path


def make(folder):
    random = numpy.random.default_rng(7)
    every = tensors(random)
    strings = helper.make_tensor("words", STRING, (2,), [b"a", b"b"])
    yield save(folder / "all_types.onnx", [], every + [strings])
    large = [t for t in every if t.HasField("raw_data") and len(t.raw_data) > 8]
    yield save(folder / "external.onnx", [], large, save_as_external_data=True, location="external.data",
               size_threshold=9)
    yield save(folder / "external_each.onnx", [], large[:9], save_as_external_data=True,
               all_tensors_to_one_file=False, size_threshold=9)
    weight = numpy_helper.from_array(random.standard_normal((4, 3)).astype("<f4"), "w")
    inner = helper.make_graph(
        [helper.make_node("Constant", [], ["k"], value=weight), helper.make_node("MatMul", ["x", "w"], ["y"])],
        "inner", [], [], initializer=[numpy_helper.from_array(random.standard_normal(5), "u")])
    outer = helper.make_graph([helper.make_node("If", ["c"], ["o"], then_branch=inner, else_branch=inner)], "outer",
                              [], [])
    constants = [
        helper.make_node("Constant", [], ["c0"], value_float=0.5),
        helper.make_node("Constant", [], ["c1"], value_floats=[1.0, -2.5, 3.25]),
        helper.make_node("Constant", [], ["c2"], value_int=-(2**40)),
        helper.make_node("Constant", [], ["c3"], value_ints=[1, -1, 2**62]),
        helper.make_node("Constant", [], ["c4"], value=weight),
    ]
    function = helper.make_function("local", "f", ["a"], ["b"],
                                    [helper.make_node("Constant", [], ["c5"], value=weight),
                                     helper.make_node("MatMul", ["a", "c5"], ["b"])],
                                    [helper.make_opsetid("", 17)])
    loop = helper.make_node("Loop", ["m", "c"], ["l"], body=outer)
    yield save(folder / "graphs.onnx", [*constants, loop, helper.make_node("f", ["x"], ["z"], domain="local")],
               [weight], [function])


def make_codes(folder):
    """Codes behind DequantizeLinear, with the values that they stand for, channel by channel."""
    random = numpy.random.default_rng(11)
    nodes, initializers, layers = [], [], []

    def add(name, code_type, shape, scale_shape, axis, with_zero):
        info = numpy.iinfo(code_type)
        codes = random.integers(info.min, info.max, shape, dtype=code_type, endpoint=True)
        scales = (0.01 + random.random(scale_shape)).astype("<f4")
        zeros = random.integers(info.min, info.max, scale_shape, dtype=code_type, endpoint=True)
        initializers.extend([numpy_helper.from_array(codes, name),
                             numpy_helper.from_array(numpy.array(scales, "<f4"), name + "_scale")])
        inputs = [name, name + "_scale"]
        if with_zero:
            initializers.append(numpy_helper.from_array(numpy.array(zeros, code_type), name + "_zero"))
            inputs.append(name + "_zero")
        nodes.append(helper.make_node("DequantizeLinear", inputs, [name + "_f"], axis=axis))
        nodes.append(helper.make_node("MatMul", ["x", name + "_f"], [name + "_y"]))
        along = [1] * len(shape)
        if scale_shape:
            along[axis] = -1
        zero = zeros.astype("<i4").reshape(along) if with_zero else 0
        floats = (codes.astype("<i4") - zero).astype("<f4") * scales.reshape(along)
        channel = axis if scale_shape else len(shape) - 1
        rows = numpy.moveaxis(floats, channel, 0)
        layers.append({"name": name, "axis": channel, "values": [float(v) for v in rows.flatten()]})

    for code_type in (numpy.int8, numpy.uint8):
        kind = numpy.dtype(code_type).name
        for with_zero in (False, True):
            mark = "_zero" if with_zero else ""
            add(f"{kind}_tensor{mark}_w", code_type, (6, 5), (), 1, with_zero)
            add(f"{kind}_outputs{mark}_w", code_type, (6, 5), (5,), 1, with_zero)
            add(f"{kind}_inputs{mark}_w", code_type, (6, 5), (6,), 0, with_zero)
            add(f"{kind}_batches{mark}_w", code_type, (3, 4, 5), (5,), 2, with_zero)
    path = save(folder / "codes.onnx", nodes, initializers)
    return {"path": str(path), "layers": layers}


def main():
    if sys.argv[1] == "--make":
        folder = pathlib.Path(sys.argv[2])
        result = {"files": [listed(path) for path in make(folder)], "codes": make_codes(folder)}
    else:
        result = {"files": [listed(path) for path in sys.argv[1:]]}
    json.dump(result, sys.stdout)


main()
