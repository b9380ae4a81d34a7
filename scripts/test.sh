#!/usr/bin/env bash
# Installs, builds, checks and tests everything, from a bare machine with npm. Needs no stdin and no running server.
# The last line says `N passed, N failed, N skipped`; a step that fails counts as one failure. Status 0: nothing failed.
#
# usage: scripts/test.sh [VITEST ARGUMENT…]     for example: scripts/test.sh packages/core
set -uo pipefail
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$root" || exit 1
export CI=true NO_COLOR=1 TURBO_TELEMETRY_DISABLED=1 DO_NOT_TRACK=1
unset FORCE_COLOR MILLRACE_BROKER
exec </dev/null

# Every process of this run inherits the mark: what is left of them at the end is found by it.
export MILLRACE_TEST_RUN="$$-$RANDOM$RANDOM"
reports=$(mktemp -d)
failed_steps=()
steps_failed=0

trap finish EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

main() {
  step 'toolchain' use_toolchain || return
  step 'install' pnpm install --frozen-lockfile || return
  step 'redis-server' find_redis
  step 'etcd' find_etcd
  step 'chromium' find_chromium
  step 'scripts embedded' node scripts/embed-lua.mjs --check
  step 'build' pnpm exec tsc -b --pretty false
  step 'pages of the dashboard' pnpm --filter @millrace/dashboard-web build
  step 'types of the tests' pnpm exec tsc -p tsconfig.tests.json --pretty false
  step 'lint' pnpm exec oxlint --type-aware --deny-warnings
  step 'format' pnpm exec biome ci --colors=off .
  step 'layers' node scripts/check-layers.mjs
  step 'docs' node scripts/check-docs.mjs
  step 'api reference' node scripts/api-reference/build.mjs --check
  step 'snippets' node scripts/snippets.mjs
  test_step 'type tests' types --typecheck.only
  test_step 'tests' tests "$@"
}

# step NAME COMMAND…: runs it under a heading; remembers a failure.
step() {
  local name=$1 started=$SECONDS status
  shift
  printf '\n== %s\n' "$name"
  "$@"
  status=$?
  if [ "$status" -eq 0 ]; then
    printf -- '-- %s: ok, %s s\n' "$name" "$((SECONDS - started))"
  else
    printf -- '-- %s: FAILED with status %s, %s s\n' "$name" "$status" "$((SECONDS - started))"
    failed_steps+=("$name")
    steps_failed=$((steps_failed + 1))
  fi
  return "$status"
}

# test_step NAME REPORT ARGUMENT…: like step, but failures that the report counts are not counted again as a step.
test_step() {
  local name=$1 report=$reports/$2.json passed failed skipped
  shift 2
  step "$name" pnpm exec vitest run --reporter=dot --reporter=json --outputFile.json="$report" "$@" && return
  read -r passed failed skipped < <(count_tests "$report")
  [ "${failed:-0}" -eq 0 ] || steps_failed=$((steps_failed - 1))
}

count_tests() {
  node scripts/count-tests.mjs "$@" 2>/dev/null || echo '0 0 0'
}

use_toolchain() {
  local path
  # shellcheck disable=SC2016
  path=$(scripts/env.sh sh -c 'printf %s "$PATH"') || return
  export PATH=$path
  echo "node $(node --version), pnpm $(cd / && pnpm --version)"
}

# The tests run on a real server: the one on PATH, else Debian's, else the one out of the official image.
find_redis() {
  PATH=$root/.tools/redis:$PATH
  has_redis && return
  redis_from_apt && has_redis && return
  redis_from_docker && has_redis && return
  export MILLRACE_TEST_REDIS=none
  echo 'no redis-server on PATH, none from apt-get (needs root or sudo without a password), none from Docker:'
  echo 'the tests that need a real server are skipped (broker-redis, coordination on Redis, the servers of embedded).'
}

has_redis() {
  local server
  server=$(command -v redis-server || command -v valkey-server) && "$server" --version
}

# Only the etcd coordinator's own tests need it: they are skipped without.
find_etcd() {
  command -v etcd || { from_apt etcd-server && command -v etcd; } ||
    echo 'no etcd on PATH, none from apt-get: the tests of the etcd coordinator are skipped.'
}

# Only the tests of the dashboard's pages need it: they are skipped without.
find_chromium() {
  has_chromium || { from_apt chromium && has_chromium; } ||
    echo 'no chromium on PATH, none from apt-get: the tests in the browser are skipped.'
}

has_chromium() {
  command -v chromium || command -v chromium-browser || command -v google-chrome
}

redis_from_apt() {
  from_apt redis-server
}

# from_apt PACKAGE
from_apt() {
  command -v apt-get >/dev/null || return
  local as_root=()
  if [ "$(id -u)" -ne 0 ]; then
    sudo -n true 2>/dev/null || return
    as_root=(sudo -n)
  fi
  local options=(-qq -o DPkg::Lock::Timeout=120)
  "${as_root[@]}" apt-get "${options[@]}" update &&
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get "${options[@]}" install -y --no-install-recommends "$1" >/dev/null || return
  # The package starts a server on the default port; the tests start their own.
  "${as_root[@]}" service "${1/etcd-server/etcd}" stop >/dev/null 2>&1 || true
}

redis_from_docker() {
  command -v docker >/dev/null && docker info >/dev/null 2>&1 || return
  local container
  container=$(docker create redis:7) || return
  mkdir -p .tools/redis
  docker cp "$container:/usr/local/bin/redis-server" .tools/redis/redis-server
  docker rm "$container" >/dev/null
  # Built for another C library it would not run here.
  .tools/redis/redis-server --version >/dev/null 2>&1 || { rm -rf .tools/redis && return 1; }
}

# Pids of the programs that this run started and that still run (this shell got the mark only after its own start, and
# the grep that looks is gone when its answer is read). Linux only: elsewhere the list is empty.
left_over() {
  local file pid
  for file in $(grep -lsazx "MILLRACE_TEST_RUN=$MILLRACE_TEST_RUN" /proc/[0-9]*/environ 2>/dev/null); do
    pid=${file#/proc/}
    pid=${pid%/environ}
    [ ! -e "/proc/$pid" ] || echo "$pid"
  done
}

# A server ends within 10 s of its parent; one that is still there then was leaked by a test.
no_servers_left() {
  local pids i
  for i in $(seq 1 "$((${MILLRACE_TEST_GRACE_S:-12} * 10))"); do
    pids=$(left_over)
    [ -n "$pids" ] || return 0
    sleep 0.1
  done
  echo 'still running after the tests, killed now:'
  for i in $pids; do printf '  %s %s\n' "$i" "$(tr '\0' ' ' <"/proc/$i/cmdline" 2>/dev/null)"; done
  # shellcheck disable=SC2086
  kill -KILL $pids 2>/dev/null
  return 1
}

finish() {
  local status=$? passed failed skipped
  # A second signal must not cost the last line.
  trap - EXIT
  trap '' HUP INT TERM
  step 'no process left behind' no_servers_left
  if [ "$status" -ge 128 ]; then
    failed_steps+=('interrupted')
    steps_failed=$((steps_failed + 1))
  fi
  read -r passed failed skipped < <(count_tests "$reports"/*.json)
  failed=$((failed + steps_failed))
  rm -rf "$reports"
  [ "${#failed_steps[@]}" -eq 0 ] || printf '\nfailed: %s\n' "$(IFS=,; echo "${failed_steps[*]}")"
  printf '\n%s passed, %s failed, %s skipped\n' "$passed" "$failed" "$skipped"
  [ "$failed" -eq 0 ] && exit 0
  exit 1
}

main "$@"
