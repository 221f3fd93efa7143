# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the onnx package says of the main graphs of ONNX files: python3 onnx_network_judge.py FILE…

Prints JSON: per file the number of nodes (without Constant nodes, whose values are tensors), operators with counts,
inputs that are no initializers and outputs with their shapes, the operators' version, and for each tensor of two or
more axes the nodes that read it, also behind nodes that only hand its elements on.
"""
import collections
import json
import sys

import onnx

PASSING = {"Identity", "Cast", "CastLike", "Transpose", "Reshape", "Flatten", "Squeeze", "Unsqueeze",
           "QuantizeLinear", "DequantizeLinear"}


def is_constant(node):
    return node.op_type == "Constant" and node.attribute[0].name in ("value", "value_float", "value_floats",
                                                                     "value_int", "value_ints")


def port(info):
    shape = [d.dim_value if d.HasField("dim_value") else d.dim_param or None for d in info.type.tensor_type.shape.dim]
    return {"name": info.name, "shape": shape}


def readers(uses, name):
    found, names = set(), [name]
    while names:
        for node, position in uses[names.pop()]:
            if node.op_type in PASSING and node.domain in ("", "ai.onnx") and position == 0:
                names.append(node.output[0])
            else:
                found.add(node.name or node.output[0])
    return sorted(found)


def judged(path):
    model = onnx.load(path)
    graph = model.graph
    nodes = [node for node in graph.node if not is_constant(node)]
    uses = collections.defaultdict(list)
    for node in nodes:
        for position, name in enumerate(node.input):
            uses[name].append((node, position))
    tensors = {t.name: list(t.dims) for t in graph.initializer}
    for node in graph.node:
        if is_constant(node) and node.attribute[0].name == "value":
            tensors[node.output[0]] = list(node.attribute[0].t.dims)
    counts = collections.Counter(f"{n.domain}.{n.op_type}" if n.domain not in ("", "ai.onnx") else n.op_type
                                 for n in nodes)
    return {
        "path": path,
        "nodes": len(nodes),
        "operators": counts,
        "inputs": [port(i) for i in graph.input if i.name not in tensors],
        "outputs": [port(o) for o in graph.output],
        "opset": next(o.version for o in model.opset_import if o.domain in ("", "ai.onnx")),
        "tensors": {name: readers(uses, name) for name, dims in tensors.items() if len(dims) > 1},
    }


json.dump([judged(path) for path in sys.argv[1:]], sys.stdout)
