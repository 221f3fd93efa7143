# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What `analyze` costs with every convention, range method and size of groups, beside the default scheme."""

import json
import re
import subprocess
import tempfile
from pathlib import Path

import numpy

from responses import run
from timing import Row

MOST = 3  # any convention or block type
RANGES = {  # method: its goal and the fields that it needs; none: it is shown, and compared with its tool elsewhere
    "percentile:99.9": (8, []),
    "mse": (12, []),
    "mse-llmcompressor": (None, ["--convention", "compressed-tensors"]),
    "hqq": (None, ["--mode", "asymmetric", "--bits", "4", "--granularity", "group:64"]),
}
GROUPS = {128: 1.5, 32: 1.8}


def write_model(path, rows, columns, dtype):
    """One layer of normal weights as safetensors, bfloat16 as the upper half of float32."""
    weights = numpy.random.default_rng(1).normal(0, 0.02, (rows, columns)).astype("<f4")
    data = weights.tobytes() if dtype == "F32" else (weights.view("<u4") >> 16).astype("<u2").tobytes()
    header = json.dumps({"layer.weight": {"dtype": dtype, "shape": [rows, columns],
                                          "data_offsets": [0, len(data)]}}).encode()
    header += b" " * (-len(header) % 8)
    path.write_bytes(len(header).to_bytes(8, "little") + header + data)


def conventions(cli):
    """Their names, from the help of the program: a new one has its row by that."""
    text = subprocess.run([cli, "analyze", "--help"], check=True, stdout=subprocess.PIPE, text=True).stdout
    listed = re.search(r"--convention VALUE.*?:\s+(.*?)\n +--mode", text, re.DOTALL).group(1)
    return re.sub(r"\s+", " ", listed).split(", ")


def measure(settings):
    """Rows of the report. CPU of one thread, the least of interleaved rounds; wall and CPU of the default stand beside."""
    cli = Path(settings.build) / "app/cli/quantoscope-cli"
    rows, columns = (512, 8192) if settings.quick else (4096, 8192)
    result = []
    names = conventions(cli)
    with tempfile.TemporaryDirectory(prefix="quantoscope-bench-", dir=settings.directory) as folder:
        for dtype in ("F32", "BF16"):
            model = Path(folder) / f"{dtype}.safetensors"
            write_model(model, rows, columns, dtype)
            command = [cli, "--quiet", "--threads", "1", "analyze", "--output-error", "none", model]
            schemes = {f"convention {name}": (MOST, ["--convention", name]) for name in names[1:]}
            schemes |= {f"range {name}": fields for name, fields in RANGES.items()}
            schemes |= {f"groups of {size}": (goal, ["--granularity", f"group:{size}"])
                        for size, goal in GROUPS.items()}
            wall, processor = run(command)
            section = (f"analyze of {rows} × {columns} {dtype} just written, 1 thread, processor time as a share of "
                       f"that of the default ({1000 * processor:.0f} ms, {1000 * wall:.0f} ms on the clock)")
            for name, (goal, fields) in schemes.items():
                row = Row(section, name, names[0], goal=goal, smaller=True)
                slow = goal is None
                for _ in range(1 if slow else settings.runs):
                    pairs = [(run([*command, *fields])[1], run(command)[1])
                             for _ in range(1 if slow else settings.rounds)]
                    ours = min(pair[0] for pair in pairs)
                    row.add(ours / min(pair[1] for pair in pairs), ours)
                result.append(row)
    return result
