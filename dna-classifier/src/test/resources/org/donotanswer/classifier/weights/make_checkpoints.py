"""Writes the small checkpoints next to this file, with tensor values that the tests expect.

Run with PyTorch 1.13.0 as `python3 make_checkpoints.py` in this directory. Legacy files and archives get new storage
names in each run, so their bytes differ between runs, but the tensors do not.
"""
import collections

import torch

OLD = {"_use_new_zipfile_serialization": False}


def steps(*shape, dtype=torch.float32):
    """0, 0.5, 1, ... in row-major order."""
    count = 1
    for size in shape:
        count *= size
    return (torch.arange(count, dtype=torch.float64) / 2).to(dtype).reshape(shape)


plain = {"a": steps(2, 3), "b": steps(4), "scalar": torch.tensor(1.5), "empty": torch.zeros(0, 3)}

types = {
    "float32": steps(3),
    "float16": steps(3, dtype=torch.float16),
    "bfloat16": steps(3, dtype=torch.bfloat16),
    "float64": steps(3, dtype=torch.float64),
    "int64": torch.tensor([-1, 0, 2**40]),
    "int32": torch.tensor([-1, 0, 7], dtype=torch.int32),
    "int16": torch.tensor([-1, 0, 7], dtype=torch.int16),
    "int8": torch.tensor([-1, 0, 7], dtype=torch.int8),
    "uint8": torch.tensor([255, 0, 7], dtype=torch.uint8),
    "bool": torch.tensor([True, False, True]),
}

base = steps(4, 6)
views = {
    "base": base,
    "shared": base,
    "row": base[2],
    "rows": base[1:3],
    "column": base[:, 1],
    "transposed": base.t(),
    "permuted": base.reshape(2, 2, 6).permute(2, 0, 1),
    "every_other": base.reshape(-1)[1::2],
    "expanded": steps(3, 1).expand(3, 4),
    "one": base[1:2, 2:3],
    "transposed_half": steps(2, 3, dtype=torch.float16).t(),
    "transposed_bool": torch.tensor([[True, False, True], [False, False, True]]).t(),
    "transposed_int64": torch.arange(6).reshape(2, 3).t(),
}

linear = torch.nn.Linear(2, 1)
with torch.no_grad():
    linear.weight.copy_(torch.tensor([[1.0, 2.0]]))
    linear.bias.fill_(3.0)
module = linear.state_dict()  # an OrderedDict with the attribute _metadata
parameters = collections.OrderedDict(linear.named_parameters())
training = {"epoch": 3, "state_dict": module, "optimizer": {"state": {0: {"step": 7}}, "groups": [{"lr": 0.1}]}}

for name, value in {
    "plain": plain,
    "types": types,
    "views": views,
    "module": module,
    "parameters": parameters,
    "training": training,
}.items():
    torch.save(value, name + ".bin")
    torch.save(value, name + "-legacy.bin", **OLD)

torch.save(plain, "protocol4.bin", pickle_protocol=4)
torch.save(plain, "protocol4-legacy.bin", pickle_protocol=4, **OLD)
torch.save(linear, "whole-module.bin")
torch.jit.save(torch.jit.script(linear), "torchscript.bin")
