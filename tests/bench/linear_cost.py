#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""linear_cost.py BUILD [--folder FOLDER] [--gib 1 4 16] [--layers 1000 10000 100000]: what work costs as models grow.

Prints two tables in Markdown: seconds per GiB of weights, and microseconds per layer, of quantize, plan, one part, all
parts with merge. The columns are flat when the cost is linear. Then the overhead of units against quantize, memory and time of a part's start,
and, from the measured rates, a model of the time for a checkpoint of 1.4 TB on n machines. BUILD is a release build; the
folder needs twice the largest model. Other work on the machine spoils the figures.
"""
import argparse
import os
import shutil
import struct
import subprocess
import tempfile
import time


def run(*words):
    """(seconds, peak MiB) of a command."""
    began = time.monotonic()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"error: {' '.join(words)} failed")
    return time.monotonic() - began, usage.ru_maxrss / 1024


def many_layers(path, layers):
    """Layers of 2 × 3 weights: all cost is that of a layer, none that of its weights."""
    header, at = [], 0
    for i in range(layers):
        header.append(f'"model.layers.{i}.mlp.up_proj.weight":{{"dtype":"F32","shape":[2,3],"data_offsets":[{at},{at + 24}]}}')
        at += 24
    text = ("{" + ",".join(header) + "}").encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text)
        for i in range(layers):
            file.write(struct.pack("<6f", *(((i * 7 + k * 13) % 251 - 125) / 125 for k in range(6))))


def measure(cli, model, folder, units):
    """Seconds of each step, and the figures of one part."""
    out = os.path.join(folder, "out.safetensors")
    plan = os.path.join(folder, "plan")
    scheme = ["--bits", "4", "--granularity", "group:2" if units == 0 else "group:64"]
    if units == 0:
        scheme, units = ["--bits", "4"], 16
    common = ["--quiet"]
    result = {"quantize": run(cli, "quantize", model, "-o", out, *scheme, *common, "--output-error", "none")[0]}
    bytes_out = os.path.getsize(out)
    os.remove(out)
    result["plan"] = run(cli, "plan", model, "-o", out, "--plan", plan, "--units", str(units), *scheme, *common)[0]
    parts = 0.0
    for unit in range(units):
        seconds, peak = run(cli, "part", plan, "--unit", str(unit), *common)
        parts += seconds
        result["part"] = seconds
    # Done before: what is left is opening, planning, and checking one part.
    result["start"], result["start MiB"] = run(cli, "part", plan, "--unit", "0", *common)
    result["parts"] = parts
    result["merge"] = run(cli, "merge", plan, "--output-error", "none", *common)[0]
    result["bytes out"] = bytes_out
    os.remove(out)
    shutil.rmtree(plan + ".parts")
    os.remove(plan)
    return result


def table(title, unit, sizes, results, scale):
    print(f"\n| {title} | quantize | plan | all parts | merge | units / quantize | start of a part |\n|---|---|---|---|---|---|---|")
    for size in sizes:
        r = results[size]
        share = (r["plan"] + r["parts"] + r["merge"]) / r["quantize"]
        print(f"| {size:,} | " + " | ".join(f"{r[key] / size * scale:.3g} {unit}" for key in
                                           ("quantize", "plan", "parts", "merge")) +
              f" | {share:.2f} | {r['start']:.2f} s, {r['start MiB']:.0f} MiB |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--folder", default=tempfile.gettempdir())
    parser.add_argument("--gib", type=float, nargs="*", default=[1, 4, 16])
    parser.add_argument("--layers", type=int, nargs="*", default=[1000, 10000, 100000])
    arguments = parser.parse_args()
    cli = os.path.join(arguments.build, "app/cli/quantoscope-cli")
    big = os.path.join(arguments.build, "tests/support/make_big_model")
    with tempfile.TemporaryDirectory(dir=arguments.folder) as folder:
        model = os.path.join(folder, "in.safetensors")
        by_gib, by_layers = {}, {}
        for gib in arguments.gib:
            subprocess.run([big, model, str(int(gib * 1024))], check=True)
            by_gib[gib] = measure(cli, model, folder, 16)
        for layers in arguments.layers:
            many_layers(model, layers)
            by_layers[layers] = measure(cli, model, folder, 0)
    if by_gib:
        table("GiB", "s/GiB", arguments.gib, by_gib, 1)
    if by_layers:
        table("layers", "µs", arguments.layers, by_layers, 1e6)
    if by_gib:
        gib = max(by_gib)
        r = by_gib[gib]
        per_gib, merge_per_gib = (r["parts"] - 16 * r["start"]) / gib, r["merge"] / gib
        total = 1.4e12 / 2 ** 30
        print(f"\n1.4 TB: parts {per_gib:.3g} s/GiB and machine, merge {merge_per_gib:.3g} s/GiB of the source, on one machine; "
              "with disks that keep up:\n\n| machines | hours |\n|---|---|")
        for machines in (1, 3, 8, 16, 64):
            print(f"| {machines} | {(total * per_gib / machines + total * merge_per_gib) / 3600:.2f} |")


if __name__ == "__main__":
    main()
