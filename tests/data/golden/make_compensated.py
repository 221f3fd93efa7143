#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes compensated.safetensors: codes of GPTQ's published algorithm (Frantar et al. 2022, Algorithm 1) in float64.

Independent of the program: the inverse of the damped H and its upper Cholesky factor, column by column, as the paper has
it. Scales come from the weights as they are, before any compensation ("static groups"). Weights are drawn until no code
is a matter of the last bits of a float. Needs Debian's python3-numpy and python3-torch. `--check` compares with the
committed file.
"""

import sys
from pathlib import Path

import numpy as np
import torch

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "resources" / "models"))

from safetensors_writer import serialize, write_or_check  # noqa: E402

ROWS, COLUMNS, SAMPLES = 12, 72, 300
LEAST_DISTANCE = 3e-5  # from a tie, in steps
CASES = [(bits, mode, group, order)
         for bits in range(2, 9) for mode in ("symmetric", "asymmetric")
         for group, order in ((0, "index"), (0, "activity"), (32, "index"), (32, "activity"))]


def scales_of(weights, bits, mode):
    """The formula of gpt-fast in float32; one row of weights that share a scale."""
    span = np.float32(2**bits - 1)
    low, high = np.float32(min(weights.min(), 0)), np.float32(max(weights.max(), 0))
    if mode == "symmetric":
        return np.float32(max(-low, high)) / (span / np.float32(2)), 0
    scale = (high - low) / span
    return scale, int(np.clip(-(2 ** (bits - 1)) - np.rint(low / scale), -(2 ** (bits - 1)), 2 ** (bits - 1) - 1))


def gptq(weights, moments, bits, mode, group, order):
    """Codes, and how far from a tie the closest of them was, in steps."""
    columns = weights.shape[1]
    size = group or columns
    params = [[scales_of(row[at:at + size], bits, mode) for at in range(0, columns, size)] for row in weights]
    permutation = np.argsort(-np.diag(moments), kind="stable") if order == "activity" else np.arange(columns)
    h = moments[permutation][:, permutation].copy()
    h[np.diag_indices(columns)] += 0.01 * np.mean(np.diag(h))
    upper = np.linalg.cholesky(np.linalg.inv(h)).T
    w = weights.astype(np.float64)[:, permutation].copy()
    codes = np.zeros(weights.shape, np.int8)
    distance = 1.0
    for i in range(columns):
        column = permutation[i]
        scale = np.array([float(p[column // size][0]) for p in params])
        zero = np.array([p[column // size][1] for p in params])
        exact = w[:, i] / scale
        q = np.clip(np.rint(exact) + zero, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
        codes[:, column] = q
        distance = min(distance, np.abs(exact - np.floor(exact) - 0.5).min())
        error = (w[:, i] - (q - zero) * scale) / upper[i, i]
        w[:, i:] -= np.outer(error, upper[i, i:])
    return codes, distance


def tensors_of(seed):
    """None when some code is close to a tie."""
    rng = np.random.default_rng(seed)
    mixing = rng.normal(size=(COLUMNS, COLUMNS)) * (0.2 + rng.random(COLUMNS) ** 4 * 3)
    inputs = rng.normal(size=(SAMPLES, COLUMNS)) @ mixing / 8 + rng.normal(size=COLUMNS) * 0.3
    moments = inputs.T @ inputs / SAMPLES
    weights = (rng.normal(size=(ROWS, COLUMNS)) * rng.choice([0.05, 0.2], size=(ROWS, 1))).astype(np.float32)
    weights[:, 5] *= 6
    tensors = {"weight": weights, "moments": moments[np.tril_indices(COLUMNS)]}
    for bits, mode, group, order in CASES:
        codes, distance = gptq(weights, moments, bits, mode, group, order)
        if distance < LEAST_DISTANCE:
            return None
        tensors[f"{bits}.{mode}.{group or 'channel'}.{order}"] = codes
    return tensors


def main():
    tensors = next(found for found in map(tensors_of, range(14, 10000)) if found)
    data = serialize({name: torch.from_numpy(value) for name, value in tensors.items()}, {"made_by": "numpy"})
    return write_or_check(HERE / "compensated.safetensors", data, "--check" in sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
