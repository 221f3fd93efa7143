// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/torch.h"

#include "core/export/containers/torch_archive.h"
#include "core/export/metadata.h"
#include "core/export/packed_codes.h"
#include "core/export/producers.h"
#include "core/export/registry.h"

namespace qs {

namespace {

/// What reads the files: shapes, packing and scales as tensorsMetadata() says.
constexpr const char *kScript = R"(# Loads a state dict that Quantoscope has quantized; needs nothing but PyTorch.
#   from FILE_load import load
#   model.load_state_dict(load("FILE.pth"))
import json

import torch


def unpack(codes, bits, shape):
    """Streams of `bits` bits, low bits first, each row padded to whole bytes: codes from -2^(bits - 1) on."""
    ones = (codes.reshape(-1, codes.shape[-1], 1) >> torch.arange(8, dtype=torch.uint8)) & 1
    ones = ones.reshape(ones.shape[0], -1)
    row = torch.Size(shape).numel() // ones.shape[0]
    ones = ones[:, : row * bits].reshape(-1, bits).to(torch.int16)
    return ((ones << torch.arange(bits, dtype=torch.int16)).sum(1) - 2 ** (bits - 1)).to(torch.int8).reshape(shape)


def spread(values, about, like):
    """One value per channel or group as a tensor of the shape of `like`, [channels ..., weights of each]."""
    values = values.float()
    if about["granularity"] == "tensor":
        return values.reshape([1] * like.dim())
    if about["granularity"] == "channel":
        return values[..., None]
    size = int(about["granularity"].split(":")[1])
    return values[..., torch.arange(like.shape[-1]) // size]


def values(codes, parts, about):
    """Float weights of one tensor."""
    if "packing" in about:
        codes = unpack(codes, about["bits"], about["shape"])
    axis, stack = about["axis"], about.get("stack", 0)
    stack = stack if axis >= stack else 0
    turned = codes.movedim(axis, stack)
    flat = turned.reshape(*turned.shape[: stack + 1], -1).float()
    scales = spread(parts["scales"], about, flat)
    if "offsets" in parts:
        flat = (flat + 2 ** (about["bits"] - 1)) * scales + spread(parts["offsets"], about, flat)
    else:
        flat = (flat - spread(parts["zero_points"], about, flat) if "zero_points" in parts else flat) * scales
    return flat.reshape(turned.shape).movedim(stack, axis).contiguous()


def load(path):
    """The state dict with float weights in their own types."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    types = {"f64": torch.float64, "f32": torch.float32, "f16": torch.float16, "bf16": torch.bfloat16}
    for name, about in json.loads(bytes(state.pop("quantoscope.tensors").tolist())).items():
        module = name.removesuffix(".weight")
        parts = {p: state.pop(f"{module}.{p}") for p in ("scales", "zero_points", "offsets") if f"{module}.{p}" in state}
        state[name] = values(state[name], parts, about).to(types[about["dtype"]])
    return state
)";

const Container *container(std::string_view suffix)
{
    return hasSuffix(kTorchArchiveContainer.suffixes, suffix) ? &kTorchArchiveContainer : nullptr;
}

Result<FileContents> contents(const ExportInput &input)
{
    FileContents file;
    QS_ASSIGN(file.tensors, codedTensors(input));
    std::string text = tensorsMetadata(input);
    const std::uint64_t size = text.size();
    file.tensors.push_back({std::string(kTensorsKey), DType::U8, {size}, fixedBytes(std::move(text)), 0, 0, 0});
    file.sideFiles.push_back({"_load.py", kScript});
    return file;
}

std::vector<Text> notes(const ExportInput &input)
{
    std::vector<Text> notes{Text::of("a script beside the file loads it")};
    if (input.model.network && input.model.network->samples)
        notes.push_back(Text::of("the model's samples are left out: a state dict holds parameters only"));
    return notes;
}

} // namespace

constinit const ExportFormat kTorchFormat{
    .name = "torch",
    .description = Text::constant("PyTorch: a state dict with packed codes of any scheme, and a script that loads it"),
    .suffixes = "*.pth *.pt",
    .suffix = ".pth",
    .runtimes = Text::constant("PyTorch"),
    .usage = "import torch\ntensors = torch.load({}, weights_only=True)",
    .readable = true,
    .container = container,
    .fit = fitAnything,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
