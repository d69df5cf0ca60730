# What fsck says of a volume in LMDB, Redis and etcd, from a process of its own: nothing while mounts write, compact and delete with all
# their might; and of a block that is missing, cut short or left over its file by path, with no record changed by looking or repairing.
#   DAMAGE_ENGINES ("lmdb redis etcd")   DAMAGE_LOOKS (8)
need redis-server redis-server etcd etcd-server python3 python3 >/dev/null || fail "programs for damage installed"
g=$work/damage; mkdir -p "$g/mnt"

cat >"$g/busy.py" <<'P'
# busy.py DIR STOP: four processes create, overwrite in pieces, rename, link and delete until the file STOP is there.
import os, random, sys
from multiprocessing import Process
top, stop = sys.argv[1:3]
def work(k):
    r = random.Random(k); mine = f"{top}/w{k}"; os.makedirs(mine, exist_ok=True); n = 0
    while not os.path.exists(stop):
        n += 1; path = f"{mine}/f{r.randrange(60)}"
        with open(path, "ab" if r.random() < .5 else "wb") as f:
            for _ in range(r.randrange(1, 6)): f.write(r.randbytes(r.randrange(1, 20_000))); f.flush(); os.fsync(f.fileno())
        if n % 3 == 0: os.rename(path, f"{mine}/f{r.randrange(60)}")
        if n % 5 == 0:
            try: os.unlink(f"{mine}/f{r.randrange(60)}")
            except FileNotFoundError: pass
        if n % 7 == 0: os.makedirs(f"{mine}/d{n % 4}/e", exist_ok=True)
        if n % 11 == 0:
            try: os.link(f"{mine}/f{r.randrange(60)}", f"{mine}/l{n}"); os.unlink(f"{mine}/l{n}")
            except FileNotFoundError: pass
    print(k, n, "rounds")
ps = [Process(target=work, args=(k,)) for k in range(4)]
[p.start() for p in ps]; [p.join() for p in ps]; sys.exit(any(p.exitcode for p in ps))
P
damage_mount() { "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$g/log" --cache-dir "$g/cache" --cache-size 0 "$g_meta" "$g/mnt"; }
damage_unmount() { ! mounted "$g/mnt" || "$jfs" umount "$g/mnt" || umount -l "$g/mnt"; }
no_false_alarm() {
  local n pid code=0
  damage_mount || return 1
  python3 "$g/busy.py" "$g/mnt" "$g/stop" >"$g/busy.log" 2>&1 & pid=$!
  for n in $(seq "${DAMAGE_LOOKS:-8}"); do
    "$jfs" fsck "$g_meta" >"$g/said" 2>"$g/log2" || code=1
    # Statistics lag behind their clients; nothing else may be said.
    ! grep -v '^HINT WRONG_DIR_STAT' "$g/said" || code=1
    [ $code = 0 ] || { cat "$g/said" "$g/log2"; echo "look $n"; break; }
    if [ $n = 2 ]; then "$jfs" gc "$g_meta" >"$g/gc" 2>&1 && grep -q ' 0 leaked' "$g/gc" || { cat "$g/gc"; code=1; break; }; fi
  done
  touch "$g/stop"; wait "$pid" || { cat "$g/busy.log"; code=1; }
  cat "$g/busy.log"; damage_unmount && "$jfs" fsck "$g_meta" && return $code
}
records() { "$jfs" dump "$g_meta" "$g/$1.json"; }
same_records() { records after && cmp "$g/before.json" "$g/after.json"; }
block() { find "$g/data/hurt/chunks" -name "$1_$2_*"; }
damaged_blocks() {
  local id said
  damage_mount && mkdir "$g/mnt/here" && head -c 200000 /dev/urandom >"$g/mnt/here/a" && head -c 200000 /dev/urandom >"$g/mnt/here/b" || return 1
  cp "$g/mnt/here/a" "$g/a"; id() { "$jfs" info "$g/mnt/here/$1" | sed -nE 's#.*/([0-9]+)_0_[0-9]+ .*#\1#p' | head -1; }
  local a b; a=$(id a); b=$(id b); damage_unmount && records before || return 1
  mv "$(block "$a" 1)" "$g/moved" && truncate -s 1000 "$(block "$b" 0)" || return 1
  mkdir -p "$g/data/hurt/chunks/0/77" && echo left >"$g/data/hurt/chunks/0/77/77777_0_5" && touch -d '2 hours ago' "$g/data/hurt/chunks/0/77/77777_0_5"
  ! said=$("$jfs" fsck "$g_meta" 2>&1) && echo "$said" && grep -q "/here/a: can't find block chunks/.*/${a}_1_65536: no such object" <<<"$said" &&
    grep -q "/here/b: can't find block chunks/.*/${b}_0_65536: it has 1000 bytes" <<<"$said" && [ "$(grep -c 'LOST_BLOCK' <<<"$said")" = 2 ] &&
    grep -q 'HINT LEAKED_BLOCK chunks/0/77/77777_0_5' <<<"$said" && same_records || return 1
  ! "$jfs" fsck --repair "$g_meta" >/dev/null 2>&1 && same_records && "$jfs" gc --delete "$g_meta" && [ ! -e "$g/data/hurt/chunks/0/77/77777_0_5" ] || return 1
  local there; there=$(dirname "$(block "$a" 0)"); mv "$g/moved" "$there/${a}_1_65536" && damage_mount && cmp "$g/a" "$g/mnt/here/a" && rm "$g/mnt/here/b" && damage_unmount &&
    "$jfs" fsck "$g_meta"
}
damage_on() { # damage_on ENGINE
  case $1 in
    lmdb) g_meta=lmdb://$g/meta ;;
    redis) local port; port=$(free_port); g_meta=redis://127.0.0.1:$port/1
      redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$g" >"$g/server.log" 2>&1 & g_pid=$!; wait_port "$port" ;;
    etcd) local port peer; port=$(free_port); peer=$(free_port); g_meta=etcd://127.0.0.1:$port/hurt
      etcd --name hurt --data-dir "$g/etcd" --listen-client-urls "http://127.0.0.1:$port" --advertise-client-urls "http://127.0.0.1:$port" \
        --listen-peer-urls "http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer" \
        --initial-cluster "hurt=http://127.0.0.1:$peer" >"$g/server.log" 2>&1 & g_pid=$!; wait_port "$port" ;;
  esac
  rm -rf "$g/data" "$g/cache" "$g/stop"
  check "$1: format" "$jfs" format --block-size 64K --trash-days 0 --storage file --bucket "$g/data/" "$g_meta" hurt
  check "$1: no false alarm while the volume is written to" no_false_alarm
  damage_unmount >/dev/null 2>&1
  check "$1: damaged blocks are told by path, and no record is touched" damaged_blocks
}
g_pid=; damage_cleanup() { damage_unmount >/dev/null 2>&1; [ -z "$g_pid" ] || { kill "$g_pid"; wait "$g_pid"; g_pid=; } 2>/dev/null; }
trap 'damage_cleanup; clean_up' EXIT
for engine in ${DAMAGE_ENGINES:-lmdb redis etcd}; do
  damage_on "$engine"; damage_cleanup
done
rm -rf "${g:?}"
trap clean_up EXIT
