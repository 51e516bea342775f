#!/usr/bin/env bash
# Registers a model version and releases it: release.sh VERSION-FILE SERVICE VERSION
# Wants SLUICE_SERVER, SLUICE_TOKEN (role releaser) and RUN_ID, the same for each attempt of the same run: a repeated submission is then
# the same release. Ends as the release does: 0 succeeded, 1 could not be asked, 2 rolled back, 3 rejected, 4 still under way.
set -euo pipefail
file=$1 service=$2 version=$3
: "${SLUICE_SERVER:?}" "${SLUICE_TOKEN:?}" "${RUN_ID:?}"

sluice version apply -f "$file"
sluice release submit --service "$service" --version "$version" --idempotency-key "$RUN_ID" \
  --label "commit=${COMMIT:-unknown}" --reason "CI run $RUN_ID" --wait --timeout 8h
