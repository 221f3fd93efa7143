// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/export/formats/c_header.h"

#include "core/base/checked_math.h"
#include "core/export/containers/pieces.h"
#include "core/export/producers.h"
#include "core/export/registry.h"
#include "core/export/remedies.h"
#include "core/scheme/scale_table.h"

#include <cstring>
#include <unordered_set>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace qs {

namespace {

constexpr std::uint64_t kMostCodes = std::uint64_t{16} << 20U; // compilers take seconds for a million

/// Numbers of an array as text; each takes the same room, so that the size of a file is known before it is written.
struct NumberText {
    std::size_t width = 0; ///< of a number with its comma
    std::size_t perLine = 1;
    std::size_t bytes = 1; ///< of a number in memory
    std::string (*of)(const std::byte *number) = nullptr;

    /// Where number `index` begins, behind the line break before it.
    std::uint64_t position(std::uint64_t index) const { return index * width + index / perLine + 1; }
    std::uint64_t size(std::uint64_t count) const { return count * width + ceilDiv(count, perLine); }
};

const NumberText kCodeText{5, 20, 1, [](const std::byte *number) {
                               return fmt::format("{:4},", static_cast<int>(static_cast<std::int8_t>(*number)));
                           }};
const NumberText kFloatText{17, 6, 4, [](const std::byte *number) {
                                float value = 0;
                                std::memcpy(&value, number, sizeof value);
                                return fmt::format("{:15.8e}f,", value);
                            }};

/// Turns what another producer writes into text.
class ArrayTexts final : public Producer
{
public:
    explicit ArrayTexts(std::shared_ptr<const Producer> numbers)
        : m_numbers(std::move(numbers))
    {}

    std::optional<std::size_t> layerOf(std::size_t item) const override { return m_numbers->layerOf(item); }

    Result<void> produce(std::size_t item, std::span<const OutputPart> parts, const TaskContext &context) const override
    {
        std::vector<OutputPart> binary(parts.size());
        for (std::size_t i = 0; i < parts.size(); ++i) {
            if (!parts[i].write)
                continue;
            const NumberText &text = i == kScales ? kFloatText : kCodeText;
            binary[i] = {i == kScales ? DType::F32 : DType::I8,
                         [&text, &write = parts[i].write](std::uint64_t offset, std::span<const std::byte> bytes) {
                             return writeText(text, offset / text.bytes, bytes, write);
                         }};
        }
        return m_numbers->produce(item, binary, context);
    }

private:
    static Result<void> writeText(const NumberText &text, std::uint64_t first, std::span<const std::byte> numbers,
                                  const ByteSink &write)
    {
        std::string lines;
        for (std::size_t i = 0; i < numbers.size() / text.bytes; ++i) {
            if ((first + i) % text.perLine == 0)
                lines += '\n';
            lines += text.of(numbers.data() + i * text.bytes);
        }
        const std::uint64_t lineBreak = first % text.perLine == 0 ? 1 : 0;
        return write(text.position(first) - lineBreak, std::as_bytes(std::span(lines)));
    }

    std::shared_ptr<const Producer> m_numbers;
};

/// ASCII letters, digits and single underscores; a letter first.
std::string identifier(std::string_view name)
{
    std::string result;
    for (const char c : name) {
        const bool isUpper = c >= 'A' && c <= 'Z';
        if (isUpper || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
            result += static_cast<char>(isUpper ? c - 'A' + 'a' : c);
        else if (!result.empty() && result.back() != '_')
            result += '_';
    }
    const bool startsWell = !result.empty() && result.front() >= 'a' && result.front() <= 'z';
    return startsWell ? result : "w_" + result;
}

/// A name as it can stand in a comment.
std::string commentText(std::string_view name)
{
    std::string result;
    for (const char c : name)
        result += c >= ' ' && c <= '~' && c != '*' ? c : '?';
    return result;
}

class HeaderText
{
public:
    explicit HeaderText(const ExportInput &input)
        : m_input(input)
        , m_texts(std::make_shared<ArrayTexts>(layerCodes(input.model, input.decisions, byteCodes())))
    {}

    Result<FileContents> make()
    {
        const std::string guard = fmt::format("QUANTOSCOPE_{}_H", identifier(m_input.model.path.stem().string()));
        add(fmt::format("/* Written by Quantoscope: weight = (code - zero point) * scale. */\n"
                        "#ifndef {0}\n#define {0}\n\n#include <stdint.h>\n",
                        guard));
        for (std::size_t i = 0; i < m_input.decisions.size(); ++i) {
            if (!m_input.decisions[i].quantize)
                continue;
            addLayer(i);
        }
        add("\n#endif\n");
        return std::move(m_contents);
    }

private:
    void add(std::string text) { m_contents.pieces.emplace_back(std::move(text)); }

    void addLayer(std::size_t index)
    {
        const Layer &layer = m_input.model.layers[index];
        const Decision &decision = m_input.decisions[index];
        const TensorInfo &tensor = m_input.model.tensorOf(layer);
        const bool whole = decision.scheme.granularity.kind == Granularity::Kind::Tensor;
        std::string id = identifier(layer.name);
        for (int number = 2; !m_names.insert(id).second; ++number)
            id = fmt::format("{}_{}", identifier(layer.name), number);
        add(fmt::format("\n/* tensor: {} shape: {} axis: {} codes: {} */\n", commentText(layer.name),
                        fmt::join(tensor.shape, ","), whole ? -1 : decision.channelAxis, id));
        const std::uint64_t scales =
            ScaleGeometry{decision.scheme.granularity, matrixShape(tensor, decision.channelAxis)}.count();
        addArray("const int8_t", id + "_codes", index, kCodes, tensor.elements());
        addArray("const float", id + "_scales", index, kScales, scales);
        if (decision.scheme.hasZeroPoints())
            addArray("const int8_t", id + "_zero_points", index, kZeroPoints, scales);
    }

    void addArray(const char *type, const std::string &name, std::size_t layer, CodesPart part, std::uint64_t count)
    {
        add(fmt::format("static {} {}[{}] = {{", type, name, count));
        const NumberText &text = part == kScales ? kFloatText : kCodeText;
        m_contents.pieces.emplace_back(m_contents.tensors.size());
        m_contents.tensors.push_back({name, DType::U8, {text.size(count)}, m_texts, layer, part, 0});
        add("\n};\n");
    }

    const ExportInput &m_input;
    std::shared_ptr<const Producer> m_texts;
    std::unordered_set<std::string> m_names;
    FileContents m_contents;
};

const Container *container(std::string_view suffix)
{
    return hasSuffix(kTextContainer.suffixes, suffix) ? &kTextContainer : nullptr;
}

LayerFit fit(const Model &model, std::size_t layer, const Decision &decision)
{
    LayerFit fit{decision};
    const Scheme &scheme = decision.scheme;
    const Layer &what = model.layers[layer];
    if (!decision.quantize)
        return fit;
    if (model.tensorOf(what).stackAxes > 0) {
        static const Text kReason = Text::of("the header has no scales for each matrix of a stack");
        fit.decision.quantize = false;
        fit.decision.reason = kReason;
    } else if (scheme.granularity.kind == Granularity::Kind::Group || scheme.hasOffsets()) {
        SchemePatch change = scheme.hasOffsets() ? withoutOffsets(scheme) : SchemePatch{};
        change.granularity = Granularity::channel();
        fit.refusals.push_back(
            helpedByScheme(Text::of("the header holds one scale per channel or tensor, and zero points; layer '{}' "
                                    "is {}",
                                    what.name, scheme.summary()),
                           Text::of("use one scale per channel"), layer, std::move(change)));
    }
    return fit;
}

/// Compilers take so many numbers only. The largest layers give way.
std::vector<LayerRefusal> together(const ExportInput &input)
{
    const auto codesOf = [&](std::size_t layer) { return input.model.tensorOf(input.model.layers[layer]).elements(); };
    std::vector<std::size_t> layers;
    std::uint64_t codes = 0;
    for (std::size_t i = 0; i < input.decisions.size(); ++i)
        if (input.decisions[i].quantize) {
            layers.push_back(i);
            codes += codesOf(i);
        }
    if (codes <= kMostCodes)
        return {};
    std::ranges::stable_sort(layers, std::ranges::greater{}, codesOf);
    RemedyEdit edit;
    for (std::uint64_t left = codes; left > kMostCodes; left -= codesOf(edit.layers.back()))
        edit.layers.push_back(layers[edit.layers.size()]);
    return {{edit.layers.front(),
             {Text::of("a header of {} codes is more than compilers take, the limit is {}", codes, kMostCodes),
              Text::of("leave the {} largest layers in float", edit.layers.size()), edit}}};
}

Result<FileContents> contents(const ExportInput &input)
{
    return HeaderText(input).make();
}

std::vector<Text> notes(const ExportInput &input)
{
    std::vector<Text> notes = byteNotes(input.decisions);
    notes.push_back(Text::of("only quantized layers are in the file, no biases and no layers in float"));
    return notes;
}

} // namespace

constinit const ExportFormat kCHeaderFormat{
    .name = "c-header",
    .description = Text::constant("C header: int8 codes, scales and zero points as arrays; C11 and C++17"),
    .suffixes = "*.h",
    .suffix = ".h",
    .runtimes = Text::constant("compilers of C and C++"),
    .usage = "#include {}",
    .container = container,
    .fit = fit,
    .together = together,
    .contents = contents,
    .notes = notes,
};

} // namespace qs
