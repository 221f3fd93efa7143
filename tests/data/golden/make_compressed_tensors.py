# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes compressed_tensors.safetensors: weights as the compressed-tensors library stores them, and their values.

Needs torch, safetensors, transformers and compressed-tensors 0.9. With a torch before 2.1 the 8-bit float types that the
library names when it is imported are stood in for; no case here uses them. Per case: the tensors of the format, and
CASE.values, the float32 values that the library's own dequantize() gives.
"""

import sys

import torch

for name in ("float8_e4m3fn", "float8_e5m2"):
    if not hasattr(torch, name):
        setattr(torch, name, torch.uint8)

from compressed_tensors.compressors.quantized_compressors.naive_quantized import NaiveQuantizationCompressor
from compressed_tensors.compressors.quantized_compressors.pack_quantized import PackedQuantizationCompressor
from compressed_tensors.quantization import QuantizationArgs
from compressed_tensors.quantization.lifecycle.forward import dequantize, quantize
from compressed_tensors.quantization.utils import calculate_qparams
from safetensors.torch import save_file

ROWS = 16  # this release cannot pack zero points of numbers that do not fill words


def ranges(weight, strategy, group):
    if strategy == "tensor":
        return weight.amin().reshape(1), weight.amax().reshape(1)
    if strategy == "channel":
        return weight.amin(1, keepdim=True), weight.amax(1, keepdim=True)
    parts = weight.reshape(len(weight), -1, group)
    return parts.amin(2), parts.amax(2)


def add_case(tensors, name, compressor, bits, symmetric, strategy, columns):
    weight = torch.randn(ROWS, columns) * 0.1 + (0 if symmetric else 0.05)
    group = 16 if strategy == "group" else None
    args = QuantizationArgs(num_bits=bits, symmetric=symmetric, strategy=strategy, group_size=group)
    scale, zero_point = calculate_qparams(*ranges(weight, strategy, group), args)
    parts = compressor.compress_weight(
        weight=weight, scale=scale, zero_point=zero_point, quantization_args=args, g_idx=None)
    codes = quantize(x=weight, scale=scale, zero_point=zero_point, args=args, dtype=torch.int8)
    parts["weight_scale"] = scale
    if not symmetric and "weight_zero_point" not in parts:
        parts["weight_zero_point"] = zero_point
    for part, tensor in parts.items():
        tensors[f"{name}.{part}"] = tensor.contiguous()
    tensors[f"{name}.values"] = dequantize(x_q=codes, scale=scale, zero_point=zero_point, args=args).float()


def main(path):
    torch.manual_seed(3)
    tensors = {}
    for bits in (4, 8):
        for symmetric in (True, False):
            for strategy, columns in (("channel", 37), ("tensor", 48), ("group", 48)):
                mode = "sym" if symmetric else "asym"
                add_case(tensors, f"packed{bits}.{mode}.{strategy}", PackedQuantizationCompressor(), bits, symmetric,
                         strategy, columns)
                if bits == 8:
                    add_case(tensors, f"plain.{mode}.{strategy}", NaiveQuantizationCompressor(), bits, symmetric,
                             strategy, columns)
    save_file(tensors, path)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "compressed_tensors.safetensors")
