#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""torch_files.py FOLDER: archives, legacy files and TorchScript with all types of this PyTorch (1.13 or later)."""

import collections
import contextlib
import io
import sys
import warnings

import numpy as np
import torch

from expected import Files, tensor

OUR_NAMES = {
    "float64": "f64",
    "float32": "f32",
    "float16": "f16",
    "bfloat16": "bf16",
    "int64": "i64",
    "int32": "i32",
    "int16": "i16",
    "int8": "i8",
    "uint8": "u8",
    "bool": "bool",
    "complex64": "c64",
    "complex128": "complex128",
    "complex32": "complex32",
    "uint16": "u16",
    "uint32": "u32",
    "uint64": "u64",
    "float8_e4m3fn": "f8_e4m3",
    "float8_e4m3fnuz": "f8_e4m3fnuz",
    "float8_e5m2": "f8_e5m2",
    "float8_e5m2fnuz": "f8_e5m2fnuz",
    "float8_e8m0fnu": "f8_e8m0",
}
TYPES = {getattr(torch, name): ours for name, ours in OUR_NAMES.items() if hasattr(torch, name)}


def raw_bytes(value):
    if value.numel() == 0:
        return b""
    packed = value.detach().resolve_conj().resolve_neg().clone(memory_format=torch.contiguous_format)
    return packed.reshape(-1).view(torch.uint8).numpy().tobytes()


def of_torch(value):
    name = TYPES[value.dtype]
    floats = (name[0] == "f" or name == "bf16") and name != "f8_e8m0"  # scales of other formats, no weights
    values = value.detach().clone().to(torch.float64).numpy() if floats else None
    return tensor(name, value.shape, None if name.startswith("complex") else raw_bytes(value), values)


def sample_torch(dtype, shape, random):
    """Finite values; whole numbers reach both ends of their range."""
    count = int(np.prod(shape, dtype=int))
    if dtype.is_floating_point:
        low, high = (-126, 127) if "e8m0" in str(dtype) else (0, 0)
        values = 2.0 ** random.integers(low, high, count) if high else random.standard_normal(count) * 3
        return torch.tensor(values, dtype=torch.float64).to(torch.float32).to(dtype).reshape(shape)
    if dtype.is_complex:
        values = torch.tensor(random.standard_normal(count) + 1j * random.standard_normal(count))
        return values.to(dtype).reshape(shape)
    if dtype == torch.bool:
        return torch.tensor(random.integers(0, 2, count)).to(dtype).reshape(shape)
    data = random.integers(0, 256, count * torch.tensor([], dtype=dtype).element_size(), dtype=np.uint8)
    return torch.from_numpy(data).view(dtype).reshape(shape)


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3, groups=1)
        self.norm = torch.nn.BatchNorm2d(4)
        self.recurrent = torch.nn.LSTM(6, 5)
        self.head = torch.nn.Sequential(torch.nn.Linear(5, 6), torch.nn.ReLU(), torch.nn.Linear(6, 5, bias=False))

    def forward(self, x):
        return self.head(self.norm(self.conv(x)).mean(3))


class Writer:
    def __init__(self, folder):
        self.files = Files(folder)

    def save(self, name, value, tensors, forms=("zip", "legacy")):
        expected = {key: of_torch(entry) for key, entry in tensors.items()}
        for form in forms:
            file = f"{name}_{form}.pt"
            torch.save(value, self.files.path(file), _use_new_zipfile_serialization=form == "zip")
            self.files.add(file, expected)

    def writes(self, dtype):
        try:
            for form in (True, False):
                torch.save(torch.zeros(2).to(dtype), io.BytesIO(), _use_new_zipfile_serialization=form)
        except Exception as error:
            print(f"  torch {torch.__version__} does not write {dtype} in both forms: {error}")
            return False
        return True

    def types(self, random):
        every = {}
        for dtype, name in TYPES.items():
            if not self.writes(dtype):
                continue
            for shape in ((), (7,), (3, 5), (2, 3, 4)):
                every[f"{name}_{'x'.join(map(str, shape))}"] = sample_torch(dtype, shape, random)
            size = every[f"{name}_"].element_size()
            if dtype.is_floating_point and size <= 2:
                codes = np.arange(256 if size == 1 else 65536, dtype=np.uint8 if size == 1 else "<u2")
                every[name + ".codes"] = torch.from_numpy(codes.view(np.uint8).copy()).view(dtype)
        odd = [np.nan, np.inf, -np.inf, -0.0, 1e-45, 5e-324]
        every["odd32"], every["odd64"] = torch.tensor(odd, dtype=torch.float32), torch.tensor(odd, dtype=torch.float64)
        most = {key: value for key, value in every.items() if not value.is_complex() or value.dtype == torch.complex64}
        self.save("types", every, every)
        self.save("most_types", most, most)

    def layouts(self, random):
        base = torch.arange(60.0).reshape(5, 12)
        image = sample_torch(torch.float32, (2, 3, 4, 5), random)
        views = {
            "whole": base,
            "transposed": base.t(),
            "columns": base[:, 3:9:2],
            "rows": base[1:4],
            "one": base[2, 5],
            "expanded": base[:1].expand(4, 12),
            "empty": base[:0],
            "diagonal": base.diagonal(),
            "channels_last": image.contiguous(memory_format=torch.channels_last),
            "permuted": image.permute(3, 1, 0, 2),
            "half": image.half().transpose(1, 2),
            "double": base.double().t()[2:],
            "integers": base.to(torch.int16).t(),
        }
        self.save("views", views, views)
        tied = torch.nn.Linear(6, 6, bias=False)
        state = collections.OrderedDict(a=tied.weight, b=torch.zeros(6), c=tied.weight, d=tied.weight.t())
        self.save("tied", state, state)

    def modules(self):
        net = Net()
        state = net.state_dict()
        self.save("state", state, state)
        self.save("half_state", net.half().state_dict(), net.state_dict())
        net = Net().bfloat16()
        self.save(
            "checkpoint",
            {"epoch": 3, "state_dict": net.state_dict(), "rate": 0.1, "args": {"a": [1, "x", None]}},
            net.state_dict(),
        )
        self.save("module", net, net.state_dict())
        self.save("sequential", net.head, net.head.state_dict())
        net = Net()
        scripts = {"script": torch.jit.script(net), "trace": torch.jit.trace(net, torch.zeros(1, 3, 7, 7))}
        for name, script in scripts.items():
            torch.jit.save(script, self.files.path(name + ".pt"))
            self.files.add(name + ".pt", {key: of_torch(value) for key, value in script.state_dict().items()})

    def quantized(self, random):
        weights = sample_torch(torch.float32, (4, 6), random)
        scales = torch.rand(4) * 0.02 + 0.01
        zeros = torch.zeros(4, dtype=torch.long)
        made = {
            "a.weight": torch.quantize_per_tensor(weights, 0.02, 3, torch.qint8),
            "b.weight": torch.quantize_per_tensor(weights, 0.02, 130, torch.quint8),
            "c.weight": torch.quantize_per_channel(weights, scales, zeros, 0, torch.qint8),
        }
        expected = {}
        for key, value in made.items():
            kind = "i8" if value.dtype == torch.qint8 else "u8"
            expected[key] = tensor(kind, value.shape, None, value.dequantize().double().numpy())
        # What the program makes of the numbers beside the codes.
        expected |= {
            "a.weight.scale": tensor("f64", [1]),
            "b.weight.scale": tensor("f64", [1]),
            "c.weight.scales": tensor("f64", [4]),
        }
        for form in ("zip", "legacy"):
            torch.save(made, self.files.path(f"quantized_{form}.pt"), _use_new_zipfile_serialization=form == "zip")
            self.files.add(f"quantized_{form}.pt", expected)

    def settings(self, random):
        """What newer releases can be told about archives."""
        state = {"w": sample_torch(torch.float32, (33, 17), random), "b": sample_torch(torch.bfloat16, (33,), random)}
        with contextlib.suppress(AttributeError):
            torch.serialization.set_crc32_options(False)
            self.save("other_checksums", state, state, ("zip",))
            torch.serialization.set_crc32_options(True)
        with contextlib.suppress(ImportError, AttributeError):
            from torch.utils.serialization import config

            config.save.storage_alignment = 4096
            self.save("aligned", state, state, ("zip",))
        torch.save(state, self.files.path("protocol4.pt"), pickle_protocol=4)
        self.files.add("protocol4.pt", {key: of_torch(value) for key, value in state.items()})


def main(folder):
    warnings.simplefilter("ignore")
    torch.manual_seed(1)
    random = np.random.default_rng(2)
    writer = Writer(folder)
    writer.types(random)
    writer.layouts(random)
    writer.modules()
    writer.quantized(random)
    writer.settings(random)
    writer.files.save()


if __name__ == "__main__":
    main(sys.argv[1])
