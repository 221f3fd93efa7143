# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the scripts of the demo models share: a chain of linear layers, and its symmetric weight quantization."""

import torch
import torch.nn.functional as F


def fake_quantize(weight, bits):
    """Symmetric, full code range, one scale per output channel; the values that the codes stand for."""
    qmin, qmax = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
    low, high = torch.aminmax(weight, dim=1)
    zero = torch.zeros_like(low)
    reach = torch.max(-torch.min(low, zero), torch.max(high, zero))
    scale = (reach / (float(qmax - qmin) / 2)).clamp(min=torch.finfo(torch.float32).eps)
    return torch.clamp(torch.round(weight / scale[:, None]), qmin, qmax) * scale[:, None]


def run(weights, biases, x, keep=False):
    """Output of the chain, ReLU between the layers; with keep, the outputs of all layers before the activation."""
    outputs = []
    for index, (weight, bias) in enumerate(zip(weights, biases)):
        x = F.linear(x, weight, bias)
        outputs.append(x)
        if index < len(weights) - 1:
            x = F.relu(x)
    return outputs if keep else x


def relative_error(y, reference):
    y, reference = y.double(), reference.double()
    return ((y - reference).norm() / reference.norm()).item()


def deterministic():
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
