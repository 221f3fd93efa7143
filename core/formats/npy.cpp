// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/npy.h"

#include "core/base/checked_math.h"
#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/npy_header.h"
#include "core/tensor/integers.h"
#include "core/tensor/tensor_bytes.h"

#include <algorithm>
#include <optional>

namespace qs {
namespace {

std::uint64_t elementBytes(const NpyHeader &header)
{
    return header.encoding ? header.encoding->blockBytes : bitsOf(header.dtype) / 8;
}

std::string_view typeName(const NpyHeader &header)
{
    return header.encoding ? std::string_view(header.encoding->name) : nameOf(header.dtype);
}

struct OpenArray {
    std::shared_ptr<const InputFile> file;
    NpyArray array;
    TensorInfo tensor;

    TensorView view() const { return {&tensor, file.get()}; }
    std::string where;
};

Result<OpenArray> openArray(const std::filesystem::path &path)
{
    OpenArray open;
    open.where = inQuotes(path.native());
    QS_ASSIGN(open.file, InputFile::open(path));
    QS_ASSIGN(const std::vector<std::byte> head, open.file->head(kMaxNpyHeaderBytes));
    QS_ASSIGN(open.array, parseNpy(head, open.file->size(), open.where));
    open.tensor = tensorFrom(open.array, {});
    return open;
}

} // namespace

Result<NpyArray> parseNpy(std::span<const std::byte> head, std::uint64_t size, const std::string &where)
{
    NpyArray array;
    QS_ASSIGN(array.header, readNpyHeader(head, size, where));
    const NpyHeader &header = array.header;
    // Dimensions beside a zero must make sense as well.
    std::optional<std::uint64_t> needed = elementBytes(header);
    for (std::uint64_t dim : header.shape)
        if (needed && dim != 0)
            needed = checkedMul(*needed, dim);
    if (!needed)
        return fail(ErrorCode::Input, Text::of("the shape {} has more than 2^64 - 1 bytes", shapeText(header.shape)),
                    where + ", NPY 'shape'");
    array.byteSize = std::ranges::count(header.shape, 0U) > 0 ? 0 : *needed;
    const std::uint64_t available = size - header.byteOffset;
    if (available < array.byteSize)
        return fail(ErrorCode::Input,
                    Text::of("the shape {} of {} needs {} bytes of data, but only {} follow", shapeText(header.shape),
                             typeName(header), array.byteSize, available),
                    Text::of("{}, NPY data, byte {}", where, header.byteOffset));
    if (available > array.byteSize)
        array.warnings.push_back(Text::of("{} bytes after the array were ignored", available - array.byteSize));
    return array;
}

TensorInfo tensorFrom(const NpyArray &array, std::string name)
{
    const NpyHeader &header = array.header;
    TensorInfo tensor;
    tensor.name = std::move(name);
    tensor.dtype = header.dtype;
    tensor.encoding = header.encoding;
    tensor.bigEndian = header.bigEndian;
    tensor.shape = header.shape;
    tensor.byteOffset = header.byteOffset;
    tensor.byteSize = array.byteSize;
    if (header.fortranOrder && header.shape.size() > 1 && array.byteSize > 0) {
        std::uint64_t stride = 1;
        for (std::uint64_t dim : header.shape) {
            tensor.strides.push_back(stride);
            stride *= dim; // at most the number of elements
        }
    }
    return tensor;
}

Result<NpyMatrix> loadNpyMatrix(const std::filesystem::path &path)
{
    QS_ASSIGN(const OpenArray open, openArray(path));
    const NpyHeader &array = open.array.header;
    if (array.dtype != DType::F32 && array.dtype != DType::F64)
        return fail(ErrorCode::Input,
                    Text::of("inputs must be 4-byte or 8-byte floats (f4, f8), not {}", typeName(array)), open.where);
    if (array.shape.empty() || array.shape.size() > 2)
        return fail(ErrorCode::Input,
                    Text::of("inputs must have the shape [samples, in], not {}", shapeText(array.shape)), open.where);
    NpyMatrix matrix;
    matrix.rows = array.shape.size() == 1 ? 1 : array.shape[0];
    matrix.cols = array.shape.back();
    matrix.warnings = open.array.warnings;
    matrix.values.resize(open.array.byteSize / (bitsOf(array.dtype) / 8));
    const TensorElements elements(open.view());
    constexpr std::size_t kPart = 65536;
    for (std::size_t done = 0; done < matrix.values.size(); done += kPart) {
        const std::size_t count = std::min(kPart, matrix.values.size() - done);
        QS_CHECK(elements.floats(done, count, matrix.values.data() + done));
    }
    return matrix;
}

Result<std::vector<std::int64_t>> loadNpyLabels(const std::filesystem::path &path)
{
    QS_ASSIGN(const OpenArray open, openArray(path));
    const IntegerLoader load = integerLoader(open.array.header.dtype);
    if (load == nullptr || open.array.header.shape.size() != 1)
        return fail(ErrorCode::Input,
                    Text::of("labels must be whole numbers of shape [samples], not {} {}", typeName(open.array.header),
                             shapeText(open.array.header.shape)),
                    open.where);
    QS_ASSIGN(const std::vector<std::byte> bytes, open.view().bytes());
    std::vector<std::int64_t> labels(open.array.header.shape[0]);
    for (std::size_t i = 0; i < labels.size(); ++i) {
        const auto label = load(bytes.data(), i, open.array.header.bigEndian);
        if (!label)
            return fail(ErrorCode::Input, Text::of("label {} is larger than 2^63 - 1", i), open.where);
        labels[i] = *label;
    }
    return labels;
}

} // namespace qs
