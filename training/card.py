"""What is shipped beside the model: its card, and vectors that tell whether a runtime computes what we trained."""

import json

import numpy as np
import torch

import features
import score

VECTORS = 8
PARAGRAPH = "\n\n"

INTRODUCTION = """# demand-lstm: the shipped demand forecaster

A global LSTM: one model for every series. It sees {window} steps scaled to the recent movement of the series and,
where a season is known and lies in the history, the values one season earlier and their mean over up to seven
seasons. It returns {steps} steps times the quantiles {levels}. Written by `training/train.sh` (seed {seed},
{training_steps} steps of 256 windows); sha256 `{digest}`.

## Intended use

Demand (operations, bytes, CPU) of a shard or node at a regular step, some minutes to a day ahead in at most 30
steps. It acts for a series only while the running backtest shows it ahead of the baselines there."""

LIMITS = """## Limits

- Fewer than 96 samples: it says so and forecasts nothing. Without a season in the history it knows levels, noise
  and short ramps only.
- Events that nothing in the history announces (releases, campaigns) are not foreseen by any forecaster here.
- Trained on steps of 57 s, 5, 15 and 60 minutes. Steps of a second behave differently (bursts), and were not seen.
- Coverage was checked on unseen loads at 0.9 only; 0.95 and 0.99 rest on few observations."""

PROTOCOL = """## Scores on sources left out of training

A model trained like this one, but without a single series of the source, on the last 40 % of each of its single
series, every origin, 30 steps. relM: geometric mean over series of the mean absolute error relative to repeating the
last value; relP: the same for pinball loss at 0.9; cover: share of values at or below the 0.9 quantile; F1: alarms
within 12 steps from quiet origins, by the median (point) and by the 0.9 quantile. The shipped model has seen all
sources: it has no honest score here."""


def text(series, arguments, digest, reports):
    head = INTRODUCTION.format(
        window=features.WINDOW, steps=features.STEPS, levels="0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99",
        seed=arguments.seed, training_steps=arguments.steps, digest=digest)
    parts = [head, LIMITS, _sources(series)]
    if reports:
        parts.append(PROTOCOL)
        parts.extend(f"### {report['source']} ({report['series']} series, {report['steps']} training steps)\n\n"
                     + score.table(report["rows"]) for report in reports)
    return PARAGRAPH.join(parts) + "\n"


def _sources(series):
    lines = ["## Trained on", "", "| source | series | points | licence as stated |", "|---|---|---|---|"]
    for source in sorted({one.source for one in series}):
        mine = [one for one in series if one.source == source]
        points = sum(len(one.values) for one in mine)
        licences = "; ".join(sorted({one.licence for one in mine}))
        lines.append(f"| {source} | {len(mine)} | {points} | {licences} |")
    lines += ["", "Only weights come from these traces; none of their values is in the model file or the repository."]
    return "\n".join(lines)


def vectors(network):
    """Made-up series of many shapes, so that the file carries no data of others."""
    random = np.random.default_rng(7)
    steps = np.arange(3 * 288)
    cases = []
    for i in range(VECTORS):
        season = 288 if i % 2 == 0 else 1
        noise = random.normal(0, 0.1 * (i + 1), len(steps))
        values = 10.0 ** (i - 3) * (3 + np.sin(steps * 2 * np.pi / 288 + i) + noise)
        if i >= 6:
            values = values + np.where(steps > 700, values.max() * 5, 0)
        values = np.array([float(f"{value:.9g}") for value in values])
        row, last, scale = features.rows(values, [len(values) - 1], season)
        with torch.no_grad():
            out = network(torch.from_numpy(row)).numpy()[0]
        cases.append({
            "season": season,
            "history": values.tolist(),
            "features": [float(f"{value:.9g}") for value in row[0]],
            "last": float(last[0]), "scale": float(scale[0]),
            "quantiles": [float(f"{value:.9g}") for value in out.ravel()],
        })
    return json.dumps({"cases": cases}, sort_keys=True) + "\n"
