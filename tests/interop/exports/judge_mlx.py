# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge_mlx.py SOURCE_DIR EXPORTED_DIR [--layers N] [--codes nearest|faithful]

Loads with mlx (CPU) and, where mlx-lm knows the architecture, runs it. Values that mlx decodes are
code * scale + bias; logits computed in f32 agree to 1e-5 with the dequantized model (seen: bit-equal); the file in its own type is within
0.3 (bf16 alone moves random models by 0.1). faithful: the words, scales and
biases are mx.quantize's own.
"""
import argparse
import json
import os
import tempfile
from pathlib import Path

import mlx.core as mx
import numpy as np

from common import Judge, safetensors_header

parser = argparse.ArgumentParser()
parser.add_argument("source")
parser.add_argument("exported")
parser.add_argument("--layers", type=int)
parser.add_argument("--codes", choices=["nearest", "faithful"], default="nearest")
options = parser.parse_args()
judge = Judge("MLX")
file = lambda d: os.path.join(d, "model.safetensors")
header = safetensors_header(file(options.exported))
judge.check(header.get("__metadata__", {}).get("format") == "mlx", "metadata format is not mlx")
src, out = mx.load(file(options.source)), mx.load(file(options.exported))
config, old = (json.load(open(os.path.join(d, "config.json"))) for d in (options.exported, options.source))
q = config.pop("quantization")
judge.check(config.pop("quantization_config", q) == q, "quantization_config is not quantization")
kept = {k: v for k, v in config.items() if k in old}
theta = (old.get("rope_parameters") or {}).get("rope_theta")
judge.check(theta is None or config.get("rope_theta") == theta, "rope_theta is not where mlx-lm looks for it")
judge.check(kept == old, "config.json changed")
bits, group = q["bits"], q["group_size"]
judge.check(bits in (2, 3, 4, 5, 6, 8) and group in (32, 64, 128), f"bits {bits}, group {group}")
modules = sorted(k[:-len(".scales")] for k in out if k.endswith(".scales"))
judge.check(bool(modules), "nothing is quantized")
if options.layers is not None:
    judge.check(len(modules) == options.layers, f"{len(modules)} layers, {options.layers} wanted")
f32 = lambda a: np.array(a.astype(mx.float32))
dequantized, known = {}, set()
for m in modules:
    w, words, s, b = src[m + ".weight"], out[m + ".weight"], out[m + ".scales"], out[m + ".biases"]
    N, K = w.shape
    judge.check(words.dtype == mx.uint32 and words.shape == (N, K * bits // 32), f"{m}: words {words.dtype}{words.shape}")
    judge.check(s.dtype == w.dtype == b.dtype and s.shape == b.shape == (N, K // group), f"{m}: scales {s.dtype}{s.shape}")
    raw = np.array(words).astype(np.uint64)
    stream = ((raw[..., None] >> np.arange(32, dtype=np.uint64)) & 1).reshape(N, K, bits)
    codes = (stream << np.arange(bits, dtype=np.uint64)).sum(-1).astype(np.float64)
    wide = lambda a: np.repeat(f32(a).astype(np.float64), group, 1)
    if options.codes == "nearest":
        # A bias in half precision is off by up to half a unit of its last bit, and so are weights that lie midway.
        digits = {mx.float32: 24, mx.float16: 11, mx.bfloat16: 8}[w.dtype]
        shift = np.abs(wide(b) / wide(s)) * 2.0 ** -digits if w.dtype != mx.float32 else 0
        ideal = np.clip((f32(w) - wide(b)) / wide(s), 0, 2 ** bits - 1)
        far = np.abs(codes - ideal) > 0.5 + 1e-4 + shift
        judge.check(not far.any(), f"{m}: {int(far.sum())} of {far.size} codes are not the nearest")
    else:
        for name, mine, theirs in zip(("words", "scales", "biases"), (words, s, b), mx.quantize(w, group_size=group, bits=bits)):
            judge.check(bool(mx.array_equal(mine, theirs)), f"{m}: {name} are not mx.quantize's own")
    dequantized[m] = mx.dequantize(words, s, b, group_size=group, bits=bits)
    if w.dtype == mx.float32:
        mine = (codes.astype(np.float32) * np.repeat(f32(s), group, 1) + np.repeat(f32(b), group, 1)).astype(np.float32)
        off = np.abs(f32(dequantized[m]) - mine).max() / np.abs(mine).max()
        judge.check(off <= 2 ** -22, f"{m}: mlx decodes other values ({off:.1e})")  # one fused multiply-add
    known |= {m + n for n in (".weight", ".scales", ".biases")}
for k, t in src.items():
    if k.rpartition(".")[0] in dequantized and k.endswith(".weight"):
        continue
    known.add(k)
    judge.check(k in out and out[k].dtype == t.dtype and bool(mx.array_equal(out[k], t)), f"{k}: not kept")
judge.check(set(out) == known, f"tensors too many: {sorted(set(out) - known)[:5]}")
try:
    from mlx_lm.utils import load_model

    def run(values):
        """Logits of a folder made of these arrays."""
        with tempfile.TemporaryDirectory() as folder:
            mx.save_safetensors(os.path.join(folder, "model.safetensors"), values, {"format": "mlx"})
            extra = {"quantization": q, "quantization_config": q} if any(k.endswith(".scales") for k in values) else {}
            json.dump({**config, **extra}, open(os.path.join(folder, "config.json"), "w"))
            model, _ = load_model(Path(folder))
            return f32(model(mx.array([[i % config["vocab_size"] for i in range(3, 35)]])))

    # In f32 whatever the file's type: a half-precision run would hide a wrong code behind its own rounding.
    up = {k: v if v.dtype == mx.uint32 else v.astype(mx.float32) for k, v in out.items()}
    plain = {k: (mx.dequantize(up[k], up[k[:-7] + ".scales"], up[k[:-7] + ".biases"], group_size=group, bits=bits)
                 if k[:-7] in dequantized and k.endswith(".weight") else v.astype(mx.float32)) for k, v in src.items()}
    judge.close(run(up), run(plain), 1e-5, "logits, computed in f32")
    client, _ = load_model(Path(options.exported))
    got = f32(client(mx.array([[i % config["vocab_size"] for i in range(3, 35)]])))
    judge.close(got, run(plain), 1e-5 if all(v.dtype == mx.float32 for v in src.values()) else 0.3, "logits, the file as it is")
except (ImportError, TypeError, ValueError) as error:
    judge.check(False, f"mlx-lm does not run it: {str(error)[:200]}")
judge.end()
