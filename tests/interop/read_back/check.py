#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py CLI FOLDER…: does quantoscope-cli read the files of the writers as the libraries that wrote them do?

Of each file: `list` names exactly its tensors, with type and shape. `compare` finds no difference from the values that
the library gave, which the safetensors package wrote down: as F64, whole numbers in their own type. `quantize` with one
layer copies every other tensor bit for bit, where safetensors has all types of the file; else `--format float` decodes
what can be decoded. Files without a layer are not written. Ends with 1 when anything differs.
"""

import json
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import safetensors
import safetensors.numpy

INCOMPLETE = 4  # exit code of compare: some tensors hold NaN
WHOLE = {
    "bool": "?",
    "u8": "u1",
    "i8": "i1",
    "u16": "u2",
    "i16": "i2",
    "u32": "u4",
    "i32": "i4",
    "u64": "u8",
    "i64": "i8",
}
HOLDABLE = WHOLE.keys() | {
    "f64",
    "f32",
    "f16",
    "bf16",
    "f8_e4m3",
    "f8_e5m2",
    "f8_e4m3fnuz",
    "f8_e5m2fnuz",
    "f8_e8m0",
    "f4",
    "f6_e2m3",
    "f6_e3m2",
    "c64",
}


class Checker:
    def __init__(self, cli):
        self.cli = cli
        self.problems = []
        self.rows = []

    def run(self, *arguments):
        return subprocess.run([self.cli, *map(str, arguments)], capture_output=True, text=True)

    def problem(self, path, text):
        self.problems.append(f"{path}: {text}")

    def folder(self, folder):
        manifest = json.loads((folder / "manifest.json").read_text())
        for name, entry in manifest.items():
            path = folder / name
            before = len(self.problems)
            if entry["refused"] is not None:
                result = self.run("list", path)
                if result.returncode != 3 or entry["refused"] not in result.stderr:
                    self.problem(
                        path, f"exit code {result.returncode}, expected 3 and {entry['refused']!r}: {result.stderr}"
                    )
                counts = (0, 0, 0, "refused, as it should be")
            else:
                tensors = entry["tensors"]
                counts = (
                    self.listing(path, tensors),
                    self.values(path, tensors),
                    self.bits(path, tensors),
                    notes(tensors),
                )
            state = "equal" if len(self.problems) == before else "DIFFERS"
            self.rows.append([folder.name, name, *counts[:3], state, counts[3]])

    def listing(self, path, tensors):
        result = self.run("list", "--json", path)
        if result.returncode != 0:
            self.problem(path, result.stderr.strip())
            return 0
        listed = json.loads(result.stdout)
        found = {t["name"]: (t["dtype"], t["shape"]) for key in ("layers", "tensors") for t in listed[key]}
        wanted = {name: (t["type"], t["shape"]) for name, t in tensors.items()}
        for name in sorted(found.keys() | wanted.keys()):
            if found.get(name) != wanted.get(name):
                self.problem(path, f"'{name}' is listed as {found.get(name)}, expected {wanted.get(name)}")
        return len(found)

    def values(self, path, tensors):
        """How many tensors `compare` found equal in all values."""
        raw, finite = {}, set()
        for name, entry in tensors.items():
            if entry["type"] in WHOLE and entry["bits"] is not None:
                raw[name] = array_of(entry["bits"], WHOLE[entry["type"]], entry["shape"])
                finite.add(name)
            elif entry["values"] is not None:
                raw[name] = array_of(entry["values"], "f8", entry["shape"])
                with np.errstate(all="ignore"):  # float32 is what compare reads
                    if np.isfinite(raw[name].astype("f4")).all():
                        finite.add(name)
        if not raw:
            return 0
        reference = path.with_name("reference.safetensors")
        safetensors.numpy.save_file(raw, reference)
        result = self.run("compare", "--json", reference, path)
        reference.unlink()
        if result.returncode not in (0, INCOMPLETE):
            self.problem(path, f"exit code {result.returncode}: {result.stderr.strip()}")
            return 0
        report = json.loads(result.stdout)
        compared = {t["name"]: t["metrics"] for t in report["tensors"]}
        for name in sorted(raw):
            exact = name in compared and compared[name]["max_abs_error"] == 0.0 and compared[name]["exact"]
            if name not in compared or raw[name].size and exact != (name in finite):
                self.problem(path, f"compare: '{name}' {compared.get(name, 'is missing')}")
        for name in report["shape_mismatch"] + report["only_in_reference"]:
            self.problem(path, f"compare: '{name}' does not match")
        return len(finite)

    def bits(self, path, tensors):
        """How many tensors came out of an export of one layer bit for bit, or as the values that they stand for."""
        copied = all(t["type"] in HOLDABLE for t in tensors.values()) and not any(
            t["bits"] is None and t["values"] is not None for t in tensors.values()
        )
        if not copied and any(t["type"] not in HOLDABLE and t["values"] is None for t in tensors.values()):
            return "-"
        layer = self.layer(path, tensors)
        if layer is None:
            return 0
        out = path.with_name("out.safetensors")
        result = self.run(
            "quantize",
            path,
            "-o",
            out,
            "--format",
            "safetensors" if copied else "float",
            "--only",
            "re:" + "".join(c if c.isalnum() or ord(c) > 127 else "\\" + c for c in layer),
            "--keep-nonfinite",
            "--force",
            "--output-error",
            "none",
        )
        if result.returncode != 0:
            self.problem(path, result.stderr.strip())
            return 0
        written = dict(safetensors.deserialize(out.read_bytes()))
        out.unlink()
        equal = 0
        for name, entry in tensors.items():
            found = written.get(name)
            if entry["bits"] is None and entry["values"] is None:
                continue
            if name == layer or entry["bits"] == tensors[layer]["bits"] and entry["shape"] == tensors[layer]["shape"]:
                continue  # the one that was quantized, or another name of it
            if found is None:
                self.problem(path, f"export: '{name}' is missing")
            elif not same(entry, found):
                self.problem(path, f"export: '{name}' is {found['dtype']} {found['shape']} and differs")
            else:
                equal += 1
        return equal


    def layer(self, path, tensors):
        """A layer of finite floats that may be quantized; None where there is none."""
        for found in json.loads(self.run("list", "--json", path).stdout)["layers"]:
            entry = tensors[found["name"]]
            if found["dtype"] in ("f32", "f16", "bf16") and entry["values"] and not found["reason"]:
                if np.isfinite(array_of(entry["values"], "f8", entry["shape"])).all():
                    return found["name"]
        return None


def array_of(text, dtype, shape):
    return np.frombuffer(bytes.fromhex(text), dtype).reshape(shape)


def same(entry, found):
    if list(found["shape"]) != entry["shape"]:
        return False
    if entry["bits"] is not None:
        return found["dtype"].lower() == entry["type"] and bytes(found["data"]) == bytes.fromhex(entry["bits"])
    values = np.frombuffer(bytes(found["data"]), "<f4") if found["dtype"] == "F32" else None
    return values is not None and values.astype("<f8").tobytes() == bytes.fromhex(entry["values"])


def notes(tensors):
    known = {t["type"] for t in tensors.values() if t["values"] or t["bits"]}
    rest = sorted({t["type"] for t in tensors.values()} - known)
    return f"listed only: {', '.join(rest)}" if rest else ""


def table(rows):
    """One line per file, and one per folder of files."""
    lines = {}
    for library, file, *counts, state, note in rows:
        folder, _, single = file.rpartition("/")
        line = lines.setdefault((library, folder + "/*" if folder else file), [0, 0, 0, 0, set(), set()])
        for i, count in enumerate((1, *counts)):
            line[i] = count if count == "-" or line[i] == "-" else line[i] + count
        line[4].add(state)
        line[5].add(note)
    cells = [("library", "file", "files", "listed", "values", "bits", "", "")]
    for key, (*counts, states, texts) in lines.items():
        cells.append(
            (
                *key,
                *map(str, counts),
                "DIFFERS" if "DIFFERS" in states else "equal",
                "; ".join(filter(None, sorted(texts))),
            )
        )
    widths = [max(len(row[i]) for row in cells) for i in range(len(cells[0]))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in cells)


def main(cli, *folders):
    checker = Checker(cli)
    for folder in folders:
        checker.folder(Path(folder))
    print(table(checker.rows))
    print(f"\n{len(checker.rows)} files, {len(checker.problems)} differences")
    for text in checker.problems:
        print("  " + text)
    return 1 if checker.problems else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
