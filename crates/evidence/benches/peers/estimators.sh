#!/usr/bin/env bash
# Times survival on 1,000,000 people and a meta-analysis of 1,000 trials, here and in R and Python, on the same rows in one run.
# Needs Rscript with survival and metafor, and a python3 with lifelines; PYTHON names another.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cargo run --release --quiet -p stillwater-evidence --example estimators -- "$folder"
Rscript "$here/estimators.R" "$folder"
"${PYTHON:-python3}" "$here/estimators.py" "$folder"
