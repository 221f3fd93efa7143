# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Quantoscope from Python: one file over the JSON of quantoscope-cli. Needs NumPy for arrays only.

    import quantoscope
    model = quantoscope.open("demo:digits")
    report = model.analyze(bits=4, exclude=["fc4"])
    print(report.errors())                                # relative error of each layer
    codes = model.codes("fc1", bits=4)                    # int8 codes, scales, zero points as arrays
    model.quantize("small.safetensors", bits=4)
    print(quantoscope.compare("demo:digits", "small.safetensors")["total"])

Options are those of the command line with underscores: `bits=4`, `granularity="group:32"`, `full=True`. Lists repeat an
option (`exclude=["a", "b"]`), dictionaries are `set={"fc*": {"bits": 4}}` and `recipe={...}`. The program is
QUANTOSCOPE_CLI or what PATH finds. What it refuses is a QuantoscopeError with its sentence and exit code.
"""
import json
import os
import struct
import subprocess
import tempfile

__all__ = ["open", "compare", "formats", "Model", "Report", "Codes", "QuantoscopeError"]


class QuantoscopeError(Exception):
    """`code`: 1 the work failed, 2 wrong usage, 3 the input."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def _option_words(options):
    words = []
    for key, value in options.items():
        name = "--" + key.replace("_", "-")
        if value is None or value is False:
            continue
        if value is True:
            words.append(name)
        elif key == "set" and isinstance(value, dict):
            for pattern, fields in value.items():
                words += [name, pattern + ":" + ",".join(f"{field}={setting}" for field, setting in fields.items())]
        elif isinstance(value, (list, tuple)):
            for entry in value:
                words += [name, str(entry)]
        else:
            words += [name, os.fspath(value) if isinstance(value, os.PathLike) else str(value)]
    return words


def _run(command, arguments, options, incomplete=False):
    with tempfile.TemporaryDirectory() as folder:
        if isinstance(options.get("recipe"), dict):
            recipe = os.path.join(folder, "recipe.json")
            with _open_file(recipe, "w", encoding="utf-8") as file:
                json.dump(options["recipe"], file)
            options = {**options, "recipe": recipe}
        # Names that begin with a dash are no options.
        line = [os.environ.get("QUANTOSCOPE_CLI", "quantoscope-cli"), command, *_option_words(options), "--json", "--quiet",
                "--", *map(os.fspath, arguments)]
        try:
            done = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", check=False,
                                  env={**os.environ, "LC_ALL": "C.UTF-8"})
        except FileNotFoundError:
            raise QuantoscopeError(f"there is no program {line[0]}; set QUANTOSCOPE_CLI", 2) from None
    if done.returncode != 0 and not (incomplete and done.returncode == 4):
        raise QuantoscopeError(done.stderr.strip().removeprefix("error: ") or f"exit code {done.returncode}",
                               done.returncode)
    result = json.loads(done.stdout)
    if result.get("schema") != 1:
        raise QuantoscopeError(f"this file knows schema 1, the program gives {result.get('schema')}", 2)
    return result


_open_file = open


class Report(dict):
    """The JSON of `analyze` or `quantize` (schema: resources/schema/quantize.schema.json)."""

    def layer(self, name):
        """Of a module ("fc1") or a tensor ("fc1.weight")."""
        for layer in self["layers"]:
            if name in (layer["name"], layer["module"]):
                return layer
        raise KeyError(name)

    def errors(self, metric="relative_error"):
        """{module: metric} of all quantized layers."""
        return {layer["module"]: layer["metrics"][metric] for layer in self["layers"] if layer["metrics"]}

    def _repr_html_(self):
        def cell(value):
            text = "" if value is None else f"{value:.4g}" if isinstance(value, float) else str(value)
            return "<td>" + text.replace("&", "&amp;").replace("<", "&lt;") + "</td>"

        rows = "".join("<tr>" + "".join(map(cell, (
            layer["module"], "×".join(map(str, layer["shape"])),
            layer["reason"] or f"{layer['scheme']['mode']} {layer['scheme']['bits']} {layer['scheme']['granularity']}",
            (layer["metrics"] or {}).get("sqnr_db"), (layer["metrics"] or {}).get("relative_error"),
            layer["output_error"]["alone"], layer["bytes_after"]))) + "</tr>" for layer in self["layers"])
        heads = ("layer", "shape", "scheme", "SQNR dB", "relative error", "output error alone", "bytes")
        return "<table><tr>" + "".join(f"<th>{head}</th>" for head in heads) + f"</tr>{rows}</table>"


class Codes:
    """A quantized weight: `codes` int8 in the tensor's own shape, `scales`, `zero_points` and `offsets` (None where the
    scheme has none) of shape [1], [channels] or [channels, groups], `axis` of the channels, `about` the whole entry."""

    def __init__(self, tensors, name, about):
        base = name[:-len(".weight")] if name.endswith(".weight") else name
        self.codes = tensors[name]
        self.scales = tensors[base + ".scales"]
        self.zero_points = tensors.get(base + ".zero_points")
        self.offsets = tensors.get(base + ".offsets")
        self.about = about
        self.axis = about["axis"]

    def values(self):
        """The float32 weights that the codes stand for: (code − zero point) · scale, or (code − least code) · scale +
        offset."""
        import numpy as np
        rows = np.moveaxis(self.codes, self.axis, 0).astype(np.float32)
        shape = rows.shape
        rows = rows.reshape(shape[0], -1)
        size = rows.shape[1]
        group = size
        if self.about["granularity"].startswith("group:"):
            group = int(self.about["granularity"].removeprefix("group:"))

        def spread(numbers):
            numbers = np.asarray(numbers, np.float32)
            if numbers.size == 1:
                return numbers.reshape(1, 1)
            return np.repeat(numbers.reshape(shape[0], -1), group, axis=1)[:, :size]

        if self.offsets is not None:
            values = (rows + np.float32(2 ** (self.about["bits"] - 1))) * spread(self.scales) + spread(self.offsets)
        elif self.zero_points is not None:
            values = (rows - spread(self.zero_points)) * spread(self.scales)
        else:
            values = rows * spread(self.scales)
        return np.moveaxis(values.reshape(shape), 0, self.axis)


def _read_safetensors(path):
    """(arrays by name, texts of the file). Types that NumPy lacks (bf16, f8) come as their bits."""
    import numpy as np
    types = {"F64": "<f8", "F32": "<f4", "F16": "<f2", "BF16": "<u2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1",
             "U8": "u1", "U16": "<u2", "U32": "<u4", "U64": "<u8", "BOOL": "?"}
    with _open_file(path, "rb") as file:
        size, = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(size))
        data = file.read()
    texts = header.pop("__metadata__", {})
    arrays = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        array = np.frombuffer(data[begin:end], types.get(entry["dtype"], "u1"))
        arrays[name] = array.reshape(entry["shape"]) if entry["dtype"] in types else array
    return arrays, texts


class Model:
    """A model file; nothing of it is in memory."""

    def __init__(self, path, part=None):
        self.path = os.fspath(path)
        self.part = part
        self.list = _run("list", [self.path], self._options({}))

    def __repr__(self):
        model = self.list["model"]
        return f"<quantoscope.Model {self.path}: {model['format']}, {len(self.list['layers'])} layers, " \
               f"{model['parameters']} parameters>"

    def layers(self):
        """Names of the modules that can be quantized."""
        return [layer["module"] for layer in self.list["layers"]]

    def analyze(self, **options):
        """What quantization does to each layer; nothing is written."""
        return Report(_run("analyze", [self.path], self._options(options)))

    def quantize(self, output, **options):
        """Writes the quantized model to `output` and returns its report."""
        return Report(_run("quantize", [self.path], self._options({**options, "output": output})))

    def compare(self, candidate, **options):
        """The errors of `candidate`, weight by weight."""
        path = candidate.path if isinstance(candidate, Model) else candidate
        return _run("compare", [self.path, path], self._options(options), incomplete=True)

    def codes(self, layer, **options):
        """Codes and scales of one layer as arrays. The other layers are left alone."""
        module = self._find(layer)["module"]
        with tempfile.TemporaryDirectory() as folder:
            output = os.path.join(folder, "codes.safetensors")
            only = [*options.pop("only", []), module]
            self.quantize(output, **options, only=only, format="safetensors", unpacked=True, output_error="none")
            arrays, texts = _read_safetensors(output)
        name = self._find(layer)["name"]
        about = json.loads(texts["quantoscope.tensors"])
        if name not in about:
            raise QuantoscopeError(f"layer {layer} was kept in float", 1)
        return Codes(arrays, name, about[name])

    def tensors(self):
        """All tensors as float arrays, by name: of models that fit into memory. Exports twice, each time with another
        layer quantized."""
        modules = self.layers()
        if len(modules) < 2:
            raise QuantoscopeError("the tensors of a model with fewer than two layers cannot be had this way", 1)
        result = {}
        with tempfile.TemporaryDirectory() as folder:
            for module in modules[:2]:
                output = os.path.join(folder, "floats.safetensors")
                self.quantize(output, only=[module], format="safetensors", output_error="none", force=True)
                arrays, texts = _read_safetensors(output)
                coded = json.loads(texts["quantoscope.tensors"])
                parts = {name.removesuffix(".weight") + suffix for name in coded for suffix in (".scales", ".zero_points")}
                result.update({name: array for name, array in arrays.items() if name not in coded and name not in parts})
        return result

    def _find(self, layer):
        return Report(self.list).layer(layer)

    def _options(self, options):
        return {**options, "part": self.part} if self.part else options


def open(path, part=None):  # pylint: disable=redefined-builtin
    """A model file, a shard index, a folder that holds one of them, "demo:digits" or "demo:notebook"."""
    return Model(path, part)


def compare(reference, candidate, **options):
    """The errors between two model files, weight by weight (schema: compare.schema.json)."""
    return open(reference).compare(candidate, **options)


def formats():
    """The export formats: name, description, suffixes, runtimes."""
    return _run("formats", [], {})["formats"]
