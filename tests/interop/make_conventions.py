#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/golden/conventions.safetensors: what other quantizers make of the inputs stored beside it.

Needs a virtual environment with requirements.txt. `--check` compares with the committed file. README.md there names the
tensors.
"""

import argparse
import importlib.metadata
import sys
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[1] / "data" / "golden"
sys.dont_write_bytecode = True
sys.path.insert(0, str(GOLDEN))

import numpy as np
import torch

import make_golden
from safetensors_writer import compact_json, serialize, write_or_check

TOOLS = ["compressed-tensors", "gguf", "hqq", "llmcompressor", "numpy", "onnx", "onnxruntime", "tensorflow-cpu", "torch", "torchao"]
TYPES = {"f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}
BITS = {"f32": (2, 4, 5, 8), "f16": (3, 4, 8), "bf16": range(2, 9)}
COLUMNS = 35  # odd, and no multiple of a vector register
GROUP = 32


def limits(bits):
    return -(2 ** (bits - 1)), 2 ** (bits - 1) - 1


def rows(type_name, columns, seed):
    """The kinds of rows of make_golden.py, and ties for scales of extreme / 127, extreme / -8 and extreme / -16."""
    make_golden.COLUMNS = columns
    rng = np.random.default_rng(seed)
    result = [values for _, values in make_golden.rows_for(type_name, rng)]
    for top in (127, 8, 16):
        for step in (2.0**-9, -(2.0**-5)):
            halves = rng.integers(-2 * top + 1, 2 * top, columns)
            halves[::2] |= 1
            halves[::GROUP] = -2 * top
            result.append(halves * (step / 2))
    twins = rng.standard_normal(columns)  # the largest magnitude twice, with both signs
    for start in range(0, columns, GROUP):
        first, second = rng.permutation(np.arange(start, min(start + GROUP, columns)))[:2]
        twins[first], twins[second] = 4.5, -4.5
    result.append(twins)
    x = torch.from_numpy(np.stack(result)).to(torch.float32).to(TYPES[type_name])
    assert torch.isfinite(x.float()).all()
    return x


def close_rows(seed):
    """Weights that are ties for the scale in float32 but not in double, and ranges about ±5e-7."""
    rng = np.random.default_rng(seed)
    largest = np.exp(rng.standard_normal((20, 1))).astype(np.float32)
    x = (largest / np.float32(127)) * (rng.integers(-127, 127, (20, COLUMNS)) + 0.5).astype(np.float32)
    x[:, :1] = largest
    limits = np.float32([[1e-7], [4e-7], [4.9999e-7], [5e-7], [5.0001e-7], [6e-7], [1e-6], [2e-6]])
    tiny = x[:8] / np.abs(x[:8]).max(1, keepdims=True) * limits
    return torch.from_numpy(np.concatenate([x, tiny, x[:2] * np.float32(1e-30)]))


def add(tensors, name, codes, scales, zero_points=None, offsets=None):
    if codes is not None:
        tensors[f"{name}.codes"] = codes.to(torch.int8)
    tensors[f"{name}.scales"] = scales.float()
    if zero_points is not None:
        tensors[f"{name}.zero_points"] = zero_points.to(torch.int8)
    if offsets is not None:
        tensors[f"{name}.offsets"] = offsets.float()


def case(tool, type_name, bits, symmetric, group=0):
    return f"{tool}.{type_name}.b{bits}.{'sym' if symmetric else 'asym'}{f'.g{group}' if group else ''}"


# --- the tools ---


def onnxruntime_rows(x, bits, symmetric):
    from onnx import TensorProto
    from onnxruntime.quantization.quant_utils import quantize_data

    kind = {4: TensorProto.INT4, 8: TensorProto.INT8}[bits]
    found = [quantize_data(row, kind, symmetric) for row in x.numpy()]
    zero_points, scales, codes = (np.stack([np.asarray(part[i]) for part in found]) for i in range(3))
    as_torch = lambda values, kind: torch.from_numpy(values.astype(kind))
    return as_torch(codes, np.int8), as_torch(scales, np.float32), as_torch(zero_points, np.int8)


def compressed_tensors_rows(x, bits, symmetric, group, observer):
    from compressed_tensors.quantization import QuantizationArgs
    from compressed_tensors.quantization.lifecycle.forward import quantize
    from llmcompressor.observers import Observer

    strategy = {"strategy": "group", "group_size": group} if group else {"strategy": "channel"}
    args = QuantizationArgs(num_bits=bits, symmetric=symmetric, observer=observer, **strategy)
    found = Observer.load_from_registry(observer, base_name="weight", args=args)(x).get_qparams()
    codes = quantize(x, found["scale"], found["zero_point"], args, dtype=torch.int8)
    return codes, found["scale"], found["zero_point"]


def torchao_rows(x, bits, symmetric, group):
    from torchao.quantization.granularity import PerRow
    from torchao.quantization.quant_primitives import MappingType, choose_qparams_affine, quantize_affine
    from torchao.quantization.quantize_.workflows.int8.int8_tensor import Int8Tensor

    mapping = MappingType.SYMMETRIC if symmetric else MappingType.ASYMMETRIC
    low, high = limits(bits)
    block = [1, group or x.shape[1]]
    # As Int8Tensor.from_hp() calls it, for any number of bits.
    common = dict(target_dtype=torch.int8, quant_min=low, quant_max=high, scale_dtype=torch.float32)
    scales, zero_points = choose_qparams_affine(
        x, mapping, block, zero_point_dtype=torch.int8, keepdim=True, eps=torch.finfo(torch.float32).eps, **common
    )
    codes = quantize_affine(x, block, scales, zero_points, torch.int8, low, high)
    if bits == 8 and not group:
        whole = Int8Tensor.from_hp(x, PerRow(), mapping)
        assert torch.equal(whole.qdata, codes) and torch.equal(whole.scale, scales)
    return codes, scales, zero_points


def tflite_rows(x):
    """Dynamic-range quantization of a product with constant weights, as the converter does it."""
    import tensorflow as tf

    class Product(tf.Module):
        def __init__(self):
            self.w = tf.Variable(x.numpy().T.copy())

        @tf.function(input_signature=[tf.TensorSpec([1, x.shape[1]], tf.float32)])
        def __call__(self, inputs):
            return tf.matmul(inputs, self.w)

    module = Product()
    converter = tf.lite.TFLiteConverter.from_concrete_functions([module.__call__.get_concrete_function()], module)
    converter.optimizations = [tf.lite.Optimize.DEFAULT]
    interpreter = tf.lite.Interpreter(model_content=converter.convert())
    interpreter.allocate_tensors()
    (weights,) = [detail for detail in interpreter.get_tensor_details() if detail["dtype"] == np.int8]
    parameters = weights["quantization_parameters"]
    codes = torch.from_numpy(interpreter.get_tensor(weights["index"]).copy())
    assert codes.shape == x.shape and parameters["quantized_dimension"] == 0
    return codes, torch.from_numpy(parameters["scales"]), torch.from_numpy(parameters["zero_points"])


def gguf_blocks(x, name):
    from gguf.constants import GGMLQuantizationType
    from gguf.quants import quantize

    return quantize(x.float().numpy(), GGMLQuantizationType[name])


def gguf_rows(x):
    """Rows that every block format holds: finite f16 scales whose float32 reciprocals are finite.

    Without blocks whose smallest weight is both 0 and -0: NumPy's choice depends on the processor.
    """
    blocks = x.float().reshape(len(x), -1, GROUP)
    largest = blocks.abs().amax(-1)
    fits = largest < 60000
    for scales in (largest / 127, largest / 8, (blocks.amax(-1) - blocks.amin(-1)) / 31):
        fits &= (scales == 0) | torch.isfinite(1 / scales)
    fits &= ~((blocks.amin(-1) == 0) & ((blocks == 0) & torch.signbit(blocks)).any(-1))
    return x[fits.all(1)]


def hqq_rows(x, bits, group):
    from hqq.core.quantize import Quantizer

    codes, meta = Quantizer.quantize(x, nbits=bits, group_size=group, axis=1, device="cpu", bitpack=False)
    # value = (code − zero) · scale; ours = code · scale + offset
    scales, zeros = meta["scale"].reshape(len(x), -1), meta["zero"].reshape(len(x), -1)
    return codes.reshape(x.shape) + limits(bits)[0], scales, -zeros * scales


def observer_input(type_name, seed):
    """Rows whose best ranges differ: normal, uniform, heavy tails, one side."""
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal((24, 128)) * 0.05
    normal[6:12] = rng.uniform(-0.1, 0.1, (6, 128))
    normal[12:18] *= np.exp(rng.standard_normal((6, 128)))
    normal[18:] = np.abs(normal[18:])
    return torch.from_numpy(normal).float().to(TYPES[type_name])


def golden():
    tensors = {}
    for index, (type_name, dtype) in enumerate(TYPES.items()):
        tensors[f"x.{type_name}"] = x = rows(type_name, COLUMNS, 11 + index)
        tensors[f"x_groups.{type_name}"] = groups = gguf_rows(rows(type_name, 2 * GROUP, 21 + index))
        tensors[f"x_observer.{type_name}"] = observed = observer_input(type_name, 31 + index)
        for symmetric in (True, False):
            for bits in BITS[type_name]:
                found = torchao_rows(x, bits, symmetric, 0)
                add(tensors, case("torchao", type_name, bits, symmetric), *found)
                found = compressed_tensors_rows(x, bits, symmetric, 0, "memoryless_minmax")
                add(tensors, case("compressed-tensors", type_name, bits, symmetric), *found)
            found = torchao_rows(groups, 4, symmetric, GROUP)
            add(tensors, case("torchao", type_name, 4, symmetric, GROUP), *found)
            found = compressed_tensors_rows(groups, 4, symmetric, GROUP, "memoryless_minmax")
            add(tensors, case("compressed-tensors", type_name, 4, symmetric, GROUP), *found)
            for bits in (4, 8):
                if dtype != torch.bfloat16:  # unknown to NumPy
                    found = onnxruntime_rows(x, bits, symmetric)
                    add(tensors, case("onnxruntime", type_name, bits, symmetric), *found)
                for group in (0, GROUP):
                    _, *found = compressed_tensors_rows(observed, bits, symmetric, group, "memoryless_mse")
                    add(tensors, case("llm-compressor-mse", type_name, bits, symmetric, group), None, *found)
        for name in ("Q8_0", "Q4_0", "Q4_1", "Q5_0", "Q5_1"):
            tensors[f"gguf-{name.lower()}.{type_name}.blocks"] = torch.from_numpy(gguf_blocks(groups, name))
        if dtype == torch.float32:
            tensors["x_close.f32"] = close = close_rows(41)
            add(tensors, case("tflite", type_name, 8, True), *tflite_rows(x))
            add(tensors, case("tflite-close", type_name, 8, True), *tflite_rows(close))
            for bits, group in ((2, 32), (3, 64), (4, 64), (8, 64)):
                codes, scales, offsets = hqq_rows(observed, bits, group)
                add(tensors, case("hqq", type_name, bits, False, group), codes, scales, offsets=offsets)
    versions = {tool: importlib.metadata.version(tool) for tool in TOOLS}
    return serialize(tensors, {"about": "made by tests/interop/make_conventions.py", "versions": compact_json(versions)})


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed file instead of writing")
    options = parser.parse_args()
    torch.set_num_threads(1)
    return write_or_check(GOLDEN / "conventions.safetensors", golden(), options.check)


if __name__ == "__main__":
    sys.exit(main())
