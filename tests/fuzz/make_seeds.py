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


def recipe_seeds():
    scheme = {"convention": "gpt-fast", "mode": "symmetric", "bits": 8, "granularity": "channel", "range": "minmax",
              "code_range": "full", "scale_type": "f32", "codes": "faithful"}
    rules = [{"match": "*.wte", "action": "exclude", "why": "embedding"},
             {"match": "re:.*\\.mlp\\..*", "scheme": {"bits": 4, "granularity": "group:32"}},
             {"match": "h.0.attn.c_attn", "axis": 1}]
    write("recipe", "all", json.dumps({"quantoscope_recipe": 1, "scheme": scheme, "rules": rules,
                                       "network": {"activation": "relu"}}).encode())
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
    blocks = ((2, 32, 18), (8, 32, 34), (12, 256, 144), (14, 256, 210), (39, 32, 17))
    for kind, elements, size in blocks:
        write("gguf", f"type{kind}", file([], [("w", [elements, 1], kind, 0)], bytes(range(size % 256)) + bytes(256)))
    split = text("split.count") + struct.pack("<IH", 2, 2)
    write("gguf", "split", file([split], [], b""))
    write("gguf", "big-endian", b"GGUF" + struct.pack(">IQQ", 3, 0, 0))


if __name__ == "__main__":
    safetensors_seeds()
    recipe_seeds()
    config_seeds()
    numpy_seeds()
    torch_seeds()
    onnx_seeds()
    gguf_seeds()
