#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Trains the demo model digits.safetensors. `--check` trains again and compares; `--search` tries other seeds."""

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

# Chosen among the seeds 1..5 and the splits 0..5 (--search): here the lesson is easiest to see. With 2 bits the network
# visibly suffers, one layer (fc4) has by far the largest output error alone, and keeping it in float heals most of it.
SEED, SPLIT = 3, 4


def train(seed, split):
    """Weights, biases (float32), held-out images and labels."""
    digits = load_digits()
    images, labels = torch.tensor(digits.data / 16), torch.tensor(digits.target)
    everything = range(len(labels))
    training, held_out = train_test_split(everything, test_size=HELD_OUT, random_state=split, stratify=digits.target)
    torch.manual_seed(seed)
    # Double precision, so that processors which sum in another order still agree after rounding to float32.
    layers = [torch.nn.Linear(a, b).double() for a, b in zip(SIZES, SIZES[1:])]
    optimizer = torch.optim.AdamW([p for layer in layers for p in layer.parameters()], lr=RATE, weight_decay=DECAY)
    x, y = images[training], labels[training]
    steps = EPOCHS * math.ceil(len(y) / BATCH)
    step = 0
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(y)).split(BATCH):
            optimizer.param_groups[0]["lr"] = RATE * 0.5 * (1 + math.cos(math.pi * step / steps))
            step += 1
            h = x[batch]
            for layer in layers[:-1]:
                h = F.relu(layer(h))
            loss = F.cross_entropy(layers[-1](h), y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    weights = [layer.weight.detach().float() for layer in layers]
    biases = [layer.bias.detach().float() for layer in layers]
    return weights, biases, images[held_out].float(), labels[held_out]


class Story:
    """What a user sees on this model with the default scheme."""

    def __init__(self, weights, biases, x, labels):
        def output(quantized, bits):
            return run([fake_quantize(w, bits) if i in quantized else w for i, w in enumerate(weights)], biases, x)

        def correct(y):
            return (y.argmax(1) == labels).sum().item()

        def gap(y):  # how far the nearest decision is from tipping over, against the size of a typical output
            top = y.topk(2, dim=1).values
            return ((top[:, 0] - top[:, 1]).min() / y.pow(2).mean().sqrt()).item()

        every = range(len(weights))
        reference = run(weights, biases, x)
        self.count = len(labels)
        self.correct = correct(reference)
        self.outputs = {bits: output(every, bits) for bits in range(2, 9)}
        self.correct_at = {bits: correct(y) for bits, y in self.outputs.items()}
        self.error_at = {bits: relative_error(y, reference) for bits, y in self.outputs.items()}
        self.alone = [relative_error(output([i], 2), reference) for i in every]
        without = [output([j for j in every if j != i], 2) for i in every]
        self.correct_without = [correct(y) for y in without]
        self.sqnr = [-20 * math.log10(relative_error(fake_quantize(w, 2), w)) for w in weights]
        self.worst = max(every, key=lambda i: self.alone[i])
        self.lead = self.alone[self.worst] / sorted(self.alone)[-2]
        self.smallest_gap = min(gap(y) for y in [reference, *self.outputs.values(), *without])

    def percent(self, correct):
        return 100 * correct / self.count

    def is_true(self):
        lost = self.percent(self.correct - self.correct_at[2])
        won = self.percent(self.correct_without[self.worst] - self.correct_at[2])
        return (
            self.percent(self.correct) >= 97
            and abs(self.percent(self.correct - self.correct_at[8])) < 1
            and 5 <= lost <= 30
            and won >= lost / 2
            and self.lead >= 1.5
            and self.correct_without[self.worst] == max(self.correct_without)
        )

    def line(self):
        return (
            f"float {self.percent(self.correct):.2f} %, 8 bits {self.percent(self.correct_at[8]):.2f} %, "
            f"2 bits {self.percent(self.correct_at[2]):.2f} %, without {NAMES[self.worst]} "
            f"{self.percent(self.correct_without[self.worst]):.2f} %, lead {self.lead:.2f}"
        )

    def show(self):
        print(f"{self.count} held-out images, float: {self.correct} right = {self.percent(self.correct):.2f} %")
        for bits in range(8, 1, -1):
            print(
                f"  {bits} bits: {self.correct_at[bits]} right = {self.percent(self.correct_at[bits]):.2f} %, "
                f"output error {self.error_at[bits]:.5f}"
            )
        print("at 2 bits, layer by layer:")
        for i, name in enumerate(NAMES):
            print(
                f"  {name}: output error alone {self.alone[i]:.4f}, weight SQNR {self.sqnr[i]:.2f} dB, "
                f"accuracy when kept in float {self.percent(self.correct_without[i]):.2f} % ({self.correct_without[i]})"
            )
        print(f"worst alone: {NAMES[self.worst]}, {self.lead:.2f} times the next")
        print(f"smallest decision gap: {self.smallest_gap:.2g} of a typical output")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed file instead of writing")
    parser.add_argument("--search", action="store_true", help="show the figures of all seeds and splits, write nothing")
    options = parser.parse_args()
    deterministic()

    if options.search:
        for seed in range(1, 6):
            for split in range(6):
                story = Story(*train(seed, split))
                print(f"seed {seed} split {split}: {story.line()}{'  *' if story.is_true() else ''}", flush=True)
        return 0

    weights, biases, x, labels = train(SEED, SPLIT)
    story = Story(weights, biases, x, labels)
    story.show()
    if not story.is_true():
        print("the figures do not show what the demo is meant to show", file=sys.stderr)
        return 1

    tensors = {"samples.inputs": x.half(), "samples.labels": labels}
    assert torch.equal(tensors["samples.inputs"].float(), x)  # sixteenths are exact in half precision
    for name, weight, bias in zip(NAMES, weights, biases):
        tensors[f"{name}.weight"], tensors[f"{name}.bias"] = weight, bias
    metadata = {
        "format": "pt",
        "quantoscope.title": "Handwritten digits",
        "quantoscope.about": (
            "A small network that reads handwritten digits, with held-out images to test it on. "
            "Data: E. Alpaydin and C. Kaynak, Optical Recognition of Handwritten Digits, "
            "UCI Machine Learning Repository, CC BY 4.0."
        ),
        "quantoscope.network": compact_json(
            {
                "layers": NAMES,
                "activations": ["relu", "relu", "relu", "none"],
                "samples": {
                    "inputs": "samples.inputs",
                    "labels": "samples.labels",
                    "about": f"{len(labels)} held-out images of handwritten digits, 8 × 8 pixels",
                },
            }
        ),
    }
    path = Path(__file__).resolve().with_name("digits.safetensors")
    return write_or_check(path, serialize(tensors, metadata), options.check, tolerance=1e-4)


if __name__ == "__main__":
    sys.exit(main())
