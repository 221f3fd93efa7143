// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/formats/torch/torch.h"

#include "core/base/input_file.h"
#include "core/base/text.h"
#include "core/formats/torch/archive.h"
#include "core/formats/torch/legacy.h"
#include "core/parse/zip.h"

namespace qs {
namespace torch {
namespace {

bool recognises(std::span<const std::byte> head, std::uint64_t)
{
    const bool isArrays = zip::firstFileName(head).ends_with(".npy"); // an NPZ
    return (zip::startsLikeArchive(head) && !isArrays) || isLegacy(head);
}

Result<void> read(std::shared_ptr<const InputFile> file, Model &model, const TaskContext &context)
{
    model.format = "pytorch";
    // A file that only its name brought here.
    QS_ASSIGN(const std::vector<std::byte> head, file->head(kHeadBytes));
    if (!recognises(head, file->size()))
        return fail(
            ErrorCode::Input,
            Text::of("this is no PyTorch file: it starts neither as a ZIP archive nor with PyTorch's older mark"),
            inQuotes(file->path().native()) + ", PyTorch mark, byte 0");
    return isLegacy(head) ? readLegacy(file, model, context) : readArchive(file, model, context);
}

} // namespace
} // namespace torch

const FormatReader kTorchReader{.name = "pytorch",
                                .description = Text::constant("PyTorch"),
                                .suffixes = "*.pt *.pth *.bin *.ckpt",
                                .recognises = torch::recognises,
                                .read = torch::read,
                                .hasConfig = true};

} // namespace qs
