"""The network of the character encoder, in torch: for training and export only.

Gated convolutions over characters (Dauphin et al. 2017, Strubell et al. 2017), each written as one Linear over three
shifted copies: in int8 that runs several times faster on a CPU than a convolution operator does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from pipeline.encoder.characters import PAD


class Block(nn.Module):
    """A gated convolution of width three, then a feed-forward, each added to what came in (pre-norm)."""

    def __init__(self, *, width: int, dilation: int, expansion: int, dropout: float) -> None:
        super().__init__()
        self.dilation = dilation
        self.before = nn.LayerNorm(width)
        self.convolve = nn.Linear(3 * width, 2 * width)
        self.between = nn.LayerNorm(width)
        self.widen = nn.Linear(width, expansion * width)
        self.narrow = nn.Linear(expansion * width, width)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, present: Tensor) -> Tensor:
        """Map (batch, length, width) to the same shape; `present` (batch, length, 1) is 0 at padding."""
        inner = self.before(states) * present
        length, step = inner.shape[1], self.dilation
        left = functional.pad(inner, (0, 0, step, 0))[:, :length]
        right = functional.pad(inner, (0, 0, 0, step))[:, step:]
        value, gate = self.convolve(torch.cat((left, inner, right), dim=-1)).chunk(2, dim=-1)
        states = states + self.dropout(value * torch.sigmoid(gate))
        return states + self.dropout(self.narrow(torch.relu(self.widen(self.between(states)))))


class Encoder(nn.Module):
    """Characters, bigrams and, if `features` is not 0, dictionary matches in; one vector per character out."""

    def __init__(
        self,
        *,
        characters: int,
        bigrams: int,
        width: int,
        bigram_width: int,
        dilations: Sequence[int],
        expansion: int,
        dropout: float,
        features: int = 0,
    ) -> None:
        super().__init__()
        self.width = width
        self.embed = nn.Embedding(characters, width, padding_idx=PAD)
        self.embed_bigrams = nn.Embedding(bigrams + 1, bigram_width)
        self.join = nn.Linear(2 * bigram_width, width)
        self.match = nn.Linear(features, width, bias=False) if features else None
        self.blocks = nn.ModuleList(
            Block(width=width, dilation=dilation, expansion=expansion, dropout=dropout) for dilation in dilations
        )
        self.last = nn.LayerNorm(width)
        self.dropout = nn.Dropout(dropout)
        nn.init.normal_(self.embed.weight, std=0.03)  # the output is tied: torch's 1.0 starts at a loss above 20
        nn.init.normal_(self.embed_bigrams.weight, std=0.03)
        with torch.no_grad():
            self.embed.weight[PAD] = 0.0
        if self.match is not None:
            nn.init.zeros_(self.match.weight)  # a pre-trained encoder begins as it was

    def forward(self, characters: Tensor, bigrams: Tensor, features: Tensor | None = None) -> Tensor:
        """Map ids (batch, length) and matches (batch, length, features) to (batch, length, width)."""
        present = (characters != PAD).unsqueeze(-1).to(self.embed.weight.dtype)
        right = self.embed_bigrams(bigrams)
        left = functional.pad(right, (0, 0, 1, 0))[:, :-1]
        states = self.embed(characters) + self.join(torch.cat((left, right), dim=-1))
        if self.match is not None and features is not None:
            states = states + self.match(features.to(states.dtype))
        states = self.dropout(states)
        for block in self.blocks:
            states = block(states, present)
        final: Tensor = self.last(states)
        return final


class Pretraining(nn.Module):
    """An encoder with the two heads of pre-training: the masked characters, and each word's part of speech."""

    def __init__(self, encoder: Encoder, *, tags: int) -> None:
        super().__init__()
        self.encoder = encoder
        self.transform = nn.Linear(encoder.width, encoder.width)
        self.norm = nn.LayerNorm(encoder.width)
        self.bias = nn.Parameter(torch.zeros(encoder.embed.num_embeddings))
        self.tags = nn.Linear(encoder.width, tags)

    def forward(self, characters: Tensor, bigrams: Tensor, masked: Tensor) -> tuple[Tensor, Tensor]:
        """Give the scores of the characters at the `masked` places, and of the tags everywhere."""
        states = self.encoder(characters, bigrams)
        hidden = self.norm(torch.relu(self.transform(states[masked])))
        return functional.linear(hidden, self.encoder.embed.weight, self.bias), self.tags(states)


class PairScorer(nn.Module):
    """Score every edge of a family between two spans: from the states at their ends, from what stands between them.

    Ends are added and multiplied, as a biaffine scorer does (Dozat & Manning 2017), with a diagonal product; the text
    between is read as the mean and the sum of gated states.
    """

    def __init__(self, *, width: int, between: int, features: int, hidden: int, labels: int, dropout: float) -> None:
        super().__init__()
        self.heads = nn.Linear(2 * width, hidden)
        self.tails = nn.Linear(2 * width, hidden)
        self.heads_times = nn.Linear(2 * width, hidden)
        self.tails_times = nn.Linear(2 * width, hidden)
        self.gaps = nn.Linear(width, between)
        self.between = nn.Linear(2 * between, hidden)
        self.features = nn.Linear(features, hidden)
        self.norm = nn.LayerNorm(hidden)
        self.widen = nn.Linear(hidden, hidden)
        self.scores = nn.Linear(hidden, labels)
        self.dropout = nn.Dropout(dropout)

    def forward(self, states: Tensor, spans: Tensor, pairs: Tensor, features: Tensor) -> Tensor:
        """Map states (characters, width), spans (spans, 2), pairs (pairs, 2) and features to scores (pairs, labels).

        Offsets count rows of `states`, half-open; spans of a pair stand in one text.
        """
        states = self.dropout(states)
        ends = torch.cat((states[spans[:, 0]], states[spans[:, 1] - 1]), dim=-1)
        head, tail = pairs[:, 0], pairs[:, 1]
        low = torch.minimum(spans[head, 1], spans[tail, 1])
        high = torch.maximum(torch.maximum(spans[head, 0], spans[tail, 0]), low)
        gated = torch.relu(self.gaps(states)).double()  # a running sum over a long text needs the digits
        running = functional.pad(torch.cumsum(gated, dim=0), (0, 0, 1, 0))
        total = (running[high] - running[low]).to(states.dtype)
        mean = total / torch.clamp(high - low, min=1).to(states.dtype).unsqueeze(-1)
        hidden = (
            self.heads(ends)[head]
            + self.tails(ends)[tail]
            + self.heads_times(ends)[head] * self.tails_times(ends)[tail]
            + self.between(torch.cat((mean, torch.tanh(total)), dim=-1))
            + self.features(features)
        )
        hidden = self.dropout(torch.relu(self.norm(hidden)))
        scores: Tensor = self.scores(hidden + torch.relu(self.widen(hidden)))
        return scores


class Tagger(nn.Module):
    """An encoder with one tagging head per corpus and task, and scorers of pairs on states of their own."""

    def __init__(
        self, encoder: Encoder, *, heads: Mapping[str, int], dropout: float, pair_width: int = 0,
        scorers: Mapping[str, PairScorer] | None = None,
    ) -> None:  # fmt: skip
        super().__init__()
        self.encoder = encoder
        self.dropout = nn.Dropout(dropout)
        self.heads = nn.ModuleDict({name: nn.Linear(encoder.width, tags) for name, tags in heads.items()})
        self.pairs = nn.Linear(encoder.width, pair_width) if pair_width else None
        self.scorers = nn.ModuleDict(dict(scorers or {}))

    def forward(self, characters: Tensor, bigrams: Tensor, features: Tensor, head: str) -> Tensor:
        """Give the scores (batch, length, tags) of one head."""
        scores: Tensor = self.heads[head](self.dropout(self.encoder(characters, bigrams, features)))
        return scores
