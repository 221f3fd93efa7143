// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// quantoscope-cli-docs EXAMPLES FOLDER: writes man pages and completions of quantoscope-cli, from its tree of commands.
#include "app/cli/docs/option_words.h"

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace {

bool write(const std::filesystem::path &path, const std::string &text)
{
    std::ofstream file(path, std::ios::binary);
    file << text;
    file.close();
    if (!file)
        std::cerr << "error: cannot write " << path << '\n';
    return bool(file);
}

} // namespace

int main(int argc, char **argv)
{
    using namespace qs::cli;
    if (argc != 3) {
        std::cerr << "usage: quantoscope-cli-docs EXAMPLES FOLDER\n";
        return 2;
    }
    std::ifstream file(argv[1], std::ios::binary);
    std::ostringstream examples;
    examples << file.rdbuf();
    if (!file) {
        std::cerr << "error: cannot read " << argv[1] << '\n';
        return 3;
    }
    const std::filesystem::path folder(argv[2]);
    std::error_code ignored;
    std::filesystem::create_directories(folder / "man1", ignored); // what fails is said when writing
    const std::vector<Command> commands = allCommands();
    bool good = write(folder / "man1/quantoscope-cli.1", docs::manPage(commands, examples.str()));
    for (const Command &command : commands)
        good &= write(folder / "man1" / ("quantoscope-cli-" + command.name + ".1"),
                      docs::manPage(command, commands, examples.str()));
    good &= write(folder / "quantoscope-cli.bash", docs::bashCompletion(commands));
    good &= write(folder / "_quantoscope-cli", docs::zshCompletion(commands));
    good &= write(folder / "quantoscope-cli.fish", docs::fishCompletion(commands));
    return good ? 0 : 1;
}
