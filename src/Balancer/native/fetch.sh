#!/bin/sh
# Fetches ONNX Runtime's C library: fetch.sh LIBRARY ARCHITECTURE. The build calls it when LIBRARY does not exist.
# npm checks the sha512 of package-lock.json. The library appears by rename, so that a build beside this one sees all
# of it or nothing, and the lock makes that build wait instead of emptying the same node_modules.
set -eu
cd "$(dirname "$0")"
library=$1
architecture=$2
if ! command -v npm >/dev/null 2>&1; then
  echo "npm is not installed: it fetches ONNX Runtime (package onnxruntime-node). Install Node.js with npm, or" \
    "build with -p:FetchOnnxRuntime=false: forecasts then come from the baselines alone." >&2
  exit 1
fi
exec 9>fetch.lock
flock 9
if [ -e "$library" ]; then
  exit 0
fi
if ! log=$(npm ci --ignore-scripts --no-audit --no-fund --loglevel=error 2>&1); then
  echo "npm ci in $PWD failed: $log" >&2
  exit 1
fi
mkdir -p "$(dirname "$library")"
cp "node_modules/onnxruntime-node/bin/napi-v6/linux/$architecture/libonnxruntime.so.1" "$library.part"
mv "$library.part" "$library"
# 290 MB for the other platforms, which nothing here reads.
rm -rf node_modules
