// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/containers/torch_archive.h"

#include "core/export/containers/zip_entries.h"

#include <algorithm>
#include <fmt/format.h>

namespace qs {

namespace {

constexpr std::string_view kRoot = "archive"; // the folder of all entries

void put(std::string &bytes, std::uint64_t value, unsigned size)
{
    for (unsigned i = 0; i < size; ++i)
        bytes += static_cast<char>((value >> (8 * i)) & 0xffU);
}

const char *storageName(DType type)
{
    switch (type) {
    case DType::F64:
        return "DoubleStorage";
    case DType::F32:
        return "FloatStorage";
    case DType::F16:
        return "HalfStorage";
    case DType::BF16:
        return "BFloat16Storage";
    case DType::I64:
        return "LongStorage";
    case DType::I32:
        return "IntStorage";
    case DType::I16:
        return "ShortStorage";
    case DType::I8:
        return "CharStorage";
    case DType::U8:
        return "ByteStorage";
    case DType::Bool:
        return "BoolStorage";
    default:
        return nullptr;
    }
}

/// Writes the few pickle opcodes that a state dict needs.
class StateDictPickle
{
public:
    StateDictPickle()
        : m_bytes("\x80\x02")
    {
        orderedDict();
        m_bytes += '(';
    }

    void add(const std::string &name, const OutputTensor &tensor, std::size_t key)
    {
        std::uint64_t elements = 1;
        for (std::uint64_t dim : tensor.shape)
            elements *= dim;
        text(name);
        m_bytes += "ctorch._utils\n_rebuild_tensor_v2\n((";
        text("storage");
        m_bytes += fmt::format("ctorch\n{}\n", storageName(tensor.dtype));
        text(std::to_string(key));
        text("cpu");
        integer(elements);
        m_bytes += "tQ"; // persistent id: the storage
        integer(0);
        tuple(tensor.shape);
        tuple(strides(tensor.shape));
        m_bytes += '\x89'; // requires_grad: False
        orderedDict();
        m_bytes += "tR";
    }

    std::string finish() { return m_bytes + "u."; }

private:
    void orderedDict() { m_bytes += "ccollections\nOrderedDict\n)R"; }

    void text(const std::string &value)
    {
        m_bytes += 'X';
        put(m_bytes, value.size(), 4);
        m_bytes += value;
    }

    void integer(std::uint64_t value)
    {
        if (value <= 0xff) {
            m_bytes += 'K';
            put(m_bytes, value, 1);
        } else if (value <= 0xffff) {
            m_bytes += 'M';
            put(m_bytes, value, 2);
        } else if (value <= 0x7fffffff) {
            m_bytes += 'J';
            put(m_bytes, value, 4);
        } else {
            m_bytes += "\x8a\x08"; // LONG1 of eight bytes; sizes stay below 2^63
            put(m_bytes, value, 8);
        }
    }

    void tuple(const std::vector<std::uint64_t> &values)
    {
        m_bytes += '(';
        for (std::uint64_t value : values)
            integer(value);
        m_bytes += 't';
    }

    static std::vector<std::uint64_t> strides(const std::vector<std::uint64_t> &shape)
    {
        std::vector<std::uint64_t> result(shape.size());
        std::uint64_t stride = 1;
        for (std::size_t i = shape.size(); i-- > 0;) {
            result[i] = stride;
            stride *= std::max<std::uint64_t>(shape[i], 1);
        }
        return result;
    }

    std::string m_bytes;
};

/// All entries; tensors must be in order of names. Names that are tied share a storage.
std::vector<ZipEntry> makeEntries(const std::vector<OutputTensor> &tensors,
                                  const std::map<std::string, std::string> &ties)
{
    const std::string root(kRoot);
    StateDictPickle pickle;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        pickle.add(tensors[i].name, tensors[i], i);
    for (const auto &[name, same] : ties) {
        const auto found = std::ranges::lower_bound(tensors, same, {}, &OutputTensor::name);
        pickle.add(name, *found, static_cast<std::size_t>(found - tensors.begin()));
    }
    std::vector<ZipEntry> entries;
    entries.push_back({root + "/data.pkl", 0, pickle.finish()});
    entries.push_back({root + "/byteorder", 0, "little"});
    for (std::size_t i = 0; i < tensors.size(); ++i)
        entries.push_back({fmt::format("{}/data/{}", root, i), tensors[i].byteSize()});
    entries.push_back({root + "/version", 0, "3\n"});
    return entries;
}

Result<FileLayout> layOut(FileContents contents)
{
    std::vector<OutputTensor> &tensors = contents.tensors;
    std::sort(tensors.begin(), tensors.end(),
              [](const OutputTensor &a, const OutputTensor &b) { return a.name < b.name; });
    for (const OutputTensor &tensor : tensors) {
        if (!storageName(tensor.dtype))
            return fail(ErrorCode::Work,
                        Text::of("a PyTorch archive cannot hold tensors of type {}", nameOf(tensor.dtype)),
                        Text::of("tensor '{}'", tensor.name));
    }
    FileLayout layout;
    std::vector<ZipEntry> entries = makeEntries(tensors, contents.ties);
    placeZipEntries(entries, layout);
    for (std::size_t i = 0; i < tensors.size(); ++i)
        tensors[i].byteOffset = entries[i + 2].dataOffset;
    layout.tensors = std::move(tensors);
    layout.ties = std::move(contents.ties);
    return layout;
}

Result<void> finish(const FileLayout &layout, AtomicFile &file, const TaskContext &context)
{
    std::vector<ZipEntry> entries = makeEntries(layout.tensors, layout.ties);
    FileLayout again;
    placeZipEntries(entries, again);
    return finishZip(std::move(entries), file, context);
}

} // namespace

constinit const Container kTorchArchiveContainer{
    .suffixes = "*.pth *.pt", .parametersOnly = true, .layOut = layOut, .finish = finish};

} // namespace qs
