#!/usr/bin/env bash
# Trains the shipped forecaster: training/train.sh --data DIR [--steps N] [--seed N] [--hold-out SOURCE…]
# Compares variants of it:       training/train.sh compare --data DIR --out FILE --hold-out SOURCE…
set -euo pipefail
cd "$(dirname "$0")"
# Debian's Python: the one that sees its torch. One BLAS thread: more of them spin against each other on few cores
# and change the last bits of the weights.
export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
if ! /usr/bin/python3 -c 'import torch, onnx' 2>/dev/null; then
  echo "train.sh: needs torch and onnx: apt-get install --no-install-recommends" \
    "python3-torch python3-onnx libopenblas0-openmp" >&2
  exit 1
fi
script=train.py
if [ "${1:-}" = compare ]; then
  script=compare.py
  shift
fi
exec nice -n 10 /usr/bin/python3 "$script" "$@"
