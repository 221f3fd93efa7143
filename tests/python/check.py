#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py CLI PYTHON: quantoscope.py against NumPy's own arithmetic, and the notebook cell by cell.

What the program says of a layer is computed again from the codes that it wrote and the weights in the model's own file.
Ends with 77 where NumPy is missing.
"""
import json
import os
import sys
import tempfile
import unittest

try:
    import numpy as np
except ImportError:
    print("skipped: python3-numpy is missing")
    sys.exit(77)

CLI, FOLDER = map(os.path.abspath, sys.argv[1:3])
MODELS = os.path.join(FOLDER, "..", "models")
os.environ["QUANTOSCOPE_CLI"] = CLI
sys.dont_write_bytecode = True
sys.path.insert(0, FOLDER)
import quantoscope


def weights_of(name):
    """The floats of a demo, read from the file that is in the repository, not through the program."""
    arrays, _ = quantoscope._read_safetensors(os.path.join(MODELS, name + ".safetensors"))
    return arrays


class Check(unittest.TestCase):
    def test_codes_stand_for_the_weights(self):
        weights = weights_of("digits")
        for options in ({"bits": 8}, {"bits": 4, "granularity": "group:48"}, {"bits": 5, "mode": "asymmetric"},
                        {"bits": 3, "granularity": "tensor"}, {"convention": "gguf-q4_1"}):
            for layer in ("fc1", "fc4"):
                with self.subTest(layer=layer, **options):
                    model = quantoscope.open("demo:digits")
                    codes = model.codes(layer, **options)
                    weight = weights[layer + ".weight"].astype(np.float64)
                    error = np.linalg.norm(codes.values() - weight) / np.linalg.norm(weight)
                    said = model.analyze(**options).errors()[layer]
                    self.assertAlmostEqual(error / said, 1, places=4)
                    self.assertEqual(codes.codes.shape, weight.shape)
                    self.assertEqual(codes.codes.dtype, np.int8)

    def test_tensors_are_those_of_the_file(self):
        expected = weights_of("notebook")
        found = quantoscope.open("demo:notebook").tensors()
        self.assertEqual(set(found), set(expected))
        for name, array in expected.items():
            np.testing.assert_array_equal(found[name], array)

    def test_quantize_and_compare(self):
        with tempfile.TemporaryDirectory() as folder:
            output = os.path.join(folder, "small.safetensors")
            report = quantoscope.open("demo:digits").quantize(output, bits=4, exclude=["fc4"], set={"fc1": {"bits": 6}})
            self.assertEqual(report["output"]["bytes"], os.path.getsize(output))
            self.assertEqual(set(report.errors()), {"fc1", "fc2", "fc3"})
            self.assertEqual(report.layer("fc1")["scheme"]["bits"], 6)
            compared = quantoscope.compare("demo:digits", output)
            self.assertFalse(compared["incomplete"])
            self.assertAlmostEqual(compared["total"]["metrics"]["relative_error"],
                                   report["total"]["metrics"]["relative_error"], places=7)
            recipe = quantoscope.open(output).analyze(recipe={"quantoscope_recipe": 1, "rules": []})
            self.assertEqual(recipe["total"]["quantized"], 1) # all others hold codes
            self.assertIn("<table>", report._repr_html_())

    def test_incomplete_comparison_is_an_answer(self):
        self.assertTrue(quantoscope.compare("demo:digits", "demo:notebook")["incomplete"])

    def test_refusals_are_errors(self):
        for code, call in ((3, lambda: quantoscope.open("/no/such/file")),
                           (2, lambda: quantoscope.open("demo:digits").analyze(bits=9)),
                           (2, lambda: quantoscope.open("demo:digits").analyze(colour="red")),
                           (1, lambda: quantoscope.open("demo:digits").quantize("/no/such/folder/x.safetensors"))):
            with self.assertRaises(quantoscope.QuantoscopeError) as caught:
                call()
            self.assertEqual(caught.exception.code, code, str(caught.exception))
            self.assertNotIn("error:", str(caught.exception))

    def test_formats(self):
        self.assertIn("safetensors", [entry["name"] for entry in quantoscope.formats()])

    def test_notebook(self):
        with open(os.path.join(FOLDER, "lecture.ipynb"), encoding="utf-8") as file:
            cells = json.load(file)["cells"]
        names = {}
        for cell in cells:
            if cell["cell_type"] == "code":
                exec("".join(cell["source"]), names) # pylint: disable=exec-used
        # What its text promises.
        self.assertEqual(np.count_nonzero(names["mine"] != names["codes"].codes), 0)
        steps = [names["sqnr"][bits + 1] - names["sqnr"][bits] for bits in (4, 5, 6, 7)]
        self.assertTrue(all(5.5 < step < 6.7 for step in steps), steps)
        said = names["model"].analyze(bits=4)["output_error"]["relative_error"]
        self.assertAlmostEqual(names["output_error"] / said, 1, places=4)
        errors = names["model"].analyze(bits=4).errors()
        self.assertNotEqual(names["worst"], max(errors, key=errors.get))
        self.assertLess(names["spared"], said)


unittest.main(argv=[sys.argv[0]])
