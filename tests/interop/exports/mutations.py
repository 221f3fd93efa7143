#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""mutations.py QUANTOSCOPE_CLI MODELS OUT [WORD]: do the judges see mistakes?

Exports a model, which its judge must pass, then spoils the file in one way after the other, each of which the judge must
refuse. With WORD only the cases that have it in their names run. Exit status 1 when a mistake is not seen.
"""
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import zipfile

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
CLI, MODELS, OUT = (os.path.abspath(path) for path in sys.argv[1:4])
WORD = sys.argv[4] if len(sys.argv) > 4 else ""
UNCHANGED = "only written anew"  # must pass: it is the change that is seen, not the writing
seen, missed = 0, []
os.makedirs(OUT, exist_ok=True)


def run(*command):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    return result.returncode, result.stdout + result.stderr


def case(name, model, target, arguments, judge, mutations):
    """`mutations`: names and functions that spoil the file or folder at a path."""
    global seen
    if WORD not in name or not os.path.exists(os.path.join(MODELS, model)):
        return
    source, good, bad = os.path.join(MODELS, model), os.path.join(OUT, target), os.path.join(OUT, "bad-" + target)
    for path in (good, bad):
        shutil.rmtree(path, ignore_errors=True)
    status, text = run(CLI, "quantize", source, *arguments, "-o", good, "--force")
    script, extra = judge
    order = lambda path: [*extra, source, path] if extra == ["--hf"] else [source, path, *extra]
    judged = lambda path: run(sys.executable, os.path.join(HERE, script), *order(path))
    if status == 0:
        status, text = judged(good)
    if status != 0:
        missed.append(f"{name}: the good file")
        print(f"FAIL  {name}: the good file does not pass\n{text}")
        return
    for what, spoil in mutations:
        shutil.rmtree(bad, ignore_errors=True)
        (shutil.copytree if os.path.isdir(good) else shutil.copy)(good, bad)
        spoil(bad)
        status, text = judged(bad)
        wanted = (status != 0) == (what != UNCHANGED)
        if not wanted:
            missed.append(f"{name}: {what}")
        elif what != UNCHANGED:
            seen += 1
        print(f"{'ok  ' if wanted else 'FAIL'}  {name}: {what}{text if what == UNCHANGED and not wanted else ''}", flush=True)


# --- ONNX ---


def onnx_file(change):
    def spoil(path):
        import onnx

        model = onnx.load(path)
        change(model)
        onnx.save(model, path)

    return spoil


def onnx_tensor(ending, change):
    """Changes the first initializer whose name ends so."""
    def of(model):
        from onnx import numpy_helper

        tensor = next(t for t in model.graph.initializer if t.name.endswith(ending))
        tensor.CopyFrom(numpy_helper.from_array(change(numpy_helper.to_array(tensor).copy()), tensor.name))

    return onnx_file(of)


def off_by_one(array):
    flat = array.reshape(-1)
    at = int(np.argmin(np.abs(flat.astype(int))))  # not at an end of the codes
    flat[at] += 1
    return array


def turned(array):
    return array.reshape(-1)[::-1].reshape(array.shape).copy()


def forget_zero_points(model):
    for node in model.graph.node:
        if node.op_type == "DequantizeLinear" and len(node.input) > 2:
            del node.input[2]


def other_axis(model):
    for node in model.graph.node:
        for attribute in node.attribute:
            if node.op_type == "DequantizeLinear" and attribute.name == "axis":
                attribute.i = 1 - attribute.i


def newer_operators(model):
    model.opset_import[0].version += 1


ONNX_MISTAKES = [(UNCHANGED, onnx_file(lambda model: None)),
                 ("a code off by one", onnx_tensor("_quantized", off_by_one)),
                 ("scales times 1.01", onnx_tensor("_scale", lambda a: a * np.float32(1.01))),
                 ("scales in another order", onnx_tensor("_scale", turned)),
                 ("another bias", onnx_tensor("bias", lambda a: a * np.float32(1.5))),
                 ("newer operators", onnx_file(newer_operators))]
case("onnx dq", "products_13.onnx", "m.onnx", ["--format", "onnx", "--convention", "onnxruntime"],
     ("judge_onnx.py", ["--form", "dq"]), [*ONNX_MISTAKES, ("the wrong axis", onnx_file(other_axis))])
case("onnx dq asymmetric", "products_13.onnx", "m.onnx", ["--format", "onnx", "--mode", "asymmetric"],
     ("judge_onnx.py", ["--form", "dq"]), [("zero points forgotten", onnx_file(forget_zero_points))])
case("onnx trio", "products_9.onnx", "m.onnx", ["--format", "onnx", "--convention", "onnxruntime"],
     ("judge_onnx.py", ["--form", "trio"]), ONNX_MISTAKES)

# --- GGUF ---


def gguf_bytes(change):
    """change(reader, bytes) -> bytes."""
    def spoil(path):
        import gguf

        data = bytearray(open(path, "rb").read())
        data = change(gguf.GGUFReader(path), data)
        open(path, "wb").write(data)

    return spoil


def block_at(reader):
    tensor = next(t for t in reader.tensors if "attn_q.weight" in t.name)
    return int(tensor.data_offset)


def flip(position, bits):
    def change(reader, data):
        data[block_at(reader) + position] ^= bits
        return data

    return gguf_bytes(change)


def larger_scale(position):
    def change(reader, data):
        at = block_at(reader) + position
        half = np.frombuffer(bytes(data[at:at + 2]), np.float16) * np.float16(1.01)
        data[at:at + 2] = half.astype(np.float16).tobytes()
        return data

    return gguf_bytes(change)


def other_version(reader, data):
    at = data.find(b"general.quantization_version") + len("general.quantization_version") + 4
    data[at] = 1
    return data


def rows_of_half_heads(reader, data):
    """The rows of q as they were in the file of Hugging Face: no pairs side by side."""
    tensor = next(t for t in reader.tensors if "attn_q.weight" in t.name)
    rows = np.asarray(tensor.data).reshape(int(tensor.shape[1]), -1)
    heads, size = 4, rows.shape[0] // 4
    back = rows.reshape(heads, size // 2, 2, -1).transpose(0, 2, 1, 3).reshape(rows.shape)
    at = int(tensor.data_offset)
    data[at:at + back.nbytes] = back.tobytes()
    return data


for blocks, code, scale in (("q8_0", 5, 0), ("q4_0", 5, 0), ("q4_k", 40, 0), ("q6_k", 40, 208)):
    case(f"gguf {blocks}", "llama_f32.gguf", "m.gguf", ["--format", "gguf", "--convention", f"gguf-{blocks}"],
         ("judge_gguf.py", []),
         [("a code off by one", flip(code, 1)), ("a scale times 1.01", larger_scale(scale)),
          ("a byte too few", gguf_bytes(lambda reader, data: data[:-1])),
          ("another version of the blocks", gguf_bytes(other_version))])
if importlib.util.find_spec("transformers"):
    case("gguf of llama_f32", "llama_f32", "m.gguf", ["--format", "gguf", "--convention", "gguf-q8_0"],
         ("judge_gguf.py", ["--hf"]), [("rows not in the order of pairs", gguf_bytes(rows_of_half_heads))])

# --- NPZ and C ---


def npz(change):
    def spoil(path):
        with np.load(path) as archive:
            arrays = {key: archive[key] for key in archive.files}
        change(arrays)
        # As our files lie, so that it is the change that is seen.
        import io
        with open(path, "wb") as file:
            with zipfile.ZipFile(file, "w") as out:
                for key in sorted(arrays, key=lambda k: k + ".npy"):
                    bytes_of = io.BytesIO()
                    np.lib.format.write_array(bytes_of, np.asanyarray(arrays[key]))
                    info = zipfile.ZipInfo(key + ".npy", (1980, 1, 1, 0, 0, 0))
                    at = file.tell() + 30 + len(info.filename)
                    info.extra = b"\x00\x00" + (pad := (-(at + 4)) % 64).to_bytes(2, "little") + bytes(pad)
                    out.writestr(info, bytes_of.getvalue())

    return spoil


def entry(ending, change):
    def of(arrays):
        key = next(k for k in sorted(arrays) if k.endswith(ending))
        arrays[key] = change(arrays[key])

    return npz(of)


case("npz", "products.safetensors", "m.npz", ["--format", "npz", "--mode", "asymmetric"], ("judge_npz.py", ["--layers", "2"]),
     [(UNCHANGED, npz(lambda arrays: None)), ("a code off by one", entry(".q", off_by_one)), ("scales times 1.01", entry(".scale", lambda a: a * np.float32(1.01))),
      ("the wrong axis", entry(".axis", lambda a: 1 - a)), ("zero points forgotten", entry(".zero_point", np.zeros_like))])


def text(pattern, change):
    def spoil(path):
        source = open(path, encoding="ascii").read()
        spoiled = re.sub(pattern, change, source, count=1, flags=re.S)
        assert spoiled != source, pattern
        open(path, "w", encoding="ascii").write(spoiled)

    return spoil


def number(literal):
    return float.fromhex(literal) if "x" in literal else float(literal)


first = lambda match: match[1] + str(int(match[2]) + (1 if int(match[2]) < 0 else -1)) + match[3]
case("c-header", "products.safetensors", "m.h", ["--format", "c-header", "--mode", "asymmetric"],
     ("judge_c_header.py", ["--layers", "2"]),
     [("a code off by one", text(r"(_codes\[\d*\] = \{\s*)(-?\d+)(,)", first)),
      ("a scale times 1.01", text(r"(_scales\[\d*\] = \{\s*)([-+.\dxpe]+)([fF]?,)",
                                  lambda m: f"{m[1]}{number(m[2]) * 1.01!r}{'' if m[3][0] in 'fF' else 'F'}{m[3]}")),
      ("the wrong axis", text(r"axis: (\d)", lambda m: f"axis: {1 - int(m[1])}")),
      ("a zero point forgotten", text(r"(_zero_points\[\d*\] = \{\s*)(-?\d+)(,)", lambda m: f"{m[1]}{0 if int(m[2]) else 7}{m[3]}"))])


# --- Folders and torchao: only where their clients are. ---


def tensor_in(ending, change):
    def spoil(path):
        from safetensors.torch import load_file, save_file
        from safetensors import safe_open

        name = os.path.join(path, "model.safetensors") if os.path.isdir(path) else path
        with safe_open(name, "pt") as file:
            metadata = file.metadata()
        tensors = load_file(name)
        key = next(k for k in sorted(tensors) if k.endswith(ending))
        tensors[key] = change(tensors[key].clone())
        save_file(tensors, name, metadata)

    return spoil


def other_bit(tensor):
    tensor.view(-1).view(dtype=__import__("torch").int8)[5] ^= 1
    return tensor


HEAD = ["--allow-unmatched", "--exclude", "lm_head"]
if importlib.util.find_spec("compressed_tensors"):
    case("compressed-tensors", "llama_f32", "m", ["--format", "compressed-tensors", *HEAD],
         ("judge_compressed_tensors.py", []),
         [(UNCHANGED, tensor_in("weight_packed", lambda t: t)), ("a code off by one", tensor_in("weight_packed", other_bit)),
          ("scales times 1.01", tensor_in("weight_scale", lambda t: t * 1.01))])
if importlib.util.find_spec("torchao"):
    case("torchao", "llama_f32/model.safetensors", "m.safetensors", ["--format", "torchao"], ("judge_torchao.py", []),
         [("a code off by one", tensor_in("qdata", other_bit)), ("scales times 1.01", tensor_in("scale", lambda t: t * 1.01))])
if importlib.util.find_spec("mlx") and importlib.util.find_spec("torch"):
    case("mlx", "llama_f32", "m", ["--format", "mlx", "--bits", "4", "--granularity", "group:64", "--mode", "asymmetric"],
         ("judge_mlx.py", []),
         [("a code off by one", tensor_in("q_proj.weight", other_bit)),
          ("scales times 1.01", tensor_in("q_proj.scales", lambda t: t * 1.01)),
          ("biases forgotten", tensor_in("q_proj.biases", lambda t: t * 0))])
if importlib.util.find_spec("gptqmodel"):
    case("gptq", "llama_f16", "m", ["--format", "gptq", *HEAD, "--bits", "4", "--granularity", "group:128"],
         ("judge_gptq_awq.py", []),
         [("a code off by one", tensor_in("qweight", other_bit)), ("scales times 1.01", tensor_in("scales", lambda t: t * 1.01))])
print(f"{seen} mistakes seen, {len(missed)} not")
sys.exit(1 if missed or seen == 0 else 0)
