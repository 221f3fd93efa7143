#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of networks beside ONNX Runtime on one thread, by processor time: usage networks.py BUILD MODEL.onnx…
Needs the packages of tests/interop/networks/requirements.txt. All runs stop before half a minute per model."""

import json
import statistics
import subprocess
import sys
import time

import numpy
import onnxruntime

SAMPLES = 8
SECONDS = 0.5


def onnx_runtime(path, inputs):
    """The median processor time of a run, with all optimisations."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    random = numpy.random.default_rng(0)
    kinds = {value.name: value.type for value in session.get_inputs()}
    feeds = {}
    for given in inputs:
        kind = kinds[given["name"]]
        if kind in ("tensor(float)", "tensor(float16)"):
            made = random.standard_normal(given["shape"]).astype(numpy.float32 if kind == "tensor(float)" else numpy.float16)
        else:
            made = random.integers(0, 2, given["shape"]).astype({"tensor(int32)": numpy.int32}.get(kind, numpy.int64))
        feeds[given["name"]] = made
    times = []
    session.run(None, feeds)
    while sum(times) < SECONDS or len(times) < 5:
        start = time.process_time()
        session.run(None, feeds)
        times.append(time.process_time() - start)
    return statistics.median(times)


def ours(build, path, threads, samples):
    said = subprocess.run([f"{build}/tests/bench/quantoscope_network_bench", path, str(threads), str(samples)],
                          capture_output=True, text=True)
    if said.returncode != 0:
        raise SystemExit(f"{path}: {said.stderr.strip()}")
    return json.loads(said.stdout)


def main():
    build, *paths = sys.argv[1:]
    print(f"onnxruntime {onnxruntime.__version__}; float: run / ONNX Runtime; alone: all layers / (layers * samples * ONNX "
          f"Runtime); toggle: median / float runs; threads: alone with 2 / with 1, by the clock")
    floats = []
    for path in paths:
        try:
            one = ours(build, path, 1, SAMPLES)
            two = ours(build, path, 2, SAMPLES)
        except SystemExit as error:
            print(error)
            continue
        peer = onnx_runtime(path, one["inputs"])
        run = statistics.median(one["float_runs"])
        floats.append(run / peer)
        runs = one["layers"] * SAMPLES
        print(f"{path.split('/')[-1]:42} {one['layers']:4} layers, ONNX Runtime {peer * 1e3:8.2f} ms; float {run / peer:5.2f}, "
              f"alone {one['alone'] / runs / peer:5.2f}, "
              f"toggle {statistics.median(one['toggles']) / (SAMPLES * run):5.2f} "
              f"({statistics.median(one['toggles']) * 1e3:.1f} ms, with 2 threads {statistics.median(two['toggles']) * 1e3:.1f} ms), "
              f"threads {two['alone_clock'] / one['alone_clock']:5.2f}", flush=True)
    if floats:
        print(f"float: geometric mean {statistics.geometric_mean(floats):.2f}, worst {max(floats):.2f}")


if __name__ == "__main__":
    main()
