# Quotas and counters after a random workload whose mount is killed in the middle, again and again: df, .stats, status, directory
# statistics, quotas of directories, users and groups all say what is there. On LMDB, and on Redis where there is redis-server.
#   COUNTER_CRASHES (3)  COUNTER_SEED  COUNTER_ENGINES ("LMDB Redis")
crashes=${COUNTER_CRASHES:-3}; seed=${COUNTER_SEED:-$RANDOM}
k=$work/counters; k_mnt=$k/mnt; mkdir -p "$k_mnt"

# The workload: files and directories are made, written, cut, linked, moved and removed below q1, q2 (with quotas) and free, as
# several users. It ends when the mount is gone, or after COUNT operations.
cat >"$k/workload.py" <<'P'
import os, random, sys
root, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(seed); names = [f"n{i}" for i in range(40)]
def place():
    path = os.path.join(root, random.choice(("q1", "q2", "free")))
    for _ in range(random.randrange(3)):
        path = os.path.join(path, random.choice(("a", "b", "c")))
    return path
def write(path):
    with open(path, "ab") as f:
        f.write(os.urandom(random.choice((1, 100, 4096, 5000, 70000))))
def inner(path):  # its directory, unless that is one of the three
    folder = os.path.dirname(path)
    if os.path.dirname(folder) == root:
        raise FileNotFoundError(folder)
    return folder
def own(path):
    os.chown(path, random.choice((1001, 1002)), random.choice((2001, 2002)), follow_symlinks=False)
for _ in range(count):
    path = os.path.join(place(), random.choice(names)); other = os.path.join(place(), random.choice(names))
    try:
        random.choice((lambda: write(path), lambda: write(path), lambda: write(path), lambda: os.mkdir(os.path.join(os.path.dirname(path), random.choice("abc"))),
            lambda: os.truncate(path, random.randrange(100000)), lambda: os.link(path, other), lambda: os.rename(path, other),
            lambda: os.unlink(path), lambda: os.symlink("x", path), lambda: own(path), lambda: os.rename(inner(path), inner(other)),
            lambda: os.rmdir(inner(path))))()
    except OSError as e:
        if e.errno in (107, 5, 103):  # the mount is gone
            sys.exit(0)
P
# What is there, counted by walking: "inodes bytes" of the volume, then of q1 and q2, users and groups.
cat >"$k/count.py" <<'P'
import os, sys
root, what = sys.argv[1], sys.argv[2]
def space(st, is_dir): return 4096 if is_dir or os.path.stat.S_ISLNK(st.st_mode) else max(1, -(-st.st_size // 4096)) * 4096 if st.st_size else 4096
def walk(top, with_top):
    seen = {}
    if with_top: st = os.lstat(top); seen[st.st_ino] = (st, True)
    for folder, dirs, files in os.walk(top):
        if folder == root: dirs[:] = [d for d in dirs if not d.startswith(".")]; files = [f for f in files if not f.startswith(".")]
        for name in dirs + files:
            path = os.path.join(folder, name); st = os.lstat(path)
            yield path, st, os.path.isdir(path) and not os.path.islink(path)
inodes, entries = {}, {}
for path, st, is_dir in walk(root, False):
    inodes[st.st_ino] = (st, space(st, is_dir))
    top = os.path.relpath(path, root).split("/")
    if len(top) > 1: n, b = entries.get(top[0], (0, 0)); entries[top[0]] = (n + 1, b + space(st, is_dir))
if what == "volume": print(len(inodes), sum(s for _, s in inodes.values()))
elif what.startswith("/"): print(*entries.get(what[1:], (0, 0)))
else:
    kind, number = what.split(":"); mine = [s for st, s in inodes.values() if getattr(st, "st_" + kind) == int(number)]
    print(len(mine), sum(mine))
P
k_mount() { "$jfs" mount -d --metrics 127.0.0.1:0 --no-syslog --backup-meta 0 --heartbeat 2s --log "$k/log" --cache-dir "$k/cache" --buffer-size 64M "$k_meta" "$k_mnt"; }
stat_of() { awk -v name="juicefs_$1" '$1 == name { print $2 }' "$k_mnt/.stats"; }
# agrees WHAT INODES BYTES: with what a walk counts.
agrees() { local walked; walked=$(python3 "$k/count.py" "$k_mnt" "$1") && [ "$walked" = "$2 $3" ] || { echo "$1: walked $walked, kept $2 $3"; return 1; }; }
k_format() {
  "$jfs" format -q --trash-days 0 --storage file --bucket "$k/data/" "$k_meta" counters && "$jfs" config "$k_meta" --user-group-quota --yes && k_mount &&
    mkdir "$k_mnt/q1" "$k_mnt/q2" "$k_mnt/free" && "$jfs" quota set "$k_meta" --path /q1 --capacity 1 --inodes 100000 &&
    "$jfs" quota set "$k_meta" --path /q2 --inodes 100000 && "$jfs" quota set "$k_meta" --uid 1001 --inodes 100000 &&
    "$jfs" quota set "$k_meta" --gid 2002 --capacity 1 && sleep 3
}
k_crash() { # one round: a workload, killed in the middle, mounted again
  python3 "$k/workload.py" "$k_mnt" $1 100000 & local work_pid=$!
  sleep $((2 + RANDOM % 3)); kill_mount "$k/cache"; wait $work_pid
  umount -l "$k_mnt" 2>/dev/null; k_mount
}
k_counters() { # of the volume: exact without any repair
  sync; sleep 3
  local used; used=$("$jfs" status "$k_meta" | python3 -c 'import json,sys; s = json.load(sys.stdin)["Stat"]; print(s["UsedInodes"], s["UsedSpace"])')
  agrees volume $used && agrees volume "$(stat_of used_inodes)" "$(stat_of used_space)" &&
    agrees volume "$(df --output=iused "$k_mnt" | tail -1 | tr -d ' ')" "$(($(df -B4096 --output=used "$k_mnt" | tail -1) * 4096))"
}
k_quotas() { # consistent as the checker sees it
  local subject
  for subject in "--path /q1" "--path /q2" "--uid 1001" "--gid 2002"; do
    # shellcheck disable=SC2086
    "$jfs" quota check "$k_meta" $subject "$@" || return 1
  done
}
k_repair() { # statistics of directories are kept some time after the fact, so a kill loses the last: they are counted anew
  k_quotas --strict --repair && k_quotas --strict && "$jfs" fsck "$k_meta" --path / --recursive --repair --sync-dir-stat && k_quotas
}
k_run() { # NAME: all of it on the engine $k_meta
  check "counters on $1: volume with quotas" k_format || return
  check "counters on $1: exact after work without a crash" eval 'python3 "$k/workload.py" "$k_mnt" $seed 3000 && sleep 4 && k_counters && k_quotas --strict'
  local n; for n in $(seq "$crashes"); do
    check "counters on $1: killed in the middle and mounted again ($n)" k_crash $((seed + n))
    check "counters on $1: df, .stats and status agree with what is there ($n)" k_counters
  done
  check "counters on $1: quotas after crashes, repaired" k_repair
  check "counters on $1: quotas stay exact after more work" eval 'python3 "$k/workload.py" "$k_mnt" $((seed + 99)) 2000 && sleep 4 && k_counters && k_quotas --strict'
  ! mounted "$k_mnt" || "$jfs" umount "$k_mnt"
  check "counters on $1: fsck" "$jfs" fsck "$k_meta"
}
echo "      (seed $seed)"
case ${COUNTER_ENGINES:=LMDB Redis} in *LMDB*) k_meta=lmdb://$k/meta; k_run LMDB ;; esac
if [[ $COUNTER_ENGINES = *Redis* ]] && command -v redis-server >/dev/null; then
  rm -rf "$k/data" "$k/cache"; k_port=$(free_port)
  redis-server --port "$k_port" --save "" --appendonly no --dir "$k" >"$k/redis.log" 2>&1 & k_redis=$!
  wait_port "$k_port"; k_meta=redis://127.0.0.1:$k_port/1; k_run Redis
  kill $k_redis
fi
