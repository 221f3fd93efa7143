#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes tests/data/transformers: a tiny random checkpoint of each family that networks are built for, what was fed,
and what transformers makes of it. Needs the packages of requirements_transformers.txt."""

import json
import pathlib
import shutil
import sys

import numpy as np
import torch
import transformers
from safetensors.torch import load_file, save_file

SIZES = dict(vocab_size=96, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
             num_key_value_heads=2, max_position_embeddings=64)
BERT = dict(vocab_size=96, hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4,
            max_position_embeddings=64)
LLAMA3 = dict(rope_type="llama3", rope_theta=10000.0, factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0,
              original_max_position_embeddings=16)
T = transformers
MODELS = {
    "llama": lambda: T.LlamaForCausalLM(T.LlamaConfig(**SIZES)),
    "llama3_tied": lambda: T.LlamaForCausalLM(
        T.LlamaConfig(**SIZES, tie_word_embeddings=True, rope_parameters=LLAMA3, attention_bias=True)),
    "mistral": lambda: T.MistralForCausalLM(T.MistralConfig(**SIZES, sliding_window=5, head_dim=16)),
    "qwen2": lambda: T.Qwen2ForCausalLM(T.Qwen2Config(**SIZES)),
    "qwen3": lambda: T.Qwen3ForCausalLM(T.Qwen3Config(**SIZES, head_dim=16)),
    "gemma": lambda: T.GemmaForCausalLM(T.GemmaConfig(**SIZES, head_dim=16)),
    "mixtral": lambda: T.MixtralForCausalLM(T.MixtralConfig(**SIZES, num_local_experts=4)),
    "qwen3_moe": lambda: T.Qwen3MoeForCausalLM(
        T.Qwen3MoeConfig(**SIZES, head_dim=16, num_experts=6, num_experts_per_tok=2, moe_intermediate_size=24,
                         norm_topk_prob=True, mlp_only_layers=[1])),
    "phi3": lambda: T.Phi3ForCausalLM(T.Phi3Config(**SIZES, pad_token_id=0, partial_rotary_factor=0.5)),
    "gpt2": lambda: T.GPT2LMHeadModel(T.GPT2Config(vocab_size=96, n_embd=32, n_layer=2, n_head=4, n_positions=64)),
    "bert": lambda: T.BertModel(T.BertConfig(**BERT)),
    "bert_words": lambda: T.BertForMaskedLM(T.BertConfig(**BERT)),
    "bert_text": lambda: T.BertForSequenceClassification(T.BertConfig(**BERT, num_labels=3)),
    "bert_tokens": lambda: T.BertForTokenClassification(T.BertConfig(**BERT, num_labels=5)),
    "roberta": lambda: T.RobertaModel(T.RobertaConfig(**BERT)),
    "roberta_words": lambda: T.RobertaForMaskedLM(T.RobertaConfig(**BERT)),
    "roberta_text": lambda: T.RobertaForSequenceClassification(T.RobertaConfig(**BERT, num_labels=3)),
    "vit": lambda: T.ViTForImageClassification(
        T.ViTConfig(hidden_size=32, intermediate_size=48, num_hidden_layers=2, num_attention_heads=4, image_size=16,
                    patch_size=4, num_labels=7)),
}


def write(name, make, folder):
    torch.manual_seed(0)
    model = make().eval().float()
    with torch.no_grad():
        for parameter in model.parameters():  # alike logits would hide errors
            parameter.mul_(3) if parameter.dim() > 1 else parameter.add_(0.1 * torch.randn_like(parameter))
            parameter.copy_(parameter.bfloat16().float())
    shutil.rmtree(folder, ignore_errors=True)
    model.save_pretrained(folder)
    for extra in folder.glob("*"):
        if extra.name not in ("config.json", "model.safetensors"):
            extra.unlink()
    weights = load_file(folder / "model.safetensors")
    save_file({key: value.bfloat16() if value.is_floating_point() else value for key, value in weights.items()},
              folder / "model.safetensors", {"format": "pt"})
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        if name == "vit":
            fed = torch.randn((2, 3, 16, 16), generator=generator)
            made = model(fed).logits
        else:
            fed = torch.randint(3, 96, (2, 11), generator=generator)
            if model.config.model_type == "roberta":
                fed[1, 8:] = 1  # padding
            result = model(fed, attention_mask=torch.ones_like(fed))
            made = result.logits if hasattr(result, "logits") else result.last_hidden_state
    np.save(folder / "input.npy", fed.numpy())
    np.save(folder / "output.npy", made.float().numpy())
    config = json.loads((folder / "config.json").read_text())
    print(name, config["model_type"], tuple(made.shape), float(made.std()))


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else
                        pathlib.Path(__file__).resolve().parent.parent / "data" / "transformers")
    for name, make in MODELS.items():
        write(name, make, root / name)


if __name__ == "__main__":
    main()
