# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge_gptq_awq.py SOURCE_DIR EXPORTED_DIR [--layers N]

GPTQ (checkpoint_format gptq or gptq_v2) or AWQ (gemm) by quantization_config, loaded with transformers + gptqmodel + optimum
on the CPU. Codes are checked exactly by hand; logits within 8e-3 of the source model with the dequantized weights: the
client's kernels compute in half precision whatever the model's type (seen 9e-4 to 2.3e-3).
"""
import argparse
import json
import os

import numpy as np
import torch
import transformers
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from common import Judge, nearest, safetensors_header

parser = argparse.ArgumentParser()
parser.add_argument("source")
parser.add_argument("exported")
parser.add_argument("--layers", type=int)
options = parser.parse_args()
transformers.utils.logging.set_verbosity_error()
judge = Judge("GPTQ/AWQ")
src = load_file(os.path.join(options.source, "model.safetensors"))
safetensors_header(os.path.join(options.exported, "model.safetensors"))
out = load_file(os.path.join(options.exported, "model.safetensors"))
config, old = (json.load(open(os.path.join(d, "config.json"))) for d in (options.exported, options.source))
q = config.pop("quantization_config")
judge.check(config == old, "config.json changed beside quantization_config")
bits, awq = q["bits"], q["quant_method"] == "awq"
if not awq:
    beside = os.path.join(options.exported, "quantize_config.json")
    judge.check(os.path.exists(beside) and json.load(open(beside)) == q, "quantize_config.json is not the same")
    judge.check(q["desc_act"] is False and q["checkpoint_format"] in ("gptq", "gptq_v2"), "desc_act or checkpoint_format")
    judge.check(q["sym"] or q["checkpoint_format"] == "gptq_v2", "asymmetric in v1: gptqmodel refuses it")
judge.check(q["quant_method"] in ("awq", "gptq") and (not awq or (bits == 4 and q["version"] == "gemm")), "method or version")
ORDER = [0, 2, 4, 6, 1, 3, 5, 7]


def unpack(words, axis):
    w = words.numpy().view(np.uint32)
    if axis == 0:
        return unpack(torch.from_numpy(np.ascontiguousarray(w.T).view(np.int32)), 1).T
    codes = ((w[..., None] >> (bits * np.arange(32 // bits, dtype=np.uint32))) & (2 ** bits - 1)).reshape(w.shape[0], -1)
    if awq:
        plain = np.empty_like(codes).reshape(w.shape[0], -1, 8)
        plain[:, :, ORDER] = codes.reshape(w.shape[0], -1, 8)
        codes = plain.reshape(w.shape[0], -1)
    return codes.astype(np.int64)


modules = sorted(k[:-len(".qweight")] for k in out if k.endswith(".qweight"))
judge.check(bool(modules), "nothing is quantized")
if options.layers is not None:
    judge.check(len(modules) == options.layers, f"{len(modules)} layers, {options.layers} wanted")
known, dequantized = set(), {}
for m in modules:
    w = src[m + ".weight"]
    N, K = w.shape
    group = q["group_size"] if q["group_size"] > 0 else K
    judge.check(K % 32 == 0 and N % 32 == 0 and K % group == 0, f"{m}: {N}x{K} with groups of {group}")
    c = unpack(out[m + ".qweight"], 1 if awq else 0)                       # [K, N]
    z = unpack(out[m + ".qzeros"], 1)                                       # [groups, N]
    s = out[m + ".scales"]
    judge.check(c.shape == (K, N) and z.shape == (K // group, N) and tuple(s.shape) == (K // group, N), f"{m}: shapes")
    judge.check(s.dtype == torch.float16, f"{m}: scales are {s.dtype}")
    if not awq and q["checkpoint_format"] == "gptq":
        z = (z + 1) & (2 ** bits - 1)
    if q.get("sym"):
        judge.check((z == 2 ** (bits - 1)).all(), f"{m}: a zero point is not {2 ** (bits - 1)}")
    known |= {m + n for n in (".qweight", ".qzeros", ".scales")}
    if not awq:
        known.add(m + ".g_idx")
        judge.equal(out[m + ".g_idx"].numpy(), (np.arange(K) // group).astype(np.int32), f"{m}.g_idx")
    wide = lambda a: np.repeat(a, group, 0)
    back = (c - wide(z)) * wide(s.double().numpy())
    nearest(judge, m, w.double().numpy().T, c, wide(s.double().numpy()), wide(z), 0, 2 ** bits - 1)
    dequantized[m] = torch.from_numpy(np.ascontiguousarray(back.T)).float()
for k, t in src.items():
    m = k.rpartition(".")[0]
    if k.endswith(".weight") and m in dequantized:
        judge.check(k not in out, f"{k}: the float weight is still there")
        continue
    known.add(k)
    judge.check(k in out and out[k].dtype == t.dtype and torch.equal(out[k], t), f"{k}: not kept")
judge.check(set(out) == known, f"tensors too many: {sorted(set(out) - known)[:5]}")

client = AutoModelForCausalLM.from_pretrained(options.exported, device_map="cpu").eval()
plain = AutoModelForCausalLM.from_pretrained(options.source, dtype=torch.float32).eval()
x = torch.arange(3, 35)[None] % plain.config.vocab_size
with torch.no_grad():
    for m, w in dequantized.items():
        plain.get_submodule(m).weight.copy_(w)
        judge.check(type(client.get_submodule(m)).__name__ != "Linear", f"{m}: the client runs it as a plain Linear")
    judge.close(client(x).logits.float().numpy(), plain(x).logits.float().numpy(), 8e-3, "logits of the client")
judge.end()
