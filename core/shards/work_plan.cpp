// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/work_plan.h"

#include "core/base/checksum.h"
#include "core/base/guarded.h"
#include "core/base/input_file.h"
#include "core/version.h"

#include <nlohmann/json.hpp>

namespace qs {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::uint64_t kMostPlanBytes = std::uint64_t{256} << 20U;
constexpr int kPlanVersion = 1;

Json sourcesJson(const WorkPlan &plan)
{
    Json list = Json::array();
    for (const PlannedSource &source : plan.sources)
        list.push_back({{"path", source.path},
                        {"bytes", source.bytes},
                        {"modified_ns", source.modifiedNs},
                        {"sample_xxh128", source.sample}});
    return list;
}

Json unitsJson(const WorkPlan &plan)
{
    Json list = Json::array();
    for (const PlannedUnit &unit : plan.units) {
        Json &entry = list.emplace_back(Json{{"tensors", unit.tensors}, {"bytes", unit.bytes}});
        if (const IndexPiece &piece = unit.piece; piece.bytes > 0)
            entry["index"] = {{"begin", piece.begin}, {"bytes", piece.bytes}, {"xxh128", piece.checksum}};
    }
    return list;
}

Json filesJson(const WorkPlan &plan)
{
    Json list = Json::array();
    for (const PlannedOutput &file : plan.files)
        list.push_back({{"name", file.name}, {"bytes", file.bytes}});
    return list;
}

/// All but the identity.
Json bodyOf(const WorkPlan &plan)
{
    Json json;
    json["quantoscope_plan"] = kPlanVersion;
    json["quantoscope"] = plan.version;
    json["model"] = {{"location", plan.location}, {"part", plan.part}, {"files", sourcesJson(plan)}};
    json["output"] = {{"path", plan.output},
                      {"format", plan.format},
                      {"bytes", plan.bytes},
                      {"files", filesJson(plan)},
                      {"layout_xxh128", plan.layout},
                      {"overwrite", plan.overwrite},
                      {"keep_nonfinite", plan.keepNonFinite},
                      {"allow_unmatched", plan.allowUnmatched},
                      {"unpacked", plan.unpacked}};
    json["recipe"] = Json::parse(toJson(plan.recipe, true));
    json["kept_for_their_data"] = Json::array();
    for (const auto &[layer, why] : plan.keptByData)
        json["kept_for_their_data"].push_back({{"layer", layer}, {"why", why}});
    json["units"] = unitsJson(plan);
    return json;
}

std::string textOf(const Json &json)
{
    return json.dump(1, ' ', true, Json::error_handler_t::replace) + "\n";
}

PlannedUnit unitOf(const nlohmann::json &json)
{
    PlannedUnit unit{json.at("tensors").get<std::uint64_t>(), json.at("bytes").get<std::uint64_t>()};
    if (const auto piece = json.find("index"); piece != json.end())
        unit.piece = {piece->at("begin").get<std::uint64_t>(), piece->at("bytes").get<std::uint64_t>(),
                      piece->at("xxh128").get<std::string>()};
    return unit;
}

/// Throws what the library throws: the caller makes an error of it.
WorkPlan planOf(const nlohmann::json &json)
{
    WorkPlan plan;
    json.at("quantoscope").get_to(plan.version);
    json.at("model").at("location").get_to(plan.location);
    json.at("model").at("part").get_to(plan.part);
    for (const auto &entry : json.at("model").at("files"))
        plan.sources.push_back({entry.at("path").get<std::string>(), entry.at("bytes").get<std::uint64_t>(),
                                entry.at("modified_ns").get<std::int64_t>(),
                                entry.at("sample_xxh128").get<std::string>()});
    const auto &output = json.at("output");
    output.at("path").get_to(plan.output);
    output.at("format").get_to(plan.format);
    output.at("bytes").get_to(plan.bytes);
    for (const auto &file : output.at("files"))
        plan.files.push_back({file.at("name").get<std::string>(), file.at("bytes").get<std::uint64_t>()});
    output.at("layout_xxh128").get_to(plan.layout);
    output.at("overwrite").get_to(plan.overwrite);
    output.at("keep_nonfinite").get_to(plan.keepNonFinite);
    output.at("allow_unmatched").get_to(plan.allowUnmatched);
    output.at("unpacked").get_to(plan.unpacked);
    for (const auto &entry : json.at("kept_for_their_data"))
        plan.keptByData.emplace(entry.at("layer").get<std::size_t>(), entry.at("why").get<std::string>());
    for (const auto &entry : json.at("units"))
        plan.units.push_back(unitOf(entry));
    return plan;
}

} // namespace

std::string toJson(const WorkPlan &plan)
{
    Json json = bodyOf(plan);
    json["identity"] = identityOf(plan);
    return textOf(json);
}

std::string identityOf(const WorkPlan &plan)
{
    WorkPlan same = plan;
    same.overwrite = false;
    Checksum checksum;
    checksum.add(textOf(bodyOf(same)));
    return checksum.hex();
}

Result<WorkPlan> workPlanFromJson(std::string_view text, const std::string &where)
{
    const auto wrong = [&](Text what) { return fail(ErrorCode::Input, std::move(what), where); };
    try {
        const auto json = nlohmann::json::parse(text);
        if (!json.is_object() || !json.contains("quantoscope_plan"))
            return wrong(Text::of("this is no plan of work: the key 'quantoscope_plan' is missing"));
        if (json["quantoscope_plan"] != kPlanVersion)
            return wrong(Text::of("'quantoscope_plan' must be {}, the version that this program knows", kPlanVersion));
        WorkPlan plan = planOf(json);
        QS_ASSIGN(plan.recipe, recipeFromJson(json.at("recipe").dump(), where));
        if (plan.units.empty() || plan.units.size() > kMostUnits)
            return wrong(Text::of("the plan has {} units, expected 1 to {}", plan.units.size(), kMostUnits));
        // The plan of another version may hold what this one does not know; openWork() says so.
        if (plan.version == kVersion && json.at("identity") != identityOf(plan))
            return wrong(Text::of("the plan was changed since it was made; make a new one"));
        return plan;
    } catch (const nlohmann::json::parse_error &error) {
        return wrong(Text::of("this is no plan of work: it is no JSON from byte {} on", error.byte));
    } catch (const nlohmann::json::exception &exception) {
        return wrong(Text::of("this is no plan of work: {}", troubleOf(exception.what())));
    }
}

std::string troubleOf(std::string_view what)
{
    if (const auto end = what.find("] "); end != std::string_view::npos)
        what.remove_prefix(end + 2);
    return printable(what);
}

Result<WorkPlan> loadWorkPlan(const std::filesystem::path &path)
{
    return guarded([&]() -> Result<WorkPlan> {
        const std::string where = inQuotes(path.native());
        QS_ASSIGN(const std::shared_ptr<const InputFile> file, InputFile::open(path));
        if (file->size() > kMostPlanBytes)
            return fail(
                ErrorCode::Input,
                Text::of("this is no plan of work: it has {} bytes, the limit is {}", file->size(), kMostPlanBytes),
                where);
        QS_ASSIGN(const std::string text, file->text());
        return workPlanFromJson(text, where);
    });
}

} // namespace qs
