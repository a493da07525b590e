#!/usr/bin/env bash
# Runs archives of reports through the importer and compares with an independent count: the synthetic file of the project, and
# the real one where it lies beside it.   usage: reports_check.sh QIPAN [SHARED]
set -euo pipefail
cd "$(dirname "$0")/.."
qipan=$1
shared=${2:-}
passed=0
skipped=0
check() {
  local folder
  folder=$(mktemp -d)
  "$qipan" init --data "$folder/district" --pack packs/reports-archive --json >/dev/null 2>&1
  local ours theirs
  ours=$("$qipan" import reports "$1" --map examples/reports/baltimore.toml --data "$folder/district" --json 2>/dev/null | tail -n 1)
  theirs=$(python3 tools/count_reports.py "$1")
  "$qipan" verify --data "$folder/district" --json >/dev/null 2>&1
  rm -rf "$folder"
  echo "imported $ours"
  echo "counted  $theirs"
  # Every figure of the second opinion; ours tells more besides.
  python3 -c "import json,sys; ours,theirs=map(json.loads,sys.argv[1:]); sys.exit(any(ours.get(k)!=v for k,v in theirs.items()))" "$ours" "$theirs" ||
    { echo "reports check: $1 differs"; exit 1; }
  passed=$((passed + 1))
}
check examples/reports/synthetic.csv
real=${QIPAN_REPORTS:-${shared:+$shared/data/311/baltimore_311_sample.csv}}
if [ -n "$real" ] && [ -f "$real" ]; then check "$real"; else skipped=1; fi
echo "reports check: $passed passed, 0 failed, $skipped skipped"
