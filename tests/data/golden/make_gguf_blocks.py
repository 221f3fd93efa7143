# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes gguf_blocks.gguf: random blocks of each type, and beside each the values that the gguf package decodes.

Needs numpy and gguf (any release that knows the types below). Tensors: NAME holds the blocks, NAME.values the floats.
"""

import sys

import gguf
import numpy as np
from gguf import GGMLQuantizationType as Type
from gguf.quants import dequantize

# Byte positions of the 16-bit floats in a block: random bytes there would often be NaN.
HALVES = {
    Type.Q4_0: [0], Type.Q4_1: [0, 2], Type.Q5_0: [0], Type.Q5_1: [0, 2], Type.Q8_0: [0], Type.Q2_K: [80, 82],
    Type.Q3_K: [108], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208], Type.IQ4_NL: [0], Type.IQ4_XS: [0],
    Type.TQ1_0: [52], Type.TQ2_0: [64], Type.MXFP4: [], Type.NVFP4: [],
    Type.IQ1_S: [0], Type.IQ2_XXS: [0], Type.IQ2_XS: [0], Type.IQ2_S: [0], Type.IQ3_XXS: [0], Type.IQ3_S: [0], Type.IQ1_M: [],
}
BLOCKS_PER_ROW = 2
# The first scales of the first rows: one, a subnormal, the smallest one, negative, the largest, zero.
SCALES = [0x3C00, 0x0203, 0x0001, 0xB555, 0x7BFF, 0x0000]


def random_blocks(kind, random):
    elements, size = gguf.GGML_QUANT_SIZES[kind]
    rows = 3 if elements == 256 else 8
    blocks = random.integers(0, 256, (rows * BLOCKS_PER_ROW, size), dtype=np.uint8)
    for at in HALVES[kind]:
        halves = (random.standard_normal(len(blocks)) * 0.05).astype(np.float16).view(np.uint16)
        halves[: len(SCALES)] = SCALES
        blocks[:, at : at + 2] = halves.astype("<u2").view(np.uint8).reshape(-1, 2)
    if kind == Type.MXFP4:
        blocks[:5, 0] = [0, 1, 2, 127, 255]
    if kind == Type.NVFP4:
        blocks[:2, :4] = [[0, 1, 0x7F, 0x7E], [0x38, 0x80, 0xFF, 8]]
    if kind == Type.IQ1_M:
        blocks[:, 55] &= 0x3F  # the exponent of its 16-bit float, which lies in four nibbles
    return blocks.reshape(rows, BLOCKS_PER_ROW * size)


def main(path):
    random = np.random.default_rng(7)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_name("random blocks")
    writer.add_uint32("test.number", 7)
    writer.add_array("test.words", [f"word {i}" for i in range(40)])
    writer.add_array("test.numbers", [1, 2, 3])
    with np.errstate(all="ignore"):
        for kind in HALVES:
            blocks = random_blocks(kind, random)
            values = dequantize(blocks, kind).astype(np.float32)
            writer.add_tensor(kind.name.lower(), blocks, raw_dtype=kind)
            writer.add_tensor(kind.name.lower() + ".values", values)
    for dtype in (np.float16, np.float32, np.float64, np.int8, np.int16, np.int32, np.int64):
        writer.add_tensor(np.dtype(dtype).name, np.arange(-6, 6).astype(dtype).reshape(3, 4))
    bf16 = gguf.quants.quantize(np.arange(-6, 6, dtype=np.float32).reshape(3, 4), Type.BF16)
    writer.add_tensor("bfloat16", bf16, raw_dtype=Type.BF16)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "gguf_blocks.gguf")
