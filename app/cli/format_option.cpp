// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/format_option.h"

#include "core/base/text.h"
#include "core/export/registry.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <vector>

namespace qs::cli {

std::string defaultFormat()
{
    return std::string(exportFormats().front()->name);
}

std::string formatNames()
{
    std::string text = defaultFormat() + " (default)";
    const auto others = exportFormats().subspan(1);
    for (const ExportFormat *format : others)
        text += fmt::format("{}{}", format == others.back() ? " or " : ", ", format->name);
    return text;
}

Result<const ExportFormat *> formatNamed(const std::string &name)
{
    if (const ExportFormat *format = findExportFormat(name))
        return format;
    std::vector<std::string_view> names;
    for (const ExportFormat *format : exportFormats())
        names.push_back(format->name);
    return fail(ErrorCode::Usage,
                Text::asIs(fmt::format("format '{}' is unknown, expected one of {}", name, fmt::join(names, ", "))),
                "--format");
}

Result<const ExportFormat *> formatNamed(const std::string &name, const std::filesystem::path &target)
{
    if (!name.empty())
        return formatNamed(name);
    std::string suffix = target.extension().string();
    std::ranges::transform(suffix, suffix.begin(), [](unsigned char c) { return std::tolower(c); });
    const auto found = std::ranges::find_if(exportFormats(), [&](const ExportFormat *format) {
        const std::string list = fmt::format(" {} ", format->suffixes);
        return !suffix.empty() && list.contains(fmt::format(" *{} ", suffix));
    });
    return found == exportFormats().end() ? exportFormats().front() : *found;
}

Result<void> checkSource(const ExportFormat &format, const Model &model)
{
    if (format.whyNot == nullptr)
        return {};
    Text reason = format.whyNot(model);
    return reason.empty() ? Result<void>() : fail(ErrorCode::Usage, std::move(reason));
}

std::string nothingQuantized(const Model &model, const ExportFormat &format, const ExportPlan &plan,
                             std::span<const Decision> wanted)
{
    if (!quantizesNothing(model, plan))
        return {};
    const auto layer = layerThatSaysWhy(plan, [wanted](std::size_t index) { return wanted[index].quantize; });
    if (!layer)
        return "nothing would be quantized: the model has no layers";
    const ExportFormat *other = formatThatHolds(model, wanted);
    return fmt::format("0 of {} layers would be quantized, expected at least one; layer {} is kept: {}{}",
                       plan.decisions.size(), inQuotes(model.layers[*layer].name), plan.decisions[*layer].reason.str(),
                       other && other != &format ? fmt::format("; use --format {}", other->name) : "");
}

Result<std::vector<Text>> otherRefusals(const Model &model, const ExportFormat &format, const ExportPlan &plan,
                                        const Recipe &recipe, const std::filesystem::path &target,
                                        const ExportOptions &options)
{
    std::vector<Text> others = targetRefusals(format, model, target, options);
    if (!plan.refusals.empty())
        return others;
    QS_ASSIGN(const auto wanted, resolve(recipe, model, options.allowUnmatched));
    if (std::string reason = nothingQuantized(model, format, plan, wanted); !reason.empty())
        others.push_back(Text::asIs(std::move(reason)));
    return others;
}

std::function<void(const TextSink &)> jsonWriter(std::shared_ptr<const Model> model, Preview file, bool full,
                                                 std::string output, std::optional<std::vector<Trouble>> troubles)
{
    return [model = std::move(model), file = std::move(file), full, output = std::move(output),
            troubles = std::move(troubles)](const TextSink &sink) {
        const JsonOptions options{.full = full,
                                  .plan = &file.plan,
                                  .planFormat = file.format->name,
                                  .troubles = troubles ? &*troubles : nullptr,
                                  .output = output};
        writeReportJson(*model, *file.report, options, sink);
    };
}

std::string reportJson(std::shared_ptr<const Model> model, const Preview &file, std::string output)
{
    std::string text;
    jsonWriter(std::move(model), file, false, std::move(output))([&](std::string_view piece) { text += piece; });
    return text;
}

Error refusalError(const ExportFormat &format, const Model &model, const ExportPlan &plan)
{
    std::string text = plan.refusals.front().str();
    if (plan.refusals.size() > 1)
        text += fmt::format(" (and {} more, --dry-run lists them)", plan.refusals.size() - 1);
    return {checkSource(format, model) ? ErrorCode::Work : ErrorCode::Usage, Text::asIs(text), {}};
}

} // namespace qs::cli
