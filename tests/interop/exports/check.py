#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py QUANTOSCOPE_CLI MODELS OUT [WORD]: exports the models of a folder and has each file judged in its runtime.

Also, what `analyze --format F` predicts must be what `compare` measures. With WORD only the cases that have it in their
names run. Exit status 1 when a case fails; the last line counts them.
"""
import importlib.util
import json
import os
import shutil
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
CLI, MODELS, OUT = (os.path.abspath(path) for path in sys.argv[1:4])
WORD = sys.argv[4] if len(sys.argv) > 4 else ""
passed, failed = 0, []


def run(*command):
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    return result.returncode, result.stdout + result.stderr


def judge(name, script, *arguments):
    status, text = run(sys.executable, os.path.join(HERE, script), *arguments)
    return status == 0 or (print(f"{name}: {script}\n{text}"), False)[1]


def prediction(model, target, arguments, slack=0.0):
    """The relative error of each layer before and after writing: equal, or by `slack` of it apart."""
    status, text = run(CLI, "analyze", model, *arguments, "--json")
    if status != 0:
        return f"analyze: {text}"
    before = {l["name"]: l["metrics"]["relative_error"] for l in json.loads(text)["layers"] if l["action"] == "quantize"}
    status, text = run(CLI, "compare", model, target, "--json")
    if status != 0:
        return f"compare: {text}"
    after = {t["name"]: t["metrics"]["relative_error"] for t in json.loads(text)["tensors"]}
    wrong = [name for name, value in before.items() if not abs(after.get(name, -1) - value) <= slack * value]
    return f"predicted and measured errors differ: {wrong[:3]}" if wrong or not before else ""


def case(name, model, target, arguments, judges, slack=0.0):
    global passed
    if WORD not in name:
        return
    source, target = os.path.join(MODELS, model), os.path.join(OUT, target)
    if not os.path.exists(source):
        return
    shutil.rmtree(target, ignore_errors=True)
    status, text = run(CLI, "quantize", source, *arguments, "-o", target, "--force")
    if status != 0:
        failed.append(name)
        print(f"{name}: {text}")
        return
    # Our readers open no C, and know no codes of NPZ.
    problem = "" if target.endswith((".h", ".npz")) else prediction(source, target, arguments, slack)
    if problem:
        print(f"{name}: {problem}")
    good = not problem
    for script, extra in judges:
        order = [*extra, source, target] if extra == ["--hf"] else [source, target, *extra]
        good = judge(name, script, *order) and good
    if good:
        passed += 1
    else:
        failed.append(name)
    print(f"{'ok  ' if good else 'FAIL'}  {name}", flush=True)


os.makedirs(OUT, exist_ok=True)
NARROW = ["--convention", "onnxruntime"]
ONNX = [("mnist_cntk.onnx", "trio", []), ("face_slim_320.onnx", "trio", []), ("dtln_model_1.onnx", "trio", []),
        ("super_resolution_opset18.onnx", "dq", ["--clipped"]), ("products_9.onnx", "trio", []),
        ("products_11.onnx", "trio", []), ("products_13.onnx", "dq", []), ("products_17.onnx", "dq", []),
        ("products_21.onnx", "dq", []), ("products_13_f16.onnx", "dq", [])]
for model, form, extra in ONNX:
    for mode in ("symmetric", "asymmetric"):
        for grain in ("channel", "tensor") if model.startswith("products") else ("channel",):
            scheme = NARROW if mode == "symmetric" else ["--mode", "asymmetric"]
            case(f"onnx {model} {mode} {grain}", model, "out.onnx",
                 ["--format", "onnx", *scheme, "--granularity", grain],
                 [("judge_onnx.py", ["--form", form, *extra]), ("judge_openvino.py", [])][:1 if "super" in model else 2])
for mode in ("symmetric", "asymmetric"):
    case(f"onnx groups {mode}", "products_21.onnx", "out.onnx",
         ["--format", "onnx", "--mode", mode, "--granularity", "group:32"], [("judge_onnx.py", ["--form", "dq"])])
    for grain in ("group:32", "group:128", "group:48", "channel"):
        case(f"onnx-int4 {mode} {grain}", "products_21.onnx", "out.onnx",
             ["--format", "onnx-int4", "--bits", "4", "--mode", mode, "--granularity", grain],
             [("judge_onnx.py", ["--form", "dq", "--clipped"])])
    for bits in (2, 4, 8):
        for model in ("products_9.onnx", "products_21.onnx"):
            case(f"onnx-matmulnbits {model} {bits} bits {mode}", model, "out.onnx",
                 ["--format", "onnx-matmulnbits", "--bits", str(bits), "--mode", mode, "--granularity", "group:32"],
                 [("judge_onnx.py", ["--form", "matmulnbits", "--clipped"])])
for kind in ("f32", "f16", "bf16"):
    for blocks in ("q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "q4_k", "q5_k", "q6_k"):
        case(f"gguf {kind} {blocks}", f"llama_{kind}.gguf", "out.gguf", ["--format", "gguf", "--convention", f"gguf-{blocks}"],
             [("judge_gguf.py", [])])
for mode in ("symmetric", "asymmetric"):
    for grain in ("channel", "tensor"):
        for bits in (4, 8):
            case(f"c-header {mode} {grain} {bits} bits", "products.safetensors", "out.h",
                 ["--format", "c-header", "--mode", mode, "--granularity", grain, "--bits", str(bits)],
                 [("judge_c_header.py", ["--layers", "2"])])
for mode in ("symmetric", "asymmetric"):
    for grain in ("channel", "tensor", "group:32"):
        for bits in (4, 8):
            case(f"npz {mode} {grain} {bits} bits", "products.safetensors", "out.npz",
                 ["--format", "npz", "--mode", mode, "--granularity", grain, "--bits", str(bits)],
                 [("judge_npz.py", ["--layers", "2"])])


def has(*packages):
    """Whether the judges' clients are there; what is missing is named."""
    missing = [package for package in packages if importlib.util.find_spec(package) is None]
    if missing:
        print(f"skip  cases that need {', '.join(missing)}")
    return not missing


LLAMAS = ["llama_f32", "llama_f16", "llama_bf16", "llama_shards", "qwen2_f32"]
HEAD = ["--allow-unmatched", "--exclude", "lm_head"]
if has("torch", "transformers", "compressed_tensors"):
    for model in LLAMAS:
        for scheme in (["--bits", "8"], ["--bits", "4", "--granularity", "group:32"], ["--bits", "4", "--granularity", "group:128"]):
            case(f"compressed-tensors {model} {' '.join(scheme)}", model, "out", ["--format", "compressed-tensors", *HEAD, *scheme],
                 [("judge_compressed_tensors.py", ["--layers", "14"])])
    case("compressed-tensors mixed", "llama_f32", "out",
         ["--format", "compressed-tensors", *HEAD, "--exclude", "*.0.self_attn.*", "--set", "*mlp*:bits=4,granularity=group:64"],
         [("judge_compressed_tensors.py", ["--layers", "10"])])
if has("torch", "transformers", "xllamacpp"):
    for model in (*LLAMAS[:4], "qwen2_f32", "gpt2_f32", "mistral_f32", "qwen3_f32", "gemma_f32", "phi3_f32"):
        for blocks in ("q8_0", "q4_0", "q4_1", "q5_0", "q5_1", "q4_k", "q6_k") if model == "llama_f32" else ("q8_0", "q4_k"):
            case(f"gguf of {model} {blocks}", model, "out.gguf", ["--format", "gguf", "--convention", f"gguf-{blocks}"],
                 [("judge_gguf.py", ["--hf"])], 1e-6)  # rows are summed in another order
if has("torch", "torchao"):
    for model in LLAMAS[:3]:
        case(f"torchao {model}", f"{model}/model.safetensors", "out.safetensors", ["--format", "torchao"],
             [("judge_torchao.py", ["--layers", "15"])])
if has("mlx", "mlx_lm"):
    for model in ("llama_f32", "llama_f16", "llama_bf16", "qwen2_f32"):
        for bits in (2, 3, 4, 5, 6, 8):
            for group in (32, 64, 128):
                for mode in ("symmetric", "asymmetric"):
                    case(f"mlx {model} {bits} bits groups of {group} {mode}", model, "out",
                         ["--format", "mlx", "--bits", str(bits), "--granularity", f"group:{group}", "--mode", mode],
                         [("judge_mlx.py", [])], 1e-6 if model.endswith("f32") else 2e-2)
if has("torch", "gptqmodel", "optimum"):
    for model in ("llama_f32", "llama_f16", "qwen2_f32"):
        for bits in (4, 8):
            for mode in ("symmetric", "asymmetric"):
                case(f"gptq {model} {bits} bits {mode}", model, "out",
                     ["--format", "gptq", *HEAD, "--bits", str(bits), "--granularity", "group:128", "--mode", mode],
                     [("judge_gptq_awq.py", ["--layers", "14"])])
        case(f"gptq {model} with layers in float", model, "out",
             ["--format", "gptq", *HEAD, "--bits", "4", "--granularity", "group:128", "--exclude", "*.0.self_attn.*"],
             [("judge_gptq_awq.py", ["--layers", "10"])])
        for mode in ("symmetric", "asymmetric"):
            case(f"awq {model} {mode}", model, "out",
                 ["--format", "awq", *HEAD, "--bits", "4", "--granularity", "group:128", "--mode", mode],
                 [("judge_gptq_awq.py", ["--layers", "14"])])
print(f"{passed} passed, {len(failed)} failed")
sys.exit(1 if failed or passed == 0 else 0)
