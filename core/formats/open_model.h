// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The one way to open a model.
#pragma once

#include "core/base/task_context.h"
#include "core/model/model.h"

#include <memory>
#include <string>
#include <vector>

namespace qs {

/// Opens a file, a shard index, a folder that holds one of them, or "demo:digits" / "demo:notebook".
/// Of a checkpoint with several models, `part` names the one that is wanted; empty: the usual one, or all. `calledAs`
/// is the name of a file that has none yet: its suffix tells the format where the content does not. Error{Input} with
/// format, field, byte offset and limit when it cannot be read; Error{Usage} when there is no such part.
Result<std::shared_ptr<const Model>> openModel(const std::string &location, const TaskContext &context,
                                               const std::string &part = {}, const std::string &calledAs = {});

/// Paths of the models among which openModel() would want one to be named, sorted; empty where `folder` is no folder,
/// or cannot be read.
std::vector<std::string> modelFilesIn(const std::string &folder);

/// Error{Input} "a shard is missing" when the model is only partly there.
Result<void> requireComplete(const Model &model);

} // namespace qs
