// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Fuzzes config.json beside a small model with an embedding, a head of the same shape and a GPT-2 layer.
#include "core/base/input_file.h"
#include "core/formats/config.h"
#include "core/layers/layer_rules.h"

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace {

/// A folder of this process's own, removed at its end.
class Folder
{
public:
    Folder()
    {
        std::string name = (std::filesystem::temp_directory_path() / "fuzz_config-XXXXXX").string();
        if (!::mkdtemp(name.data()))
            std::abort();
        m_path = name;
    }
    ~Folder() { std::filesystem::remove_all(m_path); }
    Folder(const Folder &) = delete;
    Folder &operator=(const Folder &) = delete;

    const std::filesystem::path &path() const { return m_path; }

private:
    std::filesystem::path m_path;
};

qs::Model smallModel(const std::filesystem::path &path)
{
    static constexpr std::array<std::byte, 4096> kWeights{};
    qs::Model model;
    model.path = path;
    model.files.push_back(qs::InputFile::fromMemory(kWeights, "weights"));
    const auto add = [&](std::string name, std::vector<std::uint64_t> shape) {
        qs::TensorInfo tensor;
        tensor.name = std::move(name);
        tensor.shape = std::move(shape);
        tensor.byteSize = tensor.elements() * sizeof(float);
        model.tensors.push_back(std::move(tensor));
    };
    add("model.embed_tokens.weight", {8, 4});
    add("lm_head.weight", {8, 4});
    add("h.0.attn.c_attn.weight", {4, 12});
    add("h.0.attn.c_attn.bias", {12});
    return model;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    static const Folder folder;
    {
        std::ofstream file(folder.path() / "config.json", std::ios::binary);
        file.write(reinterpret_cast<const char *>(data), static_cast<std::streamsize>(size));
    }
    qs::Model model = smallModel(folder.path() / "model.safetensors");
    qs::readSideFiles(model);
    qs::findLayers(model);
    return 0;
}
