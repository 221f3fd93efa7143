#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""linear_cost.py BUILD [--folder FOLDER] [--gib 1 4 16] [--layers 1000 10000 100000] [--cores N]: what work costs as models grow.

Prints two tables in Markdown: processor seconds per GiB of weights, and processor microseconds per layer, of quantize, plan, all
parts and merge. The columns are flat when the cost is linear. Then what units add to quantize, time and memory of a part's start,
and, from the measured work, a model of the time for a checkpoint of 1.4 TB on n machines of N cores (this machine's). BUILD is
a release build; the folder needs twice the largest model. Processor seconds hardly notice other work on the machine.
"""
import argparse
import os
import shutil
import struct
import subprocess
import tempfile


def run(*words):
    """(processor seconds, peak MiB) of a command."""
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        raise SystemExit(f"error: {' '.join(words)} failed")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


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
    """Processor seconds of each step, and the figures of one part."""
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
        parts += run(cli, "part", plan, "--unit", str(unit), *common)[0]
    # Done before: what is left is opening its piece of the index, and checking one part.
    result["start"], result["start MiB"] = run(cli, "part", plan, "--unit", "0", *common)
    result["parts"] = parts
    result["merge"] = run(cli, "merge", plan, "--output-error", "none", *common)[0]
    result["bytes out"] = bytes_out
    os.remove(out)
    shutil.rmtree(plan + ".parts")
    result["index"] = os.path.getsize(plan + ".index")
    os.remove(plan + ".index")
    os.remove(plan)
    return result


def table(title, unit, sizes, results, scale):
    print(f"\n| {title} | quantize | plan | all parts | merge | units / quantize | start of a part | index |\n|---|---|---|---|---|---|---|---|")
    for size in sizes:
        r = results[size]
        share = (r["plan"] + r["parts"] + r["merge"]) / r["quantize"]
        print(f"| {size:,} | " + " | ".join(f"{r[key] / size * scale:.3g} {unit}" for key in
                                           ("quantize", "plan", "parts", "merge")) +
              f" | {share:.2f} | {r['start']:.2f} s, {r['start MiB']:.0f} MiB | {r['index'] / 2 ** 20:.1f} MiB |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("--folder", default=tempfile.gettempdir())
    parser.add_argument("--gib", type=float, nargs="*", default=[1, 4, 16])
    parser.add_argument("--cores", type=int, default=len(os.sched_getaffinity(0)))
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
        time_model(max(by_gib), by_gib[max(by_gib)], arguments.cores)


def time_model(gib, result, cores):
    """Parts on all cores of all machines, then one merge on one core; disks that keep up with both."""
    parts, merge = (result["parts"] - 16 * result["start"]) / gib / cores, result["merge"] / gib
    total = 1.4e12 / 2 ** 30
    print(f"\n1.4 TB on machines of {cores} cores: parts {parts:.3g} s/GiB and machine, merge {merge:.3g} s/GiB of the source, on one "
          "machine; with disks that keep up:\n\n| machines | hours |\n|---|---|")
    for machines in (1, 3, 8, 16, 64):
        print(f"| {machines} | {total * (parts / machines + merge) / 3600:.2f} |")


if __name__ == "__main__":
    main()
