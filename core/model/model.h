// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Model: what a file holds. Immutable after loading; weights are streamed from the file when needed.
#pragma once

#include "core/base/text.h"
#include "core/model/named_role.h"
#include "core/scheme/scheme.h"
#include "core/tensor/matrix_shape.h"
#include "core/tensor/tensor.h"

#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace qs {

class InputFile;
class NetworkSource;

enum class Activation : std::uint8_t { None, Relu, Gelu, Silu, Tanh };

/// "linear", "conv" …; "none", "relu" ….
std::string_view textOf(Op op);
std::string_view textOf(Activation activation);
std::optional<Op> opFromText(std::string_view text);
std::optional<Activation> activationFromText(std::string_view text);

/// Says that a layer's tensor is quantized already, and how to get float values back from it: by the tensor's own
/// encoding, or as (code − zero point) · scale. Codes are i8, i4, i2 or, read minus 2^(bits − 1), u8, u4, u2.
struct StoredQuantization {
    Scheme scheme{.convention = {}}; ///< as far as the file tells; few say by which convention
    /// Index into Model::tensors; empty when the tensor's encoding holds the scales. One value, N values, or N on the
    /// axis `partsAxis` and one value per group along the others.
    std::optional<std::size_t> scales;
    std::optional<std::size_t>
        zeroPoints; ///< like the scales; of the codes' type, or in signed form as i8 or whole floats
    std::optional<std::size_t> offsets; ///< like the scales; of schemes with offsets
    int partsAxis = 0;                  ///< of scales, zero points and offsets: the one that counts the channels
    bool packedZeroPoints = false;      ///< they are i32 words whose bits run down the channels (compressed-tensors)
    int zeroPoint = 0;                  ///< of all codes, as read, when there is no tensor of zero points
    std::string_view tool;           ///< a literal: what made the codes, for people; empty when the file does not tell
    std::vector<std::size_t> others; ///< tensors that belong to the codes, too, and are no weights
    DType sourceDType = DType::F32;  ///< of the weights before they were quantized

    /// Scales, zero points, offsets and others.
    std::vector<std::size_t> parts() const;
};

/// A weight that can be quantized (NUMERICS.md §1), brought to matrix form [channels, weightsPerChannel].
struct Layer {
    std::size_t tensor = 0; ///< index into Model::tensors
    std::optional<std::size_t> bias;
    std::string name;   ///< the tensor's name: "fc1.weight"
    std::string module; ///< the same without ".weight": "fc1"
    Op op = Op::Linear;
    int channelAxis = 0;                              ///< output-channel axis
    Text channelAxisReason;                           ///< why that axis, for people
    Text keptReason;                                  ///< why it cannot be quantized; empty when it can, or is already
    std::shared_ptr<const StoredQuantization> stored; ///< null when the file holds it as floats
    std::vector<std::string> otherNames;              ///< of tensors that have the very same weights (tied)

    /// True when its values are codes times scales (and not those of an encoding).
    bool hasCodes() const { return stored && stored->scales; }
};

/// What a reader or a side file knows of one tensor; wins over the rules about names.
struct TensorRole {
    std::optional<Op> op = {};
    std::optional<int> channelAxis = {};
    std::uint8_t stackAxes = 0; ///< leading axes that count the matrices of a stack, all before channelAxis
    Text reason = {};           ///< why that axis, or why it is no layer or cannot be quantized
    bool layer = true;          ///< false: a tensor like any other, the reason says why
    bool quantizable = true;    ///< false: among the layers, kept in float for the reason
    std::optional<std::size_t> bias = {};
    std::optional<StoredQuantization> stored = {}; ///< it holds codes
    std::vector<std::size_t> scaledBy = {}; ///< whole numbers of a bias are to be multiplied by the product of these
};

/// A tensor whose values are not those in the file: the network makes its weight of them and of others.
struct ComputedTensor {
    std::string value; ///< name that the network has for the weight
    TensorInfo stored; ///< the tensor as it is in the file
};

/// Samples that a model file carries for its own network.
struct ModelSamples {
    std::size_t inputs = 0; ///< tensor index, [samples, in]
    std::optional<std::size_t> labels;
    std::string about; ///< "360 held-out images …"
};

/// What the file's metadata declares about running its layers as a chain.
struct DeclaredNetwork {
    std::vector<std::string> layers;     ///< module names in order
    std::vector<Activation> activations; ///< after each layer, same length
    std::optional<ModelSamples> samples;
};

struct Model {
    static constexpr std::uint32_t kNoLayer = 0xffffffffU;

    std::shared_ptr<const Model> asOpened; ///< of a model whose roles were changed: the one that it was made of
    std::filesystem::path path;
    std::string format; ///< "safetensors"
    std::string title;  ///< for people: the file's name, or the title of a built-in model
    std::string about;  ///< description and credits from the metadata; may be empty
    std::vector<std::shared_ptr<const InputFile>> files;
    std::vector<TensorInfo> tensors;
    std::deque<Encoding> encodings; ///< those that only this file has: types that nobody knows, strings
    std::unordered_map<std::size_t, TensorRole> roles; ///< by tensor
    /// Tensor → the one that has the very same weights (tied). Its bytes are counted there, and it is no second layer.
    std::unordered_map<std::size_t, std::size_t> aliases;
    /// By tensor: its values here are those of the weight, in a file of their own, since that is what is quantized.
    std::unordered_map<std::size_t, ComputedTensor> computed;
    std::vector<NamedRole> namedRoles;         ///< what each tensor is; filled by findLayers()
    std::vector<std::size_t> tensorsByName;    ///< tensor indices in byte order of their names; filled by findLayers()
    std::vector<Layer> layers;                 ///< in natural order of names
    std::vector<std::uint32_t> layersByTensor; ///< layer index, or kNoLayer, by tensor; filled by findLayers()
    std::map<std::string, std::string> metadata;
    std::optional<DeclaredNetwork> network;
    std::shared_ptr<const NetworkSource> graph; ///< makes the network that the file carries; null when it carries none
    std::vector<std::string> parts;             ///< of a checkpoint with several models: "model", "ema", "optimizer"
    std::string part; ///< whose tensors these are; empty: all, or there are no parts. Before reading: the wish
    std::vector<Text> warnings;
    std::vector<std::string> foreignGlobals; ///< "os.system": what an ordinary loader would run from this file
    std::vector<std::string> missingFiles;   ///< shards that the index names and that are not there

    TensorView view(std::size_t tensor) const;
    const TensorInfo &tensorOf(const Layer &layer) const { return tensors[layer.tensor]; }
    /// True for the tensors of network->samples: they are data, not part of the model's size.
    bool isSample(std::size_t tensor) const;
    /// Weights and biases: number of elements of all tensors but samples, scales and zero points.
    std::uint64_t parameters() const;
    /// Bytes of all tensors but samples.
    std::uint64_t bytes() const;
    /// What the tensor is; nothing is known before findLayers().
    NamedRole roleOf(std::size_t tensor) const { return tensor < namedRoles.size() ? namedRoles[tensor] : NamedRole(); }
    /// Why it is what it is: as the reader says where that decided, else as its name and shape tell.
    Text roleReason(std::size_t tensor) const;
    /// Index of the tensor of that exact name.
    std::optional<std::size_t> findTensor(std::string_view name) const;
    /// Index of the layer whose weights this tensor holds; empty for all other tensors.
    std::optional<std::size_t> layerOf(std::size_t tensor) const;
    /// Index of the layer of that exact module name ("fc1"), the first one when two tensors give the same name.
    std::optional<std::size_t> findLayer(std::string_view module) const;
    /// Fills in layersByTensor.
    void indexLayers();
    /// True when `other` is one of the files that this model reads from.
    bool readsFrom(const std::filesystem::path &other) const;
};

/// Why the float values of a layer's weights are not known; empty when they are.
Text withoutValues(const Model &model, const Layer &layer);

/// Bytes of a layer's weights as floats: as they are in the file, or were before they became codes.
std::uint64_t floatBytes(const Model &model, const Layer &layer);

} // namespace qs
