"""Batches of windows from many series: every source has its share, however many series it brings."""

import numpy as np

import features
from traces import STEPS, Series

SHARES = {"aws": 0.24, "azure2017": 0.28, "azure2019": 0.04, "gentd26": 0.12, "nasa1995": 0.08, "orm": 0.07,
          "scarab": 0.05, "tweets": 0.12}
# Sums over so many steps are series of their own: the model must serve steps of minutes and of an hour alike.
COARSER = (3, 12)
WEIGHT_MAX = 10.0
WITHOUT_SEASON = 0.25
SHORT_HISTORY = 0.15


def with_coarser(series):
    extra = []
    for one in series:
        for factor in COARSER:
            count = len(one.values) // factor
            if one.season % factor or one.season // factor < 2 or count < 2 * features.CONTEXT:
                continue
            values = one.values[: count * factor].reshape(count, factor).mean(1)
            naive = np.mean([np.abs(values[h:] - values[:-h]).mean() for h in (1, 6, 12, 30)])
            extra.append(Series(f"{one.name}/{factor}", one.source, values, one.season // factor,
                                int(0.6 * count), float(naive), one.licence))
    return series + extra


class Pool:
    """Features, targets and weights of `size` windows drawn anew at each call, in a shuffled order."""

    def __init__(self, series, size, seed):
        self._series = [one for one in series if one.naive_error > 0]
        self._random = np.random.default_rng(seed)
        shares = np.array([self._share(one) for one in self._series])
        self._counts = np.maximum(np.rint(size * shares / shares.sum()).astype(int), 4)

    def _share(self, one):
        peers = sum(other.source == one.source for other in self._series)
        return SHARES.get(one.source, 0.1) / peers

    def draw(self):
        rows, targets, weights = [], [], []
        for one, count in zip(self._series, self._counts):
            for season, start, origins in self._plan(one, count):
                if len(origins) == 0:
                    continue
                row, last, scale = features.rows(one.values, origins, season, start)
                future = one.values[origins[:, None] + np.arange(1, STEPS + 1)[None, :]]
                keep = scale > 0
                safe = np.where(keep, scale, 1.0)
                target = np.clip((future - last[:, None]) / safe[:, None], -features.CLIP, features.CLIP)
                rows.append(row[keep])
                targets.append(target[keep].astype(np.float32))
                weights.append(np.minimum(scale[keep] / one.naive_error, WEIGHT_MAX).astype(np.float32))
        order = self._random.permutation(sum(len(part) for part in rows))
        return (np.concatenate(rows)[order], np.concatenate(targets)[order], np.concatenate(weights)[order])

    def _plan(self, one, count):
        """(season, start of the visible history, origins): most see all, some no season, some little history."""
        last = len(one.values) - STEPS - 1
        first = min(max(features.WINDOW, one.season + features.WINDOW), last - 1)
        plain = int(count * WITHOUT_SEASON)
        short = int(count * SHORT_HISTORY)
        yield one.season, 0, self._random.integers(first, last + 1, count - plain - short)
        yield 1, 0, self._random.integers(min(features.WINDOW, last - 1), last + 1, plain)
        # One cut for all short ones of a draw: the next draw cuts elsewhere.
        cut = int(self._random.integers(0, max(last - 2 * features.CONTEXT, 1)))
        end = min(cut + 2 * features.CONTEXT, last)
        yield 1, cut, self._random.integers(min(cut + features.WINDOW, end - 1), end + 1, short)
