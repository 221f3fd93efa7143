// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fuzzes the restricted pickle machine, and that every value that it gives can be looked at.
#include "core/base/input_file.h"
#include "core/parse/pickle.h"

#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    namespace pickle = qs::pickle;
    pickle::Options options;
    options.memory = std::uint64_t{64} << 20U;
    options.isFixed = [](std::string_view global) { return global == "torch._utils._rebuild_tensor_v2"; };
    const auto file = qs::InputFile::fromMemory(std::as_bytes(std::span(data, size)), "fuzzed");
    const auto content = pickle::parse(qs::FileImage(*file), {0, size}, options, "fuzzed", {});
    if (!content)
        return 0;
    if (content->root() >= content->size() || content->end() > size)
        std::abort();
    for (pickle::Index i = 0; i < content->size(); ++i) {
        switch (content->kind(i)) {
        case pickle::Kind::Tuple:
        case pickle::Kind::List:
        case pickle::Kind::Set:
        case pickle::Kind::Dict:
        case pickle::Kind::Object:
            for (const pickle::Index item : content->items(i))
                if (item >= content->size())
                    std::abort();
            break;
        case pickle::Kind::String:
        case pickle::Kind::Bytes:
            if (content->text(i).size() > size * 4)
                std::abort();
            break;
        default:
            break;
        }
    }
    return 0;
}
