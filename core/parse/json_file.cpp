// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/parse/json_file.h"

#include "core/base/input_file.h"
#include "core/base/text.h"

namespace qs::json {
namespace {

constexpr std::uint64_t kMaxBytes = std::uint64_t{64} << 20U;

} // namespace

Result<Value> readObject(const std::filesystem::path &path)
{
    const std::string where = inQuotes(path.native());
    QS_ASSIGN(const std::shared_ptr<const InputFile> file, InputFile::open(path));
    if (file->size() > kMaxBytes)
        return fail(ErrorCode::Input, Text::of("it has {} bytes, the limit is {}", file->size(), kMaxBytes), where);
    QS_ASSIGN(const std::string text, file->text());
    QS_ASSIGN(Value root, parse(text, where));
    if (root.kind != Kind::Object)
        return fail(ErrorCode::Input, Text::of("it must hold an object, not {}", describe(root.kind)), where);
    return root;
}

} // namespace qs::json
