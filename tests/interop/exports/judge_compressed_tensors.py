# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge_compressed_tensors.py SOURCE_DIR EXPORTED_DIR [--codes nearest|faithful] [--layers N]

Loads with transformers + compressed-tensors on the CPU, as users do, and compares: the weights that the client
decompresses are bit-equal to (code - zero) * scale in the scale's type as we read them, logits are bit-equal to the
source model with these weights. Needs a causal language model that transformers knows.
--codes faithful: codes and scales equal to what compressed-tensors itself computes from the source weight.
"""
import argparse
import json
import os
import re

import numpy as np
import torch
import transformers
from compressed_tensors.quantization import QuantizationArgs
from compressed_tensors.quantization.lifecycle.forward import quantize
from compressed_tensors.quantization.utils import calculate_qparams
from safetensors.torch import load_file
from transformers import AutoModelForCausalLM

from common import Judge, nearest, safetensors_header

parser = argparse.ArgumentParser()
parser.add_argument("source")
parser.add_argument("exported")
parser.add_argument("--codes", choices=["nearest", "faithful"], default="nearest")
parser.add_argument("--layers", type=int)
options = parser.parse_args()
transformers.utils.logging.set_verbosity_error()
judge = Judge("compressed-tensors")


def tensors(folder):
    index = os.path.join(folder, "model.safetensors.index.json")
    names = sorted(set(json.load(open(index))["weight_map"].values())) if os.path.exists(index) else ["model.safetensors"]
    out = {}
    for name in names:
        header = safetensors_header(os.path.join(folder, name))
        judge.check(header.get("__metadata__", {}).get("format") == "pt", f"{name}: metadata format is not pt")
        out.update(load_file(os.path.join(folder, name)))
    return out


src, out = tensors(options.source), tensors(options.exported)
config, old = (json.load(open(os.path.join(d, "config.json"))) for d in (options.exported, options.source))
q = config.pop("quantization_config", None)
judge.check(config == old, "config.json changed beside quantization_config")
judge.check(q["quant_method"] == "compressed-tensors" and q["format"] == "pack-quantized" and q["quantization_status"] == "compressed",
            "quantization_config: method, format or status")
for f in os.listdir(options.source):
    if not f.endswith((".safetensors", ".bin", ".index.json")) and f != "config.json":
        same = os.path.exists(os.path.join(options.exported, f)) and \
            open(os.path.join(options.exported, f), "rb").read() == open(os.path.join(options.source, f), "rb").read()
        judge.check(same, f"{f} is not copied")


def unpack(words, bits, count):
    w = words.numpy().view(np.uint32).astype(np.uint64)
    stream = ((w[..., None] >> np.arange(32, dtype=np.uint64)) & 1).reshape(*w.shape[:-1], -1)[..., :count * bits]
    u = (stream.reshape(*w.shape[:-1], count, bits) << np.arange(bits, dtype=np.uint64)).sum(-1)
    return torch.from_numpy(u.astype(np.int64) - 2 ** (bits - 1)), not ((w[..., None] >> np.arange(32, dtype=np.uint64)) & 1).reshape(*w.shape[:-1], -1)[..., count * bits:].any()


def scheme(module):
    for group in q["config_groups"].values():
        for target in group["targets"]:
            if target == "Linear" or target == module or (target.startswith("re:") and re.match(target[3:], module)):
                return group["weights"]
    return None


ignored = lambda m: any(i == m or (i.startswith("re:") and re.match(i[3:], m)) for i in q["ignore"])
modules = sorted(k[:-len(".weight_packed")] for k in out if k.endswith(".weight_packed"))
judge.check(bool(modules), "nothing is quantized")
if options.layers is not None:
    judge.check(len(modules) == options.layers, f"{len(modules)} layers, {options.layers} wanted")
known, dequantized = set(), {}
for m in modules:
    w, s, shape = src[m + ".weight"], out[m + ".weight_scale"], out[m + ".weight_shape"]
    a = scheme(m)
    bits, group = a["num_bits"], a["group_size"]
    judge.check(not ignored(m), f"{m}: quantized and ignored")
    judge.check(shape.dtype == torch.int64 and shape.tolist() == list(w.shape), f"{m}: weight_shape {shape.tolist()}")
    groups = w.shape[1] // group if a["strategy"] == "group" else 1
    judge.check(a["strategy"] in ("group", "channel") and (a["strategy"] == "channel") == (group is None), f"{m}: strategy {a['strategy']}, group {group}")
    judge.check(a["strategy"] != "group" or w.shape[1] % group == 0, f"{m}: {w.shape[1]} columns, groups of {group}")
    judge.check(s.dtype == w.dtype and list(s.shape) == [w.shape[0], groups], f"{m}: scale {s.dtype}{list(s.shape)}")
    codes, clean = unpack(out[m + ".weight_packed"], bits, w.shape[1])
    judge.check(clean, f"{m}: bits after the last code")
    z = torch.zeros(w.shape[0], groups, dtype=torch.int64)
    names = {".weight_packed", ".weight_scale", ".weight_shape"}
    if not a["symmetric"]:
        names.add(".weight_zero_point")
        z = unpack(out[m + ".weight_zero_point"].T.contiguous(), bits, w.shape[0])[0].T
    known |= {m + n for n in names}
    wide = lambda t: t.repeat_interleave(w.shape[1] // groups, 1)
    dequantized[m] = ((codes - wide(z)).to(s.dtype) * wide(s)).to(w.dtype)
    if options.codes == "nearest":
        nearest(judge, m, w.double().numpy(), codes.numpy(), wide(s).double().numpy(), wide(z).numpy(), -2 ** (bits - 1), 2 ** (bits - 1) - 1)
    else:
        args = QuantizationArgs(**{k: v for k, v in a.items() if v is not None and k != "observer"})
        x = w.reshape(w.shape[0], groups, -1)
        ts, tz = calculate_qparams(x.amin(2), x.amax(2), args)
        judge.check(torch.equal(ts.to(s.dtype), s), f"{m}: scales are not compressed-tensors' own")
        tq = quantize(x=w, scale=ts, zero_point=tz, args=args, dtype=torch.int8)
        judge.check(torch.equal(tq.to(torch.int64), codes), f"{m}: {int((tq.to(torch.int64) != codes).sum())} codes are not compressed-tensors' own")
for k, t in src.items():
    m = k.rpartition(".")[0]
    if k.endswith(".weight") and m in dequantized:
        judge.check(k not in out, f"{k}: the float weight is still there")
        continue
    known.add(k)
    judge.check(k in out and out[k].dtype == t.dtype and torch.equal(out[k], t), f"{k}: not kept")
judge.check(set(out) == known, f"tensors too many: {sorted(set(out) - known)[:5]}")

plain = AutoModelForCausalLM.from_pretrained(options.source, attn_implementation="eager").eval()
linears = {n for n, m in plain.named_modules() if isinstance(m, torch.nn.Linear)}
for m in sorted(linears - set(modules)):
    judge.check(ignored(m), f"{m}: a Linear left float must be in ignore")
for fused in (("q_proj", "k_proj", "v_proj"), ("gate_proj", "up_proj")):
    for m in linears:
        if m.endswith(fused[0]):
            members = [m[:-len(fused[0])] + f for f in fused]
            judge.check(len({x in dequantized for x in members}) == 1, f"{members}: vLLM fuses these, all or none must be quantized")
client = AutoModelForCausalLM.from_pretrained(options.exported, attn_implementation="eager").eval()
x = torch.arange(3, 35)[None] % plain.config.vocab_size
with torch.no_grad():
    first = plain(x).logits
    for m, w in dequantized.items():
        plain.get_submodule(m).weight.copy_(w)
    want, got = plain(x).logits, client(x).logits
for m, w in dequantized.items():
    module = client.get_submodule(m)
    if hasattr(module, "weight"):
        judge.check(torch.equal(module.weight, w), f"{m}: the client decompresses other values")
judge.check(torch.equal(got, want), f"logits differ by {float((got - want).abs().max()):.1e}")
judge.check(not torch.equal(first, want), "the quantized model computes exactly what the float model does")
print(f"      {len(modules)} layers; logits of the client equal ours: {torch.equal(got, want)}; error of quantization {float((want - first).abs().max() / first.abs().max()):.1e}")
judge.end()
