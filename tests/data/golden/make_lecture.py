#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes lecture.safetensors and lecture.json: what the arithmetic of lecture notebooks, done by PyTorch, makes of the
demo models: codes and scales, and 1000 · |error| of the output as notebooks print it. `--check` compares."""

import argparse
import json
import struct
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
import torch.nn.functional as F

HERE = Path(__file__).resolve().parent
MODELS = HERE.parents[2] / "resources" / "models"
sys.path.insert(0, str(MODELS))

from safetensors_writer import serialize, write_or_check

QMIN, QMAX, SMALLEST = -128, 127, 1e-8
TYPES = {"F32": torch.float32, "F16": torch.float16, "I64": torch.int64}


def tensors_of(path):
    data = path.read_bytes()
    (length,) = struct.unpack_from("<Q", data)
    header = json.loads(data[8 : 8 + length])
    header.pop("__metadata__")
    body = data[8 + length :]
    return {
        name: torch.frombuffer(bytearray(body[slice(*entry["data_offsets"])]), dtype=TYPES[entry["dtype"]]).reshape(
            entry["shape"]
        )
        for name, entry in header.items()
    }


def symmetric(weight, per_channel):
    """Scale: the largest magnitude over 127; the zero point is 0."""
    most = weight.abs().amax(dim=1, keepdim=True) if per_channel else weight.abs().max().reshape(1, 1)
    scale = (most / QMAX).clamp(min=SMALLEST)
    return scale, torch.zeros_like(scale)


def asymmetric(weight, per_channel):
    """Scale: the range over 255; zero need not lie inside."""
    low = weight.amin(dim=1, keepdim=True) if per_channel else weight.min().reshape(1, 1)
    high = weight.amax(dim=1, keepdim=True) if per_channel else weight.max().reshape(1, 1)
    scale = ((high - low) / (QMAX - QMIN)).clamp(min=SMALLEST)
    return scale, torch.round(QMIN - low / scale).clamp(QMIN, QMAX)


def quantize(weight, scale, zero_point):
    return torch.round(weight / scale + zero_point).clamp(QMIN, QMAX)


def chain(layers, x):
    for index, (weight, bias) in enumerate(layers):
        x = F.linear(x, weight, bias)
        x = F.relu(x) if index + 1 < len(layers) else x
    return x


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed files instead of writing")
    options = parser.parse_args()
    torch.set_num_threads(1)
    golden, runs = {}, []
    for model in ("notebook", "lesson"):
        tensors = tensors_of(MODELS / f"{model}.safetensors")
        names = sorted(name.removesuffix(".weight") for name in tensors if name.endswith(".weight"))
        x = tensors["samples.inputs"].float()
        plain = [(tensors[f"{name}.weight"], tensors[f"{name}.bias"]) for name in names]
        before = chain(plain, x)
        for mode, params in (("symmetric", symmetric), ("asymmetric", asymmetric)):
            for granularity in ("channel", "tensor"):
                layers = []
                for name, (weight, bias) in zip(names, plain):
                    scale, zero_point = params(weight, granularity == "channel")
                    codes = quantize(weight, scale, zero_point)
                    if model == "notebook":
                        key = f"{name}.{mode}.{granularity}"
                        golden[f"{key}.codes"] = codes.to(torch.int8)
                        golden[f"{key}.scales"] = scale.reshape(-1)
                        golden[f"{key}.zero_points"] = zero_point.reshape(-1).to(torch.int8)
                    layers.append(((codes - zero_point) * scale, bias))
                for kept in ([], [names[0], names[-1]]):
                    used = [plain[i] if name in kept else layers[i] for i, name in enumerate(names)]
                    error = before - chain(used, x)
                    runs.append(
                        {
                            "model": f"demo:{model}",
                            "mode": mode,
                            "granularity": granularity,
                            "exclude": kept,
                            "mean_abs_error_x1000": f"{error.double().abs().mean().item() * 1000:.4f}",
                            "max_abs_error_x1000": f"{error.double().abs().max().item() * 1000:.4f}",
                        }
                    )
    failed = write_or_check(
        HERE / "lecture.safetensors",
        serialize(golden, {"about": f"made by make_lecture.py with PyTorch {torch.__version__}"}),
        options.check,
    )
    text = json.dumps(runs, indent=1) + "\n"
    path = HERE / "lecture.json"
    if options.check:
        same = path.read_text() == text
        print(f"{path.name}: {'same' if same else 'different'}")
        return failed or not same
    path.write_text(text)
    return failed


if __name__ == "__main__":
    sys.exit(main())
