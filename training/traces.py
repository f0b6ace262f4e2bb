"""Load traces from a folder: one CSV a set, '#' header lines, then timestamp and one column a series."""

import dataclasses
import os

import numpy as np

STEPS = 30
# Fewer give no window with steps to come behind it, once the newest tenth is kept back.
POINTS_MIN = 200
# Sources by the start of the file name: what is left out to judge generalization is a source, never only a time.
SOURCES = ["aws", "azure2017", "azure2019", "gentd26", "nasa1995", "orm", "scarab", "tweets"]


@dataclasses.dataclass
class Series:
    name: str
    source: str
    values: np.ndarray
    season: int
    train_count: int
    naive_error: float
    licence: str


def read_folder(folder):
    """All series of all CSV files below the folder, in a fixed order; short ones and those constant over
    their train part are left out."""
    if not os.path.isdir(folder):
        raise SystemExit(f"--data {folder}: no such folder; give one that holds the trace CSV files")
    paths = sorted(
        os.path.join(root, name)
        for root, _, names in os.walk(folder)
        for name in names
        if name.endswith(".csv") and name not in ("index.csv", "reference.csv", "tasks.csv")
    )
    series = [one for path in paths for one in _read_file(path)]
    if not series:
        raise SystemExit(f"--data {folder}: no series in it to learn from; a trace CSV file needs {POINTS_MIN} lines "
                         "and a value that moves")
    return series


def _read_file(path):
    head, rows = {}, []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("#"):
                key, _, value = line[1:].partition(":")
                head[key.strip()] = value.strip()
            else:
                rows.append(line.rstrip("\n").split(","))
    names = rows[0][1:]
    table = np.array([[float(cell) for cell in row[1:]] for row in rows[1:]])
    set_name = os.path.basename(path)[: -len(".csv")]
    for column, name in enumerate(names):
        one = _series(f"{set_name}/{name}", set_name, table[:, column].copy(), head)
        if one is not None:
            yield one


def _series(name, set_name, values, head):
    train_count = int(0.6 * len(values))
    train = values[:train_count]
    if len(values) < POINTS_MIN or np.ptp(train) == 0:
        return None
    season = int(head.get("season_steps", "1"))
    if not 1 < season <= train_count // 3:
        season = 1
    # The weight of a series in the loss: its own naive error over the horizons it is scored at, so that series of
    # every size and noise count the same, as they do in the relative score.
    naive = np.mean([np.abs(train[h:] - train[:-h]).mean() for h in (1, 6, 12, 30)])
    return Series(name, _source(set_name), values, season, train_count, float(naive), head.get("licence", "not stated"))


def _source(set_name):
    bare = set_name
    for prefix in ("servers_", "shards_"):
        if bare.startswith(prefix):
            bare = bare[len(prefix):]
    for source in SOURCES:
        if bare.startswith(source):
            return source
    return bare.split("_")[0]
