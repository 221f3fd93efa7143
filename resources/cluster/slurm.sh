#!/bin/bash
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
# slurm.sh PLAN [sbatch options]: an array with one task per unit of the plan, and a merge that waits for all of them.
# Tasks whose node is lost are put into the queue again: a unit may be done any number of times.
set -euo pipefail

if [[ $# -lt 1 || $1 == -* || ! -f $1 ]]; then
    echo "usage: $0 PLAN [sbatch options], with a PLAN that quantoscope-cli plan wrote" >&2
    exit 2
fi
command -v sbatch >/dev/null || { echo "error: there is no sbatch here, this is for machines of a Slurm cluster" >&2; exit 1; }
plan=$(realpath "$1")
shift
cli=${QUANTOSCOPE_CLI:-quantoscope-cli}
units=$(python3 -c 'import json, sys; print(len(json.load(open(sys.argv[1]))["units"]))' "$plan")
logs=$plan.logs
mkdir -p "$logs"

array=$(sbatch --parsable --requeue --job-name=quantize --array="0-$((units - 1))" --output="$logs/%A-%a.txt" \
    --open-mode=append "$@" --wrap="exec '$cli' part '$plan' --unit \"\$SLURM_ARRAY_TASK_ID\" --quiet")
# After all of them, however they ended: what a killed task left undone, the merge does itself.
merge=$(sbatch --parsable --requeue --job-name=merge --dependency="afterany:$array" --output="$logs/%j-merge.txt" \
    --open-mode=append "$@" --wrap="'$cli' merge '$plan' --quiet || {
    for unit in \$(seq 0 $((units - 1))); do '$cli' part '$plan' --unit \"\$unit\" --quiet || exit; done
    exec '$cli' merge '$plan' --quiet
}")
echo "array $array, merge $merge, logs in $logs"
