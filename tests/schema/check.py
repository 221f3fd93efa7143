#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""check.py CLI SCHEMAS: everything that the command line gives as JSON, and recipes, against the schemas that are shipped.

Keys that a schema does not name are faults here, so that no key comes without its line in the schema. Ends with 77 where
python3-jsonschema is missing.
"""
import copy
import json
import os
import subprocess
import sys
import tempfile

try:
    import jsonschema
except ImportError:
    print("skipped: python3-jsonschema is missing")
    sys.exit(77)

CLI, SCHEMAS = sys.argv[1:3]
faults = []


def strict(schema):
    """The schema with every object closed."""
    if isinstance(schema, list):
        return [strict(entry) for entry in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if "properties" in closed and isinstance(closed["properties"], dict) and "type" in closed:
        closed.setdefault("additionalProperties", False)
    return closed


def load(name):
    with open(os.path.join(SCHEMAS, name + ".schema.json"), encoding="utf-8") as file:
        schema = json.load(file)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(strict(schema))


VALIDATORS = {file.split(".")[0]: load(file.split(".")[0]) for file in sorted(os.listdir(SCHEMAS))}


def check(name, text, what):
    value = json.loads(text)
    for error in VALIDATORS[name].iter_errors(value):
        faults.append(f"{what}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
    return value


def run(schema, *arguments, codes=(0,)):
    line = [CLI, *arguments] + (["--json"] if schema != "recipe" else [])
    done = subprocess.run(line, capture_output=True, text=True)
    if done.returncode not in codes:
        faults.append(f"{' '.join(line)}: exit code {done.returncode}: {done.stderr.strip()}")
        return None
    value = check(schema, done.stdout, " ".join(line[1:]))
    if schema != "plan" and next(iter(value)) != "schema":
        faults.append(f"{' '.join(line[1:])}: the first key is not 'schema'")
    return value


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = lambda name: os.path.join(folder, name)
        models = ["demo:digits", "demo:notebook"]
        real = os.environ.get("QUANTOSCOPE_MODELS")
        if real:
            models += sorted(os.path.join(real, name) for name in os.listdir(real)
                             if name.endswith((".safetensors", ".onnx", ".pt", ".gguf", ".npz"))
                             and os.path.getsize(os.path.join(real, name)) < 8 << 20)
        for model in models:
            run("list", "list", model)
        for model in models[:2]:
            run("analyze", "analyze", model, "--full")
            run("analyze", "analyze", model, "--full", "--mode", "asymmetric", "--output-error", "none")
            out = path(model[5:] + ".safetensors")
            run("quantize", "quantize", model, "-o", out, "--bits", "4", "--granularity", "group:32")
            run("list", "list", out)
            run("analyze", "analyze", out, "--full", "--exclude", "*1")
            run("compare", "compare", model, out)
        run("quantize", "quantize", "demo:notebook", "-o", path("x.pth"), "--format", "gpt-fast", "--dry-run", "--bits", "3",
            codes=(1,))
        run("analyze", "analyze", "demo:lesson", "--screen")
        run("compare", "compare", "demo:digits", "demo:notebook", codes=(4,))
        run("formats", "formats")
        run("rules", "rules", "demo:digits", "--for", "torchao", "--bits", "4", "--range", "mse", "--exclude", "fc4")
        run("rules", "rules", "demo:notebook", "--for", "mlx-lm", "--bits", "4", "--granularity", "group:64", "-o",
            path("rules.py"))
        run("search", "search", "demo:digits", "--bpw", "4", "--time", "2s")
        run("plan", "plan", "demo:digits", "-o", path("p.safetensors"), "--units", "2", "--exclude", "fc1", "--set",
            "fc2:bits=4")
        run("part", "part", path("p.safetensors.plan"), "--unit", "0")
        run("part", "part", path("p.safetensors.plan"), "--unit", "1")
        merged = run("quantize", "merge", path("p.safetensors.plan"))
        with open(path("p.safetensors.plan"), encoding="utf-8") as file:
            check("recipe", json.dumps(json.load(file)["recipe"]), "recipe of a plan")
        check("recipe", """{"quantoscope_recipe": 1, "rules": [{"match": "*", "action": "exclude", "why": "all"},
            {"match": "a", "axis": 1, "role": "linear", "scheme": {"bits": 4}}], "network": {"activation": "gelu"}}""",
              "a recipe")
        # A checker that lets everything pass would be none.
        for spoil in (lambda v: v.pop("total"), lambda v: v["layers"][0].update(colour=1),
                      lambda v: v["layers"][0].update(shape="8x8"), lambda v: v["model"].update(bytes=-1)):
            spoiled = copy.deepcopy(merged)
            spoil(spoiled)
            if VALIDATORS["quantize"].is_valid(spoiled):
                faults.append("a spoiled report passes its schema")
    for fault in faults:
        print("FAIL:", fault)
    print(f"{len(faults)} faults")
    return 1 if faults else 0


sys.exit(main())
