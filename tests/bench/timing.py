# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs quantoscope_bench and turns its seconds into ratios."""

import json
import os
import statistics
import subprocess
from dataclasses import dataclass, field


ENOUGH_OF_TWO = 1.7  # processor time over time of two threads that were not in each other's way


@dataclass
class Settings:
    """What the command line asked for."""

    build: str
    quick: bool
    runs: int
    rounds: int
    directory: str


@dataclass
class Row:
    """Ratios to a reference of the same rounds; a cell of the table."""

    section: str
    name: str
    reference: str  # what it is compared with
    level: str = ""  # instruction set; empty where there is no choice
    ratios: list = field(default_factory=list)  # one per run that counts
    seconds: float = 0.0  # median of the best run
    goal: float | None = None
    smaller: bool = False  # smaller is better
    processors: list = field(default_factory=list)  # that each run really had; empty where one is enough

    @property
    def best(self):
        return min(self.ratios) if self.smaller else max(self.ratios)

    @property
    def reached(self):
        if self.goal is None:
            return None
        return self.best <= self.goal if self.smaller else self.best >= self.goal

    @property
    def starved(self):
        """Two threads that mostly shared one processor: their time says nothing about the program."""
        return bool(self.processors) and max(self.processors) < ENOUGH_OF_TWO

    def add(self, ratio, seconds, processors=None):
        """Takes the result of one run; `processors` that it really had, if it asked for two."""
        self.ratios.append(ratio)
        if processors is not None:
            self.processors.append(processors)
        if ratio == self.best:
            self.seconds = seconds

    def to_json(self):
        return {
            "section": self.section,
            "name": self.name,
            "reference": self.reference,
            "level": self.level,
            "best": self.best,
            "runs": self.ratios,
            "seconds": self.seconds,
            "goal": self.goal,
            "smaller_is_better": self.smaller,
            "reached": self.reached,
            "processors": self.processors,
        }


def bench_command(settings, *arguments):
    return [f"{settings.build}/tests/bench/quantoscope_bench", *map(str, arguments)]


def run_bench(settings, *arguments, environment=None):
    """One run: a list of (case, seconds of each round, processor seconds of each). `environment` is added to that of
    this process."""
    command = bench_command(settings, *arguments, "--rounds", settings.rounds)
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True,
                            env={**os.environ, **(environment or {})}).stdout
    cases, *rounds = [json.loads(line) for line in output.splitlines()]
    return [(case, [one["seconds"][i] for one in rounds], [one["processor"][i] for one in rounds])
            for i, case in enumerate(cases)]


def medians(run):
    """Median seconds by (name, level)."""
    return {(case["name"], case["level"]): statistics.median(seconds) for case, seconds, _ in run}


def processors(run):
    """Processors that each case had, by (name, level)."""
    return {(case["name"], case["level"]): sum(used) / sum(seconds) for case, seconds, used in run}
