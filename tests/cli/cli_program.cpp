// SPDX-FileCopyrightText: The Quantoscope authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/cli/cli_program.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QTest>

namespace qs::test {

nlohmann::json ProgramResult::json() const
{
    nlohmann::json result = nlohmann::json::parse(out.constData(), out.constData() + out.size(), nullptr, false);
    if (result.is_discarded())
        QTest::qFail(qPrintable(QStringLiteral("no JSON; standard error: ") + QString::fromUtf8(err)), __FILE__,
                     __LINE__);
    return result;
}

bool ProgramResult::isOneError() const
{
    return err.startsWith("error: ") && err.count('\n') == 1 && err.endsWith('\n');
}

ProgramResult runProgram(const QString &program, const QStringList &arguments, const QStringList &environment)
{
    QProcess process;
    QStringList variables = QProcess::systemEnvironment();
    variables += QStringLiteral("LC_ALL=C.UTF-8");
    variables += environment;
    process.setEnvironment(variables);
    process.start(program, arguments);
    constexpr int kTimeoutMs = 120'000;
    if (!process.waitForFinished(kTimeoutMs)) {
        process.kill();
        process.waitForFinished();
    }
    const bool normal = process.exitStatus() == QProcess::NormalExit && process.error() == QProcess::UnknownError;
    return {normal ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
}

QString cliPath()
{
    return QStringLiteral(QUANTOSCOPE_CLI);
}

ProgramResult runCli(const QStringList &arguments, const QStringList &environment)
{
    return runProgram(cliPath(), arguments, environment);
}

nlohmann::json cliJson(const QStringList &arguments, const QStringList &environment)
{
    const ProgramResult result = runCli(arguments + QStringList{QStringLiteral("--json")}, environment);
    if (result.exitCode != 0 || !result.err.isEmpty())
        QTest::qFail(qPrintable(QStringLiteral("%1: exit code %2: %3")
                                    .arg(arguments.join(QLatin1Char(' ')))
                                    .arg(result.exitCode)
                                    .arg(QString::fromUtf8(result.err))),
                     __FILE__, __LINE__);
    return result.json();
}

QStringList instructionSets()
{
    QStringList levels;
    for (const char *level : {"v2", "v3", "v4"}) {
        const QString setting = QStringLiteral("QUANTOSCOPE_ISA=") + QString::fromUtf8(level);
        if (runCli({QStringLiteral("--version")}, {setting}).exitCode == 0)
            levels << QString::fromUtf8(level);
    }
    return levels;
}

QByteArray fileBytes(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        QTest::qFail(qPrintable(QStringLiteral("cannot read ") + path), __FILE__, __LINE__);
    return file.readAll();
}

void writeFile(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        QTest::qFail(qPrintable(QStringLiteral("cannot write ") + path), __FILE__, __LINE__);
}

QString realModel(const QString &name)
{
    const QString folder = qEnvironmentVariable("QUANTOSCOPE_MODELS");
    const QString path = folder + QLatin1Char('/') + name;
    if (!folder.isEmpty() && QFileInfo::exists(path))
        return path;
    qInfo("%s was not tried: QUANTOSCOPE_MODELS names no folder that holds it", qPrintable(name));
    return {};
}

const nlohmann::json &named(const nlohmann::json &list, const std::string &name)
{
    static const nlohmann::json kNothing;
    for (const nlohmann::json &entry : list) {
        if (entry.at("name") == name)
            return entry;
    }
    QTest::qFail(qPrintable(QStringLiteral("no entry named ") + QString::fromStdString(name)), __FILE__, __LINE__);
    return kNothing;
}

} // namespace qs::test
