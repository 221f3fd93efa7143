#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""light.py CLI DOCS EXAMPLES: man pages and completion know all options, and no others; the examples run.

What `--help` of each command says is compared with what was made of the tree of commands, and completion is asked in bash.
"""
import os
import re
import shutil
import subprocess
import sys
import tempfile

CLI, DOCS, EXAMPLES = (os.path.abspath(path) for path in sys.argv[1:4])
faults = []


def help_of(*command):
    return subprocess.run([CLI, *command, "--help"], capture_output=True, text=True, check=True).stdout


def options_in_help(text):
    """Names at the beginnings of lines: "-o,--output OUT REQUIRED"."""
    found = set()
    for line in re.findall(r"^  (-\S+)", text, re.M):
        found.update(line.split(","))
    return found


def options_in_page(text):
    section = text.split(".SH OPTIONS", 1)[1].split(".SH EXIT STATUS", 1)[0].replace("\\-", "-")
    found = set()
    for line in re.findall(r"^\.TP\n\.BR (.*)$", section, re.M):
        found.update(re.findall(r"(?<!\S)--?[a-zA-Z][\w-]*", re.sub(r"\\f.*?\\fR|\"", " ", line)))
    return found


def compare(what, expected, found):
    if expected - found:
        faults.append(f"{what} lacks {' '.join(sorted(expected - found))}")
    if found - expected:
        faults.append(f"{what} has {' '.join(sorted(found - expected))}, which is no option")


def completed(*words):
    script = f'source "{DOCS}/quantoscope-cli.bash"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _quantoscope_cli; ' \
             'printf "%s\\n" "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", script, "bash", "quantoscope-cli", *words], capture_output=True, text=True,
                          check=True)
    return set(done.stdout.split())


def check_options():
    commands = re.findall(r"^  (\w+)\s", help_of().split("Subcommands:", 1)[1].split("Environment:", 1)[0], re.M)
    if len(commands) < 8:
        faults.append(f"--help lists {len(commands)} commands only")
    common = options_in_help(help_of()) - {"-V", "--version"}
    for command in commands:
        expected = options_in_help(help_of(command)) | common
        with open(f"{DOCS}/man1/quantoscope-cli-{command}.1", encoding="utf-8") as page:
            compare(f"the man page of {command}", expected, options_in_page(page.read()))
        compare(f"bash completion of {command}", expected, completed(command, "-"))
        for name, pattern in (("_quantoscope-cli", "%s["), ("quantoscope-cli.fish", " -l %s")):
            with open(f"{DOCS}/{name}", encoding="utf-8") as file:
                text = file.read()
            for option in expected:
                if option.startswith("--") and pattern % option.removeprefix("" if "%s[" == pattern else "--") not in text:
                    faults.append(f"{name} lacks {option}")
    compare("bash completion of commands", set(commands) | {"help"}, completed("") - common - {"-V", "--version"})
    compare("values of --convention", {"gpt-fast"}, completed("analyze", "--convention", "gp"))
    compare("values of --mode", {"symmetric", "asymmetric"}, completed("analyze", "--mode", ""))
    compare("values of --output-error", {"auto", "network", "none"}, completed("analyze", "--output-error", ""))
    formats = set(re.findall(r"^(\S+)$", subprocess.run([CLI, "formats"], capture_output=True, text=True,
                                                        check=True).stdout, re.M))
    compare("values of --format", formats, completed("quantize", "--format", ""))


def check_shells():
    for shell, line in (("zsh", ["zsh", "-n", f"{DOCS}/_quantoscope-cli"]),
                        ("fish", ["fish", "--no-execute", f"{DOCS}/quantoscope-cli.fish"]),
                        ("bash", ["bash", "-n", f"{DOCS}/quantoscope-cli.bash"])):
        if shutil.which(shell) is None:
            print(f"skipped: no {shell}")
        elif (done := subprocess.run(line, capture_output=True, text=True)).returncode or done.stderr:
            faults.append(f"{shell}: {done.stderr}")
    if shutil.which("man") is None:
        print("skipped: no man")
        return
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "MANWIDTH": "80"}
    for page in sorted(name for name in os.listdir(f"{DOCS}/man1") if name.endswith(".1")):
        done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", f"{DOCS}/man1/{page}"],
                              capture_output=True, text=True, env=environment)
        if done.returncode or done.stderr:
            faults.append(f"{page}: {done.stderr}")


def check_examples():
    with open(EXAMPLES, encoding="utf-8") as file:
        lines = [line.rstrip("\n") for line in file if not line.startswith("#")]
    calls = [line for line in lines if line.startswith("quantoscope-cli ") or line.startswith("for ")]
    if len(calls) < 10:
        faults.append(f"{len(calls)} examples only")
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PATH": os.path.dirname(CLI) + ":" + os.environ["PATH"]}
        for call in calls:
            done = subprocess.run(["bash", "-c", call], cwd=folder, env=environment, capture_output=True, text=True)
            if done.returncode or not done.stdout:
                faults.append(f"example '{call}': exit code {done.returncode}: {done.stderr.strip()}")


check_options()
check_shells()
check_examples()
for fault in faults:
    print("FAIL:", fault)
print(f"{len(faults)} faults")
sys.exit(1 if faults else 0)
