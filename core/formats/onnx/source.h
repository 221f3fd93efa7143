// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What all parts of the ONNX reader share: the file's bytes, the place for errors, collected warnings, limits.
#pragma once

#include "core/base/file_image.h"
#include "core/base/task_context.h"
#include "core/base/text.h"
#include "core/parse/protobuf.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qs::onnx {

inline constexpr std::uint64_t kMaxFileBytes = (std::uint64_t{1} << 31) - 1; ///< protobuf's own
inline constexpr int kMaxDepth = 64;                                         ///< messages in messages
inline constexpr std::size_t kMaxNameBytes = std::size_t{64} << 10;
inline constexpr std::size_t kMaxDims = 32;
inline constexpr std::size_t kMaxTensors = 2'000'000;
inline constexpr std::uint64_t kMaxMetadataBytes = std::uint64_t{1} << 30; ///< memory for what is no payload

/// Warnings of one kind become one line that counts them and names the first three.
class Notes
{
public:
    void add(TextLiteral<0> text, std::string_view name);
    /// One line per kind, in the order in which they came up.
    std::vector<Text> lines() const;

private:
    struct Kind {
        TextLiteral<0> text;
        std::size_t count = 0;
        std::vector<std::string> names;
    };
    std::vector<Kind> m_kinds;
};

struct Source {
    /// The file must outlive this, and this what is read from it.
    Source(const InputFile &file, std::string where_, const TaskContext &context_)
        : image(file)
        , bytes(image.bytes())
        , where(std::move(where_))
        , context(context_)
    {}

    FileImage image;
    std::span<const std::byte> bytes; ///< of the image: where they are once they have been read
    std::string where;                ///< "'model.onnx', ONNX"
    const TaskContext &context;
    Notes notes;

    protobuf::Walker walk(const protobuf::Range &range, std::string_view message) const
    {
        return {image, range, where, message};
    }
    /// Byte of a name that is a part of the file.
    std::uint64_t offsetOf(std::string_view name) const
    {
        return static_cast<std::uint64_t>(reinterpret_cast<const std::byte *>(name.data()) - bytes.data());
    }
    /// Counts memory that the file's structure costs. Error{Input} beyond kMaxMetadataBytes, or when stopped.
    Result<void> charge(std::uint64_t size, const protobuf::Walker &walker);

private:
    std::uint64_t m_charged = 0;
    std::uint64_t m_sinceCheck = 0;
};

/// Error{Input} when a name that stands in `field`, named `what`, has more than kMaxNameBytes.
Result<void> checkName(const protobuf::Walker &walker, const protobuf::Field &field, const char *what,
                       std::string_view name);

struct Entry {
    std::string_view key;
    std::string_view value;
};
/// A StringStringEntryProto.
Result<Entry> readEntry(const Source &source, const protobuf::Range &bytes);

/// An OperatorSetIdProto: domain ("ai.onnx" for the standard one) and version.
Result<std::pair<std::string, std::int64_t>> readOpset(const Source &source, const protobuf::Range &bytes);

/// The two spellings of the operators that the standard defines.
inline bool isStandardDomain(std::string_view domain)
{
    return domain.empty() || domain == "ai.onnx";
}

} // namespace qs::onnx
