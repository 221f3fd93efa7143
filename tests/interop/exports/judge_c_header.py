# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge_c_header.py SOURCE.safetensors EXPORTED.h [--layers N]

Compiles the header twice in one program (C11 and C++17, -Wall -Wextra -Wpedantic -Werror), prints every array through the table
that the header declares, and compares with the source. Expected: arrays `static const int8_t <id>_codes[]`,
`static const float <id>_scales[]`, optional `static const int8_t <id>_zero_points[]` (int32_t allowed), and comments
`/* tensor: NAME shape: a,b axis: k codes: ID */` on a line of their own, one for each quantized tensor.
"""
import argparse
import os
import re
import subprocess
import tempfile

import numpy as np
from safetensors.numpy import load_file

from common import Judge, nearest

parser = argparse.ArgumentParser()
parser.add_argument("source")
parser.add_argument("exported")
parser.add_argument("--layers", type=int)
options = parser.parse_args()
judge = Judge("C header")
src = load_file(options.source)
text = open(options.exported, encoding="ascii").read()  # ASCII only: old compilers
judge.check(re.search(r"^#(ifndef|pragma once)", text, re.M), "no include guard")
judge.check("#include <stdint.h>" in text, "no stdint.h")
tensors = re.findall(r"^/\* tensor: (.+?) shape: ([\d,]+) axis: (-?\d+) codes: (\w+) \*/$", text, re.M)
judge.check(bool(tensors), "no tensors")
if options.layers is not None:
    judge.check(len(tensors) == options.layers, f"{len(tensors)} layers, {options.layers} wanted")
ids = [t[3] for t in tensors]
judge.check(len(set(ids)) == len(ids) and all(re.fullmatch(r"[a-z][a-z0-9_]*", i) for i in ids), "identifiers")
declared = {name: kind for kind, name in re.findall(r"static const (\w+) (\w+)\[", text)}
program = '#include "weights.h"\n#include "weights.h"\n#include <stdio.h>\nint main(void){FILE*f=fopen("out.bin","wb");if(!f)return 1;\n'
order = []
for i in ids:
    for part in ("codes", "scales", "zero_points"):
        if f"{i}_{part}" in declared:
            program += f"fwrite({i}_{part},1,sizeof {i}_{part},f);printf(\"%zu\\n\",sizeof {i}_{part});\n"
            order.append(f"{i}_{part}")
program += "return fclose(f);}\n"
kinds = {"int8_t": np.int8, "uint8_t": np.uint8, "int32_t": np.int32, "float": np.float32}
with tempfile.TemporaryDirectory() as folder:
    open(os.path.join(folder, "weights.h"), "w").write(text)
    open(os.path.join(folder, "main.c"), "w").write(program)
    results = []
    for compiler in (["cc", "-std=c11", "main.c"], ["c++", "-std=c++17", "-x", "c++", "main.c"]):
        run = subprocess.run(["nice", *compiler, "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-Wno-unused-variable", "-O0", "-o", "a"],
                             cwd=folder, capture_output=True, text=True)
        if not judge.check(run.returncode == 0, f"{compiler[0]}: {run.stderr[:400]}"):
            judge.end()
        sizes = [int(s) for s in subprocess.run(["./a"], cwd=folder, capture_output=True, text=True).stdout.split()]
        results.append(open(os.path.join(folder, "out.bin"), "rb").read())
    judge.check(results[0] == results[1], "C and C++ see other values")
arrays, at = {}, 0
for name, size in zip(order, sizes):
    arrays[name] = np.frombuffer(results[0][at:at + size], kinds[declared[name]])
    at += size
for name, shape, axis, i in tensors:
    w, axis = src[name].astype(np.float32), int(axis)
    judge.check(list(w.shape) == [int(d) for d in shape.split(",")], f"{name}: shape {shape}")
    q, s = arrays[i + "_codes"], arrays[i + "_scales"]
    z = arrays.get(i + "_zero_points", np.zeros(s.size))
    if not judge.check(q.size == w.size and s.size == z.size == (1 if axis < 0 else w.shape[axis]), f"{name}: sizes"):
        continue
    expand = lambda a: a.reshape([-1 if k == axis else 1 for k in range(w.ndim)]) if axis >= 0 else a
    nearest(judge, name, w, q.reshape(w.shape), expand(s), expand(z), -128, 127)
judge.end()
