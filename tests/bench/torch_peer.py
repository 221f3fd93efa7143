# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The same quantization by PyTorch on one thread, in rounds that alternate with ours.

PyTorch lives in this process and the kernels in quantoscope_bench, which waits for a line before each of its rounds:
only one of the two works at a time.
"""

import json
import statistics
import subprocess
import sys
import time

from timing import Row, bench_command

KERNEL = "int8 per channel"
CHUNK_ROWS = 32  # 512 KiB of 4096 columns: what PyTorch makes in between stays in the cache
GOALS = {"whole matrix": 40, "in chunks of 32 rows": 12}


def quantize(torch, x):
    """gpt-fast's per-channel function, operation by operation: int8, symmetric, scale = max|x| / 127.5 or epsilon."""
    low, high = torch.aminmax(x, dim=1)
    largest = torch.max(-torch.min(low, torch.zeros_like(low)), torch.max(high, torch.zeros_like(high)))
    scales = torch.clamp(largest / 127.5, min=torch.finfo(torch.float32).eps)
    zero_points = torch.zeros(x.shape[0], dtype=torch.int64)
    codes = torch.round(x / scales.unsqueeze(-1)) + zero_points.unsqueeze(-1)
    return torch.clamp(codes, -128, 127).to(torch.int8), scales


def quantize_chunks(torch, x, codes, scales):
    for first in range(0, x.shape[0], CHUNK_ROWS):
        part = slice(first, first + CHUNK_ROWS)
        codes[part], scales[part] = quantize(torch, x[part])


def seconds_of(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def one_run(settings, torch, shape):
    """Median seconds of ours and of each way of PyTorch."""
    rows, columns = shape
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(rows, columns, generator=generator) * 0.02
    codes = torch.empty(rows, columns, dtype=torch.int8)
    scales = torch.empty(rows)
    peers = {
        "whole matrix": lambda: quantize(torch, x),
        "in chunks of 32 rows": lambda: quantize_chunks(torch, x, codes, scales),
    }
    for work in peers.values():
        work()
    command = bench_command(settings, "weights", "--rows", rows, "--columns", columns, "--only", KERNEL, "--stepped")
    ours = {}
    theirs = {name: [] for name in peers}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as bench:
        cases = json.loads(bench.stdout.readline())
        for _ in range(settings.rounds):
            bench.stdin.write("\n")
            bench.stdin.flush()
            for case, seconds in zip(cases, json.loads(bench.stdout.readline())["seconds"]):
                ours.setdefault(case["level"], []).append(seconds)
            for name, work in peers.items():
                theirs[name].append(seconds_of(work))
        bench.stdin.close()
    return ({level: statistics.median(times) for level, times in ours.items()},
            {name: statistics.median(times) for name, times in theirs.items()})


def measure(settings):
    """Rows of the report; none without PyTorch."""
    try:
        import torch
    except ImportError:
        print("PyTorch is not installed (python3-torch): not compared with it", file=sys.stderr)
        return []
    torch.set_num_threads(1)
    shapes = [(4096, 4096)] if settings.quick else [(4096, 4096), (11008, 4096)]
    rows = {}
    for shape in shapes:
        for _ in range(settings.runs):
            ours, theirs = one_run(settings, torch, shape)
            best_level = next(iter(ours))  # the first is the best
            for level, own in ours.items():
                for name, seconds in theirs.items():
                    key = (shape, name, level)
                    if key not in rows:
                        goal = GOALS[name] if level == best_level else None
                        rows[key] = Row(f"{KERNEL} of {shape[0]} × {shape[1]} f32, 1 thread, times faster than",
                                        f"gpt-fast's function, {name}", f"PyTorch {torch.__version__}", level, goal=goal)
                    rows[key].add(seconds / own, own)
    return list(rows.values())
