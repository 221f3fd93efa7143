#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the seeds of the fuzzers' corpora: small valid files of every kind. Run it from anywhere; needs Debian's
python3-numpy, python3-torch and python3-onnx. What fuzzing found is kept beside the seeds under other names."""
import io
import json
import pathlib
import pickle
import struct
import zipfile

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper

CORPUS = pathlib.Path(__file__).resolve().parent / "corpus"


def write(kind, name, data):
    folder = CORPUS / kind
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data)


def safetensors(header, data=b""):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def entry(dtype, shape, begin, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def safetensors_seeds():
    write("safetensors", "empty", safetensors({}))
    write("safetensors", "two", safetensors(
        {"__metadata__": {"format": "pt"}, "fc.weight": entry("F32", [2, 3], 0, 24), "fc.bias": entry("F16", [2], 24, 28)},
        struct.pack("<6f2e", *range(6), 1, 2)))
    about = json.dumps({"fc.weight": {"bits": 8, "mode": "asymmetric", "granularity": "group:2", "axis": 0}})
    write("safetensors", "codes", safetensors(
        {"__metadata__": {"quantoscope.tensors": about}, "fc.weight": entry("I8", [2, 4], 0, 8),
         "fc.zero_points": entry("I8", [2, 2], 8, 12), "fc.scales": entry("F32", [2, 2], 12, 28)},
        bytes(range(8)) + bytes(4) + struct.pack("<4f", 1, 2, 3, 4)))
    network = json.dumps({"layers": ["fc1", "fc2"], "activations": ["relu", "none"]})
    write("safetensors", "chain", safetensors(
        {"__metadata__": {"quantoscope.network": network}, "fc1.weight": entry("BF16", [2, 2], 0, 8),
         "fc2.weight": entry("F64", [1, 2], 8, 24)}, bytes(24)))
    roles = json.dumps({"lstm.B": {"layer": False, "reason": "no product"},
                        "up": {"op": "conv_transpose", "axis": 1, "bias": "up.bias", "quantizable": False}})
    write("safetensors", "roles", safetensors(
        {"__metadata__": {"quantoscope.roles": roles}, "lstm.B": entry("F16", [1, 2], 0, 4),
         "up": entry("F16", [1, 2, 1], 4, 8), "up.bias": entry("F16", [2], 8, 12)}, bytes(12)))
    write("shard-index", "two", json.dumps(
        {"metadata": {"total_size": 24}, "weight_map": {"a": "model-00001-of-00002.safetensors",
                                                        "b": "model-00002-of-00002.safetensors"}}).encode())


BYTES = {"F8_E4M3": 1, "F8_E4M3_FNUZ": 1, "F8_E5M2": 1, "F8_E8M0": 1, "U8": 1, "I8": 1, "F16": 2, "BF16": 2, "I32": 4, "U32": 4, "F32": 4,
         "I64": 8}


def coded(name, tensors, **about):
    """Codes with companions: {tensor: (type, shape)} with a pattern of bytes, or (type, shape, bytes)."""
    header, data = {"__metadata__": {f"config.quantization.{k}": v for k, v in about.items()}}, b""
    for tensor, (dtype, shape, *given) in tensors.items():
        size = BYTES[dtype] * int(np.prod(shape))
        content = given[0] if given else bytes((7 + 37 * i) % 120 for i in range(size))
        header[tensor] = entry(dtype, shape, len(data), len(data) + size)
        data += content
    write("decoders", name, safetensors(header, data))


def decoder_seeds():
    whole = lambda *numbers: b"".join(n.to_bytes(8, "little") for n in numbers)
    index = b"".join(i.to_bytes(4, "little") for i in [1, 0] * 32)
    coded("gptq", {"m.qweight": ("I32", [8, 16]), "m.qzeros": ("I32", [2, 2]), "m.scales": ("F16", [2, 16]),
                   "m.g_idx": ("I32", [64], index)}, bits="4", checkpoint_format="gptq_v2")
    coded("gptq3", {"m.qweight": ("I32", [6, 32]), "m.qzeros": ("I32", [2, 3]), "m.scales": ("F16", [2, 32])})
    coded("awq", {"m.qweight": ("I32", [32, 2]), "m.qzeros": ("I32", [2, 2]), "m.scales": ("F16", [2, 16])})
    coded("packed", {"m.weight_packed": ("I32", [8, 3]), "m.weight_scale": ("BF16", [8, 2]),
                     "m.weight_zero_point": ("I32", [1, 2]), "m.weight_shape": ("I64", [2], whole(8, 32))})
    coded("mlx", {"m.weight": ("U32", [4, 12]), "m.scales": ("F16", [4, 2]), "m.biases": ("F16", [4, 2])}, group_size="32")
    coded("fp8", {"m.weight": ("F8_E4M3", [5, 130]), "m.weight_scale_inv": ("F32", [1, 2])})
    coded("mxfp8", {"m.weight": ("F8_E5M2", [2, 64]), "m.weight_scale": ("F8_E8M0", [2, 2])})
    coded("blocks", {"m.up_blocks": ("U8", [2, 3, 2, 16]), "m.up_scales": ("U8", [2, 3, 2])})
    coded("nvfp4", {"m.weight": ("U8", [3, 16]), "m.weight_scale": ("F8_E4M3", [3, 2]), "m.weight_scale_2": ("F32", [])})
    state = json.dumps({"quant_type": "nf4", "blocksize": 64, "dtype": "float16", "shape": [3, 50],
                        "nested_blocksize": 2, "nested_offset": 0.5}).encode()
    coded("bitsandbytes", {"m.weight": ("U8", [75, 1]), "m.weight.absmax": ("U8", [3]), "m.weight.quant_map": ("F32", [16]),
                           "m.weight.nested_absmax": ("F32", [2]), "m.weight.nested_quant_map": ("F32", [256]),
                           "m.weight.quant_state.bitsandbytes__nf4": ("U8", [len(state)], state)})
    coded("int8", {"m.weight": ("I8", [3, 5]), "m.SCB": ("F32", [3]), "m.weight_format": ("U8", [], b"\0")})
    scalar = lambda number: ("I32", [], number.to_bytes(4, "little"))
    coded("hqq", {"m.W_q": ("I32", [1, 8]), "m.scale": ("F16", [6, 1]), "m.zero": ("F16", [6, 1]),
                  "m.shape": ("I64", [2], whole(3, 16)), "m.nbits": scalar(3), "m.axis": scalar(1)})
    coded("quanto", {"m.weight._data._data": ("U8", [2, 8]), "m.weight._scale": ("F32", [3, 1]),
                     "m.weight._shift": ("F32", [3, 1]), "m.bias": ("F32", [3])})
    coded("torchao", {"m._weight_qdata": ("I8", [3, 8]), "m._weight_scale": ("BF16", [3, 2]),
                      "m._weight_zero_point": ("I8", [3, 2])})
    coded("fp8-channel", {"m.weight": ("F8_E5M2", [3, 8]), "m.weight_scale": ("BF16", [3, 1])})
    coded("fp8-comfy", {"scaled_fp8": ("F8_E4M3", [2]), "m.weight": ("F8_E4M3", [3, 8]), "m.scale_weight": ("F32", [])})
    coded("fp8-fnuz", {"m.weight": ("F8_E4M3_FNUZ", [3, 8]), "m.weight_scale": ("F32", [1])})
    coded("quark", {"m.weight": ("I8", [3, 8]), "m.weight_scale": ("F32", [3]), "m.weight_zero_point": ("I8", [3])},
          quant_method="quark")
    coded("unknown", {"m.weight": ("I8", [3, 8]), "m.act_scale": ("F32", [3, 1])})
    coded("plain", {"m.weight": ("I8", [3, 8]), "m.weight.scale": ("F32", [3, 1]), "m.weight.zero_point": ("I8", [3, 1])})
    coded("aqlm", {"m.codes": ("U8", [2, 4, 1]), "m.codebooks": ("F16", [1, 16, 1, 8]), "m.scales": ("F16", [2, 1, 1, 1])})
    coded("bitnet", {"m.weight": ("U8", [2, 5]), "m.weight_scale": ("BF16", [1])})


def recipe_seeds():
    scheme = {"convention": "gpt-fast", "mode": "symmetric", "bits": 8, "granularity": "channel", "range": "minmax",
              "code_range": "full", "scale_type": "f32", "codes": "faithful"}
    rules = [{"match": "*.wte", "action": "exclude", "why": "embedding"},
             {"match": "re:.*\\.mlp\\..*", "scheme": {"bits": 4, "granularity": "group:32"}},
             {"match": "h.0.attn.c_attn", "axis": 1}]
    write("recipe", "all", json.dumps({"quantoscope_recipe": 1, "scheme": scheme, "rules": rules,
                                       "network": {"activation": "relu"}}).encode())
    # Patterns that once took minutes to compile.
    for name, pattern in {"repeated": "re:" + "x{0,999}" * 40, "nested": "re:" + "(" * 9 + "x" + "{10})" * 9,
                          "long": "re:" + "[^a]?" * 2000, "wild": "*a" * 2040,
                          "copied": "re:(" + "a" * 3900 + "){1000}"}.items():
        rules = [{"match": pattern, "role": "linear"}] * (14 if name == "wild" else 1)
        write("recipe", name, json.dumps({"quantoscope_recipe": 1, "rules": rules}).encode())
    write("recipe", "least", b'{"quantoscope_recipe": 1}')
    write("recipe", "text", '{"a":"\\u00e9\\ud83d\\ude00\\n", "b":[1,-2,3.5e-1,true,null,{}]}'.encode())


def config_seeds():
    write("config", "gpt2", json.dumps({"model_type": "gpt2", "architectures": ["GPT2LMHeadModel"],
                                        "tie_word_embeddings": True, "torch_dtype": "float16"}).encode())
    weights = {"num_bits": 4, "type": "int", "symmetric": True, "strategy": "group", "group_size": 128}
    write("config", "quantized", json.dumps(
        {"model_type": "llama", "text_config": {"tie_word_embeddings": False},
         "quantization_config": {"quant_method": "compressed-tensors", "format": "pack-quantized", "ignore": ["lm_head"],
                                 "config_groups": {"group_0": {"targets": ["Linear"], "weights": weights}}}}).encode())


def numpy_seeds():
    def npy(array):
        stream = io.BytesIO()
        np.save(stream, array)
        return stream.getvalue()

    write("npy", "f4", npy(np.arange(6, dtype="<f4").reshape(2, 3)))
    write("npy", "fortran", npy(np.asfortranarray(np.arange(6, dtype=">f8").reshape(2, 3))))
    write("npy", "v2", npy(np.zeros((2, 2), dtype="V2")))
    for name, save in (("stored", np.savez), ("packed", np.savez_compressed)):
        stream = io.BytesIO()
        save(stream, **{"fc.weight": np.arange(6, dtype="<f4").reshape(2, 3), "ids": np.arange(3)})
        write("npz", name, stream.getvalue())
        write("zip", name, stream.getvalue())
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.comment = b"a comment"
        archive.writestr("folder/", b"")
        archive.writestr("folder/a", b"text")
    write("zip", "folder", stream.getvalue())


def torch_seeds():
    weight = torch.arange(6.0).reshape(2, 3)
    state = {"fc.weight": weight, "tied": weight, "view": weight.t(), "half": weight.half()}
    for name, zipped in (("archive", True), ("legacy", False)):
        stream = io.BytesIO()
        torch.save(state, stream, _use_new_zipfile_serialization=zipped)
        write("pytorch", name, stream.getvalue())
        if zipped:
            write("zip", "pytorch", stream.getvalue())
            with zipfile.ZipFile(stream) as archive:
                write("pickle", "state", archive.read("archive/data.pkl"))
    module = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.ReLU())
    stream = io.BytesIO()
    torch.save(module, stream)
    write("pytorch", "module", stream.getvalue())
    stream = io.BytesIO()
    torch.save(torch.quantization.quantize_dynamic(module, {torch.nn.Linear}), stream)
    write("pytorch", "dynamic", stream.getvalue())
    stream = io.BytesIO()
    torch.jit.save(torch.jit.script(torch.quantization.quantize_dynamic(module, {torch.nn.Linear})), stream)
    write("pytorch", "script", stream.getvalue())
    stream = io.BytesIO()
    torch.save({"q": torch.quantize_per_channel(weight, torch.ones(2), torch.zeros(2), 0, torch.qint8)}, stream)
    write("pytorch", "quantized", stream.getvalue())
    write("pickle", "values", pickle.dumps([1, -2, 3.5, "a\u00e9", (None, True), {"k": {1, 2}}, b"x", 10**18], protocol=2))
    write("pickle", "protocol4", pickle.dumps({"a": ["b"] * 3}, protocol=4))
    write("pickle", "system", b"cos\nsystem\n(X\x04\x00\x00\x00true\x85R.".replace(b"c", b"\x80\x02c", 1))


def onnx_seeds():
    def model(nodes, initializers, opset=13):
        value = lambda name: helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
        graph = helper.make_graph(nodes, "g", [value("x")], [value("y")], initializers)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)]).SerializeToString()

    raw = lambda name, kind, dims, data: helper.make_tensor(name, kind, dims, data, raw=True)
    four = struct.pack("<4f", 1, 2, 3, 4)
    write("onnx", "gemm", model([helper.make_node("Gemm", ["x", "w", "b"], ["y"], transB=1)],
                                [raw("w", TensorProto.FLOAT, [2, 2], four),
                                 helper.make_tensor("b", TensorProto.FLOAT, [2], [1.0, 2.0])]))
    write("onnx", "half", model([helper.make_node("MatMul", ["x", "w"], ["y"])],
                                [helper.make_tensor("w", TensorProto.FLOAT16, [2, 2], [1.0, 2.0, 3.0, 4.0])]))
    write("onnx", "codes", model(
        [helper.make_node("DequantizeLinear", ["q", "s", "z"], ["w"], axis=0), helper.make_node("Conv", ["x", "w"], ["y"])],
        [raw("q", TensorProto.INT8, [2, 1, 2, 2], bytes(8)), raw("s", TensorProto.FLOAT, [2], four[:8]),
         raw("z", TensorProto.INT8, [2], bytes(2))]))
    constant = helper.make_node("Constant", [], ["w"], value=raw("c", TensorProto.FLOAT, [2, 2], four))
    shaped = helper.make_node("Transpose", ["w"], ["t"], perm=[1, 0])
    write("onnx", "constant", model([constant, shaped, helper.make_node("MatMul", ["x", "t"], ["y"])], []))
    branch = helper.make_graph([helper.make_node("MatMul", ["x", "w"], ["r"])], "branch", [],
                               [helper.make_tensor_value_info("r", TensorProto.FLOAT, None)],
                               [raw("w", TensorProto.FLOAT, [2, 2], four)])
    write("onnx", "branch", model([helper.make_node("If", ["x"], ["y"], then_branch=branch, else_branch=branch)], []))


    whole = lambda name, numbers: helper.make_tensor(name, TensorProto.INT64, [len(numbers)], numbers)
    weight = raw("w", TensorProto.FLOAT, [2, 2], four)
    scale = helper.make_tensor("k", TensorProto.FLOAT, [], [0.5])
    node = helper.make_node
    write("onnx", "computed", model(
        [node("Concat", ["w", "w"], ["a"], axis=0), node("Slice", ["a", "i", "j"], ["b"]), node("Clip", ["b", "k"], ["c"]),
         node("Gather", ["c", "i2"], ["d"]), node("Transpose", ["d"], ["e"]), node("Reshape", ["e", "s"], ["f"]),
         node("ReduceMean", ["f"], ["m"], axes=[1]), node("Sub", ["f", "m"], ["g"]), node("Expand", ["g", "s"], ["h"]),
         node("Tile", ["h", "r"], ["t"]), node("Greater", ["t", "k"], ["n"]), node("Where", ["n", "t", "k"], ["v"]),
         node("MatMul", ["x", "v"], ["y"])],
        [weight, scale, whole("i", [1]), whole("j", [3]), whole("i2", [1, 0]), whole("s", [2, 2]), whole("r", [1, 2])]))
    write("onnx", "adapter", model(
        [node("DequantizeLinear", ["q", "k"], ["w"]), node("Gemm", ["p", "p"], ["u"], alpha=2.0, transB=1),
         node("Add", ["w", "u"], ["v"]), node("QuantizeLinear", ["v", "k", "z"], ["c"]),
         node("DequantizeLinear", ["c", "k", "z"], ["d"]), node("Mul", ["d", "k"], ["e"]), node("MatMul", ["x", "e"], ["y"])],
        [raw("q", TensorProto.INT8, [2, 2], bytes(4)), raw("p", TensorProto.FLOAT, [2, 2], four), scale,
         raw("z", TensorProto.INT8, [], bytes(1))]))
    packed = node("MatMulNBits", ["x", "q", "s", "z"], ["y"], domain="com.microsoft", K=32, N=2, bits=4, block_size=16)
    write("onnx", "nbits", model([packed], [raw("q", TensorProto.UINT8, [2, 2, 8], bytes(32)),
                                            raw("s", TensorProto.FLOAT, [4], four), raw("z", TensorProto.UINT8, [2], bytes(2))]))
    write("onnx", "dynamic", model(
        [node("DynamicQuantizeLinear", ["x"], ["a", "as", "az"]), node("MatMulInteger", ["a", "q", "az", "z"], ["i"]),
         node("Cast", ["i"], ["f"], to=TensorProto.FLOAT), node("Mul", ["as", "k"], ["s"]), node("Mul", ["f", "s"], ["y"])],
        [raw("q", TensorProto.INT8, [2, 2], bytes(4)), raw("z", TensorProto.INT8, [], bytes(1)), scale]))


def compare_seeds():
    """Names as other programs write them: see fuzz_compare.cpp."""
    def lines(reference, candidate, names=()):
        return "\n".join([*("<" + r for r in reference), *(">" + c for c in candidate), *("=" + n for n in names)]).encode()

    write("compare", "same", lines(["F32 4x8 1 fc.weight", "F32 4 2 fc.bias"], ["F16 4x8 1 fc.weight", "F32 4 2 fc.bias"]))
    write("compare", "wrapped", lines(["F32 4x8 1 model.fc.weight"], ["F32 4x8 1 module._orig_mod.model.fc.weight"]))
    write("compare", "turned", lines(["F32 4x8 1 a.weight"], ["F32 8x4 1 a.weight"]))
    write("compare", "map", lines(["F32 4x8 1 a", "F32 4x8 2 b"], ["F32 4x8 1 c", "F32 4x8 2 d"], ["a = c", "b = d"]))
    write("compare", "content", lines(["F32 4x8 1 a", "F32 3x8 2 b"], ["F32 4x8 1 c", "F32 3x8 2 d"]))
    hugging = [f"F32 {shape} {i} model.layers.0.{name}.weight" for i, (shape, name) in enumerate([
        ("8x8", "self_attn.q_proj"), ("4x8", "self_attn.k_proj"), ("4x8", "self_attn.v_proj"), ("8x8", "self_attn.o_proj"),
        ("16x8", "mlp.gate_proj"), ("16x8", "mlp.up_proj"), ("8x16", "mlp.down_proj")])]
    gguf = [f"F32 {shape} {i} blk.0.{name}.weight" for i, (shape, name) in enumerate([
        ("8x8", "attn_q"), ("4x8", "attn_k"), ("4x8", "attn_v"), ("8x8", "attn_output"), ("16x8", "ffn_gate"),
        ("16x8", "ffn_up"), ("8x16", "ffn_down")])]
    fast = ["F32 16x8 0 layers.0.attention.wqkv.weight", "F32 8x8 3 layers.0.attention.wo.weight",
            "F32 16x8 4 layers.0.feed_forward.w1.weight"]
    write("compare", "family", lines(hugging, gguf))
    write("compare", "fused", lines(hugging, fast))
    experts = [f"F32 8x4 {i} model.layers.0.mlp.experts.{i}.up_proj.weight" for i in range(3)]
    write("compare", "experts", lines(experts, ["F32 3x8x4 0 blk.0.ffn_up_exps.weight"]))
    write("compare", "stack", lines(["F32 3x8x4 0 model.layers.0.mlp.experts.up_proj"], experts))
    write("compare", "codes", lines(["F32 64x16 1 m.weight"], ["I32 8x16 1 m.qweight", "I32 2x2 1 m.qzeros",
                                                                "F16 2x16 1 m.scales", "I32 64 1 m.g_idx"]))
    one = safetensors({"fc.weight": entry("F32", [2, 2], 0, 16)}, struct.pack("<4f", 1, 2, 3, 4))
    write("compare", "files", b"\0" + struct.pack("<I", len(one)) + one + one)


def network_seeds():
    """One small network per family of operators, with inputs of fixed shapes so that it can be run."""
    def ints(name, values):
        return helper.make_tensor(name, TensorProto.INT64, [len(values)], values)

    def floats(name, shape):
        count = int(np.prod(shape))
        return helper.make_tensor(name, TensorProto.FLOAT, shape, [((i * 37) % 17 - 8) / 8 for i in range(count)])

    def seed(name, nodes, initializers=(), inputs={"x": [1, 2, 4, 4]}, opset=17, kinds={}):
        value = lambda key, shape: helper.make_tensor_value_info(key, kinds.get(key, TensorProto.FLOAT), shape)
        graph = helper.make_graph(list(nodes), name, [value(key, shape) for key, shape in inputs.items()],
                                  [value("y", None)], list(initializers))
        opsets = [helper.make_opsetid("", opset)]
        write("network", name, helper.make_model(graph, opset_imports=opsets).SerializeToString())

    node = helper.make_node
    seed("cnn", [node("Conv", ["x", "w"], ["a"], pads=[1, 1, 1, 1]), node("Relu", ["a"], ["b"]),
                 node("MaxPool", ["b"], ["c"], kernel_shape=[2, 2], strides=[2, 2]),
                 node("ConvTranspose", ["c", "t"], ["d"], strides=[2, 2]), node("GlobalAveragePool", ["d"], ["e"]),
                 node("Flatten", ["e"], ["f"]), node("Gemm", ["f", "g"], ["h"], transB=1),
                 node("Softmax", ["h"], ["y"])],
         [floats("w", [3, 2, 3, 3]), floats("t", [3, 2, 2, 2]), floats("g", [5, 2])])
    seed("normal", [node("BatchNormalization", ["x", "s", "s", "m", "s"], ["a"]),
                    node("InstanceNormalization", ["a", "s", "m"], ["b"]),
                    node("LayerNormalization", ["b", "l"], ["c"]), node("LRN", ["c"], ["y"], size=3)],
         [helper.make_tensor("s", TensorProto.FLOAT, [2], [1.0, 2.0]), floats("m", [2]), floats("l", [4])])
    for op, gates in (("LSTM", 4), ("GRU", 3)):
        seed(op.lower(), [node(op, ["x", "w", "r"], ["y"], hidden_size=3)],
             [floats("w", [1, gates * 3, 2]), floats("r", [1, gates * 3, 3])], {"x": [4, 1, 2]})
    seed("shapes", [node("Shape", ["x"], ["a"]), node("Gather", ["a", "m"], ["b"]), node("Concat", ["o", "b"], ["c"], axis=0),
                    node("Slice", ["x", "i", "j", "k"], ["d"]), node("Pad", ["d", "p"], ["e"]),
                    node("Tile", ["e", "r"], ["f"]), node("Reshape", ["f", "n"], ["g"]), node("Unsqueeze", ["g", "u"], ["v"]), node("Expand", ["v", "c"], ["h"]),
                    node("Transpose", ["h"], ["y"])],
         [ints("i", [0, 1]), ints("m", [0, 0]), ints("j", [1, 2]), ints("k", [0, 1]), ints("p", [0, 0, 1, 1, 0, 0, 1, 1]),
          ints("r", [1, 1, 2, 1]), ints("n", [-1, 1]), ints("o", [3]), ints("u", [0])])
    seed("choose", [node("TopK", ["x", "k"], ["a", "i"]), node("ArgMax", ["a"], ["b"]), node("Cast", ["b"], ["c"], to=TensorProto.FLOAT),
                    node("ReduceSum", ["c"], ["e"]), node("CumSum", ["x", "z"], ["f"]), node("Greater", ["f", "e"], ["g"]),
                    node("Where", ["g", "f", "x"], ["h"]), node("ScatterElements", ["h", "i", "a"], ["y"], axis=3)],
         [ints("k", [2]),
          helper.make_tensor("z", TensorProto.INT64, [], [1])])
    seed("resize", [node("Resize", ["x", "", "s"], ["a"], mode="cubic"), node("Resize", ["a", "", "s"], ["y"], mode="linear")],
         [helper.make_tensor("s", TensorProto.FLOAT, [4], [1.0, 1.0, 1.5, 2.0])], opset=13)
    seed("attention", [node("MatMul", ["x", "q"], ["a"]), node("Transpose", ["a"], ["b"], perm=[0, 1, 3, 2]),
                       node("MatMul", ["a", "b"], ["c"]), node("Softmax", ["c"], ["d"]),
                       node("Erf", ["d"], ["e"]), node("Split", ["e"], ["f", "y"], axis=2)], [floats("q", [4, 4])])
    seed("codes", [node("QuantizeLinear", ["x", "s", "z"], ["a"]), node("DequantizeLinear", ["a", "s", "z"], ["y"])],
         [helper.make_tensor("s", TensorProto.FLOAT, [], [0.1]), helper.make_tensor("z", TensorProto.UINT8, [], [3])])
    branch = lambda name, op: helper.make_graph([node(op, ["x"], ["r"])], name, [],
                                                [helper.make_tensor_value_info("r", TensorProto.FLOAT, None)])
    seed("branch", [node("ReduceSum", ["x"], ["a"], keepdims=0), node("Less", ["a", "z"], ["b"]),
                    node("If", ["b"], ["y"], then_branch=branch("then", "Neg"), else_branch=branch("else", "Sigmoid"))],
         [helper.make_tensor("z", TensorProto.FLOAT, [], [0.0])])


def gguf_seeds():
    def text(value):
        return struct.pack("<Q", len(value)) + value.encode()

    def file(keys, tensors, data):
        head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(keys)) + b"".join(keys)
        for name, dims, kind, offset in tensors:
            head += text(name) + struct.pack(f"<I{len(dims)}QIQ", len(dims), *dims, kind, offset)
        return head + bytes(-len(head) % 32) + data

    name = text("general.name") + struct.pack("<I", 8) + text("seed")
    words = text("words") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b")
    number = text("number") + struct.pack("<If", 6, 1.5)
    write("gguf", "empty", file([], [], b""))
    write("gguf", "plain", file([name, words, number],
                                [("token_embd.weight", [4, 2], 0, 0), ("blk.0.w.weight", [4, 2], 1, 32)], bytes(64)))
    blocks = ((2, 32, 18), (3, 32, 20), (6, 32, 22), (7, 32, 24), (8, 32, 34), (10, 256, 84), (11, 256, 110),
              (12, 256, 144), (13, 256, 176), (14, 256, 210), (16, 256, 66), (17, 256, 74), (18, 256, 98), (19, 256, 50),
              (20, 32, 18), (21, 256, 110), (22, 256, 82), (23, 256, 136), (29, 256, 56), (34, 256, 54), (35, 256, 66),
              (39, 32, 17), (40, 64, 36))
    for kind, elements, size in blocks:
        write("gguf", f"type{kind}", file([], [("w", [elements, 1], kind, 0)], bytes(range(size % 256)) + bytes(256)))
    split = text("split.count") + struct.pack("<IH", 2, 2)
    write("gguf", "split", file([split], [], b""))
    write("gguf", "big-endian", b"GGUF" + struct.pack(">IQQ", 3, 0, 0))


if __name__ == "__main__":
    safetensors_seeds()
    decoder_seeds()
    recipe_seeds()
    config_seeds()
    numpy_seeds()
    torch_seeds()
    onnx_seeds()
    compare_seeds()
    network_seeds()
    gguf_seeds()
