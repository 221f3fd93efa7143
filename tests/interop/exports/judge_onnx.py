# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge_onnx.py SOURCE.onnx EXPORTED.onnx [--form dq|trio|ms|matmulnbits] [--layers N] [--clipped] [--dim NAME=N]...

Is EXPORTED the source with weights quantized, and does ONNX Runtime run it to the same numbers?
Exact where exactness is defined: everything that is not a quantized weight is byte-equal; without graph optimization
the output is bit-equal to the source's with dequantized weights (matmulnbits: 2e-6, its kernel sums in another order).
With all optimizations and float activations: 2e-5. With a session's defaults ONNX Runtime 1.25+ turns DQ + MatMul into
MatMulNBits with 8-bit activations: 3e-2, and the judge says that it happened.
"""
import argparse
import collections
import os

import numpy as np
import onnx
import onnxruntime as ort
from onnx import numpy_helper as nh

from common import Judge, nearest, ranges_sensible

parser = argparse.ArgumentParser()
parser.add_argument("source")
parser.add_argument("exported")
parser.add_argument("--form", choices=["dq", "trio", "ms", "matmulnbits"])
parser.add_argument("--layers", type=int)
parser.add_argument("--clipped", action="store_true")
parser.add_argument("--dim", action="append", default=[])
options = parser.parse_args()
judge = Judge("ONNX")
source, exported = onnx.load(options.source), onnx.load(options.exported)
S, E = source.graph, exported.graph
dims = dict(d.split("=") for d in options.dim)


def values(graph, folder):
    return {t.name: nh.to_array(t, folder) for t in graph.initializer}


sv, ev = values(S, os.path.dirname(options.source)), values(E, os.path.dirname(options.exported))
attribute = lambda n, name, default=None: next((onnx.helper.get_attribute_value(a) for a in n.attribute if a.name == name), default)

# 1. Structure.
foreign = {o.domain for o in source.opset_import} - {"", "ai.onnx", "ai.onnx.ml", "com.microsoft"}
if foreign:
    judge.note(f"not checked by onnx.checker: domains {sorted(foreign)}")
else:
    try:
        onnx.checker.check_model(options.exported, full_check=True)
        judge.check(True, "checker")
    except Exception as error:
        judge.check(False, f"onnx.checker: {str(error)[:300]}")
before = {o.domain: o.version for o in source.opset_import}
after = {o.domain: o.version for o in exported.opset_import}
added = {d: v for d, v in after.items() if d not in before}
judge.check(all(after.get(d) == v for d, v in before.items()), f"opset changed: {before} -> {after}")
judge.check(not added or added == {"com.microsoft": 1}, f"opsets added: {added}")
judge.check(exported.ir_version >= source.ir_version, "IR version lowered")
names = [t.name for t in E.initializer] + [o for n in E.node for o in n.output if o]
judge.check(len(names) == len(set(names)), "a name is defined twice")
inputs = {i.name for i in E.input}
if exported.ir_version < 4:
    judge.check(all(t.name in inputs for t in E.initializer), "IR < 4: initializers must be graph inputs too")
real = lambda g: [i.SerializeToString() for i in g.input if i.name not in {t.name for t in g.initializer}]
judge.check(real(S) == real(E), "the graph's real inputs changed")
judge.check([o.SerializeToString() for o in S.output] == [o.SerializeToString() for o in E.output], "outputs changed")

# 2. What each weight became.
producer = {o: n for n in E.node for o in n.output}
source_nodes = {n.SerializeToString() for n in S.node}
new_nodes = [n for n in E.node if n.SerializeToString() not in source_nodes]


def unpack_nbits(node):
    K, N, bits, block = (attribute(node, a) for a in ("K", "N", "bits", "block_size"))
    blocks = -(-K // block)
    raw = ev[node.input[1]]
    judge.check(raw.dtype == np.uint8 and raw.shape == (N, blocks, block * bits // 8), f"{node.input[1]}: {raw.dtype}{raw.shape}")
    split = lambda a: ((a[..., None] >> np.arange(0, 8, bits, dtype=np.uint8)) & (2 ** bits - 1)).reshape(*a.shape[:-1], -1)
    q = split(raw)
    s = ev[node.input[2]].reshape(N, blocks)
    z = np.full((N, blocks), 2 ** (bits - 1))
    if len(node.input) > 3 and node.input[3]:
        zp = ev[node.input[3]]
        z = split(zp.reshape(N, -1))[:, :blocks] if zp.dtype == np.uint8 else zp.reshape(N, blocks)
    pad = q.reshape(N, -1)[:, K:]
    judge.check(pad.size == 0 or np.isin(pad, [0, 2 ** (bits - 1)]).all(), f"{node.input[1]}: padding codes")
    return q, s, z, bits, K


def affine(node):
    q, s = ev[node.input[0]], ev[node.input[1]]
    unsigned = q.dtype.name.startswith("u")
    bits = {"int8": 8, "uint8": 8, "int4": 4, "uint4": 4, "int2": 2, "uint2": 2}[q.dtype.name]
    z = ev[node.input[2]] if len(node.input) > 2 and node.input[2] else np.zeros(s.shape)
    judge.check(z.shape == s.shape, f"{node.output[0]}: zero points {z.shape}, scales {s.shape}")
    axis, block = attribute(node, "axis", 1), attribute(node, "block_size", 0)
    axis += q.ndim if axis < 0 else 0
    if s.ndim == 0:
        shape = lambda a: np.asarray(a).astype(np.float32)
    elif block:
        want = list(q.shape)
        want[axis] = -(-want[axis] // block)
        judge.check(list(s.shape) == want, f"{node.output[0]}: scales {s.shape}, wanted {want}")
        shape = lambda a: np.repeat(a.astype(np.float32), block, axis).take(range(q.shape[axis]), axis)
    else:
        judge.check(s.shape == (q.shape[axis],), f"{node.output[0]}: scales {s.shape} for axis {axis} of {q.shape}")
        shape = lambda a: a.astype(np.float32).reshape([-1 if i == axis else 1 for i in range(q.ndim)])
    low, high = (0, 2 ** bits - 1) if unsigned else (-2 ** (bits - 1), 2 ** (bits - 1) - 1)
    return q.astype(np.float32), shape(s), shape(z), low, high


weights, forms, quantized = dict(sv), collections.Counter(), 0
for name, w in sv.items():
    if name in ev:
        judge.equal(ev[name], w, f"{name} (not quantized)")
        continue
    node = producer.get(name)
    if node is not None and node.op_type == "DequantizeLinear":
        q, s, z, low, high = affine(node)
        forms["ms" if node.domain == "com.microsoft" else "dq"] += 1
    elif node is not None and node.op_type == "Mul":
        s = ev[next(i for i in node.input if i in ev)]
        up = producer[next(i for i in node.input if i not in ev)]
        z = np.zeros(())
        if up.op_type == "Sub":
            z, up = ev[up.input[1]], producer[up.input[0]]
        judge.check(up.op_type == "Cast" and attribute(up, "to") == 1, f"{name}: {up.op_type} where Cast to float was wanted")
        q = ev[up.input[0]]
        judge.check(q.dtype in (np.int8, np.uint8), f"{name}: codes are {q.dtype}")
        low, high = (-128, 127) if q.dtype == np.int8 else (0, 255)
        q = q.astype(np.float32)
        forms["trio"] += 1
    else:
        old = next((n for n in S.node if name in n.input), None)
        node = producer.get(old.output[0]) if old else None
        if not judge.check(node is not None and node.op_type == "MatMulNBits", f"{name} is gone"):
            continue
        q3, s2, z2, bits, K = unpack_nbits(node)
        wt = (w if old.op_type == "MatMul" or not attribute(old, "transB", 0) else w.T).T
        blocks, block = q3.shape[1], q3.shape[2]
        back = ((q3.astype(np.float32) - z2[..., None].astype(np.float32)) * s2[..., None].astype(np.float32)).reshape(wt.shape[0], -1)[:, :K]
        cut = lambda a: np.repeat(a, block, 1)[:, :K]
        nearest(judge, name, wt, q3.reshape(wt.shape[0], -1)[:, :K], cut(s2), cut(z2), 0, 2 ** bits - 1)
        if not options.clipped:
            ranges_sensible(judge, name, wt, back, cut(s2))
        weights[name] = np.ascontiguousarray(back.T if old.op_type == "MatMul" or not attribute(old, "transB", 0) else back)
        forms["matmulnbits"] += 1
        quantized += w.size
        continue
    back = ((q - z.astype(np.float32)) * s.astype(np.float32)).astype(np.float32)
    judge.check(back.shape == w.shape, f"{name}: {back.shape}, wanted {w.shape}")
    nearest(judge, name, w, q, s, z, low, high)
    if not options.clipped:
        ranges_sensible(judge, name, w, back, s)
    weights[name] = back.astype(w.dtype)
    quantized += w.size
print(f"      layers by form: {dict(forms)}")
judge.check(sum(forms.values()) > 0, "nothing is quantized")
if options.layers is not None:
    judge.check(sum(forms.values()) == options.layers, f"{sum(forms.values())} layers quantized, {options.layers} wanted")
if options.form:
    judge.check(set(forms) == {options.form}, f"forms {dict(forms)}, wanted {options.form}")
if set(forms) <= {"dq", "trio", "ms"}:
    judge.check(len(new_nodes) == len(E.node) - len(S.node), "a node of the source was changed")
    judge.check([n.SerializeToString() for n in E.node if n.SerializeToString() in source_nodes] ==
                [n.SerializeToString() for n in S.node], "the source's nodes are not all there, in order")
judge.check(os.path.getsize(options.exported) < os.path.getsize(options.source), "the file did not become smaller")

# 3. Runs.
# Dequantized weights reach their consumer through Identity: as the output of a node, like in the exported file, so that
# no kernel packs them beforehand and sums in another order (LSTM does).
reference = onnx.ModelProto()
reference.CopyFrom(source)
identities = []
for t in reference.graph.initializer:
    if t.name in weights and weights[t.name] is not sv[t.name]:
        name = t.name
        t.CopyFrom(nh.from_array(np.ascontiguousarray(weights[name]), name + "__value"))
        identities.append(onnx.helper.make_node("Identity", [name + "__value"], [name]))
        for k, i in enumerate(reference.graph.input):
            if i.name == name:
                reference.graph.input[k].name = name + "__value"
nodes = list(reference.graph.node)
del reference.graph.node[:]
reference.graph.node.extend(identities + nodes)


def session(model, level, accuracy=None):
    o = ort.SessionOptions()
    o.graph_optimization_level = level
    o.intra_op_num_threads = 1
    o.log_severity_level = 4
    if accuracy is not None:
        o.add_session_config_entry("session.qdq_matmulnbits_accuracy_level", accuracy)
    return ort.InferenceSession(model, o, providers=["CPUExecutionProvider"])


NONE, ALL = ort.GraphOptimizationLevel.ORT_DISABLE_ALL, ort.GraphOptimizationLevel.ORT_ENABLE_ALL
try:
    want = session(reference.SerializeToString(), NONE)
except Exception as error:
    judge.note(f"the source itself does not run: {str(error)[:150]}")
    want = None
if want:
    feeds = []
    for seed in range(3):
        r = np.random.default_rng(seed)
        feed = {}
        for i in want.get_inputs():
            shape = [d if isinstance(d, int) else int(dims.get(d, 1)) for d in i.shape]
            feed[i.name] = r.standard_normal(shape).astype(np.float16 if "float16" in i.type else np.float32) if "float" in i.type \
                else r.integers(0, 100, shape).astype(np.int64)
        feeds.append(feed)
    runs = [("no optimization", NONE, "1"), ("all optimizations, float activations", ALL, "1"), ("a session's defaults", ALL, None)]
    for label, level, accuracy in runs:
        try:
            got = session(options.exported, level, accuracy)
        except Exception as error:
            judge.check(False, f"{label}: does not load: {str(error)[:300]}")
            continue
        for k, feed in enumerate(feeds):
            for name, a, b in zip([o.name for o in want.get_outputs()], got.run(None, feed), want.run(None, feed)):
                if level == NONE and "matmulnbits" not in forms:
                    judge.equal(a, b, f"{label}, run {k}, {name}")
                else:
                    judge.close(a, b, 2e-6 if level == NONE else 2e-5 if accuracy else 3e-2, f"{label}, run {k}, {name}")
judge.end()
