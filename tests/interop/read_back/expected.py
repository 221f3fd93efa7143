# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files of this folder's writers hold, as the libraries say that wrote them.

manifest.json: {file: {"tensors": {name: {"type", "shape", "bits", "values"}}, "refused": text or null}}. Types have the
program's names. `bits`: hex of the row-major little-endian elements, null where the library has none of its own.
`values`: hex of float64, null for whole numbers and where the program says that it shows none.
Where `refused` is a text, the whole file is one that is not opened, and the error must hold that text.
"""

import json
from pathlib import Path

import numpy as np

# By names of NumPy and ml_dtypes.
OUR_NAMES = {
    "bool": "bool",
    "int8": "i8",
    "int16": "i16",
    "int32": "i32",
    "int64": "i64",
    "uint8": "u8",
    "uint16": "u16",
    "uint32": "u32",
    "uint64": "u64",
    "float16": "f16",
    "float32": "f32",
    "float64": "f64",
    "bfloat16": "bf16",
    "float8_e4m3fn": "f8_e4m3",
    "float8_e4m3fnuz": "f8_e4m3fnuz",
    "float8_e5m2": "f8_e5m2",
    "float8_e5m2fnuz": "f8_e5m2fnuz",
    "float8_e8m0fnu": "f8_e8m0",
    "float4_e2m1fn": "f4",
    "complex64": "c64",
    "complex128": "c128",
    "int4": "i4",
    "uint4": "u4",
    "int2": "i2",
    "uint2": "u2",
    "float6_e2m3fn": "f6_e2m3",
    "float6_e3m2fn": "f6_e3m2",
}
# e8m0 holds scales of other formats: copied, but no weights, so `compare` leaves it out.
WITH_VALUES = {"f64", "f32", "f16", "bf16", "f8_e4m3", "f8_e4m3fnuz", "f8_e5m2", "f8_e5m2fnuz"}
BELOW_A_BYTE = {"f4", "f6_e2m3", "f6_e3m2", "i4", "u4", "i2", "u2"}


def tensor(type_name, shape, bits=None, values=None):
    values = None if values is None else np.asarray(values, "<f8").tobytes().hex()
    return {
        "type": type_name,
        "shape": [int(d) for d in shape],
        "bits": None if bits is None else bits.hex(),
        "values": values,
    }


def of_array(array, type_name=None):
    """An array of NumPy or ml_dtypes in any layout and byte order."""
    array = np.asarray(array)
    name = type_name or OUR_NAMES[array.dtype.name]
    packed = np.array(array.astype(array.dtype.newbyteorder("<")), order="C").reshape(array.shape)
    bits = None if name in BELOW_A_BYTE else packed.tobytes()
    with np.errstate(all="ignore"):
        values = array.astype(np.float64) if name in WITH_VALUES else None
    return tensor(name, array.shape, bits, values)


class Files:
    """The folder that a writer fills."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.entries = {}

    def path(self, name):
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        return str(path)

    def add(self, name, tensors):
        """What was written to path(name)."""
        self.entries[name] = {"tensors": tensors, "refused": None}

    def refused(self, name, text):
        self.entries[name] = {"tensors": {}, "refused": text}

    def save(self):
        (self.folder / "manifest.json").write_text(json.dumps(self.entries))


def sample(dtype, shape, random):
    """Finite values of a type of NumPy or ml_dtypes; whole numbers reach both ends of their range."""
    dtype = np.dtype(dtype)
    count = int(np.prod(shape, dtype=int))
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        values = random.integers(info.min, info.max, count, dtype=dtype, endpoint=True)
        values[:2] = [info.min, info.max][: len(values[:2])]
    elif dtype.kind == "b":
        values = random.integers(0, 2, count)
    elif dtype.kind == "c":
        values = random.standard_normal(count) + 1j * random.standard_normal(count)
    elif dtype.name == "float8_e8m0fnu":
        values = 2.0 ** random.integers(-126, 127, count)
    elif dtype.name.startswith(("int", "uint")):  # of ml_dtypes
        bits = int(dtype.name.strip("uint"))
        low = 0 if dtype.name[0] == "u" else -(2 ** (bits - 1))
        values = random.integers(low, low + 2**bits, count)
    else:
        values = random.standard_normal(count) * 3
    return np.asarray(values).astype(dtype).reshape(shape)


def all_codes(dtype):
    """Every bit pattern of a float of up to 16 bits, NaN and infinity among them; a few of wider ones."""
    dtype = np.dtype(dtype)
    if dtype.itemsize == 1:
        return np.arange(256, dtype=np.uint8).view(dtype)
    if dtype.itemsize == 2:
        return np.arange(65536, dtype="<u2").view(dtype)
    tiny = np.finfo(dtype).smallest_subnormal
    return np.array([np.nan, -np.nan, np.inf, -np.inf, 0.0, -0.0, tiny, -tiny, np.finfo(dtype).max], dtype)
