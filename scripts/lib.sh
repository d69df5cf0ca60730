# Shared by the scripts: finding and installing what they need. Sourced, not run.
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# need COMMAND PACKAGE [COMMAND PACKAGE ..]: makes commands available: installs the Debian packages when root, else names them.
need() {
  local packages=()
  while [ $# -gt 0 ]; do
    command -v "$1" >/dev/null || packages+=("$2")
    shift 2
  done
  [ ${#packages[@]} = 0 ] && return 0
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "missing: ${packages[*]} (Debian: apt-get install ${packages[*]})" >&2
    return 1
  fi
  echo "installing ${packages[*]} ..." >&2
  install_packages "${packages[@]}"
}

install_packages() {
  local log; log=$(mktemp)
  if ! { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; } >"$log" 2>&1; then
    tail -20 "$log" >&2; rm -f "$log"; return 1
  fi
  rm -f "$log"
}

# need_build: what building jfs takes.
need_build() {
  need java openjdk-17-jdk-headless javac openjdk-17-jdk-headless mvn maven
  local major; major=$(java -version 2>&1 | sed -nE 's/.* version "([0-9]+).*/\1/p;q')
  [ "${major:-0}" -ge 17 ] || { echo "Java 17 or newer is needed, this is $(java -version 2>&1 | head -1)" >&2; return 1; }
}

# need_fuse: what mounting takes.
need_fuse() {
  need fusermount3 fuse3
  [ -c /dev/fuse ] || { echo "/dev/fuse is missing: this kernel or container has no FUSE" >&2; return 1; }
}

# mounted PATH: whether something is mounted exactly there.
mounted() { grep -q " $(readlink -f "$1") fuse" /proc/mounts 2>/dev/null; }
