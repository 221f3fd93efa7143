#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes the demo model notebook.safetensors: an untrained network as lecture notebooks make it. `--check` compares."""

import argparse
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch

from chain import deterministic, fake_quantize, relative_error, run
from safetensors_writer import compact_json, serialize, write_or_check

SIZES = [64, 128, 256, 128, 1, 9]
NAMES = ["layer1", "layer2", "layer3", "layer4", "layer5"]
WIDTHS = [8, 4, 2]

# layer4 has a single unit: where it is negative, ReLU makes it 0 and the output says nothing about layers 1 to 4.
# The first seed whose unit stays clearly above 0 in float and with 8, 4 and 2 bits (--search lists such seeds).
SEED = 2


def build(seed):
    torch.manual_seed(seed)
    layers = [torch.nn.Linear(a, b) for a, b in zip(SIZES, SIZES[1:])]
    x = torch.randn(1, SIZES[0])
    return [layer.weight.detach() for layer in layers], [layer.bias.detach() for layer in layers], x


def outputs(weights, biases, x, bits):
    used = weights if bits is None else [fake_quantize(w, bits) for w in weights]
    return run(used, biases, x, keep=True)


def units(seed):
    """The unit of layer4 before its ReLU: in float, then with each width."""
    model = build(seed)
    return [outputs(*model, bits)[3].item() for bits in [None, *WIDTHS]]


def is_alive(values):
    return min(values) > 0.05


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed file instead of writing")
    parser.add_argument("--search", action="store_true", help="list seeds that serve, write nothing")
    options = parser.parse_args()
    deterministic()

    if options.search:
        for seed in range(200):
            values = units(seed)
            if is_alive(values):
                print(f"seed {seed}: " + ", ".join(f"{value:.4f}" for value in values))
        return 0

    weights, biases, x = build(SEED)
    reference = outputs(weights, biases, x, None)
    values = units(SEED)
    print(f"unit of layer4 before ReLU: float {values[0]:.4f}", end="")
    print("".join(f", {bits} bits {value:.4f}" for bits, value in zip(WIDTHS, values[1:])))
    for bits in WIDTHS:
        y = outputs(weights, biases, x, bits)[-1]
        mean = (y.double() - reference[-1].double()).abs().mean().item()
        print(f"  {bits} bits: output error {relative_error(y, reference[-1]):.5f}, 1000 * mean |error| {1000 * mean:.4f}")
    if not is_alive(values):
        print("the unit of layer4 is dead", file=sys.stderr)
        return 1

    tensors = {"samples.inputs": x}
    for name, weight, bias in zip(NAMES, weights, biases):
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = weight, bias
    metadata = {
        "format": "pt",
        "quantoscope.title": "Lecture notebook",
        "quantoscope.about": (
            "An untrained network with freshly drawn weights and one random input, "
            "as lecture notebooks on quantization use it."
        ),
        # Lecture notebooks give errors in this unit.
        "quantoscope.error_unit": "mean_abs_x1000",
        "quantoscope.network": compact_json(
            {
                "layers": NAMES,
                "activations": ["relu", "relu", "relu", "relu", "none"],
                "samples": {"inputs": "samples.inputs", "about": "one seeded input, N(0, 1)"},
            }
        ),
    }
    path = Path(__file__).resolve().with_name("notebook.safetensors")
    return write_or_check(path, serialize(tensors, metadata), options.check, tolerance=1e-6)


if __name__ == "__main__":
    sys.exit(main())
