#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the seeds of the fuzzers' corpora: small valid files of every kind. Run it from anywhere; needs Debian's
python3-numpy, python3-torch and python3-onnx. What fuzzing found is kept beside the seeds under other names."""
import json
import pathlib
import struct

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


if __name__ == "__main__":
    safetensors_seeds()
    recipe_seeds()
