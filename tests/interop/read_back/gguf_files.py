#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""gguf_files.py FOLDER: files of all types that gguf quantizes or has blocks of, in both byte orders, and in parts."""

import sys

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf.quants import dequantize, quantize

from expected import Files, all_codes, of_array, sample, tensor

PLAIN = ["float16", "float32", "float64", "int8", "int16", "int32", "int64"]
HALF_SCALES = {
    Type.Q2_K: [80, 82],
    Type.Q3_K: [108],
    Type.Q4_K: [0, 2],
    Type.Q5_K: [0, 2],
    Type.Q6_K: [208],
    Type.IQ4_NL: [0],
    Type.IQ4_XS: [0],
    Type.NVFP4: [],
}


def plain(random):
    arrays = {}
    for name in PLAIN:
        for shape in ((5,), (3, 32), (2, 3, 4), (2, 1, 3, 4)):
            arrays[f"{name}_{'x'.join(map(str, shape))}"] = sample(name, shape, random)
    for name in ("float16", "float32", "float64"):
        arrays[name + ".codes"] = all_codes(name)
    return arrays


def quantized(random):
    """(tensors as (blocks, type), what they hold)"""
    tensors, expected = {}, {}
    weights = random.standard_normal((6, 512)).astype(np.float32)
    for kind in Type:
        name = kind.name.lower()
        if kind in (Type.F32, Type.F16) or name in PLAIN or kind.name in ("I8", "I16", "I32", "I64", "F64"):
            continue
        try:
            blocks = quantize(weights, kind)
        except NotImplementedError:
            elements, size = gguf.GGML_QUANT_SIZES[kind]
            blocks = random.integers(0, 256, (6 * (512 // elements), size), dtype=np.uint8)
            for at in HALF_SCALES.get(kind, ()):
                halves = (random.standard_normal(len(blocks)) * 0.05).astype("<f2")
                blocks[:, at : at + 2] = halves.view(np.uint8).reshape(-1, 2)
            if kind == Type.NVFP4:
                blocks[:, :4] &= 0x7E  # 0x7F is NaN
            blocks = blocks.reshape(6, -1)
        tensors[name] = (blocks, kind)
        values = None
        if name == "bf16":
            expected[name] = tensor(name, weights.shape, blocks.tobytes(), dequantize(blocks, kind))
            continue
        if not name.startswith(("iq1", "iq2", "iq3")):
            try:
                values = dequantize(blocks, kind).astype(np.float32)
            except NotImplementedError:
                print(f"  gguf has no values of {kind.name}: only listed")
        expected[name] = tensor(name, weights.shape, None, values)
    return tensors, expected


def write(path, arrays, blocks, **arguments):
    writer = gguf.GGUFWriter(path, "llama", **arguments)
    writer.add_name("a name")
    writer.add_array("some.words", ["a", "b"])
    for name, array in arrays.items():
        writer.add_tensor(name, array)
    for name, (data, kind) in blocks.items():
        writer.add_tensor(name, data, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main(folder):
    files = Files(folder)
    random = np.random.default_rng(3)
    arrays = plain(random)
    expected = {name: of_array(array) for name, array in arrays.items()}
    blocks, of_blocks = quantized(random)
    write(files.path("plain.gguf"), arrays, {})
    files.add("plain.gguf", expected)
    write(files.path("big_endian.gguf"), arrays, {}, endianess=gguf.GGUFEndian.BIG)
    files.add("big_endian.gguf", expected)
    write(files.path("blocks.gguf"), {}, blocks)
    files.add("blocks.gguf", of_blocks)
    decoded = {name for name, entry in of_blocks.items() if entry["values"]}
    write(files.path("decoded_blocks.gguf"), {}, {name: blocks[name] for name in decoded})
    files.add("decoded_blocks.gguf", {name: of_blocks[name] for name in decoded})
    write(files.path("parts.gguf"), arrays, {}, split_max_tensors=9)
    parts = sorted(files.folder.glob("parts-*-of-*.gguf"))
    assert len(parts) > 2
    files.add(parts[1].name, expected)  # any part opens the whole
    files.save()


main(sys.argv[1])
