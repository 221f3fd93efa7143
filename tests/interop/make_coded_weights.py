#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/coded: weights as other tools quantize and store them, and the values that the tools form.

Each folder holds model.safetensors, config.json where the tool writes one, and values.safetensors with the decoded
weights under their names in a float model. What no tool decodes on a processor is decoded here, from the public
description of the format. Needs a virtual environment with requirements_coded.txt; prints the versions.

    make_coded_weights.py [--only NAME…]            the committed files
    make_coded_weights.py --large [SCALE] --cli PROGRAM     each with its outputs and inputs SCALE times as many (66: about
                                                    10 million values), compared by PROGRAM
"""

import argparse
import importlib.metadata
import importlib.util
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
from safetensors.torch import save_file

OUTPUT = Path(__file__).resolve().parents[1] / "data" / "coded"
TOOLS = ["numpy", "torch", "safetensors", "bitsandbytes", "hqq", "optimum-quanto", "torchao", "compressed-tensors", "mlx",
         "transformers", "autoawq", "onnx", "onnxruntime"]
CASES = {}
SCALE = 1  # of outputs and inputs, above 1 for --large


@dataclass
class Case:
    tensors: dict
    values: dict
    config: dict = field(default_factory=dict)
    metadata: dict = field(default_factory=dict)
    file: str = "model.safetensors"
    content: object = None  # of files of another kind: bytes, or what torch.save() takes


def case(function):
    CASES[function.__name__] = function
    return function


def weight(outputs, inputs, dtype=torch.float32, seed=0):
    generator = torch.Generator().manual_seed(seed)
    w = torch.randn(outputs * SCALE, inputs * SCALE, generator=generator) * 0.05
    w[0, 0] = 0.31
    w[-1] *= 1e-3
    return w.to(dtype)


# fp8


def fp8_case(suffix, scale, dtype=torch.float8_e4m3fn, outputs=48, inputs=96):
    w = weight(outputs, inputs)
    q = (w * 400).clamp(-400, 400).to(dtype)
    s = scale(q)
    factors = s.float()
    if factors.numel() > 1:
        factors = factors.reshape(-1, 1) if factors.ndim == 1 else factors
        blocks = [-(-n // (1 << (-(-n // m) - 1).bit_length())) == m and 1 << (-(-n // m) - 1).bit_length() or n // m
                  for n, m in zip(q.shape, factors.shape)]
        factors = factors.repeat_interleave(blocks[0], 0)[: q.shape[0]]
        factors = factors.repeat_interleave(blocks[1], 1)[:, : q.shape[1]]
    return Case({"m.fc.weight": q, f"m.fc{suffix}": s}, {"m.fc.weight": q.float() * factors})


def some(*shape, seed=5):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(seed)) * 0.002 + 0.001


@case
def fp8_tensor():
    return fp8_case(".weight_scale", lambda q: some(1)[0])


@case
def fp8_channel():
    return fp8_case(".weight_scale", lambda q: some(q.shape[0], 1).to(torch.bfloat16))


@case
def fp8_blocks():
    """Blocks of 128 × 128, of which the last ones are smaller."""
    return fp8_case(".weight_scale_inv", lambda q: some(-(-q.shape[0] // 128), -(-q.shape[1] // 128)), outputs=160,
                    inputs=320)


@case
def fp8_comfy():
    return fp8_case(".scale_weight", lambda q: some(1), dtype=torch.float8_e5m2)


@case
def fp8_fnuz():
    return fp8_case(".weight_scale", lambda q: some(1), dtype=torch.float8_e4m3fnuz)


@case
def mxfp8():
    q = (weight(24, 96) * 400).to(torch.float8_e4m3fn)
    s = torch.randint(110, 130, (q.shape[0], q.shape[1] // 32), generator=torch.Generator().manual_seed(1)).to(torch.uint8)
    factors = torch.pow(2.0, s.float() - 127).repeat_interleave(32, 1)
    return Case({"m.fc.weight": q, "m.fc.weight_scale": s}, {"m.fc.weight": q.float() * factors})


# 4-bit floats

E2M1 = torch.tensor([0, 0.5, 1, 1.5, 2, 3, 4, 6, -0.0, -0.5, -1, -1.5, -2, -3, -4, -6])


def random_bytes(*shape, seed=2, low=0, high=256):
    return torch.randint(low, high, shape, generator=torch.Generator().manual_seed(seed)).to(torch.uint8)


def pairs(packed):
    """Two codes per byte, the low one first."""
    return torch.stack([packed & 15, packed >> 4], -1).flatten(-2).long()


@case
def mxfp4_gpt_oss():
    from transformers.integrations.mxfp4 import convert_moe_packed_tensors

    blocks = random_bytes(3, 20 * SCALE, 2 * SCALE, 16)
    scales = random_bytes(3, 20 * SCALE, 2 * SCALE, low=115, high=132, seed=3)
    name = "model.layers.0.mlp.experts.gate_up_proj"
    return Case({f"{name}_blocks": blocks, f"{name}_scales": scales},
                {name: convert_moe_packed_tensors(blocks, scales).float()})


@case
def nvfp4_modelopt():
    packed = random_bytes(24 * SCALE, 32 * SCALE)
    scales = (some(24 * SCALE, 4 * SCALE) * 1e5).to(torch.float8_e4m3fn)
    second = torch.tensor(0.00123)
    values = E2M1[pairs(packed)] * (scales.float() * second).repeat_interleave(16, 1)
    return Case({"m.fc.weight": packed, "m.fc.weight_scale": scales, "m.fc.weight_scale_2": second,
                 "m.fc.input_scale": torch.tensor(0.5)}, {"m.fc.weight": values})


@case
def nvfp4_compressed_tensors():
    packed = random_bytes(24 * SCALE, 32 * SCALE)
    scales = (some(24 * SCALE, 4 * SCALE) * 1e5).to(torch.float8_e4m3fn)
    second = torch.tensor([812.5])
    values = E2M1[pairs(packed)] * (scales.float() / second).repeat_interleave(16, 1)
    return Case({"m.fc.weight_packed": packed, "m.fc.weight_scale": scales, "m.fc.weight_global_scale": second},
                {"m.fc.weight": values})


# whole numbers in words


def words(codes, bits):
    """A stream of bits along the last axis, low bits first, in words of 32 bits."""
    stream = (codes.astype(np.uint8)[..., None] >> np.arange(bits, dtype=np.uint8)) & 1
    stream = stream.reshape(*codes.shape[:-1], -1)
    stream = np.pad(stream, [(0, 0)] * (stream.ndim - 1) + [(0, -stream.shape[-1] % 32)])
    packed = np.packbits(stream, axis=-1, bitorder="little").view("<u4").view(np.int32)
    return torch.from_numpy(np.ascontiguousarray(packed))


def gptq(bits, version, act_order, outputs=32, inputs=96, group=32):
    rng = np.random.default_rng(bits)
    outputs, inputs = outputs * SCALE, inputs * SCALE
    codes = rng.integers(0, 1 << bits, (inputs, outputs))
    zeros = rng.integers(1, 1 << bits, (inputs // group, outputs))
    scales = (rng.random((inputs // group, outputs)) * 0.02 + 0.001).astype(np.float16)
    index = np.arange(inputs) // group
    if act_order:
        rng.shuffle(index)
    values = (scales[index] * (codes - zeros[index]).astype(np.float16)).T  # one operation in float16
    tensors = {"m.fc.qweight": words(codes.T, bits).T.contiguous(), "m.fc.scales": torch.from_numpy(scales),
               "m.fc.qzeros": words(zeros - (1 if version == "gptq" else 0), bits),
               "m.fc.g_idx": torch.from_numpy(index.astype(np.int32)), "m.fc.bias": torch.ones(outputs).half()}
    return Case(tensors, {"m.fc.weight": torch.from_numpy(values.astype(np.float32)), "m.fc.bias": torch.ones(outputs)},
                {"quantization_config": {"quant_method": "gptq", "bits": bits, "group_size": group,
                                         "checkpoint_format": version}})


@case
def gptq_4bit():
    return gptq(4, "gptq", False)


@case
def gptq_4bit_act_order():
    return gptq(4, "gptq", True)


@case
def gptq_3bit():
    return gptq(3, "gptq", False)


@case
def gptq_8bit_v2():
    return gptq(8, "gptq_v2", False)


@case
def awq():
    # The package imports kernels for other processors; the one file that is asked needs none of them.
    place = Path(importlib.util.find_spec("awq").origin).parent / "utils" / "packing_utils.py"
    spec = importlib.util.spec_from_file_location("packing_utils", place)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    rng = np.random.default_rng(3)
    inputs, outputs, group = 64 * SCALE, 32 * SCALE, 32
    pack = lambda codes: words(codes.reshape(codes.shape[0], -1, 8)[..., tool.AWQ_ORDER].reshape(codes.shape), 4)
    qweight = pack(rng.integers(0, 16, (inputs, outputs)))
    qzeros = pack(rng.integers(0, 16, (inputs // group, outputs)))
    scales = torch.from_numpy((rng.random((inputs // group, outputs)) * 0.02).astype(np.float16))
    values = tool.dequantize_gemm(qweight, qzeros, scales, 4, group)
    return Case({"m.fc.qweight": qweight, "m.fc.qzeros": qzeros, "m.fc.scales": scales},
                {"m.fc.weight": values.T.contiguous().float()},
                {"quantization_config": {"quant_method": "awq", "bits": 4, "group_size": group, "version": "gemm"}})


def compressed_tensors(bits, symmetric):
    rng = np.random.default_rng(bits)
    outputs, inputs, group = 24 * SCALE, 96 * SCALE, 32
    middle = 1 << (bits - 1)
    codes = rng.integers(-middle, middle, (outputs, inputs))
    zeros = rng.integers(-middle, middle, (outputs, inputs // group)) * (0 if symmetric else 1)
    scales = torch.from_numpy(rng.random((outputs, inputs // group)) * 0.02).to(torch.bfloat16)
    spread = lambda x: torch.from_numpy(x).to(torch.bfloat16).repeat_interleave(group, 1)
    values = (torch.from_numpy(codes).to(torch.bfloat16) - spread(zeros)) * scales.repeat_interleave(group, 1)
    tensors = {"m.fc.weight_packed": words(codes + middle, bits), "m.fc.weight_scale": scales,
               "m.fc.weight_shape": torch.tensor([outputs, inputs])}
    if not symmetric:
        tensors["m.fc.weight_zero_point"] = words((zeros + middle).T, bits).T.contiguous()
    return Case(tensors, {"m.fc.weight": values.float()})


@case
def compressed_tensors_3bit():
    return compressed_tensors(3, True)


@case
def compressed_tensors_6bit_zero_points():
    return compressed_tensors(6, False)


def mlx_case(bits, group, dtype):
    import mlx.core as mx

    w = mx.array(weight(16, 128).numpy()).astype(dtype)
    q, scales, biases = mx.quantize(w, group_size=group, bits=bits)
    values = mx.dequantize(q, scales, biases, group_size=group, bits=bits)
    of_torch = torch.float16 if dtype == mx.float16 else torch.bfloat16
    plain = lambda x: torch.from_numpy(np.array(x.astype(mx.float32))).to(of_torch)
    return Case({"m.fc.weight": torch.from_numpy(np.array(q)), "m.fc.scales": plain(scales), "m.fc.biases": plain(biases)},
                {"m.fc.weight": plain(values).float()}, {"quantization": {"group_size": group, "bits": bits}})


@case
def mlx_4bit():
    import mlx.core as mx

    return mlx_case(4, 64, mx.float16)


@case
def mlx_6bit():
    import mlx.core as mx

    return mlx_case(6, 32, mx.bfloat16)


@case
def mlx_8bit_alone():
    """As save_weights() leaves it: null for the metadata, and no config.json that would say the width."""
    import mlx.core as mx

    result = mlx_case(8, 32, mx.float16)
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/model.safetensors"
        to_mlx = lambda x: mx.array(x.numpy())
        mx.save_safetensors(path, {name: to_mlx(tensor) for name, tensor in result.tensors.items()})
        return Case({}, result.values, content=Path(path).read_bytes())


@case
def bitnet():
    packed = torch.from_numpy(np.random.default_rng(4).integers(0, 3, (4, 8 * SCALE, 48 * SCALE)).astype(np.uint8))
    scale = torch.tensor([9.25]).to(torch.bfloat16)
    values = (packed.flatten(0, 1).to(torch.bfloat16) - 1) / scale
    return Case({"m.fc.weight": packed[0] | packed[1] << 2 | packed[2] << 4 | packed[3] << 6, "m.fc.weight_scale": scale},
                {"m.fc.weight": values.float()})


# bitsandbytes


def bitsandbytes_4bit(kind, dtype, nested):
    """With rows of 16 n weights that are no whole blocks, 0.50.2 itself decodes wrongly on processors with AVX-512."""
    import bitsandbytes.functional as bnb

    w = weight(12, 130, dtype)
    q, state = bnb.quantize_4bit(w, quant_type=kind, compress_statistics=nested)
    values = bnb.dequantize_4bit(q, state)
    tensors = {"m.fc.weight": q}
    tensors |= {f"m.fc.weight.{key}": value for key, value in state.as_dict(packed=True).items()}
    return Case(tensors, {"m.fc.weight": values.float()})


@case
def bitsandbytes_nf4():
    return bitsandbytes_4bit("nf4", torch.float16, False)


@case
def bitsandbytes_nf4_nested():
    return bitsandbytes_4bit("nf4", torch.bfloat16, True)


@case
def bitsandbytes_fp4():
    return bitsandbytes_4bit("fp4", torch.float32, False)


@case
def bitsandbytes_int8():
    import bitsandbytes.functional as bnb

    q, stats, _ = bnb.int8_vectorwise_quant(weight(12, 96, torch.float16))
    return Case({"m.fc.weight": q, "m.fc.SCB": stats, "m.fc.weight_format": torch.tensor(0, dtype=torch.uint8)},
                {"m.fc.weight": bnb.int8_vectorwise_dequant(q, stats)})


# groups


def hqq(bits, axis, dtype=torch.float16):
    from hqq.core.quantize import HQQLinear, BaseQuantizeConfig

    linear = torch.nn.Linear(96 * SCALE, 40 * SCALE, bias=False)
    linear.weight.data = weight(40, 96)
    layer = HQQLinear(linear, BaseQuantizeConfig(nbits=bits, group_size=32, axis=axis), compute_dtype=dtype, device="cpu")
    layer.encoded_state_dict = True
    tensors = {f"m.fc.{k}": v.contiguous() for k, v in layer.state_dict().items() if isinstance(v, torch.Tensor)}
    return Case(tensors, {"m.fc.weight": layer.dequantize().float()})


@case
def hqq_4bit():
    return hqq(4, 1)


@case
def hqq_4bit_axis0():
    return hqq(4, 0, torch.bfloat16)


@case
def hqq_3bit():
    return hqq(3, 1)


@case
def hqq_2bit():
    return hqq(2, 1)


@case
def hqq_8bit():
    return hqq(8, 1, torch.float32)


def quanto(kind, dtype=torch.float32):
    from optimum import quanto as q
    from optimum.quanto.library.extensions.cpp import ext

    # In place of the extension, which would be compiled first: parts of the rows at rising bits.
    unpack = lambda packed, bits: torch.cat([packed >> i & (1 << bits) - 1 for i in range(0, 8, bits)])
    ext._lib = SimpleNamespace(unpack=unpack)
    model = torch.nn.Sequential()
    model.add_module("fc", torch.nn.Linear(256 * SCALE, 24 * SCALE).to(dtype))
    model.fc.weight.data = weight(24, 256, dtype)
    q.quantize(model, weights=getattr(q, kind))
    q.freeze(model)
    values = model.fc.weight.dequantize().float()
    tensors = {k: v for k, v in model.state_dict().items() if not k.endswith(("input_scale", "output_scale"))}
    return Case(tensors, {"fc.weight": values, "fc.bias": model.fc.bias.detach().float()})


@case
def quanto_int8():
    return quanto("qint8")


@case
def quanto_int4():
    return quanto("qint4", torch.float16)


@case
def quanto_int2():
    return quanto("qint2")


@case
def quanto_float8():
    return quanto("qfloat8", torch.bfloat16)


def torchao(config, dtype):
    from torchao.prototype.safetensors.safetensors_support import flatten_tensor_state_dict
    from torchao.quantization import quantize_

    model = torch.nn.Sequential()
    model.add_module("fc", torch.nn.Linear(96 * SCALE, 24 * SCALE, bias=False).to(dtype))
    model.fc.weight.data = weight(24, 96, dtype)
    quantize_(model, config)
    tensors, metadata = flatten_tensor_state_dict({k: v.data for k, v in model.state_dict().items()})
    return Case(tensors, {"fc.weight": model.fc.weight.dequantize().float()}, metadata=metadata)


@case
def torchao_int8():
    from torchao.quantization import Int8WeightOnlyConfig

    return torchao(Int8WeightOnlyConfig(version=2), torch.bfloat16)


@case
def torchao_float8():
    from torchao.quantization import Float8WeightOnlyConfig

    return torchao(Float8WeightOnlyConfig(), torch.float32)


@case
def torchao_intx():
    from torchao.quantization import IntxWeightOnlyConfig
    from torchao.quantization.granularity import PerGroup

    return torchao(IntxWeightOnlyConfig(weight_dtype=torch.int4, granularity=PerGroup(32)), torch.float32)


@case
def torchao_int8_pickled():
    from torchao.quantization import Int8WeightOnlyConfig, quantize_

    model = torch.nn.Sequential()
    model.add_module("fc", torch.nn.Linear(96 * SCALE, 24 * SCALE, bias=False))
    model.fc.weight.data = weight(24, 96)
    quantize_(model, Int8WeightOnlyConfig(version=2))
    return Case({}, {"fc.weight": model.fc.weight.dequantize()}, file="model.pt", content=model.state_dict())


# PyTorch and ONNX Runtime


def quantized_linear():
    model = torch.nn.Sequential()
    model.add_module("fc", torch.nn.Linear(40 * SCALE, 24 * SCALE))
    model.fc.weight.data = weight(24, 40)
    model = torch.ao.quantization.quantize_dynamic(model, {torch.nn.Linear}, dtype=torch.qint8)
    return model, {"fc.weight": model.fc.weight().dequantize(), "fc.bias": model.fc.bias().detach()}


@case
def torch_dynamic_state():
    model, values = quantized_linear()
    weights = {k: v for k, v in model.state_dict().items() if k not in ("fc.scale", "fc.zero_point")}  # of activations
    return Case({}, values, file="model.pt", content=weights)


@case
def torch_dynamic_module():
    model, values = quantized_linear()
    return Case({}, values, file="model.pt", content=model)


def matmul_nbits(bits, zero_points):
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(bits)
    inputs, outputs, block = 96 * SCALE, 24 * SCALE, 32
    blocks = inputs // block
    tensors = {"m.fc.weight_Q": rng.integers(0, 256, (outputs, blocks, block * bits // 8)).astype(np.uint8),
               "m.fc.weight_scales": (rng.random(outputs * blocks) * 0.02 + 0.001).astype(np.float32)}
    if zero_points:
        tensors["m.fc.weight_zp"] = rng.integers(0, 256, outputs * -(-blocks * bits // 8)).astype(np.uint8)
    node = helper.make_node("MatMulNBits", ["x", *tensors], ["y"], domain="com.microsoft", K=inputs, N=outputs, bits=bits,
                            block_size=block)
    graph = helper.make_graph([node], "g", [helper.make_tensor_value_info("x", TensorProto.FLOAT, [inputs, inputs])],
                              [helper.make_tensor_value_info("y", TensorProto.FLOAT, [inputs, outputs])],
                              [numpy_helper.from_array(v, k) for k, v in tensors.items()])
    content = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)],
                                ir_version=9).SerializeToString()
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    (values,) = session.run(None, {"x": np.eye(inputs, dtype=np.float32)})  # the weight itself
    return Case({}, {"m.fc.weight_Q": torch.from_numpy(values)}, file="model.onnx", content=content)


@case
def onnxruntime_4bit():
    return matmul_nbits(4, False)


@case
def onnxruntime_4bit_zero_points():
    return matmul_nbits(4, True)


@case
def onnxruntime_8bit():
    return matmul_nbits(8, True)


def gguf_blocks():
    """Random blocks of each type that the package decodes; for --large only, since tests/data/golden has small ones."""
    import gguf

    rng = np.random.default_rng(11)
    with tempfile.TemporaryDirectory() as folder:
        writer = gguf.GGUFWriter(f"{folder}/x.gguf", "llama")
        values = {}
        for kind in gguf.GGMLQuantizationType:
            block, size = gguf.GGML_QUANT_SIZES[kind]
            blocks = rng.integers(0, 256, (8 * SCALE, 16 * 256 // block, size)).astype(np.uint8)
            try:
                decode = lambda raw: gguf.quants.dequantize(raw.reshape(raw.shape[0], -1), kind)
                with np.errstate(all="ignore"):
                    wrong = ~np.isfinite(decode(blocks).reshape(blocks.shape[0], blocks.shape[1], block)).all(-1)
                    blocks[wrong] = 0  # scales that are no numbers
                    numbers = decode(blocks)
            except (NotImplementedError, KeyError):
                continue
            if block == 1 or not np.isfinite(numbers).all():
                continue
            name = f"blk.0.{kind.name.lower()}.weight"
            writer.add_tensor(name, blocks.reshape(blocks.shape[0], -1), raw_dtype=kind)
            values[name] = torch.from_numpy(numbers.astype(np.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        print("gguf", importlib.metadata.version("gguf"), *values)
        return Case({}, values, file="model.gguf", content=Path(f"{folder}/x.gguf").read_bytes())


def write(folder, result):
    folder.mkdir(parents=True, exist_ok=True)
    if isinstance(result.content, bytes):
        (folder / result.file).write_bytes(result.content)
    elif result.content is not None:
        torch.save(result.content, folder / result.file)
    else:
        save_file({k: v.contiguous() for k, v in result.tensors.items()}, folder / result.file, result.metadata or None)
    save_file({k: v.detach().contiguous() for k, v in result.values.items()}, folder / "values.safetensors")
    if result.config:
        (folder / "config.json").write_text(json.dumps(result.config) + "\n")


def check_large(names, program):
    """The program has to find each value equal to what the tool forms of the codes."""
    compared = failed = 0
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            try:
                result = CASES[name]()
            except Exception as error:  # a tool that is not there; the others are compared
                print(f"{name}: {type(error).__name__}: {error}", flush=True)
                failed += 1
                continue
            write(Path(folder), result)
            run = subprocess.run([program, "compare", f"{folder}/values.safetensors", f"{folder}/{result.file}", "--json"],
                                 capture_output=True, text=True)
            tensors = {t["name"]: t["metrics"] for t in json.loads(run.stdout)["tensors"]}
            equal = run.returncode == 0 and all(tensors[key]["exact"] for key in result.values)
            count = sum(values.numel() for values in result.values.values())
        if not equal:
            print(f"{name}: DIFFERS {run.stderr}{tensors}", flush=True)
            failed += 1
            continue
        compared += count
        print(f"{name}: {count} values equal", flush=True)
    print(f"{compared} values")
    return failed


def main():
    global SCALE
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--large", type=int, nargs="?", const=66)
    parser.add_argument("--cli")
    arguments = parser.parse_args()
    for tool in TOOLS:
        try:
            print(tool, importlib.metadata.version(tool))
        except importlib.metadata.PackageNotFoundError:
            print(tool, "is missing")
    names = arguments.only or list(CASES)
    if arguments.large:
        SCALE = arguments.large
        CASES["gguf_blocks"] = gguf_blocks
        names = arguments.only or list(CASES)
        return check_large(names, arguments.cli)
    failed = 0
    for name in names:
        try:
            write(OUTPUT / name, CASES[name]())
        except Exception as error:  # a tool that is not there; the others are written
            print(f"{name}: {type(error).__name__}: {error}")
            failed += 1
    return failed


if __name__ == "__main__":
    sys.exit(main())
