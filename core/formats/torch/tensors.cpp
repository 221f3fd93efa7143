// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/tensors.h"

#include "core/base/text.h"
#include "core/formats/torch/quantizer.h"
#include "core/formats/torch/rebuilder.h"
#include "core/formats/torch/tensor_names.h"

#include <tuple>

namespace qs::torch {
namespace {

using pickle::Content;

constexpr std::size_t kMaxTensors = 2'000'000;

/// Turns one record after the other into tensors of the model.
class TensorReader : private Arguments
{
public:
    TensorReader(const Content &content, const Storages &storages, const std::map<std::string_view, Record> &records,
                 const Parts &parts, Model &model, const std::string &where)
        : Arguments(content, where)
        , m_model(model)
        , m_rebuilder(content, storages, records, parts, model, where)
        , m_quantizers(content, m_rebuilder, m_names, parts, model, where)
    {}

    Result<void> add(const NamedTensor &named)
    {
        m_name = named.name;
        m_value = named.value;
        if (m_model.tensors.size() == kMaxTensors)
            return wrong(m_value, Text::of("the file has more than {} tensors, the limit", kMaxTensors));
        TensorInfo tensor;
        tensor.name = m_names.unique(named.name);
        QS_CHECK(m_rebuilder.rebuild(named, tensor));
        noteAlias(tensor);
        if (tensor.dtype == DType::Encoded && tensor.shape.size() > 1)
            m_model.roles[m_model.tensors.size()] = {.reason = tensor.encoding->withoutValues, .quantizable = false};
        else if (m_rebuilder.isRepeated() && tensor.shape.size() > 1)
            m_model.roles[m_model.tensors.size()] = {
                .reason = Text::of("its elements are a few stored ones that repeat"), .layer = false};
        m_model.tensors.push_back(std::move(tensor));
        const Index quantizer = m_rebuilder.quantizer();
        return quantizer == pickle::kNone ? Result<void>()
                                          : m_quantizers.read(named, quantizer, m_model.tensors.size() - 1);
    }

    void addWarnings()
    {
        if (!m_names.renamed().empty())
            m_model.warnings.push_back(Text::of("{} tensors had the name of another one and were renamed: {}",
                                                m_names.renamed().size(), listInQuotes(m_names.renamed(), 3)));
    }

private:
    void noteAlias(const TensorInfo &tensor)
    {
        if (tensor.byteSize == 0)
            return;
        const auto [first, isNew] =
            m_places.emplace(std::tuple(tensor.file, tensor.byteOffset, tensor.dtype, tensor.shape, tensor.strides),
                             m_model.tensors.size());
        if (!isNew)
            m_model.aliases.emplace(m_model.tensors.size(), first->second);
    }

    Model &m_model;
    TensorNames m_names;
    Rebuilder m_rebuilder;
    QuantizerReader m_quantizers;
    std::map<std::tuple<std::size_t, std::uint64_t, DType, std::vector<std::uint64_t>, std::vector<std::uint64_t>>,
             std::size_t>
        m_places; ///< tensors by where and how they lie
};

} // namespace

Result<void> addTensors(const Content &content, const StateDict &dict, const Storages &storages,
                        const std::map<std::string_view, Record> &records, const Parts &parts, Model &model,
                        const std::string &where, const TaskContext &context)
{
    TensorReader reader(content, storages, records, parts, model, where);
    for (const NamedTensor &tensor : dict.tensors) {
        QS_CHECK(context.check());
        QS_CHECK(reader.add(tensor));
    }
    reader.addWarnings();
    return {};
}

} // namespace qs::torch
