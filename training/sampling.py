"""Batches of windows from many series: every source has its share, however many series it brings."""

import dataclasses

import numpy as np

import features
from traces import STEPS, Series

SHARES = {"aws": 0.24, "azure2017": 0.28, "azure2019": 0.04, "gentd26": 0.12, "nasa1995": 0.08, "orm": 0.07,
          "scarab": 0.05, "tweets": 0.12}
# Sums over so many steps are series of their own: the model must serve steps of minutes and of an hour alike.
COARSER = (3, 12)
WEIGHT_MAX = 10.0
# The newest part of every series is not trained on: it tells when to stop.
KEPT_BACK = 0.1
KEPT_BACK_WINDOWS = 4_096


@dataclasses.dataclass(frozen=True)
class Draw:
    """How windows are drawn from series."""

    without_season: float = 0.25
    short_history: float = 0.15
    coarser: bool = True
    # True: a window weighs by the series' own naive error, so that every series counts the same.
    weighted: bool = True
    # Share of the windows that are sums of two, each in its own scale.
    mixed: float = 0.0
    # Standard deviation of a factor on every value of a window.
    jitter: float = 0.0


STANDING = Draw()


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


def last_origin(one):
    """The newest origin whose steps to come are trained on."""
    return int((1 - KEPT_BACK) * len(one.values)) - STEPS - 1


def kept_back(series, seed):
    """Features, targets and weights from the newest part of every series, the same each time."""
    pool = Pool(series, KEPT_BACK_WINDOWS, seed, Draw(without_season=0, short_history=0), newest=True)
    return pool.draw()


class Pool:
    """Features, targets and weights of `size` windows drawn anew at each call, in a shuffled order."""

    def __init__(self, series, size, seed, how=STANDING, newest=False):
        self._how, self._newest = how, newest
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
                values = self._jittered(one.values)
                row, last, scale = features.rows(values, origins, season, start)
                future = values[origins[:, None] + np.arange(1, STEPS + 1)[None, :]]
                keep = scale > 0
                safe = np.where(keep, scale, 1.0)
                target = np.clip((future - last[:, None]) / safe[:, None], -features.CLIP, features.CLIP)
                rows.append(row[keep])
                targets.append(target[keep].astype(np.float32))
                weight = np.minimum(scale[keep] / one.naive_error, WEIGHT_MAX)
                weights.append((weight if self._how.weighted else np.ones_like(weight)).astype(np.float32))
        order = self._random.permutation(sum(len(part) for part in rows))
        drawn = (np.concatenate(rows)[order], np.concatenate(targets)[order], np.concatenate(weights)[order])
        return drawn if self._how.mixed == 0 else self._with_sums(*drawn)

    def _jittered(self, values):
        if self._how.jitter == 0:
            return values
        return values * np.exp(self._random.normal(0, self._how.jitter, len(values)))

    def _with_sums(self, rows, targets, weights):
        """Some windows take another one on, in random shares: scaled differences add up. The statics, which do not,
        stay those of the first."""
        count = int(self._how.mixed * len(rows))
        other = self._random.integers(0, len(rows), count)
        share = self._random.uniform(0.5, 1, (count, 1)).astype(np.float32)
        values = features.WIDTH - features.STATICS
        rows[:count, :values] = share * rows[:count, :values] + (1 - share) * rows[other, :values]
        targets[:count] = share * targets[:count] + (1 - share) * targets[other]
        return rows, targets, weights

    def _plan(self, one, count):
        """(season, start of the visible history, origins): most see all, some no season, some little history."""
        last = len(one.values) - STEPS - 1
        if self._newest:
            yield one.season, 0, self._random.integers(last_origin(one) + STEPS + 1, last + 1, count)
            return
        last = last_origin(one)
        first = min(max(features.WINDOW, one.season + features.WINDOW), last - 1)
        plain = int(count * self._how.without_season)
        short = int(count * self._how.short_history)
        yield one.season, 0, self._random.integers(first, last + 1, count - plain - short)
        yield 1, 0, self._random.integers(min(features.WINDOW, last - 1), last + 1, plain)
        # One cut for all short ones of a draw: the next draw cuts elsewhere.
        cut = int(self._random.integers(0, max(last - 2 * features.CONTEXT, 1)))
        end = min(cut + 2 * features.CONTEXT, last)
        yield 1, cut, self._random.integers(min(cut + features.WINDOW, end - 1), end + 1, short)
