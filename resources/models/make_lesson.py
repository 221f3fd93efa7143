#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the demo model lesson.safetensors and plants its troubles. `--check` does it again and compares."""

import argparse
import math
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import torch
import torch.nn.functional as F
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from chain import deterministic, fake_quantize, relative_error, run
from safetensors_writer import compact_json, serialize, write_or_check

SIZES = [64, 128, 256, 128, 10]
NAMES = ["fc1", "fc2", "fc3", "fc4"]
HELD_OUT = 360
EPOCHS, BATCH, RATE, DECAY = 40, 64, 3e-3, 1.0
SEED, SPLIT = 3, 4

FC1, FC2, FC3 = 0, 1, 2
LOUD_ROWS, LOUDER = 8, 16.0  # a power of two, so that products with it are exact
LOUD_FROM = 4.0  # times the usual row
OUTLIER_ROWS, OUTLIER = 32, 3.0
BLACK_PIXELS = [0, 32, 39]  # 0 in all images of the data set, so that no weight on them is ever heard
SILENT_FACTOR, SILENT_BIAS = 4.0, -8.0


def train():
    """Weights, biases (float32), held-out images and labels, all images. The weights of fc3 are trained as |v|."""
    digits = load_digits()
    images, labels = torch.tensor(digits.data / 16), torch.tensor(digits.target)
    everything = range(len(labels))
    training, held_out = train_test_split(everything, test_size=HELD_OUT, random_state=SPLIT, stratify=digits.target)
    torch.manual_seed(SEED)
    # Double precision, so that processors which sum in another order still agree after rounding to float32.
    layers = [torch.nn.Linear(a, b).double() for a, b in zip(SIZES, SIZES[1:])]
    with torch.no_grad():
        layers[FC3].weight.copy_(layers[FC3].weight.abs() * 0.5)

    def weight(i):
        return layers[i].weight.abs() if i == FC3 else layers[i].weight

    optimizer = torch.optim.AdamW([p for layer in layers for p in layer.parameters()], lr=RATE, weight_decay=DECAY)
    x, y = images[training], labels[training]
    steps = EPOCHS * math.ceil(len(y) / BATCH)
    step = 0
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(y)).split(BATCH):
            optimizer.param_groups[0]["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
            step += 1
            h = x[batch]
            for i in range(3):
                h = F.relu(F.linear(h, weight(i), layers[i].bias))
            loss = F.cross_entropy(F.linear(h, weight(3), layers[3].bias), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    weights = [weight(i).detach().float().clone() for i in range(4)]
    biases = [layer.bias.detach().float().clone() for layer in layers]
    return weights, biases, images[held_out].float(), labels[held_out], images.float()


def plant(weights, biases, x, images):
    """Puts the troubles in, without a change of what the network says about any of x; returns where they are."""
    assert (images[:, BLACK_PIXELS] == 0).all()
    h = F.relu(F.linear(F.relu(F.linear(x, weights[FC1], biases[FC1])), weights[FC2], biases[FC2]))
    order = (h.pow(2).mean(0).sqrt() * weights[FC3].norm(dim=0)).argsort()
    dead, silent = order[0].item(), order[1].item()
    assert not h[:, [dead, silent]].any()  # units that never fire on these images
    weights[FC2][dead], biases[FC2][dead] = 0, 0
    weights[FC2][silent] *= SILENT_FACTOR
    biases[FC2][silent] = SILENT_BIAS

    generator = torch.Generator().manual_seed(7)
    candidates = [i for i in torch.randperm(SIZES[2], generator=generator).tolist() if i not in (dead, silent)]
    # Rows that training has shrunk to nothing would be as quiet as others even then: they are left alone.
    usual = weights[FC2].abs().amax(1).median()
    loud = sorted(i for i in candidates[:LOUD_ROWS] if LOUDER * weights[FC2][i].abs().max() > LOUD_FROM * usual)
    for i in loud:
        weights[FC2][i] *= LOUDER
        biases[FC2][i] *= LOUDER
        weights[FC3][:, i] /= LOUDER

    rows = sorted(torch.randperm(SIZES[1], generator=generator)[:OUTLIER_ROWS].tolist())
    for k, i in enumerate(rows):
        weights[FC1][i, BLACK_PIXELS[k % 3]] = OUTLIER if k % 2 == 0 else -OUTLIER
    return {
        "dead": {"fc2": [dead]},
        "silent": {"fc2": [silent]},
        "loud": {"fc2": loud},
        "outliers": {"fc1": rows},
        "one_sided": ["fc3"],
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed file instead of writing")
    parser.add_argument("--before", metavar="FILE", help="write the network without its troubles, too")
    options = parser.parse_args()
    deterministic()

    weights, biases, x, labels, images = train()
    samples = {"samples.inputs": x.half(), "samples.labels": labels}
    assert torch.equal(samples["samples.inputs"].float(), x)  # sixteenths are exact in half precision
    network = compact_json(
        {
            "layers": NAMES,
            "activations": ["relu", "relu", "relu", "none"],
            "samples": {
                "inputs": "samples.inputs",
                "labels": "samples.labels",
                "about": f"{len(labels)} held-out images of handwritten digits, 8 × 8 pixels",
            },
        }
    )

    def file(metadata):
        tensors = dict(samples)
        for name, weight, bias in zip(NAMES, weights, biases):
            tensors[f"{name}.weight"], tensors[f"{name}.bias"] = weight, bias
        return serialize(tensors, {"format": "pt", "quantoscope.network": network, **metadata})

    if options.before:
        Path(options.before).write_bytes(file({}))
    before = run(weights, biases, x)
    planted = plant(weights, biases, x, images)
    after = run(weights, biases, x)
    if not torch.equal(before, after):
        print(f"planting moves the output by {(before - after).abs().max().item():.3g}", file=sys.stderr)
        return 1

    right = (after.argmax(1) == labels).sum().item()
    print(f"{len(labels)} held-out images, float: {right} right; planted: {planted}")
    for bits in (8, 4):
        y = run([fake_quantize(w, bits) for w in weights], biases, x)
        count = (y.argmax(1) == labels).sum().item()
        print(f"  {bits} bits: {count} right, output error {relative_error(y, after):.5f}")
    if right < 353:
        print("the network reads too badly to be believed", file=sys.stderr)
        return 1

    metadata = {
        "quantoscope.title": "Lesson",
        "quantoscope.about": (
            "A small network that reads handwritten digits, with troubles put in on purpose: loud rows, outliers, a layer "
            "with weights of one sign, a dead and a silent channel. Data: E. Alpaydin and C. Kaynak, Optical Recognition of "
            "Handwritten Digits, UCI Machine Learning Repository, CC BY 4.0."
        ),
        "quantoscope.error_unit": "mean_abs_x1000",
        # Where the troubles are, so that a test can ask whether they are found.
        "quantoscope.lesson": compact_json(planted),
    }
    path = Path(__file__).resolve().with_name("lesson.safetensors")
    return write_or_check(path, file(metadata), options.check, tolerance=1e-4)


if __name__ == "__main__":
    sys.exit(main())
