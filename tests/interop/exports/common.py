# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all judges share: checks that are counted, bounds, reading safetensors."""
import json
import sys

import numpy as np


class Judge:
    """Counts checks; every failed one is printed; the exit status says whether all passed."""

    def __init__(self, title):
        self.title, self.passed, self.failed = title, 0, 0

    def check(self, ok, text):
        if ok:
            self.passed += 1
        else:
            self.failed += 1
            if self.failed <= 40:
                print("FAIL  " + text)
        return bool(ok)

    def note(self, text):
        print("note  " + text)

    def close(self, got, want, bound, text):
        """max |got - want| relative to max |want|; shapes must match and everything must be finite."""
        got, want = np.asarray(got, np.float64), np.asarray(want, np.float64)
        if not self.check(got.shape == want.shape, f"{text}: shape {got.shape}, wanted {want.shape}"):
            return
        if not self.check(np.isfinite(got).all(), f"{text}: not finite"):
            return
        error = float(np.abs(got - want).max() / max(np.abs(want).max(), 1e-30)) if got.size else 0.0
        self.check(error <= bound, f"{text}: relative error {error:.2e}, bound {bound:.1e}")
        print(f"      {text}: relative error {error:.2e} (bound {bound:.1e})")

    def equal(self, got, want, text):
        got, want = np.asarray(got), np.asarray(want)
        ok = got.shape == want.shape and got.dtype == want.dtype and got.tobytes() == want.tobytes()
        if ok:
            return self.check(True, text)
        if got.shape != want.shape or got.dtype != want.dtype:
            return self.check(False, f"{text}: {got.dtype}{got.shape}, wanted {want.dtype}{want.shape}")
        return self.check(False, f"{text}: {int((got != want).sum())} of {got.size} values differ")

    def end(self):
        print(f"{self.title}: {self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed or not self.passed else 0)


def nearest(judge, text, weights, codes, scales, zeros, low, high):
    """Every code is a nearest one for the stored scale and zero point (ties either way). All arrays broadcast."""
    w, s = np.asarray(weights, np.float64), np.asarray(scales, np.float64)
    q, z = np.asarray(codes, np.float64), np.asarray(zeros, np.float64)
    judge.check(np.isfinite(s).all() and (s != 0).all(), f"{text}: a scale is zero or not finite")
    judge.check(q.min() >= low and q.max() <= high, f"{text}: codes outside {low}..{high}")
    ideal = np.clip(w / s + z, low, high)
    far = np.abs(q - ideal) > 0.5 + 1e-4  # f32 arithmetic moves ties by less than this
    judge.check(not far.any(), f"{text}: {int(far.sum())} of {far.size} codes are not the nearest")


def ranges_sensible(judge, text, weights, back, scales):
    """No value is further off than three steps (clipping ranges may cut more: then pass --clipped)."""
    error = np.abs(np.asarray(back, np.float64) - np.asarray(weights, np.float64)) / np.abs(np.asarray(scales, np.float64))
    judge.check(float(error.max()) <= 3.0, f"{text}: a value is {float(error.max()):.1f} steps off")


def safetensors_header(path):
    """Header of a safetensors file, with the container's rules checked by hand."""
    raw = open(path, "rb").read()
    size = int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:8 + size])
    spans = sorted(v["data_offsets"] for k, v in header.items() if k != "__metadata__")
    assert all(a[1] == b[0] for a, b in zip(spans, spans[1:])), "holes or overlaps"
    assert not spans or (spans[0][0] == 0 and spans[-1][1] + 8 + size == len(raw)), "bytes before or after the tensors"
    assert (8 + size) % 8 == 0, "the tensors do not start at a multiple of 8"
    return header
