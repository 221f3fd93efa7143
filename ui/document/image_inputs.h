// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Pictures as inputs of a network: read by Qt, brought to the size that the network takes, turned into floats.
#pragma once

#include "core/base/task_context.h"
#include "core/eval/network_inputs.h"
#include "core/network/network.h"

#include <QStringList>

#include <cstdint>
#include <memory>
#include <optional>

namespace qs::ui {

/// What becomes of the values 0 … 255 of a picture.
enum class PixelScale : std::uint8_t {
    ZeroToOne,     ///< v / 255
    MinusOneToOne, ///< v / 127.5 − 1
    ImageNet,      ///< (v / 255 − mean) / deviation of the channel, as torchvision's models take it; three channels
    Bytes,         ///< v
};

/// An input that takes pictures: [batch, channels, height, width] or [batch, height, width, channels] with 1 or 3
/// channels, or the same of 3 without a batch.
struct PictureInput {
    std::string name;
    int channels = 3;
    bool channelsLast = false;
    std::optional<int> height = {}; ///< empty: as the first picture
    std::optional<int> width = {};
};

/// The first input of the network that takes pictures.
std::optional<PictureInput> pictureInput(const Network &network);

inline constexpr int kMostPictures = 64;

/// One sample per picture. Those of another size are scaled, smoothly and without keeping their proportions; colours
/// become grey where the network takes one channel. PNG, JPEG, BMP and PNM only. Error{Input} with the file.
Result<std::shared_ptr<const NetworkInputs>> loadPictures(const QStringList &paths, PictureInput input,
                                                          PixelScale scale, const TaskContext &context);

/// The pictures of a folder, by name, as many as can be fed.
QStringList picturesIn(const QString &folder);

} // namespace qs::ui
