// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What each tensor of a model is, for all formats that go by names.
#pragma once

#include "core/model/named_role.h"
#include "core/tensor/tensor.h"

#include <span>
#include <vector>

namespace qs {

/// One answer per tensor, in the order of `tensors`, as the table in role_table.cpp says. `byName` holds the indices of
/// all tensors in byte order of their names. A function of names, shapes and types alone; its time is linear in the
/// number of tensors.
std::vector<NamedRole> namedRoles(std::span<const TensorInfo> tensors, std::span<const std::size_t> byName);

} // namespace qs
