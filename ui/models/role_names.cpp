// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/role_names.h"

#include <QCoreApplication>

namespace qs::ui {

namespace {

struct RoleNames {
    Q_DECLARE_TR_FUNCTIONS(RoleNames)
};

} // namespace

QString roleName(Role role)
{
    switch (role) {
    case Role::Linear:
        return RoleNames::tr("Matrix");
    case Role::Convolution:
        return RoleNames::tr("Convolution");
    case Role::Recurrent:
        return RoleNames::tr("Recurrent");
    case Role::Embedding:
        return RoleNames::tr("Embedding");
    case Role::Stack:
        return RoleNames::tr("Stack of matrices");
    case Role::Norm:
        return RoleNames::tr("Normalisation");
    case Role::Bias:
        return RoleNames::tr("Bias");
    case Role::Mask:
        return RoleNames::tr("Mask");
    case Role::Position:
        return RoleNames::tr("Positions");
    case Role::Parameter:
        return RoleNames::tr("Parameter");
    case Role::OptimizerState:
        return RoleNames::tr("Optimizer state");
    case Role::Adapter:
        return RoleNames::tr("Adapter");
    case Role::WeightNorm:
        return RoleNames::tr("Part of a weight");
    case Role::Codes:
        return RoleNames::tr("Codes");
    case Role::Companion:
        return RoleNames::tr("Companion of codes");
    case Role::Codebook:
        return RoleNames::tr("Codebook");
    case Role::Buffer:
        return RoleNames::tr("Buffer");
    }
    return {};
}

QList<Role> roleChoices()
{
    return {Role::Linear,  Role::Convolution, Role::Recurrent,      Role::Embedding, Role::Stack,
            Role::Norm,    Role::Bias,        Role::Mask,           Role::Position,  Role::Parameter,
            Role::Adapter, Role::WeightNorm,  Role::OptimizerState, Role::Buffer};
}

int roleNumber(Role role)
{
    return static_cast<int>(role);
}

Role roleOfNumber(int number)
{
    return static_cast<Role>(number);
}

} // namespace qs::ui
