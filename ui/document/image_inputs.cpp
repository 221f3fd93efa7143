// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/document/image_inputs.h"

#include <QDir>
#include <QFileInfo>
#include <QImageReader>

#include <algorithm>
#include <array>

namespace qs::ui {
namespace {

constexpr std::uint64_t kMostBytes = std::uint64_t{512} << 20;
constexpr int kMostPixels = 1 << 14; // along a side

/// By what a file holds. Others could ask for files of their own (SVG).
const QList<QByteArray> kFormats{"png", "jpeg", "jpg", "bmp", "ppm", "pgm", "pbm"};

// Mean and deviation of ImageNet's training pictures, as the documentation of torchvision gives them.
constexpr std::array<float, 3> kMean{0.485F, 0.456F, 0.406F};
constexpr std::array<float, 3> kDeviation{0.229F, 0.224F, 0.225F};

float scaled(int value, int channel, PixelScale scale)
{
    const auto level = static_cast<float>(value);
    const auto index = static_cast<std::size_t>(channel);
    switch (scale) {
    case PixelScale::ZeroToOne:
        return level / 255.0F;
    case PixelScale::MinusOneToOne:
        return level / 127.5F - 1.0F;
    case PixelScale::ImageNet:
        return (level / 255.0F - kMean[index]) / kDeviation[index];
    case PixelScale::Bytes:
        break;
    }
    return level;
}

const char *rangeOf(PixelScale scale)
{
    switch (scale) {
    case PixelScale::ZeroToOne:
        return "0 … 1";
    case PixelScale::MinusOneToOne:
        return "−1 … 1";
    case PixelScale::ImageNet:
        return "ImageNet";
    case PixelScale::Bytes:
        break;
    }
    return "0 … 255";
}

Result<QImage> read(const QString &path)
{
    QImageReader reader(path);
    reader.setDecideFormatFromContent(true);
    reader.setAutoTransform(true);
    if (!kFormats.contains(reader.format()))
        return fail(ErrorCode::Input, Text::of("a picture as PNG, JPEG, BMP or PNM is expected"), path.toStdString());
    QImage image = reader.read();
    if (image.isNull())
        return fail(ErrorCode::Input,
                    Text::of("the picture cannot be read: {}", Text::asIs(reader.errorString().toStdString())),
                    path.toStdString());
    return image;
}

void fill(std::span<float> values, const QImage &image, const PictureInput &input, PixelScale scale)
{
    const auto plane = static_cast<std::size_t>(image.width()) * static_cast<std::size_t>(image.height());
    const auto channels = static_cast<std::size_t>(input.channels);
    std::size_t pixel = 0;
    for (int y = 0; y < image.height(); ++y) {
        const uchar *line = image.constScanLine(y);
        for (int x = 0; x < image.width(); ++x, ++pixel)
            for (std::size_t c = 0; c < channels; ++c)
                values[input.channelsLast ? pixel * channels + c : c * plane + pixel] =
                    scaled(line[static_cast<std::size_t>(x) * channels + c], static_cast<int>(c), scale);
    }
}

std::optional<int> sizeOf(const NetworkDim &dim)
{
    if (!dim.size || *dim.size == 0 || *dim.size > kMostPixels)
        return std::nullopt;
    return static_cast<int>(*dim.size);
}

} // namespace

std::optional<PictureInput> pictureInput(const Network &network)
{
    for (const std::uint32_t index : network.graphs[0].inputs) {
        const NetworkValue &value = network.values[index];
        if (!value.shape || value.tensor || (value.dtype && isInteger(*value.dtype)))
            continue;
        const auto &shape = *value.shape;
        if (shape.size() != 3 && shape.size() != 4)
            continue;
        const std::size_t first = shape.size() - 3;
        const auto isColour = [&](std::size_t axis) {
            // A first axis of 1 is a batch rather than the one colour of a picture.
            return shape[axis].size && (*shape[axis].size == 3 || (*shape[axis].size == 1 && shape.size() == 4));
        };
        const bool last = !isColour(first) && isColour(first + 2);
        if (!last && !isColour(first))
            continue;
        PictureInput input;
        input.name = value.name;
        input.channelsLast = last;
        input.channels = static_cast<int>(*shape[last ? first + 2 : first].size);
        input.height = sizeOf(shape[last ? first : first + 1]);
        input.width = sizeOf(shape[last ? first + 1 : first + 2]);
        return input;
    }
    return std::nullopt;
}

Result<std::shared_ptr<const NetworkInputs>> loadPictures(const QStringList &paths, PictureInput input,
                                                          PixelScale scale, const TaskContext &context)
{
    if (paths.isEmpty())
        return fail(ErrorCode::Input, Text::of("there is no picture (PNG, JPEG, BMP, PNM) here"));
    if (paths.size() > kMostPictures)
        return fail(ErrorCode::Input,
                    Text::of("{} pictures are too many; at most {} are fed", paths.size(), kMostPictures));
    if (scale == PixelScale::ImageNet && input.channels != 3)
        return fail(ErrorCode::Input,
                    Text::of("the mean and deviation of ImageNet are those of three channels; input {} "
                             "takes one",
                             inQuotes(input.name)));
    MemoryBudget budget(kMostBytes);
    std::shared_ptr<Value> values;
    std::size_t one = 0;
    for (qsizetype i = 0; i < paths.size(); ++i) {
        QS_CHECK(context.check());
        QS_ASSIGN(QImage image, read(paths[i]));
        if (!values) {
            input.height = input.height.value_or(image.height());
            input.width = input.width.value_or(image.width());
            const Shape shape = input.channelsLast ? Shape{paths.size(), *input.height, *input.width, input.channels}
                                                   : Shape{paths.size(), input.channels, *input.height, *input.width};
            QS_ASSIGN(values, Value::make(ElementKind::Float, shape, budget));
            one = values->size() / static_cast<std::size_t>(paths.size());
        }
        const QSize size(*input.width, *input.height);
        if (image.size() != size)
            image = image.scaled(size, Qt::IgnoreAspectRatio, Qt::SmoothTransformation);
        image = image.convertToFormat(input.channels == 1 ? QImage::Format_Grayscale8 : QImage::Format_RGB888);
        if (image.isNull())
            return fail(ErrorCode::Work, Text::of("there is no memory for the picture"), paths[i].toStdString());
        fill(values->floats().subspan(static_cast<std::size_t>(i) * one, one), image, input, scale);
    }
    InputArray array;
    array.name = input.name;
    array.value = std::move(values);
    array.file = QFileInfo(paths.front()).fileName().toStdString();
    if (paths.size() > 1)
        array.file += " + " + std::to_string(paths.size() - 1);
    array.file += std::string(" (") + rangeOf(scale) + ")";
    Text about = Text::asIs(array.file);
    std::vector<InputArray> arrays;
    arrays.push_back(std::move(array));
    return inputsOf(std::move(arrays), {}, std::move(about));
}

QStringList picturesIn(const QString &folder)
{
    const QDir dir(folder);
    QStringList filters;
    for (const QByteArray &format : kFormats)
        filters << QStringLiteral("*.") + QString::fromLatin1(format);
    QStringList paths;
    for (const QString &name : dir.entryList(filters, QDir::Files | QDir::Readable, QDir::Name)) {
        if (paths.size() == kMostPictures)
            break;
        paths << dir.filePath(name);
    }
    return paths;
}

} // namespace qs::ui
