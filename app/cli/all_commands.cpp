// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/command.h"

namespace qs::cli {

std::vector<Command> allCommands()
{
    return {listCommand(),  analyzeCommand(), quantizeCommand(), compareCommand(), searchCommand(), reportCommand(),
            rulesCommand(), formatsCommand(), planCommand(),     partCommand(),    mergeCommand()};
}

} // namespace qs::cli
