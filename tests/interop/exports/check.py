#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py QUANTOSCOPE_CLI MODELS OUT [WORD]: exports the models of a folder and has each file judged in its runtime.

Also, what `analyze --format F` predicts must be what `compare` measures. With WORD only the cases that have it in their
names run. Exit status 1 when a case fails; the last line counts them.
"""
import json
import os
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


def prediction(model, target, arguments):
    """The relative error of each layer before and after writing."""
    status, text = run(CLI, "analyze", model, *arguments, "--json")
    if status != 0:
        return f"analyze: {text}"
    before = {l["name"]: l["metrics"]["relative_error"] for l in json.loads(text)["layers"] if l["quantized"]}
    status, text = run(CLI, "compare", model, target, "--json")
    if status != 0:
        return f"compare: {text}"
    after = {t["name"]: t["metrics"]["relative_error"] for t in json.loads(text)["tensors"]}
    wrong = [name for name, value in before.items() if after.get(name) != value]
    return f"predicted and measured errors differ: {wrong[:3]}" if wrong or not before else ""


def case(name, model, target, arguments, judges):
    global passed
    if WORD not in name:
        return
    source, target = os.path.join(MODELS, model), os.path.join(OUT, target)
    if not os.path.exists(source):
        return
    status, text = run(CLI, "quantize", source, *arguments, "-o", target, "--force")
    if status != 0:
        failed.append(name)
        print(f"{name}: {text}")
        return
    problem = prediction(source, target, arguments)
    if problem:
        print(f"{name}: {problem}")
    good = not problem
    for script, extra in judges:
        good = judge(name, script, source, target, *extra) and good
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
        for grain in ("channel", "tensor"):
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
    for blocks in ("q8_0", "q4_0", "q4_1", "q5_0", "q5_1"):
        case(f"gguf {kind} {blocks}", f"llama_{kind}.gguf", "out.gguf", ["--format", "gguf", "--convention", f"gguf-{blocks}"],
             [("judge_gguf.py", [])])
print(f"{passed} passed, {len(failed)} failed")
sys.exit(1 if failed or passed == 0 else 0)
