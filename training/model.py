"""The reader: the encoder's transformer with three heads on its token vectors."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from transformers import AutoModel

from nkqa.store.encoder_export import weights_dir

# A logit that no softmax gives any weight to.
NEVER = -1e4


class Reader(nn.Module):
    """Says of a question with a window whether the window answers it, and where.

    The word embeddings stay as they are: training them costs a third of the time, and 30,000 windows touch few of them.
    """

    def __init__(self) -> None:
        super().__init__()
        self.transformer = AutoModel.from_pretrained(
            str(weights_dir()),
            add_pooling_layer=False,
            attn_implementation="eager",  # the fused one is slower for short texts on a processor
            hidden_dropout_prob=0.0,  # no window is seen twice
            attention_probs_dropout_prob=0.0,
        )
        self.transformer.embeddings.requires_grad_(False)
        size = self.transformer.config.hidden_size
        self.relevance = nn.Sequential(nn.Linear(size, size), nn.GELU(), nn.Linear(size, 1))
        self.pointers = nn.Linear(size, 2)

    def forward(self, ids: Tensor, mask: Tensor, types: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return relevance (windows,), start and end (windows, tokens), all as logits.

        Start and end are only ever the first token ("nowhere") or a token of the window.
        """
        hidden = self.transformer(input_ids=ids, attention_mask=mask, token_type_ids=types).last_hidden_state
        relevance = self.relevance(hidden[:, 0]).squeeze(-1)
        pointers = self.pointers(hidden)
        allowed = (mask * types).bool()
        allowed = torch.cat([torch.ones_like(allowed[:, :1]), allowed[:, 1:]], dim=1)
        start, end = (pointers[..., column].float().masked_fill(~allowed, NEVER) for column in (0, 1))
        return relevance.float(), start, end


def loss_of(outputs: tuple[Tensor, Tensor, Tensor], labels: Tensor, starts: Tensor, ends: Tensor) -> Tensor:
    """Return the mean loss: cross-entropy of both pointers, and of relevance.

    A window that does not answer has its pointers on the first token, as in Devlin et al. 2018, section 4.3.
    """
    relevance, start, end = outputs
    pointing = nn.functional.cross_entropy(start, starts) + nn.functional.cross_entropy(end, ends)
    return pointing / 2 + nn.functional.binary_cross_entropy_with_logits(relevance, labels.float())
