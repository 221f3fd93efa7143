// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/globals.h"

#include <algorithm>
#include <array>

namespace qs::torch {
namespace {

struct TypeName {
    std::string_view storage; ///< without "Storage"; empty when there is none
    std::string_view name;    ///< of the element type, without "torch."
    DType dtype = DType::Encoded;
    bool quantized = false;
};

constexpr std::array kTypes{
    TypeName{"Double", "float64", DType::F64},
    TypeName{"Float", "float32", DType::F32},
    TypeName{"Half", "float16", DType::F16},
    TypeName{"BFloat16", "bfloat16", DType::BF16},
    TypeName{"Long", "int64", DType::I64},
    TypeName{"Int", "int32", DType::I32},
    TypeName{"Short", "int16", DType::I16},
    TypeName{"Char", "int8", DType::I8},
    TypeName{"Byte", "uint8", DType::U8},
    TypeName{"Bool", "bool", DType::Bool},
    TypeName{"ComplexFloat", "complex64", DType::C64},
    TypeName{"ComplexDouble", "complex128"},
    TypeName{"", "complex32"},
    TypeName{"QInt8", "qint8", DType::I8, true},
    TypeName{"QUInt8", "quint8", DType::U8, true},
    TypeName{"QInt32", "qint32", DType::I32, true},
    TypeName{"", "double", DType::F64},
    TypeName{"", "float", DType::F32},
    TypeName{"", "half", DType::F16},
    TypeName{"", "long", DType::I64},
    TypeName{"", "int", DType::I32},
    TypeName{"", "short", DType::I16},
    TypeName{"", "uint16", DType::U16},
    TypeName{"", "uint32", DType::U32},
    TypeName{"", "uint64", DType::U64},
    TypeName{"", "float8_e4m3fn", DType::F8E4M3},
    TypeName{"", "float8_e5m2", DType::F8E5M2},
    TypeName{"", "float8_e4m3fnuz", DType::F8E4M3Fnuz},
    TypeName{"", "float8_e5m2fnuz", DType::F8E5M2Fnuz},
    TypeName{"", "float8_e8m0fnu", DType::F8E8M0},
};

const Encoding *listedOnly(std::string_view name)
{
    static const std::array<Encoding, 2> kEncodings{{
        {"complex128", 1, 16, nullptr, Text::of("complex numbers are not shown")},
        {"complex32", 1, 4, nullptr, Text::of("complex numbers are not shown")},
    }};
    const auto found = std::ranges::find(kEncodings, name, &Encoding::name);
    return found == kEncodings.end() ? nullptr : &*found;
}

ElementType elementOf(const TypeName &type)
{
    return {type.dtype, type.dtype == DType::Encoded ? listedOnly(type.name) : nullptr};
}

struct RebuildName {
    std::string_view name; ///< in torch._utils
    Rebuild kind;
};

constexpr std::array kRebuilds{
    RebuildName{"_rebuild_tensor", Rebuild::Strided},
    RebuildName{"_rebuild_tensor_v2", Rebuild::Strided},
    RebuildName{"_rebuild_tensor_v3", Rebuild::StridedTyped},
    RebuildName{"_rebuild_qtensor", Rebuild::Quantized},
    RebuildName{"_rebuild_parameter", Rebuild::Wrapped},
    RebuildName{"_rebuild_parameter_with_state", Rebuild::Wrapped},
    RebuildName{"_rebuild_device_tensor_from_cpu_tensor", Rebuild::Wrapped},
    RebuildName{"_rebuild_sparse_tensor", Rebuild::Sparse},
    RebuildName{"_rebuild_sparse_csr_tensor", Rebuild::Sparse},
    RebuildName{"_rebuild_meta_tensor_no_storage", Rebuild::Meta},
    RebuildName{"_rebuild_wrapper_subclass", Rebuild::Subclass},
    RebuildName{"_rebuild_nested_tensor", Rebuild::Foreign},
    RebuildName{"_rebuild_device_tensor_from_numpy", Rebuild::Foreign},
    RebuildName{"_rebuild_xla_tensor", Rebuild::Foreign},
};

constexpr std::string_view kUtils = "torch._utils.";

/// Harmless names beside those that have a meaning here. An ordinary loader makes plain data of them.
constexpr std::array<std::string_view, 42> kHarmless{
    "_codecs.encode",
    "argparse.Namespace",
    "builtins.bool",
    "builtins.bytearray",
    "builtins.complex",
    "builtins.dict",
    "builtins.float",
    "builtins.frozenset",
    "builtins.int",
    "builtins.list",
    "builtins.object",
    "builtins.range",
    "builtins.set",
    "builtins.slice",
    "builtins.str",
    "builtins.tuple",
    "collections.Counter",
    "collections.OrderedDict",
    "collections.defaultdict",
    "collections.deque",
    "numpy._core.multiarray._reconstruct",
    "numpy._core.multiarray.scalar",
    "numpy.core.multiarray._reconstruct",
    "numpy.core.multiarray.scalar",
    "numpy.dtype",
    "numpy.ndarray",
    "torch.Size",
    "torch.Tensor",
    "torch.device",
    "torch.nn.parameter.Buffer",
    "torch.nn.parameter.Parameter",
    "torch.per_channel_affine",
    "torch.per_channel_affine_float_qparams",
    "torch.per_channel_symmetric",
    "torch.per_tensor_affine",
    "torch.per_tensor_symmetric",
    "torch.serialization._get_layout",
    "torch.sparse_coo",
    "torch.sparse_csr",
    "torch.storage.TypedStorage",
    "torch.strided",
    "torch._tensor._rebuild_from_type_v2",
};

/// Classes of PyTorch's own layers: a loader makes empty objects of them and sets their attributes.
bool isLayerClass(std::string_view global)
{
    const auto below = [&](std::string_view prefix) {
        if (!global.starts_with(prefix))
            return false;
        const std::string_view name = global.substr(global.rfind('.') + 1);
        return !name.empty() && name[0] >= 'A' && name[0] <= 'Z';
    };
    return below("torch.nn.modules.") || below("torch.nn.parallel.");
}

bool isHarmless(std::string_view global, bool isScript)
{
    return std::ranges::find(kHarmless, global) != kHarmless.end() || rebuildOf(global) != Rebuild::None ||
           storageTypeOf(global) || elementTypeOf(global) || isLayerClass(global) ||
           (isScript && (global.starts_with("__torch__.") || global.starts_with("torch.jit._pickle.")));
}

} // namespace

std::optional<StorageType> storageTypeOf(std::string_view global)
{
    if (global == "torch.storage.UntypedStorage" || global == "torch.UntypedStorage" ||
        global == "torch.cuda.UntypedStorage" || global == "torch.storage._UntypedStorage")
        return StorageType{};
    constexpr std::string_view kTail = "Storage";
    for (const std::string_view prefix : {"torch.cuda.", "torch."}) {
        if (!global.starts_with(prefix) || !global.ends_with(kTail))
            continue;
        const std::string_view name = global.substr(prefix.size(), global.size() - prefix.size() - kTail.size());
        const auto type = std::ranges::find(kTypes, name, &TypeName::storage);
        if (!name.empty() && type != kTypes.end())
            return StorageType{elementOf(*type), type->quantized};
    }
    return std::nullopt;
}

std::optional<ElementType> elementTypeOf(std::string_view global)
{
    constexpr std::string_view kPrefix = "torch.";
    if (!global.starts_with(kPrefix))
        return std::nullopt;
    const auto type = std::ranges::find(kTypes, global.substr(kPrefix.size()), &TypeName::name);
    return type == kTypes.end() ? std::nullopt : std::optional(elementOf(*type));
}

Rebuild rebuildOf(std::string_view global)
{
    if (global == "torch._tensor._rebuild_from_type_v2" || global == "torch._tensor._rebuild_from_type")
        return Rebuild::FromType;
    if (global == "torch.nn.parameter.Parameter" || global == "torch.nn.parameter.Buffer")
        return Rebuild::Wrapped;
    if (!global.starts_with(kUtils))
        return Rebuild::None;
    const auto found = std::ranges::find(kRebuilds, global.substr(kUtils.size()), &RebuildName::name);
    return found == kRebuilds.end() ? Rebuild::None : found->kind;
}

bool isFixed(std::string_view global)
{
    return rebuildOf(global) != Rebuild::None;
}

void addForeignGlobals(const pickle::Content &content, bool isScript, std::vector<std::string> &names)
{
    for (const std::string &global : content.globals())
        if (!isHarmless(global, isScript))
            names.push_back(global);
    std::ranges::sort(names);
    const auto again = std::ranges::unique(names);
    names.erase(again.begin(), again.end());
}

} // namespace qs::torch
