// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/open_model.h"

#include "core/base/guarded.h"
#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/config.h"
#include "core/formats/content_kind.h"
#include "core/formats/demo_models.h"
#include "core/formats/model_location.h"
#include "core/formats/registry.h"
#include "core/formats/safetensors/safetensors.h"
#include "core/layers/layer_rules.h"
#include "core/layers/recipe_roles.h"
#include "core/recipe/recipe.h"

#include <algorithm>
#include <array>
#include <map>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qs {
namespace {

constexpr std::array<std::string_view, 4> kUsualNames{"model.safetensors.index.json", "model.safetensors",
                                                      "pytorch_model.bin.index.json", "pytorch_model.bin"};

/// True when `name` ends like one of the reader's "*.suffix" patterns.
bool hasSuffixOf(const FormatReader &reader, std::string_view name)
{
    std::string_view rest = reader.suffixes;
    while (!rest.empty()) {
        const std::string_view pattern = rest.substr(0, rest.find(' '));
        if (name.size() > pattern.size() - 1 && name.ends_with(pattern.substr(1)))
            return true;
        rest.remove_prefix(std::min(rest.size(), pattern.size() + 1));
    }
    return false;
}

Result<const FormatReader *> readerFor(const InputFile &file, const std::string &name)
{
    QS_ASSIGN(const std::vector<std::byte> head, file.head(kHeadBytes));
    for (const FormatReader *reader : formatReaders())
        if (reader->recognises(head, file.size()))
            return reader;
    const std::string where = inQuotes(file.path().native());
    Text known;
    for (const FormatReader *reader : formatReaders())
        known = known.empty() ? reader->withSuffixes() : Text::of("{}, {}", known, reader->withSuffixes());
    if (const Text kind = contentKind(head); !kind.empty())
        return fail(ErrorCode::Input, Text::of("this is {}; supported are: {}", kind, known), where);
    // Content that nobody knows: the reader that the name asks for can tell best what is wrong with it.
    for (const FormatReader *reader : formatReaders())
        if (hasSuffixOf(*reader, name))
            return reader;
    return fail(ErrorCode::Input,
                file.size() == 0 ? Text::of("the file is empty")
                                 : Text::of("the content is of no supported format; supported are: {}", known),
                where);
}

Result<void> checkPart(const Model &model, const std::string &part)
{
    if (model.part == part && std::ranges::find(model.parts, part) != model.parts.end())
        return {};
    const std::string where = inQuotes(model.path.native());
    if (model.parts.empty())
        return fail(ErrorCode::Usage, Text::of("there is no part {}: the file holds one model", inQuotes(part)), where);
    return fail(ErrorCode::Usage,
                Text::of("there is no part {}; there are: {}", inQuotes(part), listInQuotes(model.parts)), where);
}

Result<std::shared_ptr<const Model>> readModel(std::shared_ptr<const InputFile> file, const FormatReader &reader,
                                               const TaskContext &context, const std::string &part = {})
{
    auto model = std::make_shared<Model>();
    model->path = file->path();
    model->part = part;
    QS_CHECK(reader.read(std::move(file), *model, context));
    if (!part.empty())
        QS_CHECK(checkPart(*model, part));
    QS_CHECK(context.check());
    if (reader.hasConfig && !ModelLocation::parse(model->path.native()).isDemo())
        readSideFiles(*model);
    findLayers(*model);
    checkDeclaredRecipe(*model);
    checkDeclaredRoles(*model);
    return model;
}

Result<std::shared_ptr<const Model>> openDemo(std::string_view name, const TaskContext &context,
                                              const std::string &part)
{
    for (const DemoModel &demo : demoModels())
        if (demo.name == name)
            return readModel(InputFile::fromMemory(demo.bytes, ModelLocation::ofDemo(name).text()), kSafetensorsReader,
                             context, part);
    return fail(ErrorCode::Input, Text::of("there is no built-in model {}; there are: {}", inQuotes(name),
                                           fmt::format("{}", fmt::join(demoModelNames(), ", "))));
}

/// True for the second and later parts of a model that was split into files.
bool isLaterPart(std::string_view name)
{
    // NAME-00002-of-00003.SUFFIX
    constexpr std::size_t kDigits = 5;
    const std::size_t of = name.rfind("-of-");
    if (of == std::string_view::npos || of < kDigits + 1 || name[of - kDigits - 1] != '-')
        return false;
    const std::string_view number = name.substr(of - kDigits, kDigits);
    return std::ranges::all_of(number, [](char c) { return c >= '0' && c <= '9'; }) && number != "00001";
}

/// The files in a folder that one model may be chosen from: all indices, or else those of the first format that is
/// there. Arrays beside a model, for example, are its inputs.
struct ModelFiles {
    bool areIndices = false;
    std::vector<std::string> names; ///< sorted
};

Result<ModelFiles> filesIn(const std::filesystem::path &folder)
{
    const auto readers = formatReaders();
    std::vector<std::string> indices;
    std::map<std::ptrdiff_t, std::vector<std::string>> files; // by format
    std::error_code error;
    for (auto entry = std::filesystem::directory_iterator(folder, error);
         !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename().native();
        const auto reader = std::ranges::find_if(readers, [&](const FormatReader *r) { return hasSuffixOf(*r, name); });
        if (reader != readers.end() && !((*reader)->joinsParts && isLaterPart(name)))
            ((*reader)->isIndex ? indices : files[reader - readers.begin()]).push_back(name);
    }
    if (error)
        return fail(ErrorCode::Input, Text::of("the folder cannot be read: {}", error.message()),
                    inQuotes(folder.native()));
    ModelFiles found;
    found.areIndices = !indices.empty();
    if (found.areIndices)
        found.names = std::move(indices);
    else if (!files.empty())
        found.names = std::move(files.begin()->second);
    std::ranges::sort(found.names);
    return found;
}

/// Of several the one with the usual name.
Result<std::filesystem::path> modelIn(const std::filesystem::path &folder)
{
    const std::string where = inQuotes(folder.native());
    QS_ASSIGN(const ModelFiles found, filesIn(folder));
    const std::vector<std::string> &names = found.names;
    if (names.empty())
        return fail(ErrorCode::Input, Text::of("the folder holds no model file"), where);
    for (std::string_view usual : kUsualNames)
        if (names.size() > 1 && std::ranges::find(names, usual) != names.end())
            return folder / usual;
    if (names.size() > 1)
        return fail(
            ErrorCode::Input,
            found.areIndices
                ? Text::of("the folder holds {} shard indices, name one of them: {}", names.size(), listInQuotes(names))
                : Text::of("the folder holds {} model files, name one of them: {}", names.size(), listInQuotes(names)),
            where);
    return folder / names[0];
}

Result<std::shared_ptr<const Model>> open(const std::string &location, const TaskContext &context,
                                          const std::string &part, const std::string &calledAs)
{
    const ModelLocation place = ModelLocation::parse(location);
    if (place.isDemo())
        return openDemo(*place.demo, context, part);
    std::filesystem::path path = place.path;
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) {
        QS_ASSIGN(path, modelIn(path));
    }
    QS_ASSIGN(std::shared_ptr<const InputFile> file, InputFile::open(path));
    QS_ASSIGN(const FormatReader *reader, readerFor(*file, calledAs.empty() ? file->path().native() : calledAs));
    return readModel(std::move(file), *reader, context, part);
}

} // namespace

Result<std::shared_ptr<const Model>> openModel(const std::string &location, const TaskContext &context,
                                               const std::string &part, const std::string &calledAs)
{
    return guarded([&] { return open(location, context, part, calledAs); });
}

std::vector<std::string> modelFilesIn(const std::string &folder)
{
    std::error_code ignored;
    if (!std::filesystem::is_directory(folder, ignored))
        return {};
    std::vector<std::string> paths;
    if (const auto found = filesIn(folder))
        for (const std::string &name : found->names)
            paths.push_back((std::filesystem::path(folder) / name).native());
    return paths;
}

Result<void> requireComplete(const Model &model)
{
    if (model.missingFiles.empty())
        return {};
    return fail(ErrorCode::Input,
                Text::of("{} of the model's shards or their tensors are missing: {}", model.missingFiles.size(),
                         listInQuotes(model.missingFiles)),
                inQuotes(model.path.native()));
}

} // namespace qs
