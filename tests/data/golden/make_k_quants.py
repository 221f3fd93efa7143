# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes k_quants.safetensors: rows of weights `x` and what llama.cpp's own encoder makes of them, `q4_k.blocks` ….

Needs numpy, safetensors and a wheel with llama.cpp (xllamacpp, or LLAMA_LIBRARY names libllama.so).
"""

import ctypes
import sys
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

sys.dont_write_bytecode = True
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "interop" / "exports"))

from llama_runtime import Llama

TYPES = {"q4_k": (12, 144), "q5_k": (13, 176), "q6_k": (14, 210)}  # number in ggml, bytes of a block
BLOCK = 256
COLUMNS = 2 * BLOCK


def rows(random):
    normal = lambda: random.standard_normal(COLUMNS)
    yield from (normal() * scale for scale in (1, 0.02, 1e-4, 300))
    yield from (random.uniform(-1, 1, COLUMNS) for _ in range(2))
    yield from (random.standard_t(2, COLUMNS) * 0.01 for _ in range(3))  # heavy tails
    yield normal() * (random.uniform(size=COLUMNS) < 0.1)  # most are 0
    yield np.zeros(COLUMNS)
    yield np.full(COLUMNS, 0.25)
    yield np.full(COLUMNS, -0.25)
    yield np.abs(normal())
    yield -np.abs(normal())
    yield np.where(np.arange(COLUMNS) % 32 < 16, normal(), 0)
    outliers = normal() * 0.001  # scales of most groups become 0 beside it
    outliers[[5, 300]] = 40, -40
    yield outliers
    yield np.round(normal() * 4) / 8  # ties
    yield np.where(np.arange(COLUMNS) // 32 % 2, 1.0, normal())
    yield normal() * np.repeat(2.0 ** random.integers(-12, 3, COLUMNS // 16), 16)


def main(path):
    quantize = Llama().lib.ggml_quantize_chunk
    quantize.restype = ctypes.c_size_t
    quantize.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p] + [ctypes.c_int64] * 3 + [ctypes.c_void_p]
    x = np.ascontiguousarray(np.stack(list(rows(np.random.default_rng(11)))), np.float32)
    tensors = {"x": x}
    for name, (number, size) in TYPES.items():
        blocks = np.zeros((len(x), x.shape[1] // BLOCK * size), np.uint8)
        quantize(number, x.ctypes.data, blocks.ctypes.data, 0, len(x), x.shape[1], None)
        tensors[f"{name}.blocks"] = blocks
    save_file(tensors, path)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "k_quants.safetensors")
