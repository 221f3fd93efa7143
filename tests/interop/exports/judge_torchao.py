# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge_torchao.py SOURCE.safetensors EXPORTED.safetensors [--layers N]

torchao's flattened safetensors with Int8Tensor, read by torchao's own unflatten; the tensors dequantize to (q - z) * s, run in F.linear,
and codes are nearest. The layout is a prototype of torchao (0.18 seen): another version may want other fields.
"""
import argparse

import numpy as np
import torch
import torch.nn.functional as F
from safetensors import safe_open
from safetensors.torch import load_file
from torchao.prototype.safetensors.safetensors_support import unflatten_tensor_state_dict
from torchao.quantization import Int8Tensor

from common import Judge, nearest, safetensors_header

parser = argparse.ArgumentParser()
parser.add_argument("source")
parser.add_argument("exported")
parser.add_argument("--layers", type=int)
options = parser.parse_args()
judge = Judge("torchao")
safetensors_header(options.exported)
src = load_file(options.source)
with safe_open(options.exported, "pt") as f:
    flat, metadata = {k: f.get_tensor(k) for k in f.keys()}, f.metadata()
result = unflatten_tensor_state_dict(flat, metadata)
out, rest = result if isinstance(result, tuple) else (result, {})
judge.check(not rest, f"tensors that no entry names: {sorted(rest)[:5]}")
judge.check(set(out) == set(src), f"names: {sorted(set(out) ^ set(src))[:5]}")
layers = [k for k, t in out.items() if isinstance(t, Int8Tensor)]
judge.check(bool(layers), "nothing is quantized")
if options.layers is not None:
    judge.check(len(layers) == options.layers, f"{len(layers)} layers, {options.layers} wanted")
torch.manual_seed(0)
for k, w in src.items():
    t = out.get(k)
    if k not in layers:
        judge.check(t is not None and t.dtype == w.dtype and torch.equal(t, w), f"{k}: not kept")
        continue
    judge.check(t.shape == w.shape and t.dtype == w.dtype, f"{k}: {t.dtype}{tuple(t.shape)}")
    q, s = t.qdata, t.scale
    z = t.zero_point if t.zero_point is not None else torch.zeros(s.shape)
    judge.check(q.dtype == torch.int8 and s.dtype == torch.float32 and tuple(s.shape) == (w.shape[0], 1), f"{k}: scale {s.dtype}{tuple(s.shape)}")
    nearest(judge, k, w.double().numpy(), q.numpy(), s.double().numpy(), z.numpy(), -128, 127)
    ideal = (q.double() - z.double()) * s.double()
    bound = {torch.float32: 1e-6, torch.float16: 1e-3, torch.bfloat16: 8e-3}[w.dtype]
    judge.close(t.dequantize().double().numpy(), ideal.numpy(), bound, f"{k} dequantized")
    x = torch.randn(5, w.shape[1]).to(w.dtype)
    judge.close(F.linear(x, t).double().numpy(), (x.double() @ ideal.T).numpy(), 3 * bound, f"{k} in F.linear")
judge.end()
