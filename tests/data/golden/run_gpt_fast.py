#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs a chain of linear layers, exported in gpt-fast's int8 layout, with PyTorch.

    run_gpt_fast.py MODEL.pth X.npy OUT.npy fc1:relu,fc2:relu,fc3:relu,fc4:none

A layer with `<name>.scales` is an int8 one: y = (x . codes^T) * scales (+ bias); every other layer is a float one.
Computes in float32; writes the output of the last layer as a float32 .npy.
"""

import sys

import numpy as np
import torch
import torch.nn.functional as F

ACTIVATIONS = {
    "none": lambda x: x,
    "relu": F.relu,
    "gelu": F.gelu,
    "silu": F.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
}


def layer(state, name, x):
    weight = state[f"{name}.weight"]
    scales = state.get(f"{name}.scales")
    bias = state.get(f"{name}.bias")
    bias = None if bias is None else bias.to(x.dtype)
    if scales is None:
        if not weight.is_floating_point():
            raise ValueError(f"{name}.weight holds {weight.dtype}, but there is no {name}.scales")
        return F.linear(x, weight.to(x.dtype), bias)
    if weight.dtype != torch.int8 or scales.shape != weight.shape[:1]:
        raise ValueError(f"{name}: weight {weight.dtype} {list(weight.shape)}, scales {list(scales.shape)}")
    y = F.linear(x, weight.to(x.dtype)) * scales.to(x.dtype)
    return y if bias is None else y + bias


def main(arguments):
    if len(arguments) != 4:
        print(__doc__.strip(), file=sys.stderr)
        return 2
    model, inputs, output, chain = arguments
    torch.set_num_threads(1)
    state = torch.load(model, weights_only=True)
    x = torch.from_numpy(np.load(inputs, allow_pickle=False).astype(np.float32))
    with torch.no_grad():
        for step in chain.split(","):
            name, _, activation = step.rpartition(":")
            x = ACTIVATIONS[activation](layer(state, name, x))
    np.save(output, x.numpy())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
