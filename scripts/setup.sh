#!/bin/sh
# Sets up .venv from the locked versions, and the native libraries that PDF needs.
# What is there already is used again.  Usage: scripts/setup.sh run|dev|bench
set -eu
kind=${1:-run}
cd "$(dirname "$0")/.."
lock=requirements/$kind.lock
native='libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0'

say() { printf '%s\n' "letter-kit: $*" >&2; }
stop() { say "$@"; exit 3; }

# Installs Debian packages when that is allowed without a question, else names the command.
install_packages() {
  if ! command -v apt-get >/dev/null 2>&1; then
    stop "missing: $1. Install them with your system's package manager (Debian's names: $2)."
  fi
  sudo=
  if [ "$(id -u)" -ne 0 ]; then
    if command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
      sudo='sudo -n'
    else
      stop "missing: $1. Run this, then make again:  sudo apt-get install $2"
    fi
  fi
  say "installing $2"
  # shellcheck disable=SC2086  # the words are meant to be split
  $sudo env DEBIAN_FRONTEND=noninteractive sh -c \
    "apt-get update -qq && apt-get install -y -qq --no-install-recommends $2" >/dev/null ||
    stop "apt-get could not install: $2"
}

find_python() {
  for candidate in "${PYTHON:-python3}" python3.13 python3.12 python3.11; do
    if command -v "$candidate" >/dev/null 2>&1 &&
      "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      command -v "$candidate"
      return
    fi
  done
}

if [ ! -x .venv/bin/python ]; then
  python=$(find_python)
  if [ -z "$python" ]; then
    stop "Python 3.11 or newer is needed. On Debian and Ubuntu: sudo apt-get install python3 python3-venv"
  fi
  if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    install_packages "Python's venv" python3-venv
  fi
  say "making .venv with $("$python" --version)"
  "$python" -m venv .venv
fi

# The stamp tells what .venv holds; dev holds all of run, and bench is added to it.
wanted=$(cat "$lock" pyproject.toml | cksum)
stamp=.venv/letter-kit-$kind
if [ "$(cat "$stamp" 2>/dev/null || true)" != "$wanted" ]; then
  say "installing the locked packages ($kind)"
  .venv/bin/python -m pip install -q --disable-pip-version-check --require-hashes -r "$lock"
  .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
  printf '%s' "$wanted" >"$stamp"
fi
# Without compiled modules every command would compile them again where Python may not
# write them by itself.
.venv/bin/python -m compileall -q letter_kit

if ! .venv/bin/python -c '
import ctypes
for name in ("pango-1.0.so.0", "pangoft2-1.0.so.0", "harfbuzz-subset.so.0"):
    ctypes.CDLL("lib" + name)
' 2>/dev/null && [ "$(uname -s)" = Linux ]; then
  install_packages 'the libraries Pango and HarfBuzz' "$native"
fi
