#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""make_models.py FOLDER: small models with random weights for the exports: products in ONNX, a llama in GGUF."""
import os
import sys

import gguf
import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

FOLDER = sys.argv[1]
os.makedirs(FOLDER, exist_ok=True)
random = np.random.default_rng(0)


def weights(*shape):
    return (random.standard_normal(shape) * 0.08).astype(np.float32)


def products(opset, ir, name, dtype=np.float32):
    """MatMul [in, out], Gemm with transB, a product by a Constant node."""
    kind = TensorProto.FLOAT if dtype == np.float32 else TensorProto.FLOAT16
    tensors = {"up": weights(128, 256), "bias": weights(256), "down": weights(64, 256), "down_bias": weights(64)}
    last = numpy_helper.from_array(weights(64, 32).astype(dtype), "last_value")
    nodes = [
        helper.make_node("MatMul", ["x", "up"], ["a"]),
        helper.make_node("Add", ["a", "bias"], ["b"]),
        helper.make_node("Relu", ["b"], ["c"]),
        helper.make_node("Gemm", ["c", "down", "down_bias"], ["d"], transB=1),
        helper.make_node("Constant", [], ["last"], value=last),
        helper.make_node("MatMul", ["d", "last"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes, "products",
        [helper.make_tensor_value_info("x", kind, [3, 128])], [helper.make_tensor_value_info("y", kind, [3, 32])],
        [numpy_helper.from_array(value.astype(dtype), key) for key, value in tensors.items()])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=ir)
    onnx.save(model, os.path.join(FOLDER, name))


def llama(name, kind):
    hidden, inner, layers, heads, kv_heads, words = 256, 512, 2, 4, 2, 320
    writer = gguf.GGUFWriter(os.path.join(FOLDER, name), "llama")
    writer.add_name("tiny")
    writer.add_context_length(128)
    writer.add_embedding_length(hidden)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(heads)
    writer.add_head_count_kv(kv_heads)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(10000.0)
    writer.add_rope_dimension_count(hidden // heads)
    writer.add_vocab_size(words)
    writer.add_tokenizer_model("none")
    writer.add_file_type(0)

    def add(tensor, value):
        if value.ndim == 1 or kind == "f32":
            writer.add_tensor(tensor, value)
        elif kind == "f16":
            writer.add_tensor(tensor, value.astype(np.float16))
        else:
            bits = (value.view(np.uint32).astype(np.uint64) + 0x7FFF + (value.view(np.uint32) >> 16 & 1)) >> 16
            writer.add_tensor(tensor, bits.astype(np.uint16).view(np.uint8).reshape(*value.shape[:-1], -1),
                              raw_dtype=gguf.GGMLQuantizationType.BF16)

    add("token_embd.weight", weights(words, hidden))
    for i in range(layers):
        add(f"blk.{i}.attn_norm.weight", np.ones(hidden, np.float32))
        add(f"blk.{i}.ffn_norm.weight", np.ones(hidden, np.float32))
        add(f"blk.{i}.attn_q.weight", weights(hidden, hidden))
        add(f"blk.{i}.attn_k.weight", weights(hidden // 2, hidden))
        add(f"blk.{i}.attn_v.weight", weights(hidden // 2, hidden))
        add(f"blk.{i}.attn_output.weight", weights(hidden, hidden))
        add(f"blk.{i}.ffn_gate.weight", weights(inner, hidden))
        add(f"blk.{i}.ffn_up.weight", weights(inner, hidden))
        add(f"blk.{i}.ffn_down.weight", weights(hidden, inner))
    add("output_norm.weight", np.ones(hidden, np.float32))
    add("output.weight", weights(words, hidden))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


for opset, ir in ((9, 4), (11, 6), (13, 7), (17, 8), (21, 10)):
    products(opset, ir, f"products_{opset}.onnx")
products(13, 7, "products_13_f16.onnx", np.float16)
for kind in ("f32", "f16", "bf16"):
    llama(f"llama_{kind}.gguf", kind)
