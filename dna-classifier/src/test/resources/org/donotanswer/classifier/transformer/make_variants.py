"""Computes variants.json: python3 make_variants.py DIRECTORY > variants.json (torch 1.13).

TransformerEvaluatorVariantsTest.main writes the directory. This script shares nothing with the library's forward passes: it
follows the modeling files of Hugging Face transformers 4.40, one sequence at a time, without batches, padding or shortcuts.
"""
import json
import math
import os
import struct
import sys

import numpy
import torch
from torch.nn import functional as F

ACT = {
    "gelu": F.gelu,
    "gelu_new": lambda x: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3))),
    "relu": F.relu,
    "silu": F.silu,
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "mish": F.mish,
    "linear": lambda x: x,
}


def read(file):
    data = open(file, "rb").read()
    (size,) = struct.unpack("<Q", data[:8])
    weights = {}
    for name, entry in json.loads(data[8 : 8 + size]).items():
        if name != "__metadata__":
            begin, end = (8 + size + offset for offset in entry["data_offsets"])
            array = numpy.frombuffer(data[begin:end], "<f4").reshape(entry["shape"])
            weights[name] = torch.from_numpy(array.copy()).double()
    return weights


class Model:
    def __init__(self, config, weights):
        self.c, self.w = config, weights
        self.kind = config["model_type"].replace("xlm-", "").replace("deberta-v2", "deberta")
        self.hidden = config.get("hidden_size", config.get("dim"))
        self.heads = config.get("num_attention_heads", config.get("n_heads"))
        self.layers = config.get("num_hidden_layers", config.get("n_layers"))
        self.eps = config.get("layer_norm_eps", 1e-7 if self.kind == "deberta" else 1e-12)
        self.act = ACT[config.get("hidden_act", config.get("activation", "gelu"))]

    def linear(self, x, name):
        return F.linear(x, self.w[name + ".weight"], self.w.get(name + ".bias"))

    def norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], self.w[name + ".weight"], self.w[name + ".bias"], self.eps)

    def split(self, x):  # [L, H] -> [A, L, D]
        return x.view(x.shape[0], self.heads, -1).transpose(0, 1)

    def merge(self, x):
        return x.transpose(0, 1).reshape(x.shape[1], -1)

    def embeddings(self, ids):
        e = self.kind + ".embeddings."
        x = self.w[e + "word_embeddings.weight"][ids]
        positions = torch.arange(len(ids))
        if self.kind in ("roberta", "longformer"):
            positions = positions + self.c.get("pad_token_id", 1) + 1
        if self.kind != "deberta" or self.c["position_biased_input"]:
            x = x + self.w[e + "position_embeddings.weight"][positions]
        if e + "token_type_embeddings.weight" in self.w:
            x = x + self.w[e + "token_type_embeddings.weight"][0]
        if e + "embed_proj.weight" in self.w:
            x = self.linear(x, e + "embed_proj")
        return self.norm(x, e + "LayerNorm")

    def attend(self, q, k, v, scale, mask=None):
        scores = q @ k.transpose(1, 2) * scale
        if mask is not None:
            scores = scores.masked_fill(mask, -math.inf)
        return scores.softmax(-1) @ v

    def attention(self, x, name, layer):
        names = ("q_lin", "k_lin", "v_lin") if self.kind == "distilbert" else ("query", "key", "value")
        names = tuple(n + "_proj" for n in names) if self.kind == "deberta" else names
        q, k, v = (self.split(self.linear(x, name + n)) for n in names)
        scale = 1 / math.sqrt(q.shape[2])
        if self.kind == "deberta":
            # the reference counts the terms of pos_att_type even without relative attention
            types = self.c.get("pos_att_type") or []
            types = types.split("|") if isinstance(types, str) else types
            scale = 1 / math.sqrt(q.shape[2] * (1 + ("c2p" in types) + ("p2c" in types)))
        if self.kind == "deberta" and self.c["relative_attention"]:
            return self.disentangled(q, k, v, name)
        if self.kind != "longformer":
            return self.merge(self.attend(q, k, v, scale))
        window = self.c["attention_window"]
        reach = (window[layer] if isinstance(window, list) else window) // 2
        at = torch.arange(len(x))
        far = (at[:, None] - at[None, :]).abs() > reach
        far[:, 0] = False
        local = self.merge(self.attend(q, k, v, scale, far))
        q, k, v = (self.split(self.linear(x, name + n + "_global")) for n in names)
        local[0] = self.merge(self.attend(q[:, :1], k, v, scale))[0]
        return local

    def disentangled(self, q, k, v, name):
        length = q.shape[1]
        types = self.c["pos_att_type"]
        types = types.split("|") if isinstance(types, str) else types
        farthest = self.c.get("max_relative_positions", -1)
        farthest = self.c["max_position_embeddings"] if farthest < 1 else farthest
        buckets = self.c["position_buckets"]
        span = buckets if buckets > 0 else farthest
        relative = numpy.arange(length)[:, None] - numpy.arange(length)[None, :]
        if buckets > 0:
            middle = buckets // 2
            inside = (relative < middle) & (relative > -middle)
            size = torch.from_numpy(numpy.where(inside, middle - 1, numpy.abs(relative))).float()
            log = torch.ceil(torch.log(size / middle) / torch.log(torch.tensor((farthest - 1) / middle)) * (middle - 1))
            far = (log + middle) * torch.from_numpy(numpy.sign(relative)).float()
            relative = torch.where(size <= middle, torch.from_numpy(relative).float(), far).long()
        else:
            relative = torch.from_numpy(relative)
        table = self.w["deberta.encoder.rel_embeddings.weight"]
        if "layer_norm" in self.c["norm_rel_ebd"]:
            table = self.norm(table, "deberta.encoder.LayerNorm")
        factor = 1 + ("c2p" in types) + ("p2c" in types)
        scale = 1 / math.sqrt(q.shape[2] * factor)
        scores = q @ k.transpose(1, 2) * scale
        shared = self.c.get("share_att_key", False)
        index = torch.clamp(relative + span, 0, 2 * span - 1).expand(self.heads, -1, -1)
        if "c2p" in types:
            keys = self.split(self.linear(table, name + ("key_proj" if shared else "pos_key_proj")))
            scores = scores + torch.gather(q @ keys.transpose(1, 2), 2, index) * scale
        if "p2c" in types:
            queries = self.split(self.linear(table, name + ("query_proj" if shared else "pos_query_proj")))
            back = torch.clamp(-relative + span, 0, 2 * span - 1).expand(self.heads, -1, -1)
            scores = scores + torch.gather(k @ queries.transpose(1, 2), 2, back).transpose(1, 2) * scale
        return self.merge(scores.softmax(-1) @ v)

    def layer(self, x, layer):
        if self.kind == "distilbert":
            n = "distilbert.transformer.layer.%d." % layer
            context = self.attention(x, n + "attention.", layer)
            x = self.norm(self.linear(context, n + "attention.out_lin") + x, n + "sa_layer_norm")
            inner = self.linear(self.act(self.linear(x, n + "ffn.lin1")), n + "ffn.lin2")
            return self.norm(inner + x, n + "output_layer_norm")
        n = "%s.encoder.layer.%d." % (self.kind, layer)
        context = self.attention(x, n + "attention.self.", layer)
        x = self.norm(self.linear(context, n + "attention.output.dense") + x, n + "attention.output.LayerNorm")
        inner = self.linear(self.act(self.linear(x, n + "intermediate.dense")), n + "output.dense")
        return self.norm(inner + x, n + "output.LayerNorm")

    def convolved(self, x, output):
        n = "deberta.encoder.conv."
        kernel, groups = self.c["conv_kernel_size"], self.c.get("conv_groups", 1)
        out = F.conv1d(
            x.t()[None], self.w[n + "conv.weight"], self.w[n + "conv.bias"], padding=(kernel - 1) // 2, groups=groups
        )
        return self.norm(output + ACT[self.c.get("conv_act", "tanh")](out[0].t()), n + "LayerNorm")

    def logits(self, ids):
        x = first = self.embeddings(torch.tensor(ids))
        for layer in range(self.layers):
            x = self.layer(x, layer)
            if layer == 0 and self.c.get("conv_kernel_size", 0) > 0:
                x = self.convolved(first, x)
        x = x[0]
        if self.kind == "bert":
            x = torch.tanh(self.linear(x, "bert.pooler.dense"))
        elif self.kind == "distilbert":
            x = F.relu(self.linear(x, "pre_classifier"))
        elif self.kind == "deberta":
            x = ACT[self.c.get("pooler_hidden_act", "gelu")](self.linear(x, "pooler.dense"))
        else:
            return self.linear(torch.tanh(self.linear(x, "classifier.dense")), "classifier.out_proj")
        return self.linear(x, "classifier")


def main():
    root = sys.argv[1]
    sequences = json.load(open(os.path.join(root, "sequences.json")))
    found = {}
    for name in sorted(os.listdir(root)):
        path = os.path.join(root, name)
        if os.path.isdir(path):
            model = Model(json.load(open(path + "/config.json")), read(path + "/model.safetensors"))
            found[name] = [[round(float(v), 5) for v in model.logits(ids)] for ids in sequences]
    print("{\n" + ",\n".join(json.dumps(k) + ": " + json.dumps(v) for k, v in found.items()) + "\n}")


main()
