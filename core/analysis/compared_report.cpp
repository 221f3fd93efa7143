// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/analysis/compared_report.h"

#include "core/analysis/shown_error.h"

#include <algorithm>
#include <numeric>
#include <string>
#include <unordered_map>
#include <utility>

namespace qs {

namespace {

/// What is known of a layer without another model.
LayerReport describe(const Model &model, const Layer &layer)
{
    const TensorInfo &tensor = model.tensorOf(layer);
    LayerReport report;
    report.name = layer.name;
    report.module = layer.module;
    report.op = layer.op;
    report.shape = tensor.shape;
    report.dtype = tensor.dtype;
    report.typeName = std::string(tensor.typeName());
    report.matrix = matrixShape(tensor, layer.channelAxis);
    report.decision.quantize = false;
    report.decision.by = DecidedBy::File;
    report.decision.channelAxis = layer.channelAxis;
    report.bytesBefore = floatBytes(model, layer);
    report.bytesAfter = report.bytesBefore;
    report.canQuantize = false;
    return report;
}

/// What the other file holds for a matched layer.
void take(LayerReport &report, const LayerReport &other)
{
    report.decision.scheme = other.decision.scheme;
    report.alreadyQuantized = other.alreadyQuantized;
    report.bytesAfter = other.bytesAfter;
    report.notes = other.notes;
    // Floats of the other file have no scales: those that it could be given are of no interest here. Scales of another
    // number of channels have no place beside these.
    if (other.alreadyQuantized && other.matrix.channels == report.matrix.channels) {
        report.quantization = other.quantization;
        if (other.quantization)
            report.decision.scheme = other.quantization->scheme;
    }
}

} // namespace

ComparedReport comparedReport(const Model &reference, const Model &candidate, const Comparison &comparison,
                              const Report &candidateReport)
{
    std::unordered_map<std::string_view, const TensorComparison *> pairs;
    for (const TensorComparison &pair : comparison.tensors)
        pairs.emplace(pair.name, &pair);
    std::unordered_map<std::string_view, const UnmatchedTensor *> unmatched;
    for (const UnmatchedTensor &tensor : comparison.unmatched)
        if (tensor.side == ModelSide::Reference)
            unmatched.emplace(tensor.name, &tensor);

    auto report = std::make_shared<Report>();
    ComparedReport result;
    result.layers.resize(reference.layers.size());
    for (std::size_t i = 0; i < reference.layers.size(); ++i) {
        const Layer &layer = reference.layers[i];
        auto known = std::make_shared<LayerReport>(describe(reference, layer));
        const auto pair = pairs.find(layer.name);
        if (pair == pairs.end()) {
            const auto why = unmatched.find(layer.name);
            known->decision.reason = why != unmatched.end() ? why->second->reason
                                                            : Text::of("the other file holds it as a part of another "
                                                                       "tensor");
        } else {
            known->decision.quantize = true;
            known->decision.by = DecidedBy::Nobody;
            known->metrics = pair->second->metrics;
            ++report->total.quantized;
            const auto tensor = candidate.findTensor(pair->second->candidate);
            const auto own = tensor ? candidate.layerOf(*tensor) : std::nullopt;
            result.layers[i] = own;
            if (own && candidateReport.layers[*own])
                take(*known, *candidateReport.layers[*own]);
        }
        report->layers.push_back(std::move(known));
    }
    ReportTotal &total = report->total;
    total.layers = reference.layers.size();
    total.kept = total.layers - total.quantized;
    total.metrics = comparison.total;
    total.bytesBefore = reference.bytes();
    total.bytesAfter = candidate.bytes();
    report->outputError.reason = Text::of("weights are compared; the network was not run with those of the other file");
    report->chain = candidateReport.chain;
    report->complete = true;
    total.worstLayer = worstLayer(*report);
    result.report = std::move(report);
    return result;
}

std::vector<std::size_t> mostAffected(const Comparison &comparison)
{
    std::vector<std::size_t> order(comparison.tensors.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::ranges::stable_sort(order, std::ranges::greater(), [&](std::size_t i) {
        const Metrics &metrics = comparison.tensors[i].metrics;
        return metrics.relativeError.value_or(metrics.exact ? 0.0 : -1.0);
    });
    return order;
}

} // namespace qs
