// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/npy.h"

#include "core/base/checked_math.h"
#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/npy_header.h"
#include "core/tensor/integers.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <optional>

#include <fmt/format.h>

namespace qs {
namespace {

template <class T> float floatAt(const std::byte *data, std::uint64_t index, bool bigEndian)
{
    return static_cast<float>(loadElement<T>(data + index * sizeof(T), bigEndian));
}

struct OpenArray {
    std::shared_ptr<const InputFile> file;
    NpyArray array;
    const std::byte *data = nullptr;
    std::string where;
};

Result<OpenArray> openArray(const std::filesystem::path &path)
{
    OpenArray open;
    open.where = inQuotes(path.native());
    QS_ASSIGN(open.file, InputFile::open(path));
    QS_ASSIGN(open.array, parseNpy(open.file->bytes(), open.where));
    open.data = open.file->bytes().data() + open.array.byteOffset;
    return open;
}

} // namespace

Result<NpyArray> parseNpy(std::span<const std::byte> bytes, const std::string &where)
{
    QS_ASSIGN(NpyHeader header, readNpyHeader(bytes, where));
    NpyArray array;
    array.dtype = header.dtype;
    array.bigEndian = header.bigEndian;
    array.fortranOrder = header.fortranOrder;
    array.shape = std::move(header.shape);
    array.byteOffset = header.byteOffset;
    // Dimensions beside a zero must make sense as well.
    std::optional<std::uint64_t> size = bitsOf(array.dtype) / 8;
    for (std::uint64_t dim : array.shape)
        if (size && dim != 0)
            size = checkedMul(*size, dim);
    if (!size)
        return fail(ErrorCode::Input, fmt::format("the shape {} has more than 2^64 - 1 bytes", shapeText(array.shape)),
                    where + ", NPY 'shape'");
    array.byteSize = std::ranges::count(array.shape, 0U) > 0 ? 0 : *size;
    const std::uint64_t available = bytes.size() - array.byteOffset;
    if (available < array.byteSize)
        return fail(ErrorCode::Input,
                    fmt::format("the shape {} of {} needs {} bytes of data, but only {} follow", shapeText(array.shape),
                                nameOf(array.dtype), array.byteSize, available),
                    fmt::format("{}, NPY data, byte {}", where, array.byteOffset));
    if (available > array.byteSize)
        array.warnings.push_back(fmt::format("{} bytes after the array were ignored", available - array.byteSize));
    return array;
}

Result<NpyMatrix> loadNpyMatrix(const std::filesystem::path &path)
{
    QS_ASSIGN(const OpenArray open, openArray(path));
    const NpyArray &array = open.array;
    if (array.dtype != DType::F32 && array.dtype != DType::F64)
        return fail(ErrorCode::Input,
                    fmt::format("inputs must be 4-byte or 8-byte floats (f4, f8), not {}", nameOf(array.dtype)),
                    open.where);
    if (array.shape.empty() || array.shape.size() > 2)
        return fail(ErrorCode::Input,
                    fmt::format("inputs must have the shape [samples, in], not {}", shapeText(array.shape)),
                    open.where);
    NpyMatrix matrix;
    matrix.rows = array.shape.size() == 1 ? 1 : array.shape[0];
    matrix.cols = array.shape.back();
    matrix.warnings = array.warnings;
    const std::uint64_t count = array.byteSize / (bitsOf(array.dtype) / 8);
    matrix.values.resize(count);
    const auto load = array.dtype == DType::F32 ? floatAt<float> : floatAt<double>;
    for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint64_t source = array.fortranOrder ? i / matrix.cols + (i % matrix.cols) * matrix.rows : i;
        matrix.values[i] = load(open.data, source, array.bigEndian);
    }
    QS_CHECK(open.file->check());
    return matrix;
}

Result<std::vector<std::int64_t>> loadNpyLabels(const std::filesystem::path &path)
{
    QS_ASSIGN(const OpenArray open, openArray(path));
    const IntegerLoader load = integerLoader(open.array.dtype);
    if (load == nullptr || open.array.shape.size() != 1)
        return fail(ErrorCode::Input,
                    fmt::format("labels must be whole numbers of shape [samples], not {} {}", nameOf(open.array.dtype),
                                shapeText(open.array.shape)),
                    open.where);
    std::vector<std::int64_t> labels(open.array.shape[0]);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto label = load(open.data, i, open.array.bigEndian);
        if (!label)
            return fail(ErrorCode::Input, fmt::format("label {} is larger than 2^63 - 1", i), open.where);
        labels[i] = *label;
    }
    QS_CHECK(open.file->check());
    return labels;
}

} // namespace qs
