// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Payload: the tensors of an export, and the producers that make their bytes.
#pragma once

#include "core/base/atomic_file.h"
#include "core/base/input_file.h"
#include "core/base/task_context.h"
#include "core/tensor/dtype.h"

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace qs {

class AnalysisCache;

/// Takes bytes at an offset, mostly from the start of a tensor; thread-safe, each range once.
using ByteSink = std::function<Result<void>(std::uint64_t offset, std::span<const std::byte> bytes)>;

/// An output tensor as its producer sees it; without a sink, nobody wants that part.
struct OutputPart {
    DType dtype = DType::F32;
    ByteSink write;
};

/// Makes the bytes of output tensors. One run over an item (a layer, a tensor) makes all the tensors that come of it:
/// codes, scales, zero points. Streams in bounded memory, from as many threads as it likes.
class Producer
{
public:
    virtual ~Producer() = default;
    /// Writes every byte of all parts that are wanted.
    virtual Result<void> produce(std::size_t item, std::span<const OutputPart> parts,
                                 const TaskContext &context) const = 0;
    /// Whether produceMeasured() finds out what a report asks for.
    virtual bool measures() const { return false; }
    /// produce() that finds out in the same look at the weights what a report asks for, and leaves it in the cache.
    /// False when the layer cannot be quantized, as its weights or scales are not finite: what was written means
    /// nothing.
    virtual Result<bool> produceMeasured(std::size_t item, std::span<const OutputPart> parts, AnalysisCache & /*cache*/,
                                         const TaskContext &context) const
    {
        QS_CHECK(produce(item, parts, context));
        return true;
    }
    /// The layer whose weights an item is made of, where there is one: who shares out the work looks at them there.
    virtual std::optional<std::size_t> layerOf(std::size_t /*item*/) const { return {}; }
};

/// One tensor of the file to be written.
struct OutputTensor {
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::uint64_t> shape;
    std::shared_ptr<const Producer> producer;
    std::size_t item = 0;         ///< of the producer
    std::size_t part = 0;         ///< of the item
    std::uint64_t byteOffset = 0; ///< in the file, set by the container
    std::size_t shard = 0;        ///< file of the model that its weight lies in: folders are divided as the source

    std::uint64_t byteSize() const;
};

/// Bytes of a source file.
struct FileRange {
    std::shared_ptr<const InputFile> file;
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
};

/// Bytes of a source file that stand in the new one as they are.
struct CopiedRange {
    FileRange range;
    std::uint64_t byteOffset = 0; ///< in the new file
};

/// Tensors of one item, as places in the list of all tensors that is ordered by item.
struct ItemTensors {
    std::size_t first = 0; ///< the earliest of them in the file
    std::size_t begin = 0;
    std::size_t end = 0;
};

/// `order` becomes the tensors, those of one item together; items come as their first tensors lie in the file.
std::vector<ItemTensors> itemsOf(const std::vector<OutputTensor> &tensors, std::vector<std::size_t> &order);

/// Streams all tensors to their offsets in bounded memory: `write` takes bytes at an offset of the file.
Result<void> writePayload(const std::vector<OutputTensor> &tensors, const ByteSink &write, const TaskContext &context);
/// The same with Producer::produceMeasured(); false, with a part of the tensors written, as soon as that gives false.
Result<bool> writeMeasured(const std::vector<OutputTensor> &tensors, const ByteSink &write, AnalysisCache &cache,
                           const TaskContext &context);
/// What writes into a file, which must outlive it.
ByteSink sinkInto(AtomicFile &file);
/// The same of ranges.
Result<void> writeCopies(const std::vector<CopiedRange> &ranges, AtomicFile &file, const TaskContext &context);

} // namespace qs
