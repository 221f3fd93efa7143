// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Roles of tensors in the words of the window.
#pragma once

#include "core/model/named_role.h"

#include <QList>
#include <QString>

namespace qs::ui {

QString roleName(Role role);
/// Those that a person can give a tensor: all but those of codes and what belongs to them.
QList<Role> roleChoices();
/// The one of that number in the list of all, as menus and fields hold it.
int roleNumber(Role role);
Role roleOfNumber(int number);

} // namespace qs::ui
