// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// quantoscope-cli: the command line, with the same core and the same numbers as the window.
#include "app/cli/command_line.h"
#include "app/cli/interrupt.h"
#include "app/cli/progress_bar.h"
#include "app/cli/table.h"
#include "app/cli/text.h"

#include "core/base/parallel.h"
#include "core/base/text.h"
#include "core/version.h"

#include <fmt/format.h>

#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <new>
#include <sys/ioctl.h>
#include <unistd.h>

namespace qs::cli {
namespace {

/// The exit codes that scripts depend on.
enum Exit { kDone = 0, kWorkFailed = 1, kWrongUsage = 2, kWrongInput = 3, kIncomplete = 4, kInterrupted = 130 };

int exitCode(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Input:
        return kWrongInput;
    case ErrorCode::Work:
        return kWorkFailed;
    case ErrorCode::Usage:
        return kWrongUsage;
    case ErrorCode::Cancelled:
        return kInterrupted;
    }
    return kWorkFailed;
}

/// Set once, before anything is written.
bool g_ascii = false;

std::string shown(std::string text)
{
    return g_ascii ? asciiText(text) : text;
}

int reportError(const Error &error)
{
    // An error with a place has left something there, and says so.
    const bool cancelled = error.code == ErrorCode::Cancelled && error.where.empty();
    const std::string text = cancelled ? "interrupted, nothing was written" : printable(error.text());
    std::fputs(shown(fmt::format("error: {}\n", text)).c_str(), stderr); // does not throw when standard error is closed
    return exitCode(error.code);
}

/// A reader that went away (head, less) is no error of ours.
Result<void> writeOutput(std::string_view text)
{
    while (!text.empty()) {
        const ssize_t count = ::write(STDOUT_FILENO, text.data(), text.size());
        if (count >= 0)
            text.remove_prefix(static_cast<std::size_t>(count));
        else if (errno == EPIPE)
            return {};
        else if (errno != EINTR)
            return fail(ErrorCode::Work, Text::asIs(fmt::format("cannot write the result, {}", std::strerror(errno))),
                        "standard output");
    }
    return {};
}

Result<void> writeResult(const Outcome &outcome)
{
    constexpr std::size_t kPiece = std::size_t{1} << 16U;
    if (!outcome.write) // a copy of the table of a million layers is no small thing
        return outcome.forPrograms || !g_ascii ? writeOutput(outcome.text) : writeOutput(asciiText(outcome.text));
    Result<void> written;
    std::string buffer;
    outcome.write([&](std::string_view piece) {
        buffer += piece;
        if (buffer.size() < kPiece)
            return;
        if (written)
            written = writeOutput(buffer);
        buffer.clear();
    });
    return written ? writeOutput(buffer) : written;
}

/// Columns of the terminal that the result goes to; 0 when it goes elsewhere.
std::size_t terminalWidth()
{
    winsize size{};
    if (::isatty(STDOUT_FILENO) == 0)
        return 0;
    if (const char *columns = std::getenv("COLUMNS"); columns && std::atoi(columns) > 0)
        return static_cast<std::size_t>(std::atoi(columns));
    return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

std::string versionText()
{
    std::string text = fmt::format("quantoscope-cli {}\ninstruction set {}\n", kVersion, instructionSet());
    for (const std::string &library : libraryVersions())
        text += library + "\n";
    text.pop_back(); // the parser ends the last line
    return text;
}

int runCommand(const Command &command, bool quiet, Interrupt &interrupt)
{
    ProgressBar bar(!quiet);
    TaskContext context{interrupt.token(), {}};
    if (bar.enabled())
        context.progress = [&bar](double fraction, const Text &what) { bar.show(fraction, what); };
    const Result<Outcome> outcome = command.run(context);
    interrupt.workIsDone();
    bar.clear();
    if (!outcome)
        return reportError(outcome.error());
    if (const auto stopped = context.check(); !stopped && !outcome->wroteFile)
        return reportError(stopped.error());
    if (Result<void> written = writeResult(*outcome); !written) {
        if (outcome->wroteFile)
            written.error().message = Text::of("{}; the file was written and is complete", written.error().message);
        return reportError(written.error());
    }
    if (outcome->error)
        return reportError(*outcome->error);
    return outcome->incomplete ? kIncomplete : kDone;
}

int run(int argc, char **argv)
{
    Interrupt interrupt;
    std::signal(SIGPIPE, SIG_IGN); // writeOutput() hears of it
    if (const std::string problem = instructionSetProblem(); !problem.empty())
        return reportError({ErrorCode::Usage, Text::asIs(problem), {}});

    const std::vector<Command> commands = allCommands();
    g_ascii = !localeIsUtf8();
    const Result<ParsedLine> line = parseLine(argc, argv, commands, versionText);
    if (!line)
        return reportError(line.error());
    if (line->wrongUsage) {
        std::fputs(shown(line->text).c_str(), stderr);
        return kWrongUsage;
    }
    g_ascii |= line->global.ascii;
    if (!line->command) {
        const auto written = writeOutput(shown(line->text));
        return written ? kDone : reportError(written.error());
    }
    setTableWidth(line->global.width ? *line->global.width : terminalWidth());
    setThreadCount(line->global.threads);
    return runCommand(*line->command, line->global.quiet, interrupt);
}

} // namespace
} // namespace qs::cli

int main(int argc, char **argv)
{
    try {
        return qs::cli::run(argc, argv);
    } catch (const std::bad_alloc &) {
        return qs::cli::reportError({qs::ErrorCode::Work, qs::Text::of("not enough memory"), {}});
    } catch (const std::exception &exception) {
        return qs::cli::reportError({qs::ErrorCode::Work, qs::Text::asIs(exception.what()), {}});
    }
}
