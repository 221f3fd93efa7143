#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""make_torch_models.py FOLDER: tiny language models with random weights, saved by transformers; needs no network."""
import os
import sys

import torch
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

FOLDER = sys.argv[1]
torch.manual_seed(0)
SIZES = dict(hidden_size=256, intermediate_size=512, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             vocab_size=320, max_position_embeddings=128, initializer_range=0.08, bos_token_id=1, eos_token_id=2)


def with_biases(model):
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.normal_(0, 0.05)
    return model


for name, kind in (("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)):
    LlamaForCausalLM(LlamaConfig(**SIZES)).to(kind).save_pretrained(os.path.join(FOLDER, "llama_" + name))
LlamaForCausalLM(LlamaConfig(**SIZES)).to(torch.bfloat16).save_pretrained(os.path.join(FOLDER, "llama_shards"), max_shard_size="2MB")
qwen = Qwen2ForCausalLM(Qwen2Config(**SIZES, tie_word_embeddings=True))
with_biases(qwen).save_pretrained(os.path.join(FOLDER, "qwen2_f32"))
gpt2 = GPT2LMHeadModel(GPT2Config(n_embd=256, n_layer=2, n_head=4, n_positions=128, vocab_size=320, initializer_range=0.08,
                                  bos_token_id=1, eos_token_id=2))
with_biases(gpt2).save_pretrained(os.path.join(FOLDER, "gpt2_f32"))
