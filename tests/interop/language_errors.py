#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares KL, top-1 agreement and perplexity of the quantized checkpoints in tests/data/transformers with torch's, and
writes torch's to language_errors.json there. Takes the command line program; its own export says what the quantized
weights are. Needs the packages of requirements_transformers.txt."""

import json
import pathlib
import subprocess
import sys
import tempfile

import numpy as np
import torch
import transformers
from safetensors.torch import load_file

DATA = pathlib.Path(__file__).resolve().parent.parent / "data" / "transformers"
SCHEME = ["--bits", "4"]
NEAR = 1e-6
CLASSES = {"bert": transformers.BertForMaskedLM, "roberta": transformers.RobertaForMaskedLM}


def dequantized(layer, tensors):
    codes = tensors[layer["name"]].float()
    scales = tensors[layer["name"].removesuffix(".weight") + ".scales"].float()
    shape = [1] * codes.ndim
    shape[layer["channel_axis"]] = -1
    return codes * scales.reshape(shape)


def scores(folder, ids, weights):
    """Log probabilities, float64, [texts, tokens, words]."""
    kind = json.loads((folder / "config.json").read_text())["model_type"]
    model = CLASSES.get(kind, transformers.AutoModelForCausalLM).from_pretrained(
        folder, dtype=torch.float32, attn_implementation="eager").eval()
    parameters = dict(model.named_parameters(remove_duplicate=False))
    experts = {}
    with torch.no_grad():
        for name, weight in weights.items():
            if ".experts." in name:
                experts[name] = weight
            else:
                parameters[name].copy_(weight)
        put_experts(model, experts)
        made = model(ids, attention_mask=torch.ones_like(ids)).logits
    return torch.log_softmax(made.double(), -1), kind in CLASSES


def put_experts(model, weights):
    """transformers keeps the experts of a layer in one tensor, gate and up one behind the other."""
    for name, weight in weights.items():
        path, part = name.removesuffix(".weight").rsplit(".", 1)
        block, expert = path.rsplit(".", 1)
        block = model.get_submodule(block.replace("block_sparse_moe", "mlp"))
        half = block.gate_up_proj.shape[1] // 2
        target = {"gate_proj": block.gate_up_proj[int(expert), :half], "w1": block.gate_up_proj[int(expert), :half],
                  "up_proj": block.gate_up_proj[int(expert), half:], "w3": block.gate_up_proj[int(expert), half:],
                  "down_proj": block.down_proj[int(expert)], "w2": block.down_proj[int(expert)]}[part]
        target.copy_(weight)


def judge(folder, report, tensors):
    ids = torch.from_numpy(np.load(folder / "input.npy"))
    weights = {layer["name"]: dequantized(layer, tensors) for layer in report["layers"]
               if layer["action"] == "quantize"}
    renamed = {name.replace("block_sparse_moe.gate", "mlp.gate"): weight for name, weight in weights.items()}
    before, masked = scores(folder, ids, {})
    after, _ = scores(folder, ids, renamed)
    nats = (before.exp() * (before - after)).sum(-1)
    result = {"kl_mean": float(nats.mean()), "kl_max": float(nats.max()),
              "top1_agreement": float((before.argmax(-1) == after.argmax(-1)).double().mean()),
              "perplexity_before": None, "perplexity_after": None}
    if not masked:  # words that a model sees are not foretold
        for key, made in (("perplexity_before", before), ("perplexity_after", after)):
            told = made[:, :-1].gather(-1, ids[:, 1:, None])
            result[key] = float(torch.exp(-told.mean()))
    return result


def ours(cli, folder, work):
    model = folder / "model.safetensors"
    exported = work / f"{folder.name}.safetensors"
    subprocess.run([cli, "quantize", model, "-o", exported, "--unpacked", *SCHEME, "--output-error", "none"], check=True,
                   stdout=subprocess.DEVNULL)
    said = subprocess.run([cli, "analyze", model, *SCHEME, "--json", "--inputs", folder / "input.npy"], check=True,
                          capture_output=True).stdout
    return json.loads(said), load_file(exported)


def main():
    cli = pathlib.Path(sys.argv[1]).resolve()
    golden = {}
    wrong = 0
    with tempfile.TemporaryDirectory() as work:
        for folder in sorted(path for path in DATA.iterdir() if path.is_dir()):
            report, tensors = ours(cli, folder, pathlib.Path(work))
            error = report["output_error"]
            if error["kl"] is None:
                continue
            judged = judge(folder, report, tensors)
            golden[folder.name] = judged
            found = {"kl_mean": error["kl"]["mean"], "kl_max": error["kl"]["max"],
                     **{key: error[key] for key in judged if not key.startswith("kl")}}
            far = [key for key in judged if (found[key] is None) != (judged[key] is None) or judged[key] is not None
                   and abs(found[key] - judged[key]) > NEAR * max(1, judged[key])]
            wrong += bool(far)
            print(folder.name, *(f"{key} {judged[key]}, ours {found[key]}" for key in far or ["kl_mean"]), flush=True)
    (DATA / "language_errors.json").write_text(json.dumps(golden, indent=1) + "\n")
    print(f"transformers {transformers.__version__}, torch {torch.__version__}: {len(golden) - wrong} of {len(golden)} agree")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
