# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes safetensors files with the same bytes for the same content, and compares them with committed ones."""

import json
import struct
import sys
from pathlib import Path

import torch

# Tensors are laid out by descending rank, then by name, so that each starts at a multiple of its element size.
_DTYPES = {  # torch type: (rank, name in the file)
    torch.bool: (0, "BOOL"),
    torch.uint8: (4, "U8"),
    torch.int8: (5, "I8"),
    torch.int16: (11, "I16"),
    torch.float16: (13, "F16"),
    torch.bfloat16: (14, "BF16"),
    torch.int32: (15, "I32"),
    torch.float32: (17, "F32"),
    torch.float64: (19, "F64"),
    torch.int64: (20, "I64"),
}


def compact_json(value):
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def serialize(tensors, metadata):
    """The bytes of a file that holds {name: tensor} and {key: text}."""
    order = sorted(tensors, key=lambda name: (-_DTYPES[tensors[name].dtype][0], name))
    header = {"__metadata__": {key: metadata[key] for key in sorted(metadata)}}
    parts = []
    offset = 0
    for name in order:
        tensor = tensors[name].detach().contiguous()
        if tensor.dtype == torch.bfloat16:  # unknown to NumPy
            raw = tensor.view(torch.int16).numpy()
        else:
            raw = tensor.numpy()
        data = raw.astype(raw.dtype.newbyteorder("<")).tobytes()
        header[name] = {
            "dtype": _DTYPES[tensor.dtype][1],
            "shape": list(tensor.shape),
            "data_offsets": [offset, offset + len(data)],
        }
        parts.append(data)
        offset += len(data)
    text = compact_json(header).encode("utf-8")
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + b"".join(parts)


def _read(data):
    """{name: (dtype, shape, bytes)} of a file written by serialize()."""
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    metadata = header.pop("__metadata__")
    body = memoryview(data)[8 + length :]
    return metadata, {
        name: (entry["dtype"], entry["shape"], bytes(body[slice(*entry["data_offsets"])])) for name, entry in header.items()
    }


def write_or_check(path, data, check, tolerance=0.0):
    """Writes the file, or (check) compares it with the committed one; returns the exit code.

    On another processor sums and logarithms may be rounded differently: F32 tensors may then differ by `tolerance`,
    nothing else may.
    """
    path = Path(path)
    if not check:
        path.write_bytes(data)
        print(f"{path.name}: {len(data)} bytes written")
        return 0
    committed = path.read_bytes()
    if committed == data:
        print(f"{path.name}: same bytes")
        return 0
    old_metadata, old = _read(committed)
    new_metadata, new = _read(data)
    different = [] if old_metadata == new_metadata else ["__metadata__"]
    largest = 0.0
    for name in sorted(old.keys() | new.keys()):
        if old.get(name) == new.get(name):
            continue
        if name in old and name in new and old[name][:2] == new[name][:2] == ("F32", old[name][1]):
            a, b = (torch.frombuffer(bytearray(t[name][2]), dtype=torch.float32) for t in (old, new))
            distance = (a - b).abs().max().item()
            largest = max(largest, distance)
            if distance <= tolerance:
                continue
        different.append(name)
    if different:
        print(f"{path.name}: differs in {', '.join(different)} (largest distance {largest:.3g})", file=sys.stderr)
        return 1
    print(f"{path.name}: same within {largest:.3g} (allowed {tolerance:.3g})")
    return 0
