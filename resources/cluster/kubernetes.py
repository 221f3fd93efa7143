#!/usr/bin/python3
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""kubernetes.py PLAN --image IMAGE --claim CLAIM --path PATH [--merge] [--parallelism N] | kubectl apply -f -

Prints the manifest of an indexed Job (batch/v1) with one pod per unit of the plan, or with --merge of the Job that
merges. The claim is a volume that many pods may write to, seen at PATH in each pod as on the machine that planned.
"""
import argparse
import json
import os
import re


def job(name, command, arguments, completions, parallelism):
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": {"name": name, "labels": {"app.kubernetes.io/name": "quantoscope"}},
        "spec": {
            "completionMode": "Indexed",
            "completions": completions,
            "parallelism": min(parallelism, completions),
            # A node that is lost costs one try; a unit may be done any number of times.
            "backoffLimit": 4 * completions,
            "template": {
                "spec": {
                    "restartPolicy": "Never",
                    "containers": [{
                        "name": "quantoscope",
                        "image": arguments.image,
                        "command": ["/bin/sh", "-c", command],
                        "env": [{"name": "PLAN", "value": os.path.abspath(arguments.plan)}],
                        "resources": {"requests": {"cpu": arguments.cpu, "memory": "1Gi"}},
                        "volumeMounts": [{"name": "data", "mountPath": arguments.path}],
                    }],
                    "volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": arguments.claim}}],
                }
            },
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("plan", help="file that quantoscope-cli plan wrote")
    parser.add_argument("--image", required=True, help="image that has quantoscope-cli")
    parser.add_argument("--claim", required=True, help="name of the persistent volume claim (ReadWriteMany)")
    parser.add_argument("--path", required=True, help="where the volume is mounted, here as in the pods")
    parser.add_argument("--parallelism", type=int, default=16, help="pods at a time (16)")
    parser.add_argument("--cpu", default="4", help="processors that a pod asks for (4)")
    parser.add_argument("--merge", action="store_true", help="the Job that merges")
    arguments = parser.parse_args()
    with open(arguments.plan, encoding="utf-8") as file:
        units = len(json.load(file)["units"])
    base = re.sub(r"[^a-z0-9]+", "-", os.path.basename(arguments.plan).lower()).strip("-")[:40]
    if arguments.merge:
        manifest = job(f"quantoscope-merge-{base}".strip("-"), 'exec quantoscope-cli merge "$PLAN" --quiet', arguments,
                       1, 1)
    else:
        manifest = job(f"quantoscope-{base}".strip("-"),
                       'exec quantoscope-cli part "$PLAN" --unit "$JOB_COMPLETION_INDEX" --quiet', arguments, units,
                       arguments.parallelism)
    print(json.dumps(manifest, indent=2))


if __name__ == "__main__":
    main()
