#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""make_torch_models.py FOLDER: tiny language models with random weights, saved by transformers; needs no network."""
import os
import sys

import torch
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (GemmaConfig, GemmaForCausalLM, GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM,
                          MistralConfig, MistralForCausalLM, Phi3Config, Phi3ForCausalLM, PreTrainedTokenizerFast,
                          Qwen2Config, Qwen2ForCausalLM, Qwen3Config, Qwen3ForCausalLM)

FOLDER = sys.argv[1]
torch.manual_seed(0)
SIZES = dict(hidden_size=256, intermediate_size=512, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
             vocab_size=320, max_position_embeddings=128, initializer_range=0.08, bos_token_id=1, eos_token_id=2)


def with_biases(model):
    """Values where models begin with zeros or ones, which would hide what was forgotten."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.normal_(0, 0.05)
            elif "norm" in name:
                parameter.add_(torch.randn_like(parameter) * 0.1)
    return model


def add_tokenizer(folder, digits):
    """Byte-level BPE that cuts texts as Llama 3 (digits "{1,3}") or Qwen2 ("") do, or, with None, as GPT-2."""
    cut = (r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + (digits or "") +
           r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+")
    tokenizer = Tokenizer(models.BPE())
    whole = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=digits is None)
    steps = [whole] if digits is None else [pre_tokenizers.Split(Regex(cut), "isolated"), whole]
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(steps)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(vocab_size=318, special_tokens=["<s>", "</s>"], show_progress=False,
                                  initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    tokenizer.train_from_iterator([open(__file__).read()], trainer)
    PreTrainedTokenizerFast(tokenizer_object=tokenizer, bos_token="<s>", eos_token="</s>").save_pretrained(
        os.path.join(FOLDER, folder))


for name, kind in (("f32", torch.float32), ("f16", torch.float16), ("bf16", torch.bfloat16)):
    LlamaForCausalLM(LlamaConfig(**SIZES)).to(kind).save_pretrained(os.path.join(FOLDER, "llama_" + name))
LlamaForCausalLM(LlamaConfig(**SIZES)).to(torch.bfloat16).save_pretrained(os.path.join(FOLDER, "llama_shards"), max_shard_size="2MB")
qwen = Qwen2ForCausalLM(Qwen2Config(**SIZES, tie_word_embeddings=True))
with_biases(qwen).save_pretrained(os.path.join(FOLDER, "qwen2_f32"))
gpt2 = GPT2LMHeadModel(GPT2Config(n_embd=256, n_layer=2, n_head=4, n_positions=128, vocab_size=320, initializer_range=0.08,
                                  bos_token_id=1, eos_token_id=2))
with_biases(gpt2).save_pretrained(os.path.join(FOLDER, "gpt2_f32"))
for name, model in (("mistral_f32", MistralForCausalLM(MistralConfig(**SIZES, sliding_window=None))),
                    ("qwen3_f32", Qwen3ForCausalLM(Qwen3Config(**SIZES, head_dim=32))),
                    ("gemma_f32", GemmaForCausalLM(GemmaConfig(**SIZES, head_dim=64))),
                    ("phi3_f32", Phi3ForCausalLM(Phi3Config(**SIZES, pad_token_id=0)))):
    with_biases(model).save_pretrained(os.path.join(FOLDER, name))
add_tokenizer("llama_f32", "{1,3}")
add_tokenizer("qwen2_f32", "")
add_tokenizer("gpt2_f32", None)
