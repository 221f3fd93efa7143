# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a GGUF in llama.cpp through the C interface of a PyPI wheel (xllamacpp, or llama-cpp-python).

Only what the judges need: load, one decode of all tokens, logits of every position. CPU, one thread, f32 caches.
"""
import ctypes as C
import glob
import importlib.util
import os

import numpy as np


def _find():
    # The environment names a library, else a wheel is looked for.
    given = os.environ.get("LLAMA_LIBRARY")
    if given:
        return given
    for package, pattern in (("llama_cpp", "lib/libllama.so"), ("xllamacpp", "*.so")):
        spec = importlib.util.find_spec(package)
        if spec and spec.submodule_search_locations:
            for folder in spec.submodule_search_locations:
                found = glob.glob(os.path.join(folder, pattern))
                if found:
                    return found[0]
    raise SystemExit("llama.cpp: install xllamacpp (a wheel) or llama-cpp-python")


class ModelParams(C.Structure):
    _fields_ = [("devices", C.c_void_p), ("overrides", C.c_void_p), ("n_gpu_layers", C.c_int32),
                ("split_mode", C.c_int), ("load_mode", C.c_int), ("lazy_mode", C.c_int), ("main_gpu", C.c_int32),
                ("tensor_split", C.c_void_p), ("progress", C.c_void_p), ("progress_data", C.c_void_p),
                ("kv_overrides", C.c_void_p), ("vocab_only", C.c_bool), ("check_tensors", C.c_bool),
                ("use_extra_bufts", C.c_bool), ("no_host", C.c_bool), ("no_alloc", C.c_bool), ("load_mtp", C.c_bool),
                ("spare", C.c_uint8 * 64)]


class ContextParams(C.Structure):
    _fields_ = [("n_ctx", C.c_uint32), ("n_batch", C.c_uint32), ("n_ubatch", C.c_uint32), ("n_seq_max", C.c_uint32),
                ("n_rs_seq", C.c_uint32), ("n_outputs_max", C.c_uint32), ("n_outputs_max_per_seq", C.c_uint32),
                ("n_threads", C.c_int32), ("n_threads_batch", C.c_int32),
                ("ctx_type", C.c_int), ("rope_scaling_type", C.c_int), ("pooling_type", C.c_int),
                ("attention_type", C.c_int), ("flash_attn_type", C.c_int),
                ("rope_freq_base", C.c_float), ("rope_freq_scale", C.c_float), ("yarn_ext", C.c_float),
                ("yarn_attn", C.c_float), ("yarn_fast", C.c_float), ("yarn_slow", C.c_float), ("yarn_orig", C.c_uint32),
                ("defrag", C.c_float), ("cb_eval", C.c_void_p), ("cb_data", C.c_void_p),
                ("type_k", C.c_int), ("type_v", C.c_int), ("abort", C.c_void_p), ("abort_data", C.c_void_p),
                ("embeddings", C.c_bool), ("offload_kqv", C.c_bool), ("no_perf", C.c_bool), ("op_offload", C.c_bool),
                ("swa_full", C.c_bool), ("kv_unified", C.c_bool), ("samplers", C.c_void_p), ("n_samplers", C.c_size_t),
                ("ctx_other", C.c_void_p), ("spare", C.c_uint8 * 64)]


class Batch(C.Structure):
    _fields_ = [("n_tokens", C.c_int32), ("token", C.POINTER(C.c_int32)), ("embd", C.POINTER(C.c_float)),
                ("pos", C.POINTER(C.c_int32)), ("n_seq_id", C.POINTER(C.c_int32)),
                ("seq_id", C.POINTER(C.POINTER(C.c_int32))), ("logits", C.POINTER(C.c_int8))]


_log_type = C.CFUNCTYPE(None, C.c_int, C.c_char_p, C.c_void_p)


class Llama:
    def __init__(self):
        self.lib = C.CDLL(_find())
        L = self.lib
        L.llama_model_default_params.restype = ModelParams
        L.llama_context_default_params.restype = ContextParams
        L.llama_model_load_from_file.argtypes = [C.c_char_p, ModelParams]
        L.llama_model_load_from_file.restype = C.c_void_p
        L.llama_init_from_model.argtypes = [C.c_void_p, ContextParams]
        L.llama_init_from_model.restype = C.c_void_p
        L.llama_model_get_vocab.argtypes = [C.c_void_p]
        L.llama_model_get_vocab.restype = C.c_void_p
        L.llama_vocab_n_tokens.argtypes = [C.c_void_p]
        L.llama_batch_init.argtypes = [C.c_int32, C.c_int32, C.c_int32]
        L.llama_batch_init.restype = Batch
        L.llama_decode.argtypes = [C.c_void_p, Batch]
        L.llama_get_logits_ith.argtypes = [C.c_void_p, C.c_int32]
        L.llama_get_logits_ith.restype = C.POINTER(C.c_float)
        L.llama_free.argtypes = [C.c_void_p]
        L.llama_model_free.argtypes = [C.c_void_p]
        L.llama_tokenize.argtypes = [C.c_void_p, C.c_char_p, C.c_int32, C.POINTER(C.c_int32), C.c_int32, C.c_bool,
                                     C.c_bool]
        self.messages = []
        self._log = _log_type(lambda level, text, data: self.messages.append(text.decode("utf-8", "replace")))
        L.llama_log_set.argtypes = [_log_type, C.c_void_p]
        L.llama_log_set(self._log, None)
        L.llama_backend_init()
        if hasattr(L, "ggml_backend_load_all"):
            L.ggml_backend_load_all()

    def run(self, path, tokens):
        """Logits [len(tokens), vocabulary]; a failure raises with what llama.cpp said."""
        L = self.lib
        self.messages.clear()
        mp = L.llama_model_default_params()
        mp.n_gpu_layers = 0
        mp.check_tensors = True      # the loader looks for non-finite values
        mp.use_extra_bufts = False   # no repacking: the plain kernels
        model = L.llama_model_load_from_file(os.fsencode(path), mp)
        if not model:
            raise RuntimeError("llama.cpp does not load it: " + "".join(self.messages)[-2000:])
        try:
            cp = L.llama_context_default_params()
            cp.n_ctx = max(64, len(tokens))
            cp.n_batch = cp.n_ubatch = max(64, len(tokens))
            cp.n_threads = cp.n_threads_batch = 1
            cp.flash_attn_type = 0
            cp.type_k = cp.type_v = 0  # f32
            context = L.llama_init_from_model(model, cp)
            if not context:
                raise RuntimeError("llama.cpp makes no context: " + "".join(self.messages)[-2000:])
            n_vocab = L.llama_vocab_n_tokens(L.llama_model_get_vocab(model))
            batch = L.llama_batch_init(len(tokens), 0, 1)
            for i, token in enumerate(tokens):
                batch.token[i] = int(token)
                batch.pos[i] = i
                batch.n_seq_id[i] = 1
                batch.seq_id[i][0] = 0
                batch.logits[i] = 1
            batch.n_tokens = len(tokens)
            if L.llama_decode(context, batch) != 0:
                raise RuntimeError("llama_decode fails: " + "".join(self.messages)[-2000:])
            out = np.stack([np.ctypeslib.as_array(L.llama_get_logits_ith(context, i), (n_vocab,)).copy()
                            for i in range(len(tokens))])
            L.llama_free(context)
            return out
        finally:
            L.llama_model_free(model)

    def tokenize(self, path, text):
        L = self.lib
        mp = L.llama_model_default_params()
        mp.vocab_only = True
        model = L.llama_model_load_from_file(os.fsencode(path), mp)
        if not model:
            raise RuntimeError("llama.cpp does not load it: " + "".join(self.messages)[-2000:])
        raw = text.encode()
        out = (C.c_int32 * (len(raw) + 8))()
        n = L.llama_tokenize(L.llama_model_get_vocab(model), raw, len(raw), out, len(out), False, True)
        L.llama_model_free(model)
        return list(out[:n])
