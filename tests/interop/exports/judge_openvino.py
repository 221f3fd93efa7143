# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""judge_openvino.py SOURCE.onnx EXPORTED.onnx       The ONNX export in OpenVINO's CPU plugin: reads, keeps 8-bit constants, runs.

Against ONNX Runtime on the same file with float activations: 1e-3 (other convolution algorithms; seen 3e-4). OpenVINO would
round activations of compressed MatMuls to 8 bits by itself (seen 1.1e-2): that is switched off here.
"""
import argparse
import collections
import os
import tempfile

import numpy as np
import onnxruntime as ort
import openvino as ov

from common import Judge

parser = argparse.ArgumentParser()
parser.add_argument("source")
parser.add_argument("exported")
options = parser.parse_args()
judge = Judge("OpenVINO")
core = ov.Core()
settings = {"INFERENCE_PRECISION_HINT": "f32", "DYNAMIC_QUANTIZATION_GROUP_SIZE": "0"}
model = core.read_model(options.exported)
big = lambda m: collections.Counter(o.get_element_type().get_type_name() for o in m.get_ops()
                                    if o.get_type_name() == "Constant" and np.prod(list(o.get_output_shape(0)) or [1]) > 100)
judge.check(sum(n for t, n in big(model).items() if t in ("i8", "u8", "i4", "u4")) > 0, f"no integer constants: {dict(big(model))}")
o = ort.SessionOptions()
o.log_severity_level = 4
o.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL
session = ort.InferenceSession(options.exported, o, providers=["CPUExecutionProvider"])
compiled = core.compile_model(model, "CPU", settings)
with tempfile.TemporaryDirectory() as folder:
    ir = os.path.join(folder, "m.xml")
    ov.save_model(model, ir, compress_to_fp16=False)
    judge.check(big(core.read_model(ir)) == big(model), "the saved IR holds other constants")
    again = core.compile_model(core.read_model(ir), "CPU", settings)
    for seed in range(3):
        r = np.random.default_rng(seed)
        feed = {i.name: r.standard_normal([d if isinstance(d, int) else 1 for d in i.shape])
                .astype(np.float16 if "float16" in i.type else np.float32) for i in session.get_inputs()}
        bound = 3e-3 if any(v.dtype == np.float16 for v in feed.values()) else 1e-3  # half precision kernels
        want = session.run(None, feed)
        got = compiled([feed[i.get_any_name()] for i in model.inputs])
        second = again([feed[i.get_any_name()] for i in model.inputs])
        for k, w in enumerate(want):
            judge.close(got[compiled.outputs[k]], w, bound, f"run {seed}, output {k}")
            judge.close(second[again.outputs[k]], got[compiled.outputs[k]], 1e-6, f"run {seed}, output {k}, from the IR")
judge.end()
