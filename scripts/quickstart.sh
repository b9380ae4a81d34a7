#!/usr/bin/env bash
# From a bare machine with npm to a running Millrace: installs, builds, and runs the demo, which finds or starts its
# own Redis. Writes nothing outside this folder. A second run installs and builds only what has changed.
set -euo pipefail

usage() {
  cat <<'TEXT'
usage: scripts/quickstart.sh [FOLDER] [--query "WORDS"]

Builds a full-text index over the documents in FOLDER with a Millrace workflow. Without FOLDER it takes the
documents that come with the demo.

  --query "WORDS"   searches the index when it is built
  --help            prints this and ends

Redis: the address in MILLRACE_BROKER, else a private redis-server or valkey-server from PATH, else an embedded one.
The exit status is the demo's.
TEXT
}

for argument in "$@"; do
  case $argument in
    -h | --help) usage && exit 0 ;;
  esac
done

root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# Microseconds where the shell has them, else whole seconds.
now() {
  if [ -n "${EPOCHREALTIME:-}" ]; then echo "${EPOCHREALTIME//[!0-9]/}"; else echo "$((SECONDS * 1000000))"; fi
}

# step NAME COMMAND…: one line with its time; what the command printed is shown only when it fails.
step() {
  local name=$1 started took
  shift
  started=$(now)
  [ ! -t 2 ] || printf '%s …\r' "$name" >&2
  if ! "$@" >"$log" 2>&1 </dev/null; then
    printf '%s failed:\n' "$name" >&2
    cat "$log" >&2
    exit 1
  fi
  took=$((($(now) - started) / 100000))
  printf '%-22s %s.%s s\n' "$name" "$((took / 10))" "$((took % 10))" >&2
}

toolchain() {
  "$root/scripts/env.sh" true
}

stamp=$root/node_modules/.quickstart-install
manifests() {
  (cd "$root" && cksum pnpm-lock.yaml pnpm-workspace.yaml package.json packages/*/package.json apps/*/package.json)
}

install() {
  [ "$(manifests)" != "$(cat "$stamp" 2>/dev/null)" ] || return 0
  (cd "$root" && CI=true pnpm install --frozen-lockfile) && manifests >"$stamp"
}

build() {
  (cd "$root" && pnpm exec tsc -b --pretty false)
}

step 'Node and pnpm' toolchain
# shellcheck disable=SC2016
PATH=$("$root/scripts/env.sh" sh -c 'printf %s "$PATH"')
export PATH
step 'packages' install
step 'build' build
rm -f "$log"
trap - EXIT INT TERM
exec node "$root/apps/demo/dist/main.js" "$@"
