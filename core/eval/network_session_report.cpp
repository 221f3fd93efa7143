// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the runs of a session came to, as numbers of a report.
#include "core/base/parallel.h"
#include "core/eval/network_session.h"
#include "core/network/queries.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace qs {
namespace {

/// Beyond so many pairs of slots and steps each slot counts as a whole run.
constexpr std::size_t kMostCostSteps = 200'000'000;

/// Relative difference of scores that are the same but for rounding.
constexpr double kSameScores = 1e-5;

constexpr std::array<std::string_view, 3> kSquashing{"Softmax", "LogSoftmax", "Sigmoid"};

/// The node that squashes what a value is made of; null when none does.
const NetworkNode *squasher(const NetworkLinks &links, std::uint32_t value)
{
    for (auto node = links.producerOf(value); node; node = links.producerOf(value)) {
        const NetworkNode &maker = links.nodeAt(*node);
        if (!maker.domain.empty() || maker.inputs.empty() || maker.inputs[0] == kAbsent)
            return nullptr;
        if (std::ranges::find(kSquashing, maker.op) != kSquashing.end())
            return &maker;
        if (!passesElements(maker.op))
            return nullptr;
        value = maker.inputs[0];
    }
    return nullptr;
}

} // namespace

void NetworkSession::watch()
{
    const Network &network = m_plan->network();
    const NetworkLinks links(network);
    m_watchedAt.assign(network.values.size(), kAbsent);
    const auto add = [this](std::uint32_t value) {
        if (m_watchedAt[value] == kAbsent)
            m_watchedAt[value] = static_cast<std::uint32_t>(m_watched.size());
        m_watched.push_back(value);
    };
    for (const std::uint32_t output : network.graphs[0].outputs)
        add(output);
    for (const std::uint32_t output : network.graphs[0].outputs) {
        const NetworkNode *node = squasher(links, output);
        m_before.push_back(node != nullptr && !m_plan->isStored(node->inputs[0]) ? node->inputs[0] : kAbsent);
        m_squashedBy.push_back(node != nullptr ? node->op : std::string());
        if (m_before.back() != kAbsent)
            add(m_before.back());
    }
    for (const LayerSlot &slot : m_plan->layerSlots())
        add(slot.output);
}

/// Sums of values that do not differ from those of the float network.
NetworkSession::Watched NetworkSession::sameSums(const Trace &floats) const
{
    Watched sums(m_watched.size());
    for (std::size_t i = 0; i < m_watched.size(); ++i) {
        if (const ValuePtr &value = floats.values[m_watched[i]])
            sums[i] = compareValues(*value, *value, m_feed.rows);
        else
            sums[i].comparable = i >= m_plan->network().graphs[0].outputs.size(); // in a branch that is not taken
    }
    return sums;
}

/// Rows of scores: of samples, of a chain or one by one, or of tokens, one score for each token that there is: hidden
/// states are no scores.
void NetworkSession::chooseClasses(const Trace &trace)
{
    const std::vector<std::uint32_t> &outputs = m_plan->network().graphs[0].outputs;
    m_classes.reset();
    for (const std::uint32_t output : outputs) {
        const ValuePtr &value = trace.values[output];
        if (!value || !value->isFloat() || value->rank() < 2 || value->shape().back() < 2)
            continue;
        const bool samples = value->rank() == 2 && (m_feed.rows || value->shape()[0] == 1);
        const bool tokens = value->rank() == 3 && m_feed.tokens && trace.values[*m_feed.tokens] &&
                            trace.values[*m_feed.tokens]->rank() > 0 &&
                            value->shape()[1] == trace.values[*m_feed.tokens]->shape().back() &&
                            static_cast<std::uint64_t>(value->shape()[2]) == m_feed.vocabulary;
        if (samples || tokens) {
            m_classes = output;
            m_language = tokens;
            return;
        }
    }
}

/// Whether scores of a token know what comes behind it, as BERT's do: nothing is foretold then, and perplexity of such
/// scores would mean nothing. Changes the last token of each text of the first sample and looks at those before it.
Result<void> NetworkSession::findForesight(const NetworkRun &run, const Trace &floats, const TaskContext &context)
{
    m_foretells = false;
    if (!m_language || !m_feed.givenTokens)
        return {};
    const Value &tokens = *floats.values[*m_feed.tokens];
    const Value &before = *floats.values[*m_classes];
    const auto length = static_cast<std::size_t>(tokens.shape().back());
    QS_ASSIGN(const auto others, Value::make(ElementKind::Int, tokens.shape(), m_budget));
    std::ranges::copy(tokens.ints(), others->ints().begin());
    const std::span<std::int64_t> ids = others->ints();
    for (std::size_t last = length; last <= ids.size() && length > 0; last += length)
        ids[last - 1] = ids[last - 1] == 0 ? 1 : 0;
    Trace trace = floats;
    trace.values[*m_feed.tokens] = others;
    const Slots none(m_plan->layerSlots().size());
    QS_CHECK(qs::run(traceRun(run, none, m_keepAlone), std::span(&*m_feed.tokens, 1), trace, context));
    const ValuePtr &after = trace.values[*m_classes];
    const std::size_t each = length * static_cast<std::size_t>(before.shape().back());
    if (!after || after->shape() != before.shape() || each == 0)
        return {};
    ValueSums sums;
    const std::size_t seen = each - each / length;
    for (std::size_t start = 0; start + each <= before.size(); start += each)
        sums.add(compareElements(before.floats().subspan(start, seen), after->floats().subspan(start, seen)));
    m_foretells = sums.relativeError().value_or(0) < kSameScores;
    return {};
}

ClassSums NetworkSession::classesOf(std::size_t sample, const Trace &floats, const Trace &quantized) const
{
    if (!m_classes || !floats.values[*m_classes] || !quantized.values[*m_classes])
        return {};
    const Value &reference = *floats.values[*m_classes];
    const std::optional<std::uint64_t> counted = m_feed.rows;
    ClassRequest request;
    request.rows = counted.value_or(reference.size() / static_cast<std::size_t>(reference.shape().back()));
    request.divergence = m_language;
    if (!m_feed.labels.empty() && !m_language)
        request.labels = std::span(m_feed.labels).subspan(counted ? 0 : sample, request.rows);
    const ValuePtr tokens = m_feed.tokens ? floats.values[*m_feed.tokens] : nullptr;
    if (m_foretells && tokens && tokens->size() == request.rows && request.rows > 0)
        request.classes = tokens->ints().subspan(1); // each token tells what comes behind it
    return compareClasses(reference, *quantized.values[*m_classes], request);
}

/// Only whether both give the same answers: divergences of every layer alone would take long.
ClassSums NetworkSession::agreementOf(const Trace &floats, const Trace &quantized) const
{
    if (!m_classes || !floats.values[*m_classes] || !quantized.values[*m_classes])
        return {};
    const Value &reference = *floats.values[*m_classes];
    ClassRequest request;
    request.rows = m_feed.rows.value_or(reference.size() / static_cast<std::size_t>(reference.shape().back()));
    return compareClasses(reference, *quantized.values[*m_classes], request);
}

/// Of the outputs of the network.
NetworkSession::Watched NetworkSession::outputSums(const Trace &floats, const Trace &quantized) const
{
    Watched sums(m_plan->network().graphs[0].outputs.size());
    for (std::size_t output = 0; output < sums.size(); ++output) {
        const std::uint32_t value = m_plan->network().graphs[0].outputs[output];
        if (floats.values[value] && quantized.values[value])
            sums[output] = compareValues(*floats.values[value], *quantized.values[value], m_feed.rows);
        else
            sums[output].comparable = false;
    }
    return sums;
}

ValueSums NetworkSession::sumOf(std::span<const Watched> samples, std::size_t watched) const
{
    ValueSums sum;
    for (const Watched &sample : samples)
        sum.add(sample[watched]);
    return sum;
}

std::optional<double> NetworkSession::largestError(std::span<const Watched> samples) const
{
    std::optional<double> largest;
    for (std::size_t output = 0; output < m_plan->network().graphs[0].outputs.size(); ++output)
        if (const auto error = sumOf(samples, output).relativeError(); error && (!largest || *error > *largest))
            largest = error;
    return largest;
}

Shape NetworkSession::shapeOf(std::uint32_t value) const
{
    const auto found = m_shapes.find(value);
    return found == m_shapes.end() ? Shape() : found->second;
}

LayerOutputError NetworkSession::layerError(const NetworkRun &run, std::size_t slot) const
{
    const LayerSlot &where = m_plan->layerSlots()[slot];
    LayerOutputError error;
    if (!m_feed.inputs.empty()) {
        error.inputShape = shapeOf(where.input);
        error.outputShape = shapeOf(where.output);
    }
    if (!run.decisions[where.layer].quantize)
        return error;
    error.upToHere = sumOf(m_states.front()->sums, m_watchedAt[where.output]).relativeError();
    if (const auto alone = m_alone.find(aloneKey(slot, run)); alone != m_alone.end()) {
        error.alone = alone->second.error;
        error.top1Changed = alone->second.top1Changed;
    }
    return error;
}

/// Expected times by those of the first float run, which took `whole`, also for what is not in any step.
void NetworkSession::findCosts(double whole)
{
    const std::span<const LayerSlot> slots = m_plan->layerSlots();
    const double overhead = std::max(whole - std::accumulate(m_stepSeconds.begin(), m_stepSeconds.end(), 0.0), 0.0);
    m_runSeconds = whole;
    m_slotSeconds.assign(slots.size(), whole);
    if (m_held != Held::Starts || slots.size() * m_plan->steps().size() > kMostCostSteps)
        return;
    for (std::size_t slot = 0; slot < slots.size(); ++slot) {
        m_slotSeconds[slot] = overhead;
        for (const std::uint32_t step : m_plan->stepsBehind(slots[slot].values))
            m_slotSeconds[slot] += m_stepSeconds[step];
    }
}

/// Of the float and the quantized network.
double NetworkSession::secondsOfRuns() const
{
    return 2 * m_runSeconds * static_cast<double>(m_feed.samples) / threadCount();
}

/// Of everything, with these slots alone.
double NetworkSession::secondsOf(std::span<const std::size_t> slotsAlone) const
{
    double sum = 0;
    for (const std::size_t slot : slotsAlone)
        sum += m_slotSeconds[slot];
    return secondsOfRuns() + sum * static_cast<double>(m_feed.samples) / threadCount();
}

/// Of runs on all threads: as much again as their values for what nodes work in, which is not in the count.
std::uint64_t NetworkSession::bytesSideBySide() const
{
    return 2 * m_runBytes * static_cast<std::uint64_t>(threadCount());
}

/// Traces that are kept, and what comes and goes; all that is allowed where no run came to its end.
std::uint64_t NetworkSession::bytesOfRuns() const
{
    if (m_stepSeconds.empty())
        return m_budget.limit();
    const std::uint64_t kept = m_sampleBytes * m_keptSamples;
    return std::min(m_budget.limit(), kept + m_runBytes * static_cast<std::uint64_t>(threadCount()));
}

bool NetworkSession::leavesOutAlone(const NetworkRun &run, double seconds) const
{
    return !run.whole && seconds > (m_ranAlone ? kRepeatedSeconds : kAutomaticSeconds);
}

void NetworkSession::askFirst(double seconds, OutputErrorReport &total) const
{
    total.onRequest = true;
    total.estimatedSeconds = seconds;
    total.estimatedBytes = bytesOfRuns();
    total.reason = Text::of("running the network with each layer alone takes longer than is done without being asked");
}

NetworkOutputError NetworkSession::outputError(std::size_t output, const ValueSums &sums) const
{
    const std::uint32_t value = m_plan->network().graphs[0].outputs[output];
    NetworkOutputError result;
    result.name = m_plan->network().values[value].name;
    result.shape = shapeOf(value);
    result.relativeError = sums.relativeError();
    result.exact = sums.comparable && sums.error == 0;
    if (result.relativeError && !result.exact)
        result.sqnrDb = 10 * std::log10(sums.signal / sums.error);
    if (sums.comparable && std::isfinite(sums.error))
        result.maxAbsError = sums.largest;
    if (!sums.comparable)
        result.notAvailable = Text::of("it holds no floats, or its shape depends on the weights");
    else if (sums.signal == 0)
        result.notAvailable = Text::of("the float network's output is zero for every sample");
    else if (!result.relativeError)
        result.notAvailable = Text::of("an output is not finite");
    if (m_before[output] != kAbsent) {
        result.squashedBy = m_squashedBy[output];
        result.errorBefore = sumOf(m_states.front()->sums, m_watchedAt[m_before[output]]).relativeError();
    }
    return result;
}

/// The worst output stands for all of them.
void NetworkSession::fillTotal(OutputErrorReport &total) const
{
    const std::vector<std::uint32_t> &outputs = m_plan->network().graphs[0].outputs;
    const std::span<const Watched> samples = m_states.front()->sums;
    ValueSums all;
    total.kind = OutputErrorKind::Network;
    for (std::size_t o = 0; o < outputs.size(); ++o) {
        const ValueSums sums = sumOf(samples, m_watchedAt[outputs[o]]);
        NetworkOutputError error = outputError(o, sums);
        if (sums.comparable)
            all.add(sums);
        if (error.relativeError && (!total.relativeError || *error.relativeError > *total.relativeError)) {
            total.relativeError = error.relativeError;
            total.sqnrDb = error.sqnrDb;
        }
        total.networkOutputs.push_back(std::move(error));
    }
    total.samples = m_feed.rows.value_or(m_feed.samples);
    total.exact = all.count > 0 && all.error == 0;
    if (!total.relativeError && !outputs.empty())
        total.notAvailable = total.networkOutputs.front().notAvailable;
    total.outputs = all.count / std::max<std::uint64_t>(total.samples, 1);
    if (all.count > 0 && std::isfinite(all.error)) {
        total.maxAbsError = all.largest;
        total.meanAbsErrorX1000 = 1000 * all.absolute / static_cast<double>(all.count);
    }
    if (std::isfinite(all.error) && std::isfinite(all.signal))
        fillClasses(total);
}

void NetworkSession::fillClasses(OutputErrorReport &total) const
{
    ClassSums sum;
    for (const ClassSums &sample : m_states.front()->classes)
        sum.add(sample);
    if (sum.rows == 0)
        return;
    const auto share = [](std::uint64_t part, std::uint64_t all) {
        return static_cast<double>(part) / static_cast<double>(all);
    };
    total.top1Agreement = share(sum.agree, sum.rows);
    if (sum.labels > 0) {
        total.accuracyBefore = share(sum.rightBefore, sum.labels);
        total.accuracyAfter = share(sum.rightAfter, sum.labels);
    }
    if (!m_language)
        return;
    total.klMean = sum.divergence / static_cast<double>(sum.rows);
    total.klMax = sum.worst;
    if (sum.known > 0) {
        total.perplexityBefore = std::exp(sum.surpriseBefore / static_cast<double>(sum.known));
        total.perplexityAfter = std::exp(sum.surpriseAfter / static_cast<double>(sum.known));
    }
}

} // namespace qs
