#!/usr/bin/env bash
# Runs the vectors of the DMN TCK where they lie beside the project, and fails on any miss.
#   tools/tck_check.sh TCK SHARED
set -euo pipefail
tck=$1
folder=${2:+$2/vectors/dmn-tck}
if [ -z "$folder" ] || [ ! -d "$folder" ]; then
  echo "tck: no vectors beside the project; skipped"
  exit 0
fi
out=$("$tck" "$folder" --misses)
echo "$out" | tail -4
if ! echo "$out" | grep -qE '^TCK passed ([0-9]+) of \1;'; then
  echo "$out" | grep -- ': ' || true
  echo "tck: a case fails"
  exit 1
fi
