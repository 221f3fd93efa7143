# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long a user of the window waits, and what commands cost in processor time and memory."""

import json
import os
import resource
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from timing import Row


def run(command):
    """Runs it; (seconds, processor seconds of all its threads, kernel included)."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def peak_mib(command):
    """Largest resident memory of the command, pages of files included."""
    time_command = ["/usr/bin/python3", "-c",
                    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, "
                    "stderr=subprocess.DEVNULL, check=True); "
                    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"]
    done = subprocess.run([*time_command, *map(str, command)], check=True, stdout=subprocess.PIPE, text=True)
    return float(done.stdout)


def percentile_95(values):
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


class Tools:
    """The programs that are timed, and models for them in a folder of their own."""

    def __init__(self, settings, folder):
        self.build = Path(settings.build)
        self.folder = folder

    def model(self, mebibytes, side):
        path = self.folder / f"{mebibytes}-{side}.safetensors"
        if not path.exists():
            maker = self.build / "tests/support/make_big_model"
            subprocess.run([maker, path, str(mebibytes), str(side)], check=True)
        return path

    def cli(self, threads, *arguments):
        return [self.build / "app/cli/quantoscope-cli", "--quiet", "--threads", str(threads), *arguments]

    def window(self, what, model, count):
        """Milliseconds of each of `count` actions of a user."""
        done = subprocess.run([self.build / "tests/bench/quantoscope_window_bench", what, model, str(count)],
                              check=True, stdout=subprocess.PIPE, text=True,
                              env={**os.environ, "QT_QPA_PLATFORM": "offscreen"})
        return json.loads(done.stdout)


def drop_from_cache(path):
    """Makes the next reader read from disk."""
    with open(path, "rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def of_window(settings, tools):
    section = "Window of 1440 × 900 without a screen, milliseconds"
    rows = [
        Row(section, "tick a layer of 1,000, until everything is final: 95 of 100 are faster", "", goal=50,
            smaller=True),
        Row(section, "arrow key through 2,000 layers, processor time of the window's thread, mean", "", goal=16,
            smaller=True),
    ]
    count = 20 if settings.quick else 200
    for _ in range(settings.runs):
        ticks = tools.window("tick", tools.model(16, 64), count)
        rows[0].add(percentile_95(ticks), statistics.median(ticks) / 1000)
        keys = tools.window("key", tools.model(32, 64), count)
        rows[1].add(statistics.mean(keys), statistics.median(keys) / 1000)
    return rows


def of_workbench(settings, tools):
    """What else a hand waits for: B beside A, large edits, large plots, and work in the background."""
    section = "Window of 1440 × 900 without a screen, milliseconds"
    cases = [  # name, what the window does, the model, how often, goal, whether the largest counts
        ("tick a layer of 1,000 beside a B: 95 of 100 are faster", "tick-ab", (16, 64), 100, 50, percentile_95),
        ("undo an edit of 5,000 layers, until everything is final: 95 of 100 are faster", "undo", (20, 32), 20, 50,
         percentile_95),
        ("a letter of a rule over 10,000 names, processor time: 95 of 100 are faster", "rule", (10, 16), 60, 30,
         percentile_95),
        ("pan or zoom scales of 65,536 channels, processor time: 95 of 100 are faster", "pan", (8, 32), 60, 16,
         percentile_95),
        ("picture of a matrix of 4096 × 4096, first paint: the longest", "matrix", (512, 4096), 6, 150, max),
        ("longest stall while 4 GiB are analysed, hovering and scrolling", "stall",
         (256 if settings.quick else 4096, 4096), 1, 33, max),
    ]
    rows = []
    for name, what, size, count, goal, figure in cases:
        row = Row(section, name, "", goal=goal, smaller=True)
        model = tools.model(*size)
        for _ in range(settings.runs):
            spent = tools.window(what, model, 4 if settings.quick else count)
            row.add(figure(spent), statistics.median(spent) / 1000)
        model.unlink()
        rows.append(row)
    return rows


def of_plan(settings, tools):
    """An export that is planned after the analysis finds everything in its cache: it reads no weights."""
    mebibytes = 64 if settings.quick else 1024
    row = Row("Export sheet, milliseconds", f"plan and preview of {mebibytes} MiB of float32 after the analysis", "",
              goal=5, smaller=True)
    model = tools.model(mebibytes, 4096)
    for _ in range(settings.runs):
        done = subprocess.run([tools.build / "tests/bench/quantoscope_plan_bench", model, "20"], check=True,
                              stdout=subprocess.PIPE, text=True)
        spent = percentile_95(json.loads(done.stdout))
        row.add(spent, spent / 1000)
    model.unlink()
    return [row]


def of_many_layers(settings, tools):
    """`compare` of 80,000 layers, and two threads on 1,000 of 1 MiB."""
    section = "Many layers, share of"
    rows = [
        Row(section, "compare of 81,920 layers, processor time", "analyze --output-error none of one of them", goal=2,
            smaller=True),
        Row(section, "analyze of 1,000 layers of 1 MiB, 2 threads", "1 thread", goal=0.6, smaller=True),
    ]
    tiny, small = tools.model(5, 4), tools.model(100 if settings.quick else 1000, 512)
    analyze = ["analyze", "--output-error", "none"]
    for _ in range(settings.runs):
        compared = run(tools.cli(2, "compare", tiny, tiny))[1]
        rows[0].add(compared / run(tools.cli(2, *analyze, tiny))[1], compared)
        # A virtual machine may leave a new thread on the processor of the first one for most of such a run: of several
        # rounds the least counts on either side.
        rounds = [(run(tools.cli(2, *analyze, small)), run(tools.cli(1, *analyze, small))[0])
                  for _ in range(settings.rounds)]
        two, processor = min(one[0] for one in rounds)
        rows[1].add(two / min(one[1] for one in rounds), two, processor / two)
    small.unlink()
    return rows


def of_reading(settings, tools):
    mebibytes = 256 if settings.quick else 2048
    section = f"analyze of {mebibytes} MiB of float32 in the page cache, 2 threads, processor time as a share of that of"
    command = tools.cli(2, "analyze", "--output-error", "none", tools.model(mebibytes, 4096))
    model = command[-1]
    rows = []
    for name, goal, prepare in (("file just written", 1.6, lambda: None), ("file read back from disk", 1.9,
                                                                           lambda: drop_from_cache(model))):
        prepare()
        cat = ["cat", model]
        run(cat)
        row = Row(section, name, "cat FILE > /dev/null", goal=goal, smaller=True)
        for _ in range(settings.runs):
            rounds = [(run(cat)[1], run(command)[1]) for _ in range(settings.rounds)]
            ours = min(one[1] for one in rounds)
            row.add(ours / min(one[0] for one in rounds), ours)
        rows.append(row)
    memory = Row(section.split(",")[0] + ", MiB of memory", "pages of the file included", "", goal=95, smaller=True)
    memory.add(peak_mib(command), 0)
    return [*rows, memory]


def measure(settings):
    """Rows of the report."""
    with tempfile.TemporaryDirectory(prefix="quantoscope-bench-", dir=settings.directory) as folder:
        tools = Tools(settings, Path(folder))
        return [*of_window(settings, tools), *of_workbench(settings, tools), *of_plan(settings, tools),
                *of_many_layers(settings, tools), *of_reading(settings, tools)]
