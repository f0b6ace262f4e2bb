"""Compares networks and ways to draw windows, each on sources that it was not trained on; see README.md."""

import argparse
import json
import os
import time

import numpy as np
import torch

import score
import traces
from model import Shape
from sampling import Draw
from train import train

# What is changed of the standing model, one thing at a time.
VARIANTS = {
    "standing": (Shape(), Draw()),
    "half as wide": (Shape(hidden=24, wide=48), Draw()),
    "twice as wide": (Shape(hidden=96, wide=192), Draw()),
    "GRU": (Shape(cell="gru"), Draw()),
    "window of 48 steps": (Shape(window=48), Draw()),
    "one step a patch": (Shape(patch=1), Draw()),
    "season hidden": (Shape(season=False), Draw()),
    "no plain forecasts to mix": (Shape(gates=False), Draw()),
    "no coarser series": (Shape(), Draw(coarser=False)),
    "all windows with season": (Shape(), Draw(without_season=0, short_history=0)),
    "loss not scaled by series": (Shape(), Draw(weighted=False)),
    "a quarter of sums of two": (Shape(), Draw(mixed=0.25)),
    "jitter of 5 %": (Shape(), Draw(jitter=0.05)),
}
COLUMNS = ["relM1", "relM6", "relM12", "relM30", "relP12", "cover12", "F1 q90"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with the trace CSV files")
    parser.add_argument("--out", required=True, help="file to which one JSON line a variant is added")
    parser.add_argument("--hold-out", nargs="+", required=True, choices=traces.SOURCES, metavar="SOURCE",
                        help="sources to leave out, one after the other")
    parser.add_argument("--steps", type=int, default=5_000, help="training steps of 256 windows at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", nargs="+", choices=VARIANTS, metavar="VARIANT", help="these and no others")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    series = traces.read_folder(arguments.data)
    known = _known(arguments.out)
    for name in arguments.only or VARIANTS:
        if name not in known:
            _add(arguments.out, _measure(name, series, arguments))
    print(_table(_known(arguments.out)))


def _measure(name, series, arguments):
    shape, how = VARIANTS[name]
    started, scores, weights = time.monotonic(), [], 0
    for source in arguments.hold_out:
        network = train([one for one in series if one.source != source], arguments.steps, arguments.seed,
                        f"{name}, without {source}", shape, how)
        weights = sum(part.numel() for part in network.parameters())
        held = [one for one in series if one.source == source and one.name.endswith("/value")]
        scores += [score.score_series(one, network) for one in held]
    row = score.summarize(scores)["lstm"]
    return {"variant": name, "weights": weights, "seconds": round(time.monotonic() - started),
            "steps": arguments.steps, "seed": arguments.seed, "held_out": arguments.hold_out, "series": len(scores),
            **{column: round(float(row[column]), 4) for column in COLUMNS}}


def _known(path):
    if not os.path.exists(path):
        return {}
    with open(path, encoding="utf-8") as file:
        return {row["variant"]: row for row in map(json.loads, file)}


def _add(path, row):
    with open(path, "a", encoding="utf-8") as file:
        file.write(json.dumps(row) + "\n")


def _table(rows):
    lines = ["| variant | weights | " + " | ".join(COLUMNS) + " | time |", "|---" * (len(COLUMNS) + 3) + "|"]
    usual = rows.get("standing", {"seconds": np.nan})["seconds"]
    for name, row in rows.items():
        figures = " | ".join(f"{row[column]:.3f}" for column in COLUMNS)
        lines.append(f"| {name} | {row['weights']} | {figures} | {row['seconds'] / usual:.1f} |")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
