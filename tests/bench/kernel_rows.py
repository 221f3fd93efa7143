# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ratios of kernels to what the memory, or OpenBLAS, does in the same rounds."""

import re
import sys

from timing import Row, medians, processors, run_bench

ROWS, COLUMNS = 11008, 4096
BEST = "best"  # the best level of the machine
# Goals by name of the case: (threads, level) → least share of the roofline.
ALL_THREADS = (1, 2)
WEIGHT_GOALS = {
    "int8 per channel": {(n, BEST): 0.90 for n in ALL_THREADS},
    "int8 per channel + metrics": {(1, "v4"): 0.90, (1, "v3"): 0.65},
    "int8 per channel asymmetric": {(n, BEST): 0.75 for n in ALL_THREADS},
    "f16 to int8 per channel": {(n, BEST): 0.65 for n in ALL_THREADS},
    "bf16 to int8 per channel": {(n, BEST): 0.65 for n in ALL_THREADS},
}
for groups in ("int8 groups of 32", "int8 groups of 128", "packed int4 groups of 32", "packed int4 groups of 128"):
    WEIGHT_GOALS[groups] = {(n, BEST): 0.90 for n in ALL_THREADS}
PRODUCT_GOALS = {  # by level and what OpenBLAS calls its kernels: batch → least share of their speed
    ("v4", "SkylakeX"): {32: 1.7, 128: 1.2, 256: 1.05},
    ("v3", "Haswell"): {32: 1.0, 128: 1.0, 256: 1.0},
}
SLOWEST_REFERENCE = 1.1  # runs in which the reference took longer, by its least time, make kernels look good: left out
DECODE_GOAL = 0.30
AVX512_CORES = ("SkylakeX", "Cooperlake", "Sapphirerapids")  # as OpenBLAS calls its kernels


def goal_of(goals, threads, level, best):
    return goals.get((threads, level), goals.get((threads, BEST)) if level == best else None)


def best_level(cases):
    """Levels come best first."""
    return next((case["level"] for case in cases if case["level"]), "")


def collect(settings, arguments, section, goal, environment=None, two_threads=False):
    """Rows of all runs of one set of cases: time of the reference over time of the case. goal(case, best).

    Beside them the best speed of each reference, in 1e9 bytes or operations per second.
    """
    runs = []
    for number in range(settings.runs):
        print(f"{section}: run {number + 1} of {settings.runs}", file=sys.stderr)
        runs.append(run_bench(settings, *arguments, environment=environment))
    cases = [case for case, *_ in runs[0]]
    times = [medians(run) for run in runs]
    used = [processors(run) if two_threads else {} for run in runs]
    least = {case["name"]: min(run[case["name"], ""] for run in times) for case in cases if not case["roof"]}
    speeds = {case["name"]: case["work"] / least[case["name"]] / 1e9 for case in cases if not case["roof"]}
    rows = []
    for case in cases:
        name, level, roof = case["name"], case["level"], case["roof"]
        if not roof:
            continue
        row = Row(section, name, roof, level, goal=goal(case, best_level(cases)))
        for run, had in zip(times, used):
            if run[roof, ""] <= SLOWEST_REFERENCE * least[roof]:
                row.add(run[roof, ""] / run[name, level], run[name, level], had.get((name, level)))
        rows.append(row)
    return rows, speeds


def weights(settings, threads):
    size = f"{ROWS} × {COLUMNS} weights, {threads} thread{'s' if threads > 1 else ''}"
    return collect(settings, ["weights", "--rows", ROWS, "--columns", COLUMNS, "--threads", threads],
                   f"{size}, share of the speed of",
                   lambda case, best: goal_of(WEIGHT_GOALS.get(case["name"], {}), threads, case["level"], best),
                   two_threads=threads == 2)


def decode(settings):
    return collect(settings, ["decode"], "GGUF blocks, 1 thread, share of the speed of",
                   lambda case, best: DECODE_GOAL if case["level"] == best else None)


def product(settings):
    """Beside OpenBLAS with the kernels that it picks, and with those for AVX-512 when it does not know the processor."""
    def goal(case, _best):
        core, batch = re.fullmatch(r"OpenBLAS (\w+), batch (\d+)", case["roof"]).groups()
        return PRODUCT_GOALS.get((case["level"], core), {}).get(int(batch))

    section = "4096 × 4096 matrix product, 1 thread, share of the speed of"
    rows, speeds = collect(settings, ["product"], section, goal)
    picked_avx512 = any(core in name for name in speeds for core in AVX512_CORES)
    if speeds and not picked_avx512 and any(row.level == "v4" for row in rows):
        forced = collect(settings, ["product"], section, goal, {"OPENBLAS_CORETYPE": AVX512_CORES[0]})
        rows += forced[0]
        speeds |= forced[1]
    return rows, speeds
