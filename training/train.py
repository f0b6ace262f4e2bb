"""Trains the demand forecaster; see README.md. The same seed, machine kind and BLAS give the same bytes."""

import argparse
import hashlib
import json
import os
import time

import numpy as np
import torch

import card
import graph
import model
import sampling
import score
import traces
from model import Network, pinball

POOL = 40_000
BATCH = 256
RATE = 2e-3
RATE_END = 2e-5
AVERAGING = 0.998
LOOK_EVERY = 500
# Looks without anything better before training ends.
PATIENCE = 6


def train(series, steps, seed, label, shape=model.STANDING, how=sampling.STANDING):
    """A network trained on the series; what comes back is the running mean of its weights, which scores better than
    the last ones, as it was when it did best on the part of the series that is kept back."""
    torch.manual_seed(seed)
    network, averaged = Network(shape), Network(shape)
    averaged.load_state_dict(network.state_dict())
    optimizer = torch.optim.Adam(network.parameters(), lr=RATE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, steps, RATE_END)
    pool = sampling.Pool(sampling.with_coarser(series) if how.coarser else series, POOL, seed, how)
    stopping = Stopping(sampling.kept_back(series, seed))
    started, losses, at = time.monotonic(), [], POOL
    for step in range(1, steps + 1):
        if at + BATCH > POOL or step == 1:
            rows, targets, weights = (torch.from_numpy(part) for part in pool.draw())
            at = 0
        take = slice(at, at + BATCH)
        at += BATCH
        if rows[take].shape[0] < BATCH:
            at = POOL
            continue
        loss = (pinball(network(rows[take]), targets[take]) * weights[take]).mean()
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        with torch.no_grad():
            for slow, fast in zip(averaged.parameters(), network.parameters()):
                slow.lerp_(fast, 1 - min(AVERAGING, step / (step + 10)))
        losses.append(float(loss))
        if step % LOOK_EVERY == 0 or step == steps:
            kept = stopping.look(averaged, step)
            print(f"{label}: step {step}/{steps} loss {np.mean(losses[-LOOK_EVERY:]):.4f}, kept back {kept:.4f}, "
                  f"after {time.monotonic() - started:.0f} s", flush=True)
            if stopping.is_over(step):
                print(f"{label}: no better since step {stopping.best_step}", flush=True)
                break
    averaged.load_state_dict(stopping.best)
    return averaged.eval()


class Stopping:
    """Early stopping: remembers the network that did best on windows that are not trained on."""

    def __init__(self, windows):
        self._rows, self._targets, self._weights = (torch.from_numpy(part) for part in windows)
        self._least, self.best, self.best_step = float("inf"), None, 0

    def look(self, network, step):
        with torch.no_grad():
            loss = float((pinball(network(self._rows), self._targets) * self._weights).mean())
        if loss < self._least:
            self._least, self.best_step = loss, step
            self.best = {name: value.clone() for name, value in network.state_dict().items()}
        return loss

    def is_over(self, step):
        return step - self.best_step >= PATIENCE * LOOK_EVERY


def hold_out(series, sources, steps, seed):
    """Trains without the sources and scores on them: the only scores that say something about unseen loads."""
    label = "without " + ", ".join(sources)
    network = train([one for one in series if one.source not in sources], steps, seed, label)
    reports = []
    for source in sources:
        held = [one for one in series if one.source == source and one.name.endswith("/value")]
        rows = score.summarize([score.score_series(one, network) for one in held])
        reports.append({"source": source, "series": len(held), "rows": rows})
        print(f"\nheld out: {source} ({len(held)} series)\n{score.table(rows)}", flush=True)
    return reports


def ship(series, arguments):
    network = train(series, arguments.steps, arguments.seed, "all sources")
    os.makedirs(arguments.out, exist_ok=True)
    path = os.path.join(arguments.out, "demand-lstm.onnx")
    model_bytes = graph.export(network, arguments.seed)
    digest = hashlib.sha256(model_bytes).hexdigest()
    with open(path, "wb") as file:
        file.write(model_bytes)
    with open(path + ".sha256", "w", encoding="ascii") as file:
        file.write(f"{digest}  demand-lstm.onnx\n")
    with open(os.path.join(arguments.out, "test-vectors.json"), "w", encoding="ascii") as file:
        file.write(card.vectors(network))
    with open(os.path.join(arguments.out, "demand-lstm.md"), "w", encoding="utf-8") as file:
        file.write(card.text(series, arguments, digest, _reports(arguments.reports)))
    print(f"wrote {path}: {len(model_bytes)} bytes, sha256 {digest}")


def _reports(path):
    if path is None or not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", required=True, help="folder with the trace CSV files")
    parser.add_argument("--out", default=os.path.join(os.path.dirname(__file__), "..", "models"))
    parser.add_argument("--steps", type=int, default=6_000, help="training steps of 256 windows, at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--hold-out", nargs="+", choices=traces.SOURCES, metavar="SOURCE",
                        help="train without these sources, score on them, write no model")
    parser.add_argument("--reports", help="file to which hold-out scores are added and from which the card takes them")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    series = traces.read_folder(arguments.data)
    print(f"{len(series)} series of {len({one.source for one in series})} sources")
    if arguments.hold_out is None:
        ship(series, arguments)
        return
    reports = hold_out(series, arguments.hold_out, arguments.steps, arguments.seed)
    if arguments.reports is not None:
        with open(arguments.reports, "a", encoding="utf-8") as file:
            file.writelines(json.dumps(report | {"steps": arguments.steps}) + "\n" for report in reports)


if __name__ == "__main__":
    main()
