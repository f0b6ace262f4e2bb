"""The network: an LSTM over the window, a head that mixes what a season would say with what the window says."""

import dataclasses

import torch
from torch import nn

from features import STATICS, STEPS, WINDOW

LEVELS = [0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99]
BELOW = 2
ABOVE = 4
BASES = 4
OUTPUTS = STEPS * (len(LEVELS) + BASES)


@dataclasses.dataclass(frozen=True)
class Shape:
    """What a network is like; only the standing one can be exported."""

    hidden: int = 48
    wide: int = 96
    # Four steps enter the LSTM at once: it then has 24 steps to walk instead of 96, at a third of the time.
    patch: int = 4
    # Newest steps of the window that are looked at.
    window: int = WINDOW
    cell: str = "lstm"
    # False: what a season ago says is hidden from it.
    season: bool = True
    # False: the median is its own, not a mix of plain forecasts.
    gates: bool = True


STANDING = Shape()


class Network(nn.Module):
    """Input and output are as in the exported graph: a row of features in, STEPS x LEVELS scaled differences to the
    last value out. The median is a mix of four plain forecasts (the change one season ago, the change of the
    profile, the profile itself, the recent mean) by gates the network sets a step, plus a correction of its own.
    The other levels are steps away from it that cannot be negative, so that quantiles never cross."""

    def __init__(self, shape=STANDING):
        super().__init__()
        self.shape = shape
        cell = {"lstm": nn.LSTM, "gru": nn.GRU}[shape.cell]
        self.lstm = cell(shape.patch * 3, shape.hidden, batch_first=True)
        self.hidden = nn.Linear(shape.hidden + STEPS * 2 + 2 + STATICS, shape.wide)
        self.out = nn.Linear(shape.wide, OUTPUTS)
        with torch.no_grad():
            self.out.weight.mul_(0.1)
            self.out.bias.zero_()

    def forward(self, row):
        shape = self.shape
        row = row if shape.season else _without_season(row)
        sequence_end = WINDOW * 3
        future_end = sequence_end + STEPS * 2
        squeezed = torch.asinh(row)
        sequence = squeezed[:, (WINDOW - shape.window) * 3:sequence_end]
        _, state = self.lstm(sequence.reshape(-1, shape.window // shape.patch, shape.patch * 3))
        memory = state[0] if shape.cell == "gru" else state[0][0]
        wide = torch.relu(self.hidden(torch.cat([memory, squeezed[:, sequence_end:]], 1)))
        out = self.out(wide).reshape(-1, STEPS, len(LEVELS) + BASES)

        future = row[:, sequence_end:future_end].reshape(-1, STEPS, 2)
        now = row[:, future_end:future_end + 2].reshape(-1, 1, 2)
        mean = row[:, future_end + 5:future_end + 6].reshape(-1, 1, 1).expand(-1, STEPS, 1)
        bases = torch.cat([future - now, future[:, :, 1:2], mean], 2)
        mixed = (bases * out[:, :, :BASES]).sum(2, keepdim=True) if shape.gates else 0
        median = mixed + out[:, :, BASES:BASES + 1]
        gaps = nn.functional.softplus(out[:, :, BASES + 1:])
        first = median - gaps[:, :, 0:1]
        lowest = first - gaps[:, :, 1:2]
        parts = [lowest, first, median]
        for i in range(ABOVE):
            parts.append(parts[-1] + gaps[:, :, BELOW + i:BELOW + i + 1])
        return torch.cat(parts, 2)


def _without_season(row):
    """What a series without a season looks like."""
    hidden = row.clone()
    sequence_end = WINDOW * 3
    hidden[:, 1:sequence_end:3] = 0
    hidden[:, 2:sequence_end:3] = 0
    hidden[:, sequence_end:sequence_end + STEPS * 2 + 4] = 0
    hidden[:, sequence_end + STEPS * 2 + 6:] = 0
    return hidden


def pinball(quantiles, target):
    """Mean over levels, both tails; a row keeps its own mean so that rows can be weighted."""
    levels = torch.tensor(LEVELS)
    error = target[:, :, None] - quantiles
    return torch.maximum(levels * error, (levels - 1) * error).mean((1, 2))
