#!/usr/bin/env bash
# Measurements through `qipan import observations`, held against an independent count: always the sample that is shipped, and the two whole
# stations where they lie beside the project.
#   tools/observations_check.sh QIPAN [SHARED]
set -euo pipefail
cd "$(dirname "$0")/.."
qipan=$1 shared=${2:-}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
check() {
  "$qipan" init --data "$folder/$1" --pack packs/air-quality >/dev/null 2>&1
  "$qipan" import observations "${@:2}" --map examples/observations/prsa.toml --data "$folder/$1" --json 2>/dev/null | tail -n 1 >"$folder/$1.json"
  python3 tools/count_observations.py "${@:2}" --against "$folder/$1.json"
}
check sample examples/observations/beijing-sample.csv
"$qipan" verify --data "$folder/sample" --json >/dev/null
if [ -n "$shared" ] && [ -d "$shared/data/sensing" ]; then
  check stations "$shared"/data/sensing/PRSA_Data_*.csv
  # The counts that were made elsewhere (class 2).
  python3 - "$folder/stations.json" <<'PYTHON'
import json, sys
told = json.load(open(sys.argv[1]))
wanted = {"Dongsi": ((37, 0, 0, 873), (615, 324)), "Shunyi": ((9, 0, 0, 1024), (577, 267))}
for station, (hours, days) in wanted.items():
    said = tuple(told["over_limit"][station][name] for name in ("NO2", "SO2", "CO", "O3"))
    means = tuple(told["mean24h_over"][station][name] for name in ("PM2.5", "PM10"))
    assert said == hours and means == days, (station, said, means)
print("observations: both stations as counted elsewhere")
PYTHON
else
  echo "observations: the whole stations do not lie beside the project; skipped"
fi
