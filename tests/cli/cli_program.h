// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Runs the real quantoscope-cli and other programs in tests.
#pragma once

#include <nlohmann/json.hpp>

#include <QByteArray>
#include <QString>
#include <QStringList>

namespace qs::test {

struct ProgramResult {
    int exitCode = -1; ///< −1: crashed or killed
    QByteArray out;
    QByteArray err;

    /// The result on standard output; the test fails when it is not JSON.
    nlohmann::json json() const;
    /// True for exactly one line on standard error that starts with "error: ".
    bool isOneError() const;
};

/// Extra environment as "NAME=value".
ProgramResult runProgram(const QString &program, const QStringList &arguments, const QStringList &environment = {});
ProgramResult runCli(const QStringList &arguments, const QStringList &environment = {});
QString cliPath();

/// quantoscope-cli with --json; fails the test unless it ends with exit code 0.
nlohmann::json cliJson(const QStringList &arguments, const QStringList &environment = {});

/// The levels of QUANTOSCOPE_ISA that this machine has.
QStringList instructionSets();

QByteArray fileBytes(const QString &path);
void writeFile(const QString &path, const QByteArray &bytes);
/// A file of the folder that QUANTOSCOPE_MODELS names; empty (and one printed line) when it is not there.
QString realModel(const QString &name);

/// The entry of a list of objects whose "name" is `name`.
const nlohmann::json &named(const nlohmann::json &list, const std::string &name);

} // namespace qs::test

/// Shows what the program said when the comparison fails.
#define COMPARE_EXIT(result, expected)                                                                                 \
    QVERIFY2((result).exitCode == (expected), qPrintable(QStringLiteral("exit code %1, expected %2; it said: %3")      \
                                                             .arg((result).exitCode)                                   \
                                                             .arg(expected)                                            \
                                                             .arg(QString::fromUtf8((result).err))))
