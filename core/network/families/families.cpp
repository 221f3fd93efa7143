// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/network/families/families.h"

#include "core/network/families/decoder.h"
#include "core/network/families/encoder.h"
#include "core/parse/json_file.h"

#include <array>
#include <filesystem>
#include <system_error>

namespace qs {
namespace {

constexpr ExpertNames kMixtralExperts{.block = "block_sparse_moe.",
                                      .gate = "w1",
                                      .up = "w3",
                                      .down = "w2",
                                      .middle = "intermediate_size",
                                      .sharesAddUp = true};
constexpr ExpertNames kQwenExperts{
    .block = "mlp.", .gate = "gate_proj", .up = "up_proj", .down = "down_proj", .middle = "moe_intermediate_size"};

constexpr std::array kFamilies{
    Family{.type = "llama", .build = buildDecoder},
    Family{.type = "mistral", .build = buildDecoder},
    Family{.type = "qwen2", .build = buildDecoder, .windowIsOptional = true},
    Family{.type = "qwen3", .build = buildDecoder, .normsHeads = true, .windowIsOptional = true},
    Family{.type = "mixtral", .build = buildDecoder, .experts = kMixtralExperts},
    Family{.type = "qwen3_moe",
           .build = buildDecoder,
           .normsHeads = true,
           .windowIsOptional = true,
           .experts = kQwenExperts},
    Family{.type = "gemma", .build = buildDecoder, .onePlusWeight = true, .scalesEmbedding = true},
    Family{.type = "phi3", .build = buildDecoder, .fused = true},
    Family{.type = "gpt2", .build = buildGpt2},
    Family{.type = "bert", .build = buildBert},
    Family{.type = "roberta", .build = buildBert},
    Family{.type = "vit", .build = buildVit},
};

std::string knownTypes()
{
    std::string result;
    for (const Family &family : kFamilies)
        result += (result.empty() ? "" : ", ") + std::string(family.type);
    return result;
}

} // namespace

Result<Network> familyNetwork(const Model &model)
{
    const std::filesystem::path path = model.path.parent_path() / "config.json";
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored))
        return fail(ErrorCode::Work, Text::of("no config.json stands beside it"));
    QS_ASSIGN(const json::Value root, json::readObject(path));
    const FamilyConfig config(root);
    const std::string_view type = config.textOr({"model_type"}, "");
    for (const Family &family : kFamilies)
        if (family.type == type) {
            QS_ASSIGN(Network network, family.build(model, config, family));
            findCaptures(network);
            return network;
        }
    return fail(ErrorCode::Input,
                Text::of("config.json says model_type {}; networks can be built for {}", inQuotes(type), knownTypes()));
}

} // namespace qs
