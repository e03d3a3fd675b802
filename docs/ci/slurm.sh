#!/bin/sh
#SBATCH --array=1-8
#SBATCH --job-name=run-until-fail
# Needs the bin of this repository on the PATH. Submit:  sbatch slurm.sh      Then:  run-until-fail merge reports/*.json
set -eu
exec run-until-fail --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" --runs 8000 --keep-going --timeout 60s \
  --logs "logs/part-$SLURM_ARRAY_TASK_ID" --report "reports/$SLURM_ARRAY_TASK_ID.json" -- ./my-test
