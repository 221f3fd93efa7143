// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/containers/torch_archive.h"

#include "core/base/checked_math.h"

#include <algorithm>
#include <fmt/format.h>
#include <zlib.h>

namespace qs {

namespace {

constexpr std::string_view kRoot = "archive"; // the folder of all entries
constexpr std::uint64_t kAlignment = 64;
constexpr std::uint32_t kAllOnes32 = 0xffffffffU;
constexpr std::uint16_t kDosDate = 0x0021; // 1980-01-01: the same bytes for the same input, always
constexpr std::uint16_t kUtf8Names = 0x0800;
constexpr std::size_t kCrcChunk = std::size_t{4} << 20U;

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

/// One entry of the archive: small ones carry their bytes, payloads are written elsewhere.
struct Entry {
    std::string name;
    std::uint64_t size = 0;
    std::string bytes;
    std::uint64_t headerOffset = 0;
    std::uint64_t dataOffset = 0;
    std::uint32_t crc = 0;

    bool large() const { return size >= kAllOnes32; }
};

std::string localHeader(const Entry &entry)
{
    std::string extra;
    if (entry.large()) {
        put(extra, 0x0001, 2); // zip64
        put(extra, 16, 2);
        put(extra, entry.size, 8);
        put(extra, entry.size, 8);
    }
    const std::uint64_t unpadded = entry.headerOffset + 30 + entry.name.size() + extra.size() + 4;
    const std::uint64_t padding = alignUp(unpadded, kAlignment) - unpadded;
    extra += "FB";
    put(extra, padding, 2);
    extra.append(padding, 'Z');

    std::string bytes = "PK\x03\x04";
    put(bytes, entry.large() ? 45 : 20, 2);
    put(bytes, kUtf8Names, 2);
    put(bytes, 0, 2); // stored
    put(bytes, 0, 2);
    put(bytes, kDosDate, 2);
    put(bytes, entry.crc, 4);
    put(bytes, entry.large() ? kAllOnes32 : entry.size, 4);
    put(bytes, entry.large() ? kAllOnes32 : entry.size, 4);
    put(bytes, entry.name.size(), 2);
    put(bytes, extra.size(), 2);
    return bytes + entry.name + extra;
}

std::string centralHeader(const Entry &entry)
{
    const bool far = entry.headerOffset >= kAllOnes32;
    std::string extra;
    if (entry.large() || far) {
        put(extra, 0x0001, 2);
        put(extra, (entry.large() ? 16 : 0) + (far ? 8 : 0), 2);
        if (entry.large()) {
            put(extra, entry.size, 8);
            put(extra, entry.size, 8);
        }
        if (far)
            put(extra, entry.headerOffset, 8);
    }
    std::string bytes = "PK\x01\x02";
    put(bytes, 45, 2);
    put(bytes, entry.large() || far ? 45 : 20, 2);
    put(bytes, kUtf8Names, 2);
    put(bytes, 0, 2);
    put(bytes, 0, 2);
    put(bytes, kDosDate, 2);
    put(bytes, entry.crc, 4);
    put(bytes, entry.large() ? kAllOnes32 : entry.size, 4);
    put(bytes, entry.large() ? kAllOnes32 : entry.size, 4);
    put(bytes, entry.name.size(), 2);
    put(bytes, extra.size(), 2);
    put(bytes, 0, 2); // comment
    put(bytes, 0, 2); // disk
    put(bytes, 0, 2);
    put(bytes, 0, 4);
    put(bytes, far ? kAllOnes32 : entry.headerOffset, 4);
    return bytes + entry.name + extra;
}

/// Central directory with the ZIP64 records that PyTorch's own files always have.
std::string directory(const std::vector<Entry> &entries, std::uint64_t offset)
{
    std::string bytes;
    for (const Entry &entry : entries)
        bytes += centralHeader(entry);
    const std::uint64_t size = bytes.size();
    const std::uint64_t count = entries.size();

    bytes += "PK\x06\x06";
    put(bytes, 44, 8);
    put(bytes, 45, 2);
    put(bytes, 45, 2);
    put(bytes, 0, 4);
    put(bytes, 0, 4);
    put(bytes, count, 8);
    put(bytes, count, 8);
    put(bytes, size, 8);
    put(bytes, offset, 8);

    bytes += "PK\x06\x07";
    put(bytes, 0, 4);
    put(bytes, offset + size, 8);
    put(bytes, 1, 4);

    bytes += "PK\x05\x06";
    put(bytes, 0, 4);
    put(bytes, std::min<std::uint64_t>(count, 0xffff), 2);
    put(bytes, std::min<std::uint64_t>(count, 0xffff), 2);
    put(bytes, std::min<std::uint64_t>(size, kAllOnes32), 4);
    put(bytes, std::min<std::uint64_t>(offset, kAllOnes32), 4);
    put(bytes, 0, 2);
    return bytes;
}

std::uint32_t crcOf(const std::string &bytes)
{
    return static_cast<std::uint32_t>(crc32_z(0, reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size()));
}

/// All entries with their offsets; tensors must be in order of names. Names that are tied share a storage.
std::vector<Entry> makeEntries(const std::vector<OutputTensor> &tensors, const std::map<std::string, std::string> &ties)
{
    const std::string root(kRoot);
    StateDictPickle pickle;
    for (std::size_t i = 0; i < tensors.size(); ++i)
        pickle.add(tensors[i].name, tensors[i], i);
    for (const auto &[name, same] : ties) {
        const auto found = std::ranges::lower_bound(tensors, same, {}, &OutputTensor::name);
        pickle.add(name, *found, static_cast<std::size_t>(found - tensors.begin()));
    }
    std::vector<Entry> entries;
    entries.push_back({root + "/data.pkl", 0, pickle.finish()});
    entries.push_back({root + "/byteorder", 0, "little"});
    for (std::size_t i = 0; i < tensors.size(); ++i)
        entries.push_back({fmt::format("{}/data/{}", root, i), tensors[i].byteSize(), {}});
    entries.push_back({root + "/version", 0, "3\n"});
    std::uint64_t offset = 0;
    for (Entry &entry : entries) {
        if (!entry.bytes.empty()) {
            entry.size = entry.bytes.size();
            entry.crc = crcOf(entry.bytes);
        }
        entry.headerOffset = offset;
        entry.dataOffset = offset + localHeader(entry).size();
        offset = entry.dataOffset + entry.size;
    }
    return entries;
}

Result<std::uint32_t> crcOfPayload(const Entry &entry, AtomicFile &file, const TaskContext &context)
{
    std::vector<std::byte> buffer(std::min<std::uint64_t>(kCrcChunk, entry.size));
    uLong crc = 0;
    for (std::uint64_t done = 0; done < entry.size;) {
        QS_CHECK(context.check());
        const std::size_t size = std::min<std::uint64_t>(buffer.size(), entry.size - done);
        QS_CHECK(file.read(entry.dataOffset + done, std::span(buffer).first(size)));
        crc = crc32_z(crc, reinterpret_cast<const unsigned char *>(buffer.data()), size);
        done += size;
    }
    return static_cast<std::uint32_t>(crc);
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
    const std::vector<Entry> entries = makeEntries(tensors, contents.ties);
    for (std::size_t i = 0; i < tensors.size(); ++i)
        tensors[i].byteOffset = entries[i + 2].dataOffset;
    for (const Entry &entry : entries) {
        if (!entry.bytes.empty())
            layout.fixed.push_back({entry.headerOffset, localHeader(entry) + entry.bytes});
    }
    const std::uint64_t end = entries.back().dataOffset + entries.back().size;
    layout.bytes = end + directory(entries, end).size();
    layout.tensors = std::move(tensors);
    layout.ties = std::move(contents.ties);
    return layout;
}

Result<void> finish(const FileLayout &layout, AtomicFile &file, const TaskContext &context)
{
    std::vector<Entry> entries = makeEntries(layout.tensors, layout.ties);
    for (std::size_t i = 0; i < layout.tensors.size(); ++i) {
        Entry &entry = entries[i + 2];
        QS_ASSIGN(entry.crc, crcOfPayload(entry, file, context));
        const std::string header = localHeader(entry);
        QS_CHECK(file.write(entry.headerOffset, std::as_bytes(std::span(header))));
    }
    const std::uint64_t end = entries.back().dataOffset + entries.back().size;
    const std::string tail = directory(entries, end);
    return file.write(end, std::as_bytes(std::span(tail)));
}

} // namespace

constinit const Container kTorchArchiveContainer{
    .suffixes = "*.pth *.pt", .parametersOnly = true, .layOut = layOut, .finish = finish};

} // namespace qs
