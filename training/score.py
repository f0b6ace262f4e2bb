"""Scores as in training/README.md: rolling origins on the last 40 % of a series, errors relative to the last value."""

import numpy as np
import torch

import features
from model import LEVELS
from traces import STEPS

HORIZONS = (1, 6, 12, 30)
MEDIAN = LEVELS.index(0.5)
HIGH = LEVELS.index(0.9)
CHUNK = 1024


def predict(network, one, origins):
    """Median and 0.9 quantile, origins x STEPS, in the unit of the series."""
    rows, last, scale = features.rows(one.values, origins, one.season)
    parts = []
    with torch.no_grad():
        for start in range(0, len(rows), CHUNK):
            parts.append(network(torch.from_numpy(rows[start:start + CHUNK])).numpy()[:, :, [MEDIAN, HIGH]])
    out = last[:, None, None] + scale[:, None, None] * np.concatenate(parts).astype(float)
    if one.values[: origins[0] + 1].min() >= 0:
        out = np.maximum(out, 0)
    return out[:, :, 0], out[:, :, 1]


def last_value(one, origins):
    return np.repeat(one.values[origins][:, None], STEPS, 1)


def seasonal_naive(one, origins):
    if one.season <= 1:
        return last_value(one, origins)
    steps = np.arange(1, STEPS + 1)
    back = one.season * -(-steps // one.season) - steps
    return one.values[origins[:, None] - back[None, :]]


def score_series(one, network):
    """{method: scores} of one series."""
    n, train = len(one.values), one.train_count
    origins = np.arange(train - 1, n - STEPS)
    first = max(min(features.CONTEXT, train // 2), train // 2) - 1
    calibration = np.arange(first, train - STEPS)
    scale = np.abs(np.diff(one.values[:train])).mean()
    tau = np.quantile(one.values[:train], 0.9)
    out = {}
    for name, method in (("naive", last_value), ("seasonal", seasonal_naive)):
        high = np.quantile(_future(one, calibration) - method(one, calibration), 0.9, axis=0)
        point = method(one, origins)
        out[name] = _scores(one, origins, (point, point + high), scale, tau)
    out["lstm"] = _scores(one, origins, predict(network, one, origins), scale, tau)
    return out


def _future(one, origins):
    return one.values[origins[:, None] + np.arange(1, STEPS + 1)[None, :]]


def _scores(one, origins, forecast, scale, tau):
    point, high = forecast
    truth = _future(one, origins)
    error = np.abs(truth - point).mean(0) / scale
    over = truth - high
    loss = np.maximum(0.9 * over, -0.1 * over).mean(0) / scale
    recent = one.values[origins[:, None] - np.arange(12)[None, :]].max(1)
    quiet = recent <= tau
    actual = (truth[:, :12].max(1) > tau)[quiet]
    scores = {f"mase{h}": error[:h].mean() for h in HORIZONS}
    scores["pinball12"] = loss[:12].mean()
    scores["cover12"] = (truth <= high)[:, :12].mean()
    for label, bound in (("point", point), ("q90", high)):
        alarm = (bound[:, :12].max(1) > tau)[quiet]
        scores[label] = np.array([(alarm & actual).sum(), (alarm & ~actual).sum(), (~alarm & actual).sum()])
    return scores


def summarize(per_series):
    """Rows of the report: method -> relative scores over all series given."""
    rows = {}
    for method in ("naive", "seasonal", "lstm"):
        row = {}
        for h in HORIZONS:
            ratio = [s[method][f"mase{h}"] / s["naive"][f"mase{h}"] for s in per_series]
            row[f"relM{h}"] = float(np.exp(np.mean(np.log(np.maximum(ratio, 1e-9)))))
        row["pinball12"] = float(np.mean([s[method]["pinball12"] for s in per_series]))
        relative = [s[method]["pinball12"] / s["naive"]["pinball12"] for s in per_series]
        row["relP12"] = float(np.exp(np.mean(np.log(np.maximum(relative, 1e-9)))))
        row["cover12"] = float(np.mean([s[method]["cover12"] for s in per_series]))
        for label in ("point", "q90"):
            tp, fp, fn = np.sum([s[method][label] for s in per_series], axis=0)
            row[f"F1 {label}"] = float(2 * tp / max(2 * tp + fp + fn, 1))
        rows[method] = row
    return rows


def table(rows):
    names = ["relM1", "relM6", "relM12", "relM30", "relP12", "pinball12", "cover12", "F1 point", "F1 q90"]
    lines = ["| method | " + " | ".join(names) + " |", "|---" * (len(names) + 1) + "|"]
    for method, row in rows.items():
        lines.append(f"| {method} | " + " | ".join(f"{row[name]:.2f}" for name in names) + " |")
    return "\n".join(lines)
