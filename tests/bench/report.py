#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times Quantoscope and prints ratios beside their goals. Use tests/bench/run, which builds first."""

import argparse
import json
import os
import platform
import sys
from pathlib import Path

sys.dont_write_bytecode = True

import kernel_rows
import responses
import schemes
import torch_peer
import whole_program
from timing import ENOUGH_OF_TWO, Settings

PARTS = ("weights", "decode", "product", "torch", "program", "responses", "schemes")


def first_line(path, default):
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError):
        return default


def machine():
    """What decides about speed, as far as the system tells."""
    info = Path("/proc/cpuinfo").read_text(encoding="utf-8")
    fields = dict(line.split("\t", 1) for line in info.split("\n\n")[0].splitlines() if "\t" in line)
    value = {name.strip(): text.lstrip("\t: ") for name, text in fields.items()}
    return {
        "cpu": value.get("model name", platform.machine()),
        "family": value.get("cpu family", ""),
        "model": value.get("model", ""),
        "processors": os.cpu_count(),
        "virtual": "hypervisor" in value.get("flags", "").split(),
        "governor": first_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "unknown"),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "huge_pages": first_line("/sys/kernel/mm/transparent_hugepage/enabled", "unknown"),
        "kernel": platform.release(),
        "load_before": os.getloadavg()[0],
    }


def machine_line(info):
    return (f"{info['cpu']} (family {info['family']}, model {info['model']}), {info['processors']} processors"
            f"{' of a virtual machine' if info['virtual'] else ''}, governor {info['governor']}, "
            f"{info['memory_gib']} GiB, huge pages {info['huge_pages']}, Linux {info['kernel']}, "
            f"load before {info['load_before']:.2f}")


def goal_text(row):
    level = f"{row.level} " if row.level else ""
    return f"{level}{'≤' if row.smaller else '≥'} {row.goal:g} {'✓' if row.reached else '✗'}"


def print_section(title, rows):
    """One line per name, one column per level: an aligned table that is Markdown, too."""
    levels = sorted({row.level for row in rows}, reverse=True)
    cell = {(row.name, row.reference, row.level): row for row in rows}
    table = [["", "compared with", *(level or "ratio" for level in levels), "goal"]]
    for name, reference in dict.fromkeys((row.name, row.reference) for row in rows):
        line = [cell.get((name, reference, level)) for level in levels]
        starved = any(row and row.starved for row in line)
        goals = ", ".join(goal_text(row) for row in line if row and row.goal is not None)
        table.append([name + (" (*)" if starved else ""), reference, *(f"{row.best:.2f}" if row else "" for row in line), goals])
    widths = [max(map(len, column)) for column in zip(*table)]
    table.insert(1, ["-" * width for width in widths])
    print(f"\n{title}\n")
    for line in table:
        print("| " + " | ".join(f"{text:<{width}}" for text, width in zip(line, widths)) + " |")
    had = [count for row in rows for count in row.processors]
    if had:
        print(f"\nTwo threads had {min(had):.2f} to {max(had):.2f} processors; (*): never as many as {ENOUGH_OF_TWO}, "
              "which says more about the machine than about the program.")


def print_speeds(speeds):
    """Of what was compared with."""
    if speeds:
        listed = ", ".join(f"{name} {speed:.1f}" for name, speed in speeds.items())
        print(f"\nIn 10⁹ bytes or operations per second: {listed}.")


def parse_arguments():
    parser = argparse.ArgumentParser(prog="tests/bench/run", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="one run of few rounds, a small file: shows that it works")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured")
    parser.add_argument("--only", action="append", choices=PARTS, help="measure this part; repeatable")
    parser.add_argument("--runs", type=int, default=3, help="the best ratio of so many runs counts")
    parser.add_argument("--rounds", type=int, default=7, help="interleaved rounds of a run, whose median counts")
    parser.add_argument("--dir", default="/var/tmp", help="folder for the large file (10 GiB)")
    parser.add_argument("--build", default="build/release", help=argparse.SUPPRESS)
    return parser.parse_args()


def main():
    options = parse_arguments()
    settings = Settings(build=options.build, quick=options.quick, runs=1 if options.quick else options.runs,
                        rounds=3 if options.quick else options.rounds, directory=options.dir)
    info = machine()
    print(machine_line(info))
    measures = {
        "weights 1": lambda: kernel_rows.weights(settings, 1),
        "weights 2": lambda: kernel_rows.weights(settings, 2),
        "decode": lambda: kernel_rows.decode(settings),
        "product": lambda: kernel_rows.product(settings),
        "torch": lambda: (torch_peer.measure(settings), {}),
        "program": lambda: (whole_program.measure(settings), {}),
        "responses": lambda: (responses.measure(settings), {}),
        "schemes": lambda: (schemes.measure(settings), {}),
    }
    report = {"machine": info, "runs": settings.runs, "rounds": settings.rounds, "quick": settings.quick, "rows": [],
              "giga_per_second": {}}
    for name, measure in measures.items():
        if options.only and name.split()[0] not in options.only:
            continue
        rows, speeds = measure()
        for title in dict.fromkeys(row.section for row in rows):
            print_section(title, [row for row in rows if row.section == title])
        print_speeds(speeds)
        sys.stdout.flush()
        report["rows"] += [row.to_json() for row in rows]
        report["giga_per_second"][name] = speeds
    reached = [row["reached"] for row in report["rows"] if row["goal"] is not None]
    print(f"\n{sum(reached)} of {len(reached)} goals reached")
    if options.json:
        Path(options.json).write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
