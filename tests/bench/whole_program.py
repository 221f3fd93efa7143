# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""quantoscope-cli on a large file that is in the page cache, beside cat and dd on the same file."""

import os
import re
import subprocess
import tempfile
from pathlib import Path

from responses import run
from timing import Row

THREADS = "2"
MEMORY_LIMIT_MIB = 572  # 600 MB


def time_of(command):
    """(seconds, processor seconds of all its threads)"""
    return run(command)


class Files:
    """The model in a folder of its own, and the commands on it."""

    def __init__(self, settings, folder):
        self.model = folder / "model.safetensors"
        self.output = folder / "quantized.safetensors"
        self.copy = folder / "copy"
        self.settings = settings
        self.mebibytes = 512 if settings.quick else 4096
        subprocess.run([self.tool("tests/support/make_big_model"), self.model, str(self.mebibytes)], check=True)
        os.sync()
        cli = [self.tool("app/cli/quantoscope-cli"), "--quiet", "--threads", THREADS]
        self.analyze = [*cli, "analyze", "--output-error", "none", self.model]
        self.quantize = [*cli, "quantize", self.model, "-o", self.output]
        self.cat = ["cat", self.model]
        self.dd = ["dd", f"if={self.output}", f"of={self.copy}", "bs=4M", "conv=fsync"]

    def tool(self, path):
        return Path(self.settings.build) / path

    def round(self):
        """Seconds of each command, one after the other. What they write is away before the next round."""
        times = {"cat": time_of(self.cat), "analyze": time_of(self.analyze),
                 "quantize": time_of(self.quantize)}
        os.sync()
        times["cat again"] = time_of(self.cat)
        times["dd"] = time_of(self.dd)
        self.output.unlink()
        self.copy.unlink()
        os.sync()
        return times

    def peak_mebibytes(self, command):
        """Peak of RssAnon + RssShmem, what is not the mapped file."""
        tool = [self.tool("tests/support/memory_peak"), str(MEMORY_LIMIT_MIB)]
        done = subprocess.run([*tool, *command], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        self.output.unlink(missing_ok=True)
        return float(re.search(r"RssShmem: ([0-9.]+) MiB", done.stderr).group(1))


def measure(settings):
    """Rows of the report."""
    rounds = 2 if settings.quick else 5
    with tempfile.TemporaryDirectory(prefix="quantoscope-bench-", dir=settings.directory) as folder:
        files = Files(settings, Path(folder))
        subprocess.run(files.cat, check=True, stdout=subprocess.DEVNULL)  # into the page cache
        times = [files.round() for _ in range(rounds)]
        peaks = {"analyze": files.peak_mebibytes(files.analyze), "quantize": files.peak_mebibytes(files.quantize)}
    least = {name: min(one[name][0] for one in times) for name in times[0]}
    had = {name: max(one[name][1] / one[name][0] for one in times) for name in times[0]}
    processor = {name: min(one[name][1] for one in times) for name in times[0]}
    section = (f"Whole program, {files.mebibytes} MiB of float32 just written and in the page cache, {THREADS} threads, "
               f"best of {rounds}")
    against_cat = f"{section}, share of the time of"
    rows = [
        Row(against_cat, "analyze", "cat FILE > /dev/null", goal=0.6, smaller=True),
        Row(against_cat, "quantize", "cat FILE > /dev/null and dd conv=fsync of the output", goal=1.0, smaller=True),
    ]
    rows[0].add(least["analyze"] / least["cat"], least["analyze"], had["analyze"])
    rows[1].add(least["quantize"] / (least["cat again"] + least["dd"]), least["quantize"], had["quantize"])
    by_processor = Row(f"{section}, share of the processor time of", "quantize", "cat FILE > /dev/null", smaller=True)
    by_processor.add(processor["quantize"] / processor["cat"], processor["quantize"])
    rows.append(by_processor)
    for name, peak in peaks.items():
        row = Row(f"{section}, MiB of memory", name, "what is not the mapped file", goal=MEMORY_LIMIT_MIB, smaller=True)
        row.add(peak, least[name])
        rows.append(row)
    return rows
