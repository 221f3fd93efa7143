// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/containers/npz.h"

#include "core/base/checked_math.h"
#include "core/export/containers/zip_entries.h"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qs {

namespace {

constexpr std::size_t kAlignment = 64;

std::string_view npyType(DType type)
{
    switch (type) {
    case DType::F64:
        return "<f8";
    case DType::F32:
        return "<f4";
    case DType::F16:
        return "<f2";
    case DType::I64:
        return "<i8";
    case DType::U64:
        return "<u8";
    case DType::I32:
        return "<i4";
    case DType::U32:
        return "<u4";
    case DType::I16:
        return "<i2";
    case DType::U16:
        return "<u2";
    case DType::I8:
        return "|i1";
    case DType::U8:
        return "|u1";
    case DType::Bool:
        return "|b1";
    case DType::C64:
        return "<c8";
    default:
        return {};
    }
}

/// What stands before the elements of an array: version 1.0, as long as keeps them aligned.
std::string arrayHeader(const OutputTensor &tensor)
{
    const std::string shape = tensor.shape.size() == 1 ? fmt::format("{},", tensor.shape[0])
                                                       : fmt::format("{}", fmt::join(tensor.shape, ", "));
    std::string text =
        fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", npyType(tensor.dtype), shape);
    constexpr std::size_t kBefore = 10; // magic, version, length
    text.resize(alignUp(kBefore + text.size() + 1, kAlignment) - kBefore - 1, ' ');
    text += '\n';
    std::string header{"\x93NUMPY\x01"};
    header += '\0';
    header += static_cast<char>(text.size() & 0xffU);
    header += static_cast<char>(text.size() >> 8U & 0xffU);
    return header + text;
}

/// In order of the tensors.
std::vector<ZipEntry> makeEntries(const std::vector<OutputTensor> &tensors)
{
    std::vector<ZipEntry> entries;
    for (const OutputTensor &tensor : tensors) {
        std::string header = arrayHeader(tensor);
        const std::uint64_t size = header.size() + tensor.byteSize();
        entries.push_back({tensor.name + ".npy", size, std::move(header)});
    }
    return entries;
}

Result<FileLayout> layOut(FileContents contents)
{
    std::vector<OutputTensor> &tensors = contents.tensors;
    // By the names of the entries, which are not always in the order of those of the tensors.
    std::ranges::sort(tensors, {}, [](const OutputTensor &tensor) { return tensor.name + ".npy"; });
    for (const OutputTensor &tensor : tensors)
        if (!hasNpyType(tensor.dtype))
            return fail(ErrorCode::Work, Text::of("NumPy has no arrays of type {}", nameOf(tensor.dtype)),
                        Text::of("tensor {}", inQuotes(tensor.name)));
    FileLayout layout;
    std::vector<ZipEntry> entries = makeEntries(tensors);
    placeZipEntries(entries, layout);
    for (std::size_t i = 0; i < tensors.size(); ++i)
        tensors[i].byteOffset = entries[i].dataOffset + entries[i].bytes.size();
    layout.tensors = std::move(tensors);
    return layout;
}

Result<void> finish(const FileLayout &layout, AtomicFile &file, const TaskContext &context)
{
    std::vector<ZipEntry> entries = makeEntries(layout.tensors);
    FileLayout again;
    placeZipEntries(entries, again);
    return finishZip(std::move(entries), file, context);
}

} // namespace

bool hasNpyType(DType type)
{
    return !npyType(type).empty();
}

constinit const Container kNpzContainer{.suffixes = "*.npz", .layOut = layOut, .finish = finish};

} // namespace qs
