# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes files with NumPy and PyTorch, and what is in them: make_files.py FOLDER.

FOLDER/expected.json: {file: {"tensors": {name: [type, shape, hex of the packed little-endian values]},
"aliases": {name: name}, "foreign": [name …]}}, or "dequantized" instead of "tensors": float32 values of codes. Needs Debian's python3-numpy and python3-torch.
"""
import collections
import json
import os
import sys
import warnings

import numpy
import torch

warnings.simplefilter("ignore")
folder = sys.argv[1]
expected = {}

NUMPY_TYPES = {"?": "bool", "i1": "i8", "i2": "i16", "i4": "i32", "i8": "i64", "u1": "u8", "u2": "u16", "u4": "u32",
               "u8": "u64", "f2": "f16", "f4": "f32", "f8": "f64", "c8": "c64", "c16": "c128"}
TORCH_TYPES = {torch.float64: "f64", torch.float32: "f32", torch.float16: "f16", torch.bfloat16: "bf16",
               torch.int64: "i64", torch.int32: "i32", torch.int16: "i16", torch.int8: "i8", torch.uint8: "u8",
               torch.bool: "bool", torch.complex64: "c64", torch.complex128: "complex128"}


def of_numpy(array):
    little = numpy.ascontiguousarray(array.astype(array.dtype.newbyteorder("<")))
    name = next(name for code, name in NUMPY_TYPES.items() if numpy.dtype(code) == little.dtype)
    return [name, list(array.shape), little.tobytes().hex()]


def of_torch(tensor):
    packed = tensor.detach().clone(memory_format=torch.contiguous_format).contiguous()
    if packed.dtype == torch.bfloat16:
        data = packed.view(torch.int16).numpy().tobytes()
    else:
        data = packed.numpy().tobytes()
    return [TORCH_TYPES[packed.dtype], list(packed.shape), data.hex()]


def numpy_files():
    random = numpy.random.default_rng(1)
    arrays = {}
    for code in NUMPY_TYPES:
        values = random.integers(0, 2 if code == "?" else 100, (3, 5))
        arrays["dtype/" + code.replace("?", "b1")] = values.astype(code)
    arrays["big"] = arrays["dtype/f4"].astype(">f4")
    arrays["big.integers"] = arrays["dtype/i8"].astype(">i8")
    arrays["fortran"] = numpy.asfortranarray(random.standard_normal((4, 3, 2)).astype("f4"))
    arrays["scalar"] = numpy.float32(7.5).reshape(())
    arrays["empty"] = numpy.zeros((0, 4), "f4")
    arrays["line"] = numpy.arange(6, dtype="f8")
    for name, save in (("stored.npz", numpy.savez), ("packed.npz", numpy.savez_compressed)):
        save(os.path.join(folder, name), **arrays)
        expected[name] = {"tensors": {key: of_numpy(value) for key, value in arrays.items()}}
    for key, array in arrays.items():
        name = "array-" + key.replace("/", "-") + ".npy"
        numpy.save(os.path.join(folder, name), array)
        expected[name] = {"tensors": {name[:-4]: of_numpy(array)}}


def torch_file(name, value, tensors, aliases=None, foreign=(), old=True):
    entry = {"tensors": {key: of_torch(tensor) for key, tensor in tensors.items()}, "aliases": aliases or {},
             "foreign": list(foreign)}
    torch.save(value, os.path.join(folder, name + ".pt"))
    expected[name + ".pt"] = entry
    if old:
        torch.save(value, os.path.join(folder, name + "-old.pt"), _use_new_zipfile_serialization=False)
        expected[name + "-old.pt"] = entry


class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = torch.nn.Conv2d(3, 4, 3)
        self.norm = torch.nn.BatchNorm2d(4)
        self.head = torch.nn.Sequential(torch.nn.Linear(5, 6), torch.nn.ReLU(), torch.nn.Linear(6, 5, bias=False))

    def forward(self, x):
        return self.head(self.norm(self.conv(x)).mean(3))


def torch_files():
    torch.manual_seed(1)
    types = {"t." + name: (torch.rand(3, 5) * 100).to(kind) for kind, name in TORCH_TYPES.items()}
    torch_file("types", types, types)
    base = torch.arange(60.0).reshape(5, 12)
    views = {"whole": base, "transposed": base.t(), "columns": base[:, 3:9:2], "rows": base[1:4], "one": base[2, 5],
             "expanded": base[:1].expand(4, 12), "empty": base[:0]}
    torch_file("views", views, views)
    tied = torch.nn.Linear(4, 4, bias=False)
    state = collections.OrderedDict(a=tied.weight, b=torch.zeros(4), c=tied.weight)
    torch_file("tied", state, state, {"c": "a"})
    net = Net()
    torch_file("state", net.state_dict(), net.state_dict())
    torch_file("checkpoint", {"epoch": 3, "state_dict": net.state_dict(), "lr": numpy.float64(0.1),
                              "optimizer": torch.optim.Adam(net.parameters()).state_dict()}, net.state_dict())
    torch_file("module", net, net.state_dict(), foreign=["__main__.Net"])
    torch_file("layers", net.head, net.head.state_dict())
    torch_file("list", [base, {7: base, "x": (base,)}], {"0": base, "1.7": base, "1.x.0": base},
               {"1.7": "0", "1.x.0": "0"})
    torch_file("protocol4", {"w": base}, {"w": base}, old=False)
    torch.save({"w": base}, os.path.join(folder, "protocol4.pt"), pickle_protocol=4)
    script = torch.jit.script(net)
    torch.jit.save(script, os.path.join(folder, "script.pt"))
    expected["script.pt"] = {"tensors": {key: of_torch(value) for key, value in script.state_dict().items()}}

    weights = torch.randn(4, 6)
    scales = torch.rand(4) * 0.02 + 0.01
    quantized = {"a.weight": torch.quantize_per_tensor(weights, 0.02, 3, torch.qint8),
                 "b.weight": torch.quantize_per_tensor(weights, 0.02, 130, torch.quint8),
                 "c.weight": torch.quantize_per_channel(weights, scales, torch.zeros(4, dtype=torch.long), 0,
                                                        torch.qint8),
                 "d.weight": torch.quantize_per_channel(weights.t(), scales, torch.tensor([0, 9, 128, 255]), 1,
                                                        torch.quint8)}
    for name, old in (("quantized.pt", False), ("quantized-old.pt", True)):
        torch.save(quantized, os.path.join(folder, name), _use_new_zipfile_serialization=not old)
        expected[name] = {"dequantized": {key: of_torch(value.dequantize()) for key, value in quantized.items()}}

    class Evil:
        def __reduce__(self):
            return os.system, ("touch " + os.path.join(folder, "was-run"),)

    torch_file("evil", {"w": base, "x": Evil()}, {"w": base}, foreign=["posix.system"])


numpy_files()
torch_files()
with open(os.path.join(folder, "expected.json"), "w") as out:
    json.dump(expected, out)
