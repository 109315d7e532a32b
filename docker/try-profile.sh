#!/usr/bin/env bash
# Brings the two databases of the scaled-out profile up, runs the suites against them, and takes everything down again.
#   docker/try-profile.sh            the suites
#   docker/try-profile.sh --keep     leaves it up
# Needs Docker with compose, and `npm ci` done. The databases get loopback ports for the run: KURRENTDB_PORT (2113), MONGODB_PORT (27017).
set -euo pipefail
cd "$(dirname "$0")/.."

keep=${1:-}
kurrent_port=${KURRENTDB_PORT:-2113}
mongo_port=${MONGODB_PORT:-27017}
work=$(mktemp -d)
compose=(docker compose --project-name nhacviec-try -f docker/compose.yaml -f "$work/ports.yaml")

finish() {
  status=$?
  if [ "$status" -ne 0 ]; then "${compose[@]}" logs --tail 50 || true; fi
  if [ "$keep" != --keep ]; then "${compose[@]}" down --volumes --timeout 30 || true; fi
  rm -rf "$work"
  exit "$status"
}
trap finish EXIT

mkdir -p docker/secrets
[ -e docker/secrets/kurrentdb-url ] || printf 'esdb://eventlog:2113?tls=false' > docker/secrets/kurrentdb-url
[ -e docker/secrets/mongodb-url ] || printf 'mongodb://readmodels:27017/nhacviec?replicaSet=rs0' > docker/secrets/mongodb-url

# An internal network publishes no ports: for the run the databases stand on one more network.
cat > "$work/ports.yaml" <<YAML
services:
  eventlog:
    ports: ['127.0.0.1:${kurrent_port}:2113']
    networks: [inside, try]
  readmodels:
    ports: ['127.0.0.1:${mongo_port}:27017']
    networks: [inside, try]
networks:
  try: {}
YAML

"${compose[@]}" config --quiet
"${compose[@]}" up --detach --wait eventlog readmodels

export KURRENTDB_URL="esdb://127.0.0.1:${kurrent_port}?tls=false"
# The member calls itself readmodels:27017, a name that means nothing out here.
export MONGODB_URL="mongodb://127.0.0.1:${mongo_port}/nhacviec?directConnection=true"
npm run -s build
NODE_OPTIONS='--experimental-vm-modules --disable-warning=ExperimentalWarning' npx jest libs/event-log libs/projections libs/figures libs/task-board

# The program itself, two of each, last: it has to become healthy.
"${compose[@]}" up --detach --build --wait
"${compose[@]}" ps
