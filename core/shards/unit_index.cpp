// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/shards/unit_index.h"

#include "core/base/atomic_file.h"
#include "core/base/checked_math.h"
#include "core/base/checksum.h"
#include "core/base/guarded.h"
#include "core/base/input_file.h"
#include "core/export/named_producer.h"
#include "core/scheme/scheme_fields.h"

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

namespace qs {

namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMostPieceBytes = std::uint64_t{1} << 30U;
constexpr std::size_t kMostPart = 64; // of an item; producers have a handful

/// In quotes, all but ASCII escaped.
std::string quoted(const std::string &text)
{
    const auto isPlainLetter = [](char c) { return c >= ' ' && c <= '~' && c != '"' && c != '\\'; };
    if (std::ranges::all_of(text, isPlainLetter)) // most names: ten times as fast
        return fmt::format("\"{}\"", text);
    return Json(text).dump(-1, ' ', true, Json::error_handler_t::replace);
}

std::string checksumOf(std::string_view text)
{
    Checksum checksum;
    checksum.add(std::as_bytes(std::span(text)));
    return checksum.hex();
}

/// Numbers things in the order in which they are met.
template <class Key> class Numbering
{
public:
    std::size_t operator()(const Key &key)
    {
        const auto [entry, isNew] = m_numbers.try_emplace(key, m_order.size());
        if (isNew)
            m_order.push_back(key);
        return entry->second;
    }
    const std::vector<Key> &order() const { return m_order; }
    void reserve(std::size_t count) { m_numbers.reserve(count); }

private:
    std::unordered_map<Key, std::size_t> m_numbers;
    std::vector<Key> m_order;
};

std::string schemeJson(const Scheme &scheme)
{
    std::vector<std::string> fields;
    forEachValue(scheme, [&](const auto &field, const auto &value) {
        fields.push_back(fmt::format("\"{}\":{}", field.key, quoted(field.text(value))));
    });
    return fmt::format("{{{}}}", fmt::join(fields, ","));
}

/// Whether the tensor is nothing but bytes at a place of a file that others can open.
bool isPlain(const Model &model, std::size_t index)
{
    const TensorInfo &tensor = model.tensors[index];
    return !tensor.encoding && !tensor.bigEndian && tensor.strides.empty() && tensor.rowElements == 0 &&
           !tensor.inFile && !model.computed.contains(index);
}

/// Writes the piece of one unit.
class PieceWriter
{
public:
    PieceWriter(const Work &work, const std::vector<bool> &fileIsPlain)
        : m_work(work)
        , m_fileIsPlain(fileIsPlain)
    {}

    /// Empty when the unit needs the model.
    std::string write(const UnitShare &share)
    {
        m_layers.reserve(share.layers.size());
        m_tensors.reserve(share.tensors.size());
        for (const std::size_t layer : share.layers)
            addLayer(layer);
        for (const std::size_t index : share.tensors)
            addOutput(index);
        if (!m_isPlain)
            return {};
        std::vector<std::string> names;
        for (const NamedProducer *producer : m_producers.order())
            names.push_back(quoted(producer->name()));
        return fmt::format("{{\"files\":[{}],\"schemes\":[{}],\"producers\":[{}],\"tensors\":{},\"layers\":{},"
                           "\"share\":{},\"outputs\":{}}}\n{}{}{}",
                           fmt::join(m_files.order(), ","), fmt::join(m_schemes.order(), ","), fmt::join(names, ","),
                           m_tensors.order().size(), m_layers.order().size(), share.layers.size(), share.tensors.size(),
                           m_tensorLines, m_layerLines, m_outputLines);
    }

private:
    std::size_t addTensor(std::size_t index)
    {
        const std::size_t known = m_tensors.order().size();
        const std::size_t number = m_tensors(index);
        if (number < known)
            return number;
        const TensorInfo &tensor = m_work.model->tensors[index];
        if (!isPlain(*m_work.model, index) || !m_fileIsPlain[tensor.file]) {
            m_isPlain = false;
            return number;
        }
        fmt::format_to(std::back_inserter(m_tensorLines), "[{},\"{}\",[{}],{},{},{}]\n", quoted(tensor.name),
                       nameOf(tensor.dtype), fmt::join(tensor.shape, ","), m_files(tensor.file), tensor.byteOffset,
                       tensor.stackAxes);
        return number;
    }

    std::size_t addLayer(std::size_t index)
    {
        const std::size_t known = m_layers.order().size();
        const std::size_t number = m_layers(index);
        if (number < known)
            return number;
        const Layer &layer = m_work.model->layers[index];
        const Decision &decision = m_work.file.plan.decisions[index];
        if (layer.stored || decision.moments)
            m_isPlain = false;
        if (!m_isPlain)
            return number;
        const std::size_t tensor = addTensor(layer.tensor);
        fmt::format_to(std::back_inserter(m_layerLines), "[{},{},{},\"{}\",{},{},{},{},{},{}]\n", index, tensor,
                       quoted(layer.module), textOf(layer.op), layer.channelAxis, quoted(layer.keptReason.str()),
                       decision.quantize, schemeNumber(decision.scheme), decision.channelAxis,
                       decision.valuesAs ? quoted(std::string(nameOf(*decision.valuesAs))) : "null");
        return number;
    }

    /// Neighbours mostly have the same one.
    std::size_t schemeNumber(const Scheme &scheme)
    {
        if (m_lastScheme != scheme) {
            m_lastScheme = scheme;
            m_lastNumber = m_schemes(schemeJson(scheme));
        }
        return m_lastNumber;
    }

    void addOutput(std::size_t index)
    {
        const OutputTensor &tensor = m_work.file.layout.tensors[index];
        const auto *producer = dynamic_cast<const NamedProducer *>(tensor.producer.get());
        if (producer == nullptr || producer->name().empty())
            m_isPlain = false;
        if (!m_isPlain)
            return;
        const ItemOf kind = producer->itemOf();
        const std::size_t item = kind == ItemOf::Layers    ? addLayer(tensor.item)
                                 : kind == ItemOf::Tensors ? addTensor(tensor.item)
                                                           : tensor.item;
        fmt::format_to(std::back_inserter(m_outputLines), "[{},{},{},\"{}\",[{}],{},{}]\n", m_producers(producer), item,
                       tensor.part, nameOf(tensor.dtype), fmt::join(tensor.shape, ","), m_work.fileOf(index),
                       tensor.byteOffset);
    }

    const Work &m_work;
    const std::vector<bool> &m_fileIsPlain;
    bool m_isPlain = true;
    Numbering<std::size_t> m_files;
    Numbering<std::size_t> m_tensors;
    Numbering<std::size_t> m_layers;
    Numbering<std::string> m_schemes;
    std::optional<Scheme> m_lastScheme;
    std::size_t m_lastNumber = 0;
    Numbering<const NamedProducer *> m_producers;
    std::string m_tensorLines;
    std::string m_layerLines;
    std::string m_outputLines;
};

/// By file of the model: it is what stands under its path, and no copy in memory or without a name.
std::vector<bool> plainFiles(const Model &model)
{
    std::vector<bool> plain;
    for (const auto &file : model.files)
        plain.push_back(file->memory().empty() && file->isSameFile(file->path()));
    return plain;
}

/// Nothing for a word that names no type of whole elements.
std::optional<DType> dtypeOf(const Json &json)
{
    const auto dtype = dtypeFromName(json.get_ref<const std::string &>());
    return dtype == DType::Encoded ? std::nullopt : dtype;
}

/// Bytes of so many elements, packed; nothing when they are too many.
std::optional<std::uint64_t> bytesOf(DType dtype, const std::vector<std::uint64_t> &shape)
{
    std::optional<std::uint64_t> bits = bitsOf(dtype);
    for (const std::uint64_t size : shape)
        bits = bits ? checkedMul(*bits, size) : bits;
    return bits ? std::optional(ceilDiv(*bits, 8)) : std::nullopt;
}

/// Reads the piece of one unit into work. Functions say false when something is wrong with it, or throw what the JSON
/// library throws.
class PieceReader
{
public:
    PieceReader(Work &work, std::string_view text)
        : m_work(work)
        , m_rest(text)
        , m_head(next())
    {}

    /// Places of the unit's files in the plan, in the order in which the piece counts them.
    std::vector<std::size_t> files() const { return m_head.at("files").get<std::vector<std::size_t>>(); }

    bool read(std::vector<std::shared_ptr<const InputFile>> files, UnitShare &share)
    {
        m_model->files = std::move(files);
        bool isRight = true;
        for (const Json &scheme : m_head.at("schemes"))
            isRight = isRight && readScheme(scheme);
        for (std::size_t i = 0, count = m_head.at("tensors").get<std::size_t>(); isRight && i < count; ++i)
            isRight = readTensor(next());
        for (std::size_t i = 0, count = m_head.at("layers").get<std::size_t>(); isRight && i < count; ++i)
            isRight = readLayer(next());
        if (!isRight)
            return false;
        m_model->indexLayers();
        m_work.model = m_model;
        for (const Json &name : m_head.at("producers"))
            m_producers.push_back(producerOf(name.get_ref<const std::string &>(), *m_model, decisions()));
        for (std::size_t i = 0, count = m_head.at("outputs").get<std::size_t>(); isRight && i < count; ++i)
            isRight = readOutput(next(), share);
        const auto layers = m_head.at("share").get<std::size_t>();
        for (std::size_t i = 0; i < layers; ++i)
            share.layers.push_back(i);
        return isRight && m_rest.empty() && layers <= m_model->layers.size();
    }

private:
    std::vector<Decision> &decisions() { return m_work.file.plan.decisions; }

    /// A missing line is no JSON.
    Json next()
    {
        const std::string_view line = m_rest.substr(0, m_rest.find('\n'));
        Json json = Json::parse(line);
        m_rest.remove_prefix(std::min(line.size() + 1, m_rest.size()));
        return json;
    }

    bool readScheme(const Json &json)
    {
        SchemePatch patch;
        for (const auto &[key, value] : json.items())
            if (!patch.set(key, value.get_ref<const std::string &>()))
                return false;
        patch.applyTo(m_schemes.emplace_back());
        return m_schemes.back().validate().has_value();
    }

    bool readTensor(const Json &line)
    {
        TensorInfo &tensor = m_model->tensors.emplace_back();
        line.at(0).get_to(tensor.name);
        const auto dtype = dtypeOf(line.at(1));
        line.at(2).get_to(tensor.shape);
        line.at(3).get_to(tensor.file);
        line.at(4).get_to(tensor.byteOffset);
        line.at(5).get_to(tensor.stackAxes);
        const auto bytes = dtype ? bytesOf(*dtype, tensor.shape) : std::nullopt;
        const auto end = bytes ? checkedAdd(tensor.byteOffset, *bytes) : std::nullopt;
        if (!end || tensor.file >= m_model->files.size() || *end > m_model->files[tensor.file]->size())
            return false;
        tensor.dtype = *dtype;
        tensor.byteSize = *bytes;
        return tensor.stackAxes == 0 || tensor.stackAxes < tensor.shape.size();
    }

    bool readLayer(const Json &line)
    {
        Layer &layer = m_model->layers.emplace_back();
        Decision &decision = decisions().emplace_back();
        m_work.layerNumbers.push_back(line.at(0).get<std::size_t>());
        line.at(1).get_to(layer.tensor);
        line.at(2).get_to(layer.module);
        const auto op = opFromText(line.at(3).get_ref<const std::string &>());
        line.at(4).get_to(layer.channelAxis);
        layer.keptReason = Text::asIs(line.at(5).get<std::string>());
        line.at(6).get_to(decision.quantize);
        const auto scheme = line.at(7).get<std::size_t>();
        line.at(8).get_to(decision.channelAxis);
        decision.valuesAs = line.at(9).is_null() ? std::nullopt : dtypeOf(line.at(9));
        if (!op || layer.tensor >= m_model->tensors.size() || scheme >= m_schemes.size())
            return false;
        const TensorInfo &tensor = m_model->tensors[layer.tensor];
        layer.name = tensor.name;
        layer.op = *op;
        decision.scheme = m_schemes[scheme];
        const auto isAxis = [&](int axis) { return axis >= kNoAxis && axis < static_cast<int>(tensor.shape.size()); };
        return isAxis(layer.channelAxis) && isAxis(decision.channelAxis) &&
               (!decision.quantize || isWeightFloat(tensor.dtype));
    }

    bool readOutput(const Json &line, UnitShare &share)
    {
        OutputTensor tensor;
        const auto producer = line.at(0).get<std::size_t>();
        line.at(1).get_to(tensor.item);
        line.at(2).get_to(tensor.part);
        const auto dtype = dtypeOf(line.at(3));
        line.at(4).get_to(tensor.shape);
        const auto bytes = dtype ? bytesOf(*dtype, tensor.shape) : std::nullopt;
        const auto all = bytes ? checkedAdd(share.bytes, *bytes) : std::nullopt;
        const auto file = line.at(5).get<std::size_t>();
        line.at(6).get_to(tensor.byteOffset);
        const auto end = bytes ? checkedAdd(tensor.byteOffset, *bytes) : std::nullopt;
        if (!all || !end || file >= m_work.plan.files.size() || *end > m_work.plan.files[file].bytes)
            return false;
        if (producer >= m_producers.size() || !m_producers[producer] || tensor.part >= kMostPart)
            return false;
        const ItemOf kind = m_producers[producer]->itemOf();
        if ((kind == ItemOf::Layers && tensor.item >= m_model->layers.size()) ||
            (kind == ItemOf::Tensors && tensor.item >= m_model->tensors.size()))
            return false;
        tensor.producer = m_producers[producer];
        tensor.dtype = *dtype;
        if (kind != ItemOf::Nothing)
            tensor.name =
                kind == ItemOf::Layers ? m_model->layers[tensor.item].name : m_model->tensors[tensor.item].name;
        share.bytes = *all;
        share.tensors.push_back(m_work.file.layout.tensors.size());
        m_work.fileNumbers.push_back(file);
        m_work.file.layout.tensors.push_back(std::move(tensor));
        return true;
    }

    Work &m_work;
    std::shared_ptr<Model> m_model = std::make_shared<Model>();
    std::string_view m_rest;
    Json m_head;
    std::vector<Scheme> m_schemes;
    std::vector<std::shared_ptr<const NamedProducer>> m_producers;
};

/// Opens a file of the source, which has to be as it was.
Result<std::shared_ptr<const InputFile>> openSource(const PlannedSource &planned)
{
    QS_ASSIGN(auto file, InputFile::open(planned.path));
    QS_ASSIGN(const PlannedSource now, sourceOf(*file));
    QS_CHECK(checkSource(planned, now));
    return file;
}

/// False when something is wrong with the piece.
Result<bool> readPiece(Work &work, std::size_t unit, std::string_view text)
{
    try {
        PieceReader reader(work, text);
        std::vector<std::shared_ptr<const InputFile>> files;
        for (const std::size_t source : reader.files()) {
            if (source >= work.plan.sources.size())
                return false;
            QS_ASSIGN(files.emplace_back(), openSource(work.plan.sources[source]));
        }
        work.shares.resize(work.plan.units.size());
        UnitShare &share = work.shares[unit];
        return reader.read(std::move(files), share) && share.bytes == work.plan.units[unit].bytes &&
               share.tensors.size() == work.plan.units[unit].tensors;
    } catch (const Json::exception &) {
        return false;
    }
}

std::unexpected<Error> damaged(const std::filesystem::path &path)
{
    return fail(ErrorCode::Input, Text::of("the index has other bytes than the plan says; make a new plan"),
                inQuotes(path.native()));
}

Result<Work> openedUnit(WorkPlan plan, const std::filesystem::path &path, std::size_t unit, const TaskContext &context)
{
    if (unit >= plan.units.size())
        return fail(ErrorCode::Usage,
                    Text::of("there is no unit {}, the plan has units 0 to {}", unit, plan.units.size() - 1));
    const std::filesystem::path index = indexPath(path);
    const IndexPiece piece = plan.units[unit].piece;
    std::error_code ignored;
    if (piece.bytes == 0 || piece.bytes > kMostPieceBytes || !std::filesystem::exists(index, ignored))
        return openWork(std::move(plan), context);
    QS_ASSIGN(Work work, workOf(std::move(plan)));
    QS_ASSIGN(const std::shared_ptr<const InputFile> file, InputFile::open(index));
    if (file->size() < piece.bytes || file->size() - piece.bytes < piece.begin)
        return damaged(index);
    std::string text(piece.bytes, '\0');
    QS_CHECK(file->read(piece.begin, std::as_writable_bytes(std::span(text))));
    if (checksumOf(text) != piece.checksum)
        return damaged(index);
    QS_ASSIGN(const bool isRight, readPiece(work, unit, text));
    if (!isRight)
        return damaged(index);
    return work;
}

} // namespace

std::filesystem::path indexPath(const std::filesystem::path &plan)
{
    std::filesystem::path path = withoutSlash(plan);
    path += ".index";
    return path;
}

std::string makeIndex(Work &work)
{
    const std::vector<bool> fileIsPlain = plainFiles(*work.model);
    std::string index;
    for (std::size_t unit = 0; unit < work.shares.size(); ++unit) {
        const std::string piece = PieceWriter(work, fileIsPlain).write(work.shares[unit]);
        work.plan.units[unit].piece =
            piece.empty() ? IndexPiece() : IndexPiece{index.size(), piece.size(), checksumOf(piece)};
        index += piece;
    }
    work.identity = identityOf(work.plan);
    return index;
}

Result<void> saveWork(Work &work, const std::filesystem::path &path, bool overwrite)
{
    return guarded([&]() -> Result<void> {
        const std::string index = makeIndex(work);
        const std::string plan = toJson(work.plan);
        QS_ASSIGN(const auto planned, AtomicFile::create(path, plan.size(), overwrite));
        QS_CHECK(planned->write(0, std::as_bytes(std::span(plan))));
        if (!index.empty()) {
            QS_ASSIGN(const auto beside, AtomicFile::create(indexPath(path), index.size(), overwrite));
            QS_CHECK(beside->write(0, std::as_bytes(std::span(index))));
            // It gets its name first: a plan whose index is another one is refused.
            QS_CHECK(beside->commit());
        }
        return planned->commit();
    });
}

Result<Work> openUnit(WorkPlan plan, const std::filesystem::path &path, std::size_t unit, const TaskContext &context)
{
    return guarded([&] { return openedUnit(std::move(plan), path, unit, context); });
}

} // namespace qs
