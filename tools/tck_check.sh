#!/usr/bin/env bash
# Runs the vectors of the DMN TCK where they lie beside the project, and fails on any miss but external functions.
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
unexpected=$(echo "$out" | grep -- ': ' | grep -v ' are not called' || true)
if [ -n "$unexpected" ]; then
  echo "$unexpected"
  echo "tck: a case fails that is not declared out (functions of Java)"
  exit 1
fi
