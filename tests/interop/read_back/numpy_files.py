#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""numpy_files.py FOLDER: .npy and .npz files of all types that NumPy (and ml_dtypes through it) writes."""

import sys

import ml_dtypes
import numpy as np

from expected import Files, all_codes, of_array, sample, tensor

NUMBERS = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]
# NumPy writes them as bytes without a meaning.
OPAQUE = {"bfloat16": "v2", "float8_e4m3fn": "v1"}


def arrays(random):
    result = {}
    for code in NUMBERS:
        for order in "<>":
            dtype = np.dtype(code).newbyteorder(order)
            if order == ">" and dtype.itemsize == 1:
                continue
            name = dtype.str[1:].replace("|", "") + ("_big" if order == ">" else "")
            result[name] = sample(code, (3, 5), random).astype(dtype)
            result[name + ".line"] = sample(code, (7,), random).astype(dtype)
            if dtype.kind == "f":
                result[name + ".codes"] = all_codes(code).astype(dtype)
    for code in ("<f4", ">f8", "<i2"):
        result["fortran_" + np.dtype(code).name] = np.asfortranarray(sample(code[1:], (4, 3, 2), random).astype(code))
    wide = sample("f4", (6, 8), random)
    result |= {
        "scalar": np.float32(7.5).reshape(()),
        "empty": np.zeros((0, 4), "f4"),
        "empty_end": np.zeros((4, 0), "f8"),
        "one": np.ones((1, 1), "f4"),
        "slice": wide[1:5:2, ::3],
        "transposed": wide.T,
        "with/slash": wide,
        "n\u00e4me": wide,
        "large": sample("f4", (300, 257), random),
    }
    return result


def main(folder):
    files = Files(folder)
    random = np.random.default_rng(11)
    content = arrays(random)
    expected = {name: of_array(array) for name, array in content.items()}
    for name, save in (("stored.npz", np.savez), ("packed.npz", np.savez_compressed)):
        save(files.path(name), **content)
        files.add(name, expected)
        # Without complex numbers of 128 bits, which no other format has, the bits can be checked as well.
        some = {key: value for key, value in content.items() if value.dtype.kind != "c" or value.itemsize == 8}
        save(files.path("most_" + name), **some)
        files.add("most_" + name, {key: expected[key] for key in some})
    for name, array in content.items():
        stem = name.replace("/", "_")
        np.save(files.path(f"single/{stem}.npy"), array)
        files.add(f"single/{stem}.npy", {stem: expected[name]})
    for name, listed_as in OPAQUE.items():
        np.save(files.path(f"single/{name}.npy"), sample(getattr(ml_dtypes, name), (3, 5), random))
        files.add(f"single/{name}.npy", {name: tensor(listed_as, (3, 5))})
    for name, array, why in (
        ("text", np.array(["ab", "c"]), "descr"),
        ("object", np.array([{}, []], object), "Python code"),
        ("record", np.zeros(3, [("a", "f4"), ("b", "i4")]), "structured arrays"),
        ("long_double", np.ones(3, np.longdouble), "descr"),
        ("time", np.zeros(3, "M8[s]"), "descr"),
        # '<f1', which NumPy itself does not read again.
        ("float8_e5m2", np.zeros(3, ml_dtypes.float8_e5m2), "descr"),
    ):
        np.save(files.path(f"refused/{name}.npy"), array)
        files.refused(f"refused/{name}.npy", why)
    files.save()


main(sys.argv[1])
