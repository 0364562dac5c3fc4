"""Creates the TorchScript fixtures next to this file: python3 make_modules.py (torch 1.13).

Each embeds tokens in 4 numbers, averages those that are not padding and maps the mean to 2 logits.
"""
import os
from typing import Dict

import torch


class Mean(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(64, 4)
        self.linear = torch.nn.Linear(4, 2)

    def pooled(self, input_ids, attention_mask):
        mask = attention_mask.unsqueeze(2).to(torch.float)
        return (self.embedding(input_ids) * mask).sum(1) / mask.sum(1)


class Plain(Mean):
    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self.linear(self.pooled(input_ids, attention_mask))


class Named(Mean):
    """Returns several named results, as traces of Hugging Face models do, and takes token types."""

    def forward(
        self, input_ids: torch.Tensor, attention_mask: torch.Tensor, token_type_ids: torch.Tensor
    ) -> Dict[str, torch.Tensor]:
        mean = self.pooled(input_ids, attention_mask)
        segments = token_type_ids.sum(1, keepdim=True).to(torch.float)
        hidden = torch.cat([mean, mean], 1)
        return {"attentions": hidden, "hidden_states": hidden, "logits": self.linear(mean) + segments, "loss": hidden}


class Flat(Mean):
    """Returns a single number per sequence."""

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        return self.linear(self.pooled(input_ids, attention_mask))[:, 0]


class Text(Mean):
    """Returns no tensor."""

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> str:
        return "harmless"


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    for name, kind in (("plain", Plain), ("named", Named), ("flat", Flat), ("text", Text)):
        torch.manual_seed(7)
        torch.jit.save(torch.jit.script(kind().eval()), os.path.join(here, name + ".pt"))


main()
