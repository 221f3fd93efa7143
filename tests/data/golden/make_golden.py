#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes golden.safetensors: what PyTorch computes for the inputs stored beside it. `--check` compares.

README.md names the tensors.
"""

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parents[2] / "resources" / "models"))

import numpy as np
import torch
from torch.ao.quantization import MinMaxObserver, PerChannelMinMaxObserver

from safetensors_writer import compact_json, serialize, write_or_check

COLUMNS = 67  # odd, and no multiple of a vector register
BITS = range(2, 9)
TYPES = {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}
EPSILON = torch.finfo(torch.float32).eps


def limits(bits):
    return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1


# --- inputs: NumPy's generator gives the same numbers on every machine ---


def tie_row(bits, step, rng):
    """Multiples of step / 2 whose extremes make the symmetric and the affine scale of `bits` exactly `step`."""
    top = 2**bits - 1  # in half steps, so ± top is itself a tie, and so is the zero point's argument
    halves = rng.integers(-top, top + 1, COLUMNS)
    halves[: COLUMNS // 2] |= 1  # odd: k + 0.5 steps
    halves[:2] = top, -top
    return rng.permutation(halves) * (step / 2)


def odd_tie_row(bits, step, rng):
    """Ties whose affine scale for `bits` is exactly `step` and whose zero point is odd.

    Rounding half to even before or after adding the zero point then gives different codes.
    """
    top = 2**bits - 1
    low = top // 3 | 1  # in steps below zero
    halves = rng.integers(-2 * low, 2 * (top - low) + 1, COLUMNS)
    halves[: COLUMNS // 2] = rng.integers(-low, top - low, COLUMNS // 2) * 2 + 1
    halves[:2] = -2 * low, 2 * (top - low)
    return rng.permutation(halves) * (step / 2)


def rows_for(type_name, rng):
    """[(kind, values)]: the rows of x for one element type, as float64 values that the type holds or rounds."""
    normal = lambda scale=1.0: rng.standard_normal(COLUMNS) * scale
    info = torch.finfo(TYPES[type_name])
    huge = 1e30 if info.max > 1e30 else 60000.0
    tiny = 1e-9 if type_name != "f16" else 4e-6
    unit = {"f32": 2.0**-149, "f16": 2.0**-24, "bf16": 2.0**-133}[type_name]  # the smallest subnormal
    rows = [(f"normal, deviation {scale}", normal(scale)) for scale in [1.0, 0.02, 0.05, 0.3, 3.0, 100.0] for _ in range(2)]
    rows += [(f"ties for {bits} bits", tie_row(bits, 2.0 ** -(bits + 2), rng)) for bits in BITS]
    rows += [(f"ties and odd zero point for {bits} bits", odd_tie_row(bits, 2.0**-bits, rng)) for bits in (2, 4, 8)]

    values = np.zeros(COLUMNS)
    rows.append(("all zeros", values))
    values = np.where(rng.random(COLUMNS) < 0.5, -0.0, 0.0)
    rows.append(("zeros of both signs", values))
    values = normal(0.02)
    values[::3], values[1::3] = 0.0, -0.0
    rows.append(("normal with zeros of both signs", values))
    for sign in (1, -1):
        values = normal()
        values[33] = sign * huge
        rows.append((f"{'positive' if sign > 0 else 'negative'} huge value among small ones", values))
    rows.append(("constant positive", np.full(COLUMNS, 0.3)))
    rows.append(("constant negative", np.full(COLUMNS, -0.7)))
    rows.append(("tiny", normal(tiny)))
    subnormal = unit * rng.integers(-100, 101, COLUMNS)
    if type_name == "f32":
        subnormal = rng.uniform(-1e-40, 1e-40, COLUMNS)
    rows.append(("subnormal", subnormal))
    rows.append(("subnormal among normal", np.where(np.arange(COLUMNS) % 2 == 0, subnormal, normal(0.02))))
    rows.append(("all negative", -np.abs(normal()) - 0.01))
    rows.append(("all positive", np.abs(normal()) + 0.01))
    rows.append(("far from zero, positive", normal(0.01) + 5.0))
    rows.append(("heavy tails", normal() / np.abs(normal())))
    rows.append(("heavy tails, one side", np.exp(2.0 * normal())))
    # Rows whose symmetric scale for 8 bits (4 bits) comes out at float32's epsilon: just below, at, just above.
    for bits, factors in ((8, (1 - 2.0**-7, 1.0, 1 + 2.0**-7)), (4, (1.0,))):
        for factor in factors:
            reach = (2**bits - 1) / 2 * EPSILON
            values = rng.uniform(-reach, reach, COLUMNS) * 0.9
            values[11] = -reach * factor
            place = "at" if factor == 1 else "just below" if factor < 1 else "just above"
            rows.append((f"scale {place} epsilon for {bits} bits", values))
    values = normal()
    values[5], values[6] = info.max, -3.0
    rows.append(("largest finite value, positive", values))
    return rows


def to_type(rows, dtype):
    x = torch.from_numpy(np.stack([values for _, values in rows])).to(torch.float32).to(dtype)
    assert torch.isfinite(x.float()).all()
    return x


# --- what is computed from them ---


def divide_round_clamp(x, scales, zero_points, bits):
    qmin, qmax = limits(bits)
    return torch.clamp(torch.round(x / scales) + zero_points, qmin, qmax).to(torch.int8)


def gpt_fast(x, bits):
    """Codes and scales as gpt-fast's function dynamically_quantize_per_channel defines them, for x in float32."""
    qmin, qmax = limits(bits)
    smallest, largest = torch.aminmax(x, dim=1)
    zero = torch.zeros_like(smallest)
    below, above = torch.min(smallest, zero), torch.max(largest, zero)
    reach = torch.max(-below, above)
    scales = torch.clamp(reach / (float(qmax - qmin) / 2), min=torch.finfo(torch.float32).eps)
    codes = torch.clamp(torch.round(x / scales.unsqueeze(-1)), qmin, qmax).to(torch.int8)
    return codes, scales


def observe(x, bits, scheme):
    """Scales and zero points (int32) of PyTorch's own observer."""
    qmin, qmax = limits(bits)
    common = dict(dtype=torch.qint8, qscheme=scheme, quant_min=qmin, quant_max=qmax)
    if scheme == torch.per_tensor_affine:
        observer = MinMaxObserver(**common)
    else:
        observer = PerChannelMinMaxObserver(ch_axis=0, **common)
    observer(x)
    scales, zero_points = observer.calculate_qparams()
    return scales.float(), zero_points.to(torch.int32)


def kernel_codes(x, scales, zero_points, bits):
    """Codes of PyTorch's quantize kernels; these saturate at 8 bits, so narrower codes are clamped afterwards."""
    if len(scales) == 1:
        quantized = torch.quantize_per_tensor(x, scales.item(), zero_points.item(), torch.qint8)
    else:
        quantized = torch.quantize_per_channel(x, scales.double(), zero_points.long(), 0, torch.qint8)
    return torch.clamp(quantized.int_repr(), *limits(bits))


def conversion_inputs(rng):
    fixed = [0.0, 0.1, 1 / 3, 1.0, 1.00048828125, 1.00146484375, 1.0009765625, 1.00390625, 1.01171875, 1.0078125]
    fixed += [65472.0, 65504.0, 65519.9, 65519.996, 65520.0, 65535.0, 65536.0, 1e5, 1e30, 3.3895314e38, 3.3961775e38]
    fixed += [3.39e38, 3.4e38, 3.4028235e38, np.inf]
    fixed += [2.0**-14, 2.0**-14 - 2.0**-25, 2.0**-14 - 2.0**-26, 2.0**-24, 2.0**-25, 2.0**-25 * (1 + 2.0**-23)]
    fixed += [1.5 * 2.0**-24, 2.5 * 2.0**-24, 2.9e-8, 5.97e-8, 1e-9]
    fixed += [2.0**-126, 2.0**-133, 2.0**-134, 2.0**-134 * 1.5, 1.5 * 2.0**-133, 2.5 * 2.0**-133, 1e-40, 2.0**-149]
    near = [np.nextafter(np.float32(v), np.float32(d)) for v in (65519.9, 65520.0, 2.0**-25, 1.00048828125) for d in (0, np.inf)]
    spread = rng.integers(0, 0x7F800000, 300).astype(np.uint32).view(np.float32)  # every exponent, no NaN
    middle = np.exp2(rng.uniform(-26, 17, 200)).astype(np.float32)  # the range of f16
    ties16 = (middle.view(np.uint32)[:60] & np.uint32(0xFFFFE000) | np.uint32(0x1000)).view(np.float32)
    ties_bf = (spread.view(np.uint32)[:60] & np.uint32(0xFFFF0000) | np.uint32(0x8000)).view(np.float32)
    values = np.concatenate([np.array(fixed + near, np.float32), spread, middle, ties16, ties_bf])
    return torch.from_numpy(np.concatenate([values, -values]))


def golden():
    rng = np.random.default_rng(20)
    tensors = {}
    metadata = {"format": "pt"}
    for type_name, dtype in TYPES.items():
        rows = rows_for(type_name, rng)
        x = to_type(rows, dtype)
        largest = torch.finfo(dtype).max
        pair = np.stack([rng.standard_normal(COLUMNS) * largest / 4, rng.standard_normal(COLUMNS)])
        pair = np.clip(pair, -largest, largest)
        pair[:, 7], pair[:, 50] = largest, -largest
        x_max = torch.from_numpy(pair).to(torch.float32).to(dtype)
        metadata["rows"] = compact_json([kind for kind, _ in rows])  # the same kinds for each type
        tensors[f"x.{type_name}"], tensors[f"x_max.{type_name}"] = x, x_max
        for bits in BITS:
            for case, source in (("gpt_fast", x), ("gpt_fast_max", x_max)):
                codes, scales = gpt_fast(source.float(), bits)
                tensors[f"{case}.{type_name}.b{bits}.codes"] = codes
                tensors[f"{case}.{type_name}.b{bits}.scales"] = scales

    tensors["x_tensor.f32"] = torch.from_numpy(rng.standard_normal((8, COLUMNS)) * 0.05 + 0.03).float()
    for case, x, scheme in (
        ("torch_ao_affine", tensors["x.f32"], torch.per_channel_affine),
        ("torch_ao_affine_tensor", tensors["x_tensor.f32"], torch.per_tensor_affine),
        ("torch_ao_symmetric", tensors["x.f32"], torch.per_channel_symmetric),
    ):
        for bits in BITS:
            name = f"{case}.f32.b{bits}"
            scales, zero_points = observe(x, bits, scheme)
            tensors[f"{name}.scales"] = scales
            if scheme != torch.per_channel_symmetric:  # there they are all 0
                tensors[f"{name}.zero_points"] = zero_points
                tensors[f"{name}.codes"] = divide_round_clamp(x, scales.unsqueeze(-1), zero_points.unsqueeze(-1), bits)
            tensors[f"{name}.kernel_codes"] = kernel_codes(x, scales, zero_points, bits)

    values = conversion_inputs(rng)
    tensors["convert.f32"] = values
    tensors["convert.f16"], tensors["convert.bf16"] = values.to(torch.float16), values.to(torch.bfloat16)
    return serialize(tensors, metadata)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed file instead of writing")
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    return write_or_check(HERE / "golden.safetensors", golden(), options.check)


if __name__ == "__main__":
    sys.exit(main())
