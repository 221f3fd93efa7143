# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge_npz.py SOURCE.safetensors EXPORTED.npz [--layers N]      numpy only; float types that NumPy lacks need ml_dtypes.

Entries <name>.q, .scale, .zero_point, .axis (FORMATS.md 6.9); np.load without pickle; stored, not compressed, payloads at
multiples of 64; nearest codes; everything else kept.
"""
import argparse
import json
import zipfile

import numpy as np
from safetensors import safe_open

from common import Judge, nearest

parser = argparse.ArgumentParser()
parser.add_argument("source")
parser.add_argument("exported")
parser.add_argument("--layers", type=int)
options = parser.parse_args()
judge = Judge("NPZ")


def wide(f, key):
    try:
        t = f.get_tensor(key)
    except Exception:
        import torch  # bf16
        return safe_open(options.source, "pt").get_tensor(key).float().numpy()
    return t.astype(np.float32) if t.dtype.name == "bfloat16" else t


with safe_open(options.source, "np") as f:
    src = {k: wide(f, k) for k in f.keys()}
archive = np.load(options.exported, allow_pickle=False)
out = {k: archive[k] for k in archive.files}
z = zipfile.ZipFile(options.exported)
judge.check(z.testzip() is None, "a CRC is wrong")
judge.check([i.filename for i in z.infolist()] == sorted(i.filename for i in z.infolist()), "entries are not sorted")
raw = open(options.exported, "rb").read()
for i in z.infolist():
    judge.check(i.compress_type == 0, f"{i.filename}: compressed")
    judge.check(i.date_time == (1980, 1, 1, 0, 0, 0), f"{i.filename}: date {i.date_time}")
    at = i.header_offset + 30 + int.from_bytes(raw[i.header_offset + 26:i.header_offset + 28], "little") + \
        int.from_bytes(raw[i.header_offset + 28:i.header_offset + 30], "little")
    judge.check(at % 64 == 0 and raw[at:at + 6] == b"\x93NUMPY", f"{i.filename}: starts at {at}")
layers = sorted(k[:-2] for k in out if k.endswith(".q"))
judge.check(bool(layers), "nothing is quantized")
if options.layers is not None:
    judge.check(len(layers) == options.layers, f"{len(layers)} layers, {options.layers} wanted")
known = {"meta"} & set(out)
for n in layers:
    w, q, s, zp, axis = src[n], out[n + ".q"], out[n + ".scale"], out.get(n + ".zero_point"), int(out[n + ".axis"])
    known |= {n + e for e in (".q", ".scale", ".axis")} | ({n + ".zero_point"} if zp is not None else set())
    judge.check(q.shape == w.shape and q.dtype in (np.int8, np.uint8) and s.dtype == np.float32, f"{n}: types or shapes")
    zp = np.zeros(s.shape) if zp is None else zp
    judge.check(zp.shape == s.shape, f"{n}: zero points {zp.shape}, scales {s.shape}")
    if s.ndim == 0:
        expand = lambda a: a
    elif s.ndim == 1:
        judge.check(s.shape[0] == w.shape[axis], f"{n}: {s.shape[0]} scales on axis {axis} of {w.shape}")
        expand = lambda a: a.reshape([-1 if i == axis else 1 for i in range(w.ndim)])
    else:  # groups along the last axis of [N, K]
        expand = lambda a: np.repeat(a, -(-w.shape[1] // s.shape[1]), 1)[:, :w.shape[1]]
    nearest(judge, n, w, q, expand(s), expand(zp), *((-128, 127) if q.dtype == np.int8 else (0, 255)))
for k, t in src.items():
    if k in layers:
        continue
    known.add(k)
    judge.equal(out.get(k, np.zeros(0)), t, k)
judge.check(set(out) == known, f"entries too many: {sorted(set(out) - known)[:5]}")
judge.end()
