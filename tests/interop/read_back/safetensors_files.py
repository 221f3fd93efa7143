#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""safetensors_files.py FOLDER: files of all types that safetensors writes, from NumPy, PyTorch and bytes."""

import sys

import ml_dtypes
import numpy as np
import safetensors
import safetensors.numpy
import safetensors.torch
import torch

from expected import Files, all_codes, of_array, sample, tensor
from torch_files import TYPES, of_torch, sample_torch

NUMPY_TYPES = ["f8", "f4", "f2", "i8", "u8", "i4", "u4", "i2", "u2", "i1", "u1", "?", "c8"]
SMALL_FLOATS = ["float8_e4m3fn", "float8_e4m3fnuz", "float8_e5m2", "float8_e5m2fnuz", "float8_e8m0fnu", "bfloat16"]


def spec(dtype, shape, array):
    """`array` must outlive it."""
    return safetensors.TensorSpec(dtype=dtype, shape=shape, data_ptr=array.ctypes.data, data_len=array.nbytes)


def main(folder):
    files = Files(folder)
    random = np.random.default_rng(5)
    arrays = {}
    for code in NUMPY_TYPES:
        for shape in ((), (7,), (3, 5), (2, 3, 4), (2, 0, 3)):
            arrays[f"{np.dtype(code).name}_{'x'.join(map(str, shape))}"] = sample(code, shape, random)
        if np.dtype(code).kind == "f":
            arrays[np.dtype(code).name + ".codes"] = all_codes(code)
    safetensors.numpy.save_file(arrays, files.path("numpy.safetensors"), {"made": "by NumPy"})
    files.add("numpy.safetensors", {name: of_array(array) for name, array in arrays.items()})

    tensors = {}
    for dtype, name in TYPES.items():
        if name in ("complex128", "complex32"):
            continue
        try:
            safetensors.torch.save({"x": torch.zeros(2).to(dtype)})
        except Exception as error:  # types that this release cannot write
            print(f"  safetensors {safetensors.__version__} does not write {dtype}: {error}")
            continue
        tensors[name] = sample_torch(dtype, (3, 5), random)
    safetensors.torch.save_file(tensors, files.path("torch.safetensors"))
    files.add("torch.safetensors", {name: of_torch(value) for name, value in tensors.items()})

    raw = {name: all_codes(getattr(ml_dtypes, name)) for name in SMALL_FLOATS}
    for name, array in list(raw.items()):
        raw[name + ".finite"] = array[np.isfinite(array.astype(np.float32))]
    expected = {name: of_array(array) for name, array in raw.items()}
    specs = {name: spec(array.dtype.name, array.shape, array) for name, array in raw.items()}
    # Packed types: two or more elements share a byte.
    for dtype, name, elements in (
        ("float4_e2m1fn_x2", "f4", 24),
        ("float6_e2m3fn", "f6_e2m3", 16),
        ("float6_e3m2fn", "f6_e3m2", 16),
    ):
        raw[name] = random.integers(0, 256, elements * int(name[1]) // 8, dtype=np.uint8)
        try:
            specs[name] = spec(dtype, (2, raw[name].size // 2), raw[name])
        except Exception as error:
            print(f"  safetensors {safetensors.__version__} does not write {dtype}: {error}")
            continue
        expected[name] = tensor(name, (2, elements // 2), raw[name].tobytes())
    safetensors.serialize_file(specs, files.path("raw.safetensors"), {"made": "from bytes"})
    files.add("raw.safetensors", expected)
    files.save()


main(sys.argv[1])
