# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares networks run by quantoscope with ONNX Runtime: values of the float network, total and errors alone."""
import json
import pathlib
import subprocess
import sys

import numpy
import onnx
import onnxruntime
from onnx import numpy_helper
from safetensors.numpy import load_file

VALUES = 1e-4  # relative L2 of every value of the float network
ERRORS = 1e-3  # relative difference of errors
TINY = 1e-4  # errors below are made of rounding
SAMPLES = 2
# Files of integers that were made dynamically are shown, but not run.
NOT_RUN = {"common_old.onnx": "uses operator DynamicQuantizeLinear (opset 12), which is not supported"}


def inputs_of(graph, random):
    """Normal floats and small whole numbers for every input, free dimensions 1 on the first axis, else 256."""
    stored = {tensor.name for tensor in graph.initializer}
    feeds = {}
    for value in graph.input:
        if value.name in stored:
            continue
        kind = value.type.tensor_type
        shape = [dim.dim_value if dim.HasField("dim_value") and dim.dim_value > 0 else (256 if axis else 1)
                 for axis, dim in enumerate(kind.shape.dim)]
        if kind.elem_type in (onnx.TensorProto.FLOAT, onnx.TensorProto.FLOAT16):
            feeds[value.name] = [random.standard_normal(shape).astype(numpy.float32) for _ in range(SAMPLES)]
        else:
            dtype = onnx.helper.tensor_dtype_to_np_dtype(kind.elem_type)
            feeds[value.name] = [random.integers(1, 30, shape).astype(dtype) for _ in range(SAMPLES)]
    return feeds


def session_of(model):
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])


def relative(reference, value):
    signal = numpy.sqrt(sum(float((x.astype(numpy.float64) ** 2).sum()) for x in reference))
    error = numpy.sqrt(sum(float(((y.astype(numpy.float64) - x) ** 2).sum()) for x, y in zip(reference, value)))
    return error / signal if signal > 0 else float(error > 0)


def worst_output(reference, outputs):
    """The largest relative error of the float outputs, over all samples."""
    worst = 0.0
    for index in range(len(reference[0])):
        if reference[0][index].dtype == numpy.float32:
            worst = max(worst, relative([x[index] for x in reference], [y[index] for y in outputs]))
    return worst


def with_values(model, wanted):
    """The model with more values of its main graph as outputs."""
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    there = {value.name for value in copy.graph.output}
    copy.graph.output.extend(onnx.ValueInfoProto(name=name) for name in dict.fromkeys(wanted) if name not in there)
    return copy


def with_all_values(model):
    return with_values(model, [name for node in model.graph.node for name in node.output if name])


def exact_sigmoids(model, values):
    """ONNX Runtime's sigmoids are right to 1e-7, not to as much of a small score: from its own logits they are exact."""
    for node in model.graph.node:
        if node.op_type == "Sigmoid" and node.input[0] in values and node.output[0] in values:
            logits = values[node.input[0]].astype(numpy.float64)
            values[node.output[0]] = (1 / (1 + numpy.exp(-logits))).astype(values[node.output[0]].dtype)


def check_values(model, feeds, runner, path, work):
    ours = work / "values"
    arguments = []
    for name, samples in feeds.items():
        file = work / f"in{len(arguments)}.npy"
        numpy.save(file, samples[0])
        arguments.append(f"{name}={file}")
    ran = subprocess.run([runner, path, ours, *arguments], capture_output=True, text=True)
    if ran.returncode != 0:
        raise SystemExit(f"not run: {ran.stderr.strip()}")
    names = json.loads((ours / "names.json").read_text())
    session = session_of(with_all_values(model))
    outputs = [output.name for output in session.get_outputs()]
    judged = dict(zip(outputs, session.run(outputs, {name: samples[0] for name, samples in feeds.items()})))
    exact_sigmoids(model, judged)
    worst, count = 0.0, 0
    for name, judge in judged.items():
        if name not in names or judge.dtype not in (numpy.float32, numpy.float16):
            continue
        value = numpy.load(ours / names[name])
        if value.shape != judge.shape:
            raise SystemExit(f"{path}: {name} is {list(value.shape)}, ONNX Runtime says {list(judge.shape)}")
        distance = relative([judge.astype(numpy.float32)], [value])
        worst, count = max(worst, distance), count + 1
        if distance > VALUES:
            raise SystemExit(f"{path}: {name} differs by {distance:.2e}")
    return worst, count


def dequantized(layer, tensors):
    """The float weights of a layer as the exported file gives them back."""
    codes = tensors[layer["name"]].astype(numpy.float32)
    stem = layer["name"][: -len(".weight")] if layer["name"].endswith(".weight") else layer["name"]
    scales = tensors[stem + ".scales"].astype(numpy.float32)
    shape = [1] * codes.ndim
    shape[layer["channel_axis"]] = -1
    return codes * scales.reshape(shape)


def replaced(model, weights):
    copy = onnx.ModelProto()
    copy.CopyFrom(model)
    for graph_tensor in copy.graph.initializer:
        if graph_tensor.name in weights:
            kept = numpy_helper.to_array(graph_tensor).dtype
            graph_tensor.CopyFrom(numpy_helper.from_array(weights[graph_tensor.name].astype(kept), graph_tensor.name))
    for node in copy.graph.node:
        if node.op_type == "Constant" and node.output[0] in weights:
            tensor = node.attribute[0].t
            tensor.CopyFrom(numpy_helper.from_array(weights[node.output[0]], tensor.name))
    return copy


def run_samples(model, feeds):
    """Outputs for each sample."""
    outputs = [value.name for value in model.graph.output]
    made = {name for node in model.graph.node for name in node.output}
    logits = [node.input[0] for node in model.graph.node
              if node.op_type == "Sigmoid" and node.output[0] in outputs and node.input[0] in made]
    session = session_of(with_values(model, logits))
    result = []
    for s in range(SAMPLES):
        values = dict(zip(outputs + logits, session.run(outputs + logits,
                                                        {name: samples[s] for name, samples in feeds.items()})))
        exact_sigmoids(model, values)
        result.append([values[name] for name in outputs])
    return result


def check_errors(model, feeds, cli, path, work):
    arguments = []
    for index, (name, samples) in enumerate(feeds.items()):
        file = work / f"all{index}.npy"
        numpy.save(file, numpy.stack(samples))
        arguments += ["--inputs", f"{name}={file}"]
    exported = work / "weights.safetensors"
    scheme = ["--bits", "4"]
    subprocess.run([cli, "quantize", path, "-o", exported, "--force", "--unpacked", *scheme, "--output-error", "none"],
                   check=True, stdout=subprocess.DEVNULL)
    report = json.loads(subprocess.run([cli, "analyze", path, *scheme, "--json", "--output-error", "network",
                                        *arguments], check=True, capture_output=True).stdout)
    if report["output_error"]["kind"] != "network":
        raise SystemExit(f"{path}: not run: {report['output_error']['reason']}")
    tensors = load_file(exported)
    weights = {layer["name"]: dequantized(layer, tensors) for layer in report["layers"]
               if layer["action"] == "quantize"}
    reference = run_samples(model, feeds)
    wrong = []

    def compare(what, ours, judge):
        if judge > TINY and (ours is None or abs(ours - judge) > ERRORS * judge):
            wrong.append(f"{what}: {ours} instead of {judge}")

    compare("total", report["output_error"]["relative_error"],
            worst_output(reference, run_samples(replaced(model, weights), feeds)))
    for layer in report["layers"]:
        if layer["name"] in weights:
            outputs = run_samples(replaced(model, {layer["name"]: weights[layer["name"]]}), feeds)
            compare(f"{layer['name']} alone", layer["output_error"]["alone"], worst_output(reference, outputs))
    if wrong:
        raise SystemExit(f"{path}: " + "; ".join(wrong[:5]))
    return report["output_error"]["relative_error"], len(weights)


def check(cli, runner, folder, path):
    model = onnx.load(path)
    folder.mkdir(parents=True)
    feeds = inputs_of(model.graph, numpy.random.default_rng(0))
    name = pathlib.Path(path).name
    if name in NOT_RUN:
        said = subprocess.run([cli, "list", path], check=True, capture_output=True, text=True).stdout
        if NOT_RUN[name] not in said:
            raise SystemExit(f"it is said to be run: {said}")
        print(f"{name}: {NOT_RUN[name]}", flush=True)
        return
    distance, values = check_values(model, feeds, runner, path, folder)
    total, layers = check_errors(model, feeds, cli, path, folder)
    print(f"{name}: {values} values within {distance:.1e}, {layers} layers alone, total {total:.4f}",
          flush=True)


def main():
    cli, runner, work, *paths = sys.argv[1:]
    print(f"onnx {onnx.__version__}, onnxruntime {onnxruntime.__version__}, numpy {numpy.__version__}", flush=True)
    failed = 0
    for index, path in enumerate(paths):
        try:
            check(cli, runner, pathlib.Path(work) / str(index), path)
        except (SystemExit, Exception) as error:  # the others are still worth a look
            failed += 1
            print(f"{pathlib.Path(path).name}: FAILED: {error}", flush=True)
    print(f"{len(paths) - failed} of {len(paths)} agree", flush=True)
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
