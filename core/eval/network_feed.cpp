// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/eval/network_feed.h"

#include "core/base/fingerprint.h"
#include "core/eval/network_ports.h"
#include "core/eval/products.h"

#include <algorithm>
#include <cctype>
#include <limits>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qs {
namespace {

constexpr std::uint64_t kFreeSize = 256;
constexpr std::uint64_t kTokensPerSample = 128;
constexpr std::uint64_t kRandomSamples = 8;
constexpr std::uint64_t kRandomTexts = 4;
constexpr std::uint64_t kMostSamples = 4096;

bool isBatch(const std::string &name)
{
    std::string lower = name;
    std::ranges::transform(lower, lower.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return lower == "n" || lower == "b" || lower.find("batch") != std::string::npos;
}

/// All that samples are made of.
struct FeedSource {
    std::vector<Port> ports;
    std::shared_ptr<const NetworkInputs> given; ///< what ports point into
    InputArray matrix;                          ///< or this one
    std::uint64_t seed = 0;
    MemoryBudget budget;

    Result<ValuePtr> valueOf(std::size_t index, std::uint64_t sample, const TaskContext &context)
    {
        const Port &port = ports[index];
        if (port.given != nullptr)
            return givenValue(port, port.samplesGiven == 1 ? 0 : sample, budget);
        // Each input has a sequence of its own.
        const std::uint64_t own = index == 0 ? seed : randomBits(seed, ~static_cast<std::uint64_t>(index));
        return randomValue(port, sample, own, budget, context);
    }

    Result<FedSample> make(std::uint64_t sample, const TaskContext &context)
    {
        FedSample fed;
        for (std::size_t p = 0; p < ports.size(); ++p) {
            QS_ASSIGN(ValuePtr value, valueOf(p, sample, context));
            fed.emplace_back(ports[p].value, std::move(value));
        }
        return fed;
    }

    /// Whether one sample fits into memory. Takes the memory and does not touch it.
    Result<void> checkSize()
    {
        Values values;
        for (const Port &port : ports) {
            auto value = Value::make(kindOf(port), port.shape, budget);
            if (!value)
                return fail(value.error().code, Text::of("input {}: {}", port.name(), value.error().message));
            values.push_back(*std::move(value));
        }
        return {};
    }
};

class FeedMaker
{
public:
    FeedMaker(const Network &network, const FeedOptions &options, MemoryBudget &budget)
        : m_network(network)
        , m_links(network)
        , m_options(options)
        , m_source(std::make_shared<FeedSource>(
              FeedSource{.ports = {}, .given = options.inputs, .matrix = {}, .seed = options.seed, .budget = budget}))
        , m_ports(m_source->ports)
    {}

    Result<NetworkFeed> make()
    {
        for (const std::uint32_t value : m_network.graphs[0].inputs)
            m_ports.push_back(portOf(m_links, value));
        QS_CHECK(checkDims());
        QS_CHECK(takeArrays());
        for (Port &port : m_ports)
            QS_CHECK(port.given != nullptr ? fitArray(port, m_sizes) : Result<void>());
        for (Port &port : m_ports)
            QS_CHECK(port.given != nullptr ? Result<void>() : chooseShape(port));
        QS_CHECK(countSamples());
        QS_CHECK(m_source->checkSize());
        m_feed.samples = m_samples;
        m_feed.sample = [source = m_source](std::size_t sample, const TaskContext &context) {
            return source->make(sample, context);
        };
        for (const Port &port : m_ports)
            m_feed.fedValues.push_back(port.value);
        describe();
        return std::move(m_feed);
    }

private:
    bool hasTokens() const
    {
        return std::ranges::any_of(m_ports, [](const Port &port) { return port.content == Content::Tokens; });
    }

    Result<void> checkDims() const
    {
        std::set<std::string> names;
        for (const Port &port : m_ports)
            if (port.about->shape)
                for (const NetworkDim &dim : *port.about->shape)
                    if (!dim.size && !dim.name.empty())
                        names.insert(dim.name);
        for (const auto &[name, size] : m_options.dims)
            if (!names.contains(name))
                return fail(ErrorCode::Usage, Text::of("the network has no free dimension {}; it has: {}",
                                                       inQuotes(name), fmt::format("{}", fmt::join(names, ", "))));
        return {};
    }

    Result<void> takeArrays()
    {
        if (!m_options.inputs)
            return {};
        if (m_ports.empty())
            return fail(ErrorCode::Input, Text::of("the network has no inputs"));
        const NetworkInputs &inputs = *m_options.inputs;
        if (inputs.arrays.empty()) {
            QS_ASSIGN(const auto value, Value::make(ElementKind::Float,
                                                    {static_cast<std::int64_t>(inputs.samples),
                                                     static_cast<std::int64_t>(inputs.features)},
                                                    m_source->budget));
            std::ranges::copy(inputs.values, value->floats().begin());
            m_source->matrix = {.name = {}, .value = value, .file = inputs.about.str()};
            m_ports.front().given = &m_source->matrix;
        }
        for (const InputArray &array : inputs.arrays) {
            const auto port =
                array.name.empty() ? m_ports.begin() : std::ranges::find_if(m_ports, [&](const Port &candidate) {
                    return candidate.about->name == array.name;
                });
            if (port == m_ports.end())
                return fail(ErrorCode::Input,
                            Text::of("the network has no input {}; it has {}", inQuotes(array.name), portNames()),
                            array.file);
            port->given = &array;
        }
        return {};
    }

    std::string portNames() const
    {
        std::vector<std::string> names;
        for (const Port &port : m_ports)
            names.push_back(inQuotes(port.about->name));
        return fmt::format("{}", fmt::join(names, ", "));
    }

    Result<void> chooseShape(Port &port)
    {
        const NetworkValue &about = *port.about;
        if (!about.dtype)
            return fail(ErrorCode::Work,
                        Text::of("input {} takes no numbers but {}", port.name(),
                                 about.otherType.empty() ? "something that the file does not tell" : about.otherType));
        if (!about.shape)
            return fail(ErrorCode::Work, Text::of("the shape of input {} is not known; feed it an array", port.name()));
        for (std::size_t a = 0; a < about.shape->size(); ++a) {
            const std::uint64_t size = sizeOf((*about.shape)[a], a);
            if (size > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
                return fail(ErrorCode::Work, Text::of("axis {} of input {} has {} elements", a, port.name(), size));
            port.shape.push_back(static_cast<std::int64_t>(size));
        }
        if (port.content != Content::Unknown)
            return {};
        return fail(
            ErrorCode::Work,
            port.shape.empty()
                ? Text::of("input {} is a single whole number; say which", port.name())
                : Text::of("input {} holds whole numbers, and nothing tells which; feed it an array", port.name()));
    }

    std::uint64_t sizeOf(const NetworkDim &dim, std::size_t axis)
    {
        if (dim.size)
            return *dim.size;
        if (const auto asked = m_options.dims.find(dim.name); asked != m_options.dims.end())
            return asked->second;
        if (const auto known = m_sizes.find(dim.name); known != m_sizes.end() && !dim.name.empty())
            return known->second;
        if (axis == 0 || isBatch(dim.name))
            return 1;
        const std::uint64_t size = hasTokens() ? kTokensPerSample : kFreeSize;
        if (m_assumed.insert(dim.name).second)
            m_feed.assumedDims += fmt::format("{}{} = {}", m_feed.assumedDims.empty() ? "" : ", ",
                                              dim.name.empty() ? "?" : printable(dim.name), size);
        return size;
    }

    Result<void> countSamples()
    {
        m_samples = 1;
        for (const Port &port : m_ports) {
            if (port.samplesGiven == 1)
                continue;
            if (m_samples != 1 && m_samples != port.samplesGiven)
                return fail(ErrorCode::Input,
                            Text::of("the arrays hold {} and {} samples", m_samples, port.samplesGiven),
                            port.given->file);
            m_samples = port.samplesGiven;
        }
        const bool anyGiven = std::ranges::any_of(m_ports, [](const Port &port) { return port.given != nullptr; });
        if (!anyGiven)
            m_samples = m_options.samples.value_or(hasTokens() ? kRandomTexts : kRandomSamples);
        if (m_samples == 0 || m_samples > kMostSamples)
            return fail(ErrorCode::Usage,
                        Text::of("{} samples are asked for; from 1 to {} can be fed", m_samples, kMostSamples));
        m_random = !anyGiven;
        if (!m_options.inputs || m_options.inputs->labels.empty())
            return {};
        m_feed.labels = m_options.inputs->labels;
        if (m_feed.labels.size() != m_samples)
            return fail(ErrorCode::Input, Text::of("{} labels for {} samples; there must be one for each",
                                                   m_feed.labels.size(), m_samples));
        return {};
    }

    void describe()
    {
        Fingerprint id;
        id.add(m_samples).add(m_options.seed).add(m_options.inputs ? m_options.inputs->id : 0);
        std::string shapes;
        for (const Port &port : m_ports) {
            m_feed.inputs.push_back({port.about->name, port.shape, sourceOf(port, m_options.seed)});
            for (const std::int64_t size : port.shape)
                id.add(static_cast<std::uint64_t>(size));
            shapes += fmt::format("{}{} {}", shapes.empty() ? "" : ", ", port.name(), shapeText(port.shape));
            if (port.content == Content::Tokens && !m_feed.tokens) {
                m_feed.tokens = port.value;
                m_feed.vocabulary = port.tableRows;
                m_feed.givenTokens = port.given != nullptr;
            }
        }
        m_feed.id = id.hash();
        if (!m_random)
            m_feed.about = m_samples == 1
                               ? Text::of("1 sample from {}: {}", m_options.inputs->about, shapes)
                               : Text::of("{} samples from {}: {}", m_samples, m_options.inputs->about, shapes);
        else if (m_feed.tokens)
            m_feed.about = Text::of("{} random texts, seed {}: {}; random inputs find the bad layer, but say nothing "
                                    "of accuracy",
                                    m_samples, m_options.seed, shapes);
        else
            m_feed.about = Text::of("{} random samples, seed {}: {}; random inputs find the bad layer, but say nothing "
                                    "of accuracy",
                                    m_samples, m_options.seed, shapes);
    }

    const Network &m_network;
    NetworkLinks m_links;
    const FeedOptions &m_options;
    const std::shared_ptr<FeedSource> m_source;
    std::vector<Port> &m_ports;      ///< of the source
    Sizes m_sizes;                   ///< of free dimensions, as given arrays have them
    std::set<std::string> m_assumed; ///< free dimensions that nobody gave
    std::uint64_t m_samples = 0;
    bool m_random = false;
    NetworkFeed m_feed;
};

} // namespace

Result<NetworkFeed> chainFeed(const Network &network, const NetworkInputs &inputs, MemoryBudget &budget)
{
    NetworkFeed feed;
    QS_ASSIGN(const auto value, Value::make(ElementKind::Float,
                                            {static_cast<std::int64_t>(paddedSamples(inputs.samples)),
                                             static_cast<std::int64_t>(inputs.features)},
                                            budget));
    const auto end = std::ranges::copy(inputs.values, value->floats().begin()).out;
    std::fill(end, value->floats().end(), 0.F);
    const std::uint32_t input = network.graphs[0].inputs[0];
    feed.samples = 1;
    feed.sample = [input, value](std::size_t, const TaskContext &) -> Result<FedSample> {
        return FedSample{{input, value}};
    };
    feed.fedValues = {input};
    feed.rows = inputs.samples;
    feed.labels = inputs.labels;
    feed.about = inputs.about;
    feed.id = inputs.id;
    return feed;
}

Result<NetworkFeed> graphFeed(const Network &network, const FeedOptions &options, MemoryBudget &budget)
{
    return FeedMaker(network, options, budget).make();
}

} // namespace qs
