# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge_gguf.py SOURCE.gguf EXPORTED.gguf [--tokens 5,17,...] [--vocabulary N]
   judge_gguf.py --hf FOLDER EXPORTED.gguf            (safetensors in, runnable GGUF out)

GGUF to GGUF: metadata kept in order, tensors kept in order, unquantized tensors byte-equal, every quantized tensor
byte-equal to llama.cpp's own encoder (ggml_quantize_chunk without an importance matrix); then llama.cpp runs the file.
--hf: names, permutation and hyper-parameters are right when llama.cpp's logits are transformers' logits for the model
with the file's own dequantized weights.
Bounds: llama.cpp multiplies quantized weights with activations rounded to 8 bits (F16/BF16: to that type), so the run is
compared with the same file dequantized to F32: relative RMS 5e-2 for blocks, 2e-2 BF16, 3e-3 F16; F32 1e-5.
A missing permutation gives 0.6, a wrong nibble order more than 1.
"""
import argparse
import ctypes as C
import os
import re
import struct
import sys
import tempfile

import numpy as np
from gguf import GGUFReader, GGMLQuantizationType
from gguf.quants import dequantize

from common import Judge
from llama_runtime import Llama

parser = argparse.ArgumentParser()
parser.add_argument("files", nargs="+")
parser.add_argument("--hf")
parser.add_argument("--tokens", default="5,17,200,33,9,301,77,128,4,250,60,61")
parser.add_argument("--no-run", action="store_true", help="container only")
parser.add_argument("--only-quantized", type=int, help="how many tensors must be quantized")
options = parser.parse_args()
judge = Judge("GGUF")
exported = options.files[-1]
tokens = [int(t) for t in options.tokens.split(",")]
BLOCKS = {"Q4_0": 32, "Q4_1": 32, "Q5_0": 32, "Q5_1": 32, "Q8_0": 32, "Q4_K": 256, "Q5_K": 256, "Q6_K": 256, "Q2_K": 256,
          "Q3_K": 256, "IQ4_NL": 32}
FILE_TYPES = {"F32": 0, "F16": 1, "Q4_0": 2, "Q4_1": 3, "Q8_0": 7, "Q5_0": 8, "Q5_1": 9, "Q2_K": 10, "Q3_K": 12, "Q4_K": 15,
              "Q5_K": 17, "Q6_K": 18, "IQ4_NL": 25, "BF16": 32}


class Raw:
    """The file by its bytes: the metadata block, tensor infos, offsets."""

    def __init__(self, path):
        self.data = d = open(path, "rb").read()
        assert d[:4] == b"GGUF"
        self.version, self.n_tensors, self.n_kv = struct.unpack_from("<IQQ", d, 4)
        self.at = 24
        self.kv = []
        for _ in range(self.n_kv):
            start = self.at
            key = self.text()
            kind = self.take("<I")
            self.value(kind)
            self.kv.append((key, d[start:self.at]))
        self.infos = []
        for _ in range(self.n_tensors):
            name = self.text()
            shape = [self.take("<Q") for _ in range(self.take("<I"))]
            self.infos.append((name, shape, self.take("<I"), self.take("<Q")))
        self.start = (self.at + 31) // 32 * 32

    def take(self, form):
        value, = struct.unpack_from(form, self.data, self.at)
        self.at += struct.calcsize(form)
        return value

    def text(self):
        n = self.take("<Q")
        self.at += n
        return self.data[self.at - n:self.at].decode()

    def value(self, kind):
        sizes = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
        if kind == 8:
            self.text()
        elif kind == 9:
            inner, n = self.take("<I"), self.take("<Q")
            for _ in range(n):
                self.value(inner)
        else:
            self.at += sizes[kind]


def write_f32(path, raw, tensors):
    """The exported file with every tensor as F32."""
    pad = lambda n: (n + 31) // 32 * 32
    string = lambda s: struct.pack("<Q", len(s.encode())) + s.encode()
    infos, offset = b"", 0
    for name, shape, _, _ in raw.infos:
        infos += string(name) + struct.pack("<I", len(shape)) + b"".join(struct.pack("<Q", d) for d in shape) + struct.pack("<IQ", 0, offset)
        offset += pad(tensors[name].size * 4)
    head = b"GGUF" + struct.pack("<IQQ", 3, raw.n_tensors, raw.n_kv) + b"".join(b for _, b in raw.kv) + infos
    with open(path, "wb") as file:
        file.write(head + bytes(pad(len(head)) - len(head)))
        for name, _, _, _ in raw.infos:
            data = np.ascontiguousarray(tensors[name], "<f4").tobytes()
            file.write(data + bytes(pad(len(data)) - len(data)))


# 1. The container.
raw = Raw(exported)
judge.check(raw.version == 3, f"version {raw.version}")
judge.check(len({k for k, _ in raw.kv}) == raw.n_kv, "a key is there twice")
reader = GGUFReader(exported)
theirs = {t.name: t for t in reader.tensors}
offset = 0
for name, shape, kind, where in raw.infos:
    judge.check(where == offset, f"{name}: offset {where}, the running sum is {offset}")
    judge.check(len(name.encode()) < 64 and len(shape) <= 4, f"{name}: name or rank")
    offset += (theirs[name].n_bytes + 31) // 32 * 32
judge.check(len(raw.data) == raw.start + offset, f"{len(raw.data)} bytes, {raw.start + offset} with the last tensor padded")
back = {n: dequantize(t.data, t.tensor_type).reshape([int(d) for d in reversed(t.shape)]).astype(np.float32) for n, t in theirs.items()}
judge.check(all(np.isfinite(b).all() for b in back.values()), "a value is not finite")
types = [t.tensor_type.name for t in theirs.values() if t.tensor_type.name in BLOCKS]
if options.only_quantized is not None:
    judge.check(len(types) == options.only_quantized, f"{len(types)} tensors are quantized, {options.only_quantized} wanted")
if types:
    keys = {f.name: f for f in reader.fields.values()}
    judge.check("general.quantization_version" in keys and int(keys["general.quantization_version"].parts[-1][0]) == 2,
                "general.quantization_version is not 2")
    main = max(set(types), key=types.count)
    judge.check("general.file_type" in keys and int(keys["general.file_type"].parts[-1][0]) == FILE_TYPES[main],
                f"general.file_type does not say {main}")
llama = Llama()
quantize = llama.lib.ggml_quantize_chunk
quantize.restype = C.c_size_t
quantize.argtypes = [C.c_int, C.c_void_p, C.c_void_p, C.c_int64, C.c_int64, C.c_int64, C.c_void_p]


def encoded(values, kind):
    values = np.ascontiguousarray(values, np.float32)
    row = values.shape[-1]
    out = np.zeros(theirs_size(kind, values.size), np.uint8)
    quantize(int(kind), values.ctypes.data, out.ctypes.data, 0, values.size // row, row, None)
    return out.tobytes()


def theirs_size(kind, count):
    from gguf.constants import GGML_QUANT_SIZES
    block, size = GGML_QUANT_SIZES[kind]
    return count // block * size


def compare(name, values):
    """A tensor of the exported file against the float values it came from."""
    t = theirs[name]
    if t.tensor_type.name in BLOCKS:
        same = encoded(values, t.tensor_type) == np.ascontiguousarray(t.data).tobytes()
        judge.check(same, f"{name}: not the bytes that llama.cpp's {t.tensor_type.name} encoder makes")
    elif t.tensor_type.name == "F32":
        judge.equal(back[name], values.astype(np.float32), name)
    elif t.tensor_type.name == "F16":
        judge.equal(np.ascontiguousarray(t.data).reshape(-1).view(np.float16), values.astype(np.float16).reshape(-1), name)
    elif t.tensor_type.name == "BF16":
        u = values.astype(np.float32).reshape(-1).view(np.uint32).astype(np.uint64)
        judge.equal(np.ascontiguousarray(t.data).reshape(-1).view(np.uint16), ((u + 0x7FFF + ((u >> 16) & 1)) >> 16).astype(np.uint16), name)


# 2. Against the source.
if not options.hf:
    old_raw, old = Raw(options.files[0]), {t.name: t for t in GGUFReader(options.files[0]).tensors}
    free = {"general.file_type", "general.quantization_version"}
    judge.check([b for k, b in raw.kv if k not in free] == [b for k, b in old_raw.kv if k not in free], "metadata changed")
    judge.check([(n, s) for n, s, _, _ in raw.infos] == [(n, s) for n, s, _, _ in old_raw.infos], "names, shapes or order changed")
    for name, t in old.items():
        if name not in theirs:
            continue
        if theirs[name].tensor_type == t.tensor_type:
            judge.check(np.array_equal(np.asarray(theirs[name].data), np.asarray(t.data)), f"{name}: not byte-equal")
        else:
            compare(name, dequantize(t.data, t.tensor_type).reshape(back[name].shape))
    judge.check(len(types) > 0, "nothing is quantized")

# 3. The run.
rms = lambda a, b: float(np.sqrt(((a - b) ** 2).mean() / (b ** 2).mean()))
if not options.no_run:
    got = llama.run(exported, tokens)
    judge.check(np.isfinite(got).all(), "logits are not finite")
    with tempfile.TemporaryDirectory() as folder:
        plain = os.path.join(folder, "f32.gguf")
        write_f32(plain, raw, back)
        in_floats = want = llama.run(plain, tokens)
    kinds = {t.tensor_type.name for t in theirs.values()}
    bound = 5e-2 if kinds & set(BLOCKS) else 2e-2 if "BF16" in kinds else 3e-3 if "F16" in kinds else 1e-5
    judge.check(rms(got, want) <= bound, f"against its own dequantized weights: relative RMS {rms(got, want):.1e}, bound {bound:.0e}")
    print(f"      llama.cpp, against its own dequantized weights: relative RMS {rms(got, want):.1e} (bound {bound:.0e})")

if options.hf:
    import json
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(options.hf, dtype=torch.float32, attn_implementation="eager")
    config = model.config
    heads = {"q": config.num_attention_heads, "k": getattr(config, "num_key_value_heads", None) or config.num_attention_heads}
    llama_like = {"input_layernorm": "attn_norm", "post_attention_layernorm": "ffn_norm", "self_attn.q_proj": "attn_q",
                  "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
                  "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "self_attn.qkv_proj": "attn_qkv",
                  "mlp.gate_up_proj": "ffn_up", "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down"}
    gpt2 = {"ln_1": "attn_norm", "ln_2": "ffn_norm", "attn.c_attn": "attn_qkv", "attn.c_proj": "attn_output",
            "mlp.c_fc": "ffn_up", "mlp.c_proj": "ffn_down"}
    top = {"model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output",
           "transformer.wte": "token_embd", "transformer.wpe": "position_embd", "transformer.ln_f": "output_norm"}

    def gguf_name(name):
        module, _, leaf = name.rpartition(".")
        if module in top:
            return f"{top[module]}.{leaf}"
        found = re.fullmatch(r"(?:model\.layers|transformer\.h)\.(\d+)\.(.+)", module)
        table = gpt2 if config.model_type == "gpt2" else llama_like
        return f"blk.{found[1]}.{table[found[2]]}.{leaf}"

    rotary = config.model_type in ("llama", "mistral")
    from_one = config.model_type == "gemma"

    def to_gguf(name, w):
        if from_one and "norm" in name:
            return w + np.float32(1)
        if config.model_type == "gpt2" and re.search(r"c_(attn|proj|fc)\.weight$", name):
            return w.T
        part = re.search(r"self_attn\.(q|k)_proj\.(weight|bias)$", name)
        if rotary and part:
            h = heads[part[1]]
            return w.reshape(h, 2, w.shape[0] // h // 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)
        return w

    def from_gguf(name, w):
        if from_one and "norm" in name:
            return w - np.float32(1)
        if config.model_type == "gpt2" and re.search(r"c_(attn|proj|fc)\.weight$", name):
            return w.T
        part = re.search(r"self_attn\.(q|k)_proj\.(weight|bias)$", name)
        if rotary and part:
            h = heads[part[1]]
            return w.reshape(h, w.shape[0] // h // 2, 2, *w.shape[1:]).swapaxes(1, 2).reshape(w.shape)
        return w

    tied = getattr(config, "tie_word_embeddings", False)
    seen = set()
    with torch.no_grad():
        for name, p in model.state_dict().items():
            if tied and name == "lm_head.weight":
                continue
            g = gguf_name(name)
            seen.add(g)
            if not judge.check(g in theirs, f"{name}: {g} is missing"):
                continue
            values = np.ascontiguousarray(to_gguf(name, p.numpy()))
            if judge.check(values.shape == back[g].shape, f"{g}: {back[g].shape}, wanted {values.shape}"):
                compare(g, values)
                p.copy_(torch.from_numpy(np.ascontiguousarray(from_gguf(name, back[g]))))
        judge.check(set(theirs) == seen, f"tensors too many: {sorted(set(theirs) - seen)}")
        want = model(torch.tensor([tokens])).logits[0].numpy()
    if not options.no_run:
        exact = 2e-3 if config.model_type in ("gpt2", "gemma") else 1e-5  # ggml's GELU is a table of half floats
        judge.check(rms(in_floats, want) <= exact, f"in F32 against transformers: relative RMS {rms(in_floats, want):.1e}")
        print(f"      the same in F32: relative RMS {rms(in_floats, want):.1e} (bound {exact:.0e})")
        bound = max(bound, exact)
        judge.check(rms(got, want) <= bound, f"against transformers: relative RMS {rms(got, want):.1e}, bound {bound:.0e}")
        print(f"      llama.cpp against transformers on the dequantized weights: relative RMS {rms(got, want):.1e} (bound {bound:.0e})")
    tokenizer = os.path.join(options.hf, "tokenizer.json")
    kind = {f.name: f for f in reader.fields.values()}["tokenizer.ggml.model"].contents()
    if os.path.exists(tokenizer) and kind not in ("none", "no_vocab"):
        from transformers import AutoTokenizer
        t = AutoTokenizer.from_pretrained(options.hf)
        for text in ("scale of each channel = absmax/127.5, 12 rows", " \u00e9t\u00e9 \u6f22\u5b57 \n\n  x=1;", "a", "I'LL we'll 1234567  \t x"):
            judge.check(llama.tokenize(exported, text) == t(text, add_special_tokens=False).input_ids, f"tokens of {text!r}")
judge.end()
