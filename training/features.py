"""What the model sees of a history. The same arithmetic is in LstmFeatures.cs: change both, and LAYOUT with them.

Everything is a difference to the last value, divided by the mean absolute deviation of the recent past: a model that
sees no level and no unit can serve series that it was never trained on. The season enters as values: the same steps
one season earlier (lag) and the mean of the same steps over up to seven seasons (profile), for the window and for
the steps to come. A clock does not: the time zone of a load is unknown, and the values one season ago say more.
"""

import numpy as np

LAYOUT = 1
WINDOW = 96
CONTEXT = 288
STEPS = 30
PROFILE_SEASONS = 7
STATICS = 6
CLIP = 1e4
# One row: WINDOW x (value, lag, profile), STEPS x (lag, profile), lag and profile at the last step, STATICS.
WIDTH = WINDOW * 3 + STEPS * 2 + 2 + STATICS


def seasons_usable(count, season):
    """Whole seasons that lie behind every step of the window."""
    return min(PROFILE_SEASONS, (count - WINDOW) // season) if season > 1 else 0


def rows(values, origins, season, history_start=0):
    """Features (float32), last values and scales for many origins of one series. An origin is the index of the
    last known value; nothing before history_start is looked at. Scale 0 marks a context without any movement."""
    origins = np.asarray(origins)
    count = origins - history_start + 1
    known = np.maximum(np.minimum(count, CONTEXT), 1)
    last = values[origins]
    context = _context(values, origins, known)
    mean = context.sum(1) / known
    inside = np.arange(CONTEXT)[None, :] >= CONTEXT - known[:, None]
    scale = (np.abs(context - mean[:, None]) * inside).sum(1) / known
    safe = np.where(scale > 0, scale, 1.0)

    steps = np.arange(-WINDOW + 1, STEPS + 1)
    here = origins[:, None] + steps[None, :]
    window = values[np.maximum(here[:, :WINDOW], history_start)]
    lag, profile, seasons = _seasonal(values, here, count, season, origins)
    seasonal = seasons > 0
    lag = np.where(seasonal[:, None], (lag - last[:, None]) / safe[:, None], 0.0)
    profile = np.where(seasonal[:, None], (profile - last[:, None]) / safe[:, None], 0.0)
    window = (window - last[:, None]) / safe[:, None]

    sequence = np.stack([window, lag[:, :WINDOW], profile[:, :WINDOW]], 2).reshape(len(origins), -1)
    future = np.stack([lag[:, WINDOW:], profile[:, WINDOW:]], 2).reshape(len(origins), -1)
    now = np.stack([lag[:, WINDOW - 1], profile[:, WINDOW - 1]], 1)
    statics = np.stack(
        [
            seasonal.astype(float),
            seasons / PROFILE_SEASONS,
            np.abs(np.diff(window, axis=1)).mean(1),
            (mean - last) / safe,
            np.where(seasonal, np.abs(window - lag[:, :WINDOW]).mean(1), 0.0),
            np.where(seasonal, np.abs(window - profile[:, :WINDOW]).mean(1), 0.0),
        ],
        1,
    )
    joined = np.concatenate([sequence, future, now, statics], 1)
    return np.clip(joined, -CLIP, CLIP).astype(np.float32), last, scale


def _context(values, origins, known):
    """The last CONTEXT values, newest at the end; places before the known ones hold 0."""
    back = np.arange(-CONTEXT + 1, 1)
    index = np.maximum(origins[:, None] + back[None, :], 0)
    return np.where(back[None, :] > -known[:, None], values[index], 0.0)


def _seasonal(values, here, count, season, origins):
    """Lag and profile at each step of `here`, and how many seasons they rest on (0: no season to use)."""
    zeros = np.zeros(here.shape)
    if season <= 1:
        return zeros, zeros, np.zeros(len(count), int)
    seasons = np.clip((count - WINDOW) // season, 0, PROFILE_SEASONS)
    # Steps to come are that many seasons away at least, for a season may be shorter than the horizon.
    ahead = here - origins[:, None]
    nearest = np.where(ahead > 0, -(-ahead // season), 1)
    lag = values[np.maximum(here - nearest * season, 0)]
    total = zeros.copy()
    used = zeros.copy()
    for k in range(1, PROFILE_SEASONS + 1):
        take = (k <= seasons[:, None]) & (k >= nearest)
        total += np.where(take, values[np.maximum(here - k * season, 0)], 0.0)
        used += take
    profile = np.where(used > 0, total / np.maximum(used, 1), lag)
    return lag, profile, seasons
