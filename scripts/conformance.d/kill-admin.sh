# kill -9 in the middle of load, dump, destroy, gc --delete, gc --compact, restore and compact, again and again at random moments, on a volume of
# thousands of files in LMDB and, with redis-server, in Redis. The command that is run once more completes; every file is whole, fsck finds nothing,
# and after a last gc the bucket holds what the metadata names and nothing else. SIGINT ends with code 130, one line, and nothing left behind.
#   KILL_ENGINES ("lmdb redis")   KILL_FILES (4000)   KILL_ROUNDS (5; of three kills each)
need redis-server redis-server redis-cli redis-tools python3 python3 >/dev/null || fail "programs for kill-admin installed"
k=$work/kill; mkdir -p "$k/mnt" "$k/golden"; files=${KILL_FILES:-4000}

cat >"$k/tree.py" <<'P'
# tree.py make DIR FILES | check DIR FILES [deleted]: a tree whose bytes are made of its names; DIR/deleted is there only if said so.
import os, random, sys
mode, top, files = sys.argv[1], sys.argv[2], int(sys.argv[3])
def content(name): return random.Random(name).randbytes(random.Random(name + "size").choice([0, 100, 3000, 9000, 70_000]))
names = [f"d{n % 40}/s{n % 7}/f{n}" for n in range(files)] + [f"pieces/p{n}" for n in range(files // 20)]
gone = [f"deleted/d{n % 30}/f{n}" for n in range(files // 4)]
if mode == "make":
    for name in names + gone:
        os.makedirs(os.path.dirname(f"{top}/{name}"), exist_ok=True)
        data = content(name) if not name.startswith("pieces") else random.Random(name).randbytes(30_000)
        fd = os.open(f"{top}/{name}", os.O_CREAT | os.O_WRONLY, 0o644)
        step = 8000 if name.startswith("pieces") else 1 << 20
        for at in range(0, len(data), step):
            os.write(fd, data[at:at + step])
            if name.startswith("pieces"): os.fsync(fd)
        os.close(fd)
else:
    want = set(names + (gone if len(sys.argv) > 4 else [])); seen = set(); bad = []
    for folder, _, found in os.walk(top):
        for f in found:
            name = os.path.relpath(os.path.join(folder, f), top); seen.add(name)
            if name.startswith("."): seen.discard(name); continue
            data = content(name) if not name.startswith("pieces") else random.Random(name).randbytes(30_000)
            try:
                with open(f"{top}/{name}", "rb") as i: ok = i.read() == data
            except OSError as e: ok = False; print(name, e)
            if not ok: bad.append(name)
    print(len(seen), "files, other bytes:", bad[:5], "missing:", sorted(want - seen)[:5], "too many:", sorted(seen - want)[:5])
    sys.exit(bool(bad) or seen != want)
P

kill_mount() {
  "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$k/log" --cache-dir "$k/cache" --cache-size 0 "$k_meta" "$k/mnt"
}
kill_unmount() { ! mounted "$k/mnt" || "$jfs" umount "$k/mnt" || umount -l "$k/mnt"; }
objects() { find "$k/data/killed/chunks" -type f | wc -l; }

# ---- the volume, put back as it was before each round
start_k_redis() {
  redis-server --port "$k_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$k" --dbfilename live.rdb >"$k/redis.log" 2>&1 & k_pid=$!
  wait_port "$k_port" && until redis-cli -p "$k_port" ping 2>/dev/null | grep -q PONG; do sleep 0.1; done
}
stop_k_redis() { [ -z "$k_pid" ] || { kill "$k_pid"; wait "$k_pid"; k_pid=; } 2>/dev/null; }
keep() { # the volume as it is becomes the one that is put back
  rm -rf "$k/golden"; mkdir -p "$k/golden"
  cp -al "$k/data" "$k/golden/data" || return 1
  case $k_engine in
    lmdb) cp -a "$k/meta" "$k/golden/meta" ;;
    redis) redis-cli -p "$k_port" save >/dev/null && cp "$k/live.rdb" "$k/golden/live.rdb" ;;
  esac
}
put_back() {
  kill_unmount; rm -rf "$k/data"; cp -al "$k/golden/data" "$k/data" || return 1
  case $k_engine in
    lmdb) rm -rf "$k/meta"; cp -a "$k/golden/meta" "$k/meta" ;;
    redis) stop_k_redis; cp "$k/golden/live.rdb" "$k/live.rdb"; start_k_redis ;;
  esac
}
make_volume() {
  rm -rf "$k/data" "$k/meta"; mkdir -p "$k/data/other"; echo kept >"$k/data/other/kept"
  "$jfs" format --block-size 64K --trash-days 1 --storage file --bucket "$k/data/" "$k_meta" killed && kill_mount || return 1
  python3 "$k/tree.py" make "$k/mnt" "$files" && rm -r "$k/mnt/deleted" || return 1
  hours=$(ls "$k/mnt/.trash"); kill_unmount || return 1
  uuid=$("$jfs" status "$k_meta" | sed -nE 's/.*"UUID": "([^"]+)".*/\1/p' | head -1)
  # Objects that nobody knows, of slices behind all that are in use.
  python3 - "$k/data/killed/chunks" "$files" <<'P'
import os, sys, time
top, n = sys.argv[1], int(sys.argv[2])
for i in range(9_000_000, 9_000_000 + n):
    path = f"{top}/9/{i // 1000}/{i}_0_10"; os.makedirs(os.path.dirname(path), exist_ok=True)
    open(path, "wb").write(b"0123456789"); os.utime(path, (time.time() - 7200,) * 2)
P
  "$jfs" dump "$k_meta" "$k/wanted.json" && [ -n "$uuid" ] && [ -n "$hours" ] && keep
}

# ---- killing
seconds_of() { local start=${EPOCHREALTIME/./}; "$@" >"$k/said" 2>&1 || { cat "$k/said"; return 1; }; taken=$(((${EPOCHREALTIME/./} - start) / 1000)); }
# killed COMMAND..: kills it at some moment of the time that it took when it was last not killed.
killed() {
  local moment code start=${EPOCHREALTIME/./}
  moment=$((most / 4 + (RANDOM * 32768 + RANDOM) % (most * 3 / 4)))
  timeout -s KILL "$((moment / 1000)).$(printf %03d $((moment % 1000)))" "$@" >"$k/said" 2>&1; code=$?
  if [ $code = 137 ]; then kills=$((kills + 1)); else most=$(((${EPOCHREALTIME/./} - start) / 1000)); fi
}
# after_kills CHECK COMMAND..: rounds of kills, the command once more to its end, and what must be so then.
after_kills() {
  local verify=$1 round; shift
  put_back && seconds_of "$@" && $verify || { echo "without a kill"; return 1; }
  local most=$taken; kills=0
  for round in $(seq "${KILL_ROUNDS:-5}"); do
    put_back || return 1
    killed "$@"; killed "$@"; killed "$@"
    "$@" >"$k/said" 2>&1 || accepted || { cat "$k/said"; echo "round $round: does not complete"; return 1; }
    $verify || { echo "round $round"; return 1; }
  done
  echo "$kills kills"; echo "$1 $2 $k_engine: $kills kills within $most ms" >>"$k/kills"
  [ "$kills" -gt 0 ] || { echo "it was never killed"; return 1; }
}
accepted() { [ "$allowed" != none ] && grep -q "$allowed" "$k/said"; }

# ---- what must be so
whole() { # whole [deleted]: every file, fsck, and a bucket with exactly what is named
  "$jfs" fsck "$k_meta" || return 1
  JFS_GC_SKIPPEDTIME=0 "$jfs" gc --delete "$k_meta" 2>&1 && JFS_GC_SKIPPEDTIME=0 "$jfs" gc "$k_meta" >"$k/gc" 2>&1 || return 1
  grep -E "scanned $(objects) objects, .* 0 pending delete .* 0 leaked .* 0 skipped" "$k/gc" || { cat "$k/gc"; return 1; }
  kill_mount && python3 "$k/tree.py" check "$k/mnt" "$files" "$@" && kill_unmount && [ -f "$k/data/other/kept" ]
}
restored() { whole deleted; }
same_dump() { cmp "$k/dump.json" "$k/wanted.json" && [ ! -e "$k/dump.json.tmp" ]; }
loaded() { "$jfs" dump "$k_copy" "$k/copy.json" && diff -q <(grep -vE "next[ICST]" "$k/copy.json") <(grep -vE "next[ICST]" "$k/wanted.json") && "$jfs" fsck "$k_copy" && empty_copy; }
empty_copy() { case $k_engine in lmdb) rm -rf "$k/copy" ;; redis) redis-cli -p "$k_port" -n 2 flushdb >/dev/null ;; esac; }
destroyed() {
  [ -f "$k/data/other/kept" ] && [ -z "$(find "$k/data/killed" -type f 2>/dev/null)" ] && "$jfs" format --storage file --bucket "$k/data/" "$k_meta" anew
}
mount_compacts() { # compact runs in the mount: there it is the mount that dies
  local round pid
  for round in $(seq "${KILL_ROUNDS:-5}"); do
    put_back && kill_mount || return 1
    "$jfs" compact "$k/mnt" >"$k/said" 2>&1 & pid=$!
    sleep "$((RANDOM % 2)).$((RANDOM % 10))"; kill_mount "$k/cache"; wait "$pid"
    umount -l "$k/mnt" 2>/dev/null
    kill_mount && "$jfs" compact "$k/mnt" && kill_unmount && whole || { echo "round $round"; return 1; }
  done
}
client_compacts() { kill_mount && { "$jfs" compact "$k/mnt"; local code=$?; kill_unmount; return $code; }; }

# interrupted CHECK COMMAND..: SIGINT in its middle: 130, one line about it, no session and no piece of a file left.
interrupted() {
  local verify=$1 code try; shift
  put_back || return 1
  for try in 700 500 300 200 100 50; do
    timeout --foreground -s INT --preserve-status "$((taken * try / 1000 / 1000)).$(printf %03d $((taken * try / 1000 % 1000)))" "$@" >"$k/out" 2>"$k/said"; code=$?
    [ $code = 0 ] || break
    put_back || return 1
  done
  cat "$k/said"
  [ $code = 130 ] && [ "$(grep -c 'FATAL' "$k/said")" = 1 ] && grep -q '<FATAL>: interrupted$' "$k/said" && ! grep -q 'Exception' "$k/said" || return 1
  "$jfs" status "$k_meta" | grep -q '"Sessions": \[\]' || { "$jfs" status "$k_meta"; return 1; }
  [ ! -e "$k/dump.json.tmp" ] && { "$@" >/dev/null 2>&1 || return 1; } && $verify
}

kill_admin_on() { # kill_admin_on ENGINE
  k_engine=$1; rm -rf "$k"/copy "$k"/cache
  case $k_engine in
    lmdb) k_meta=lmdb://$k/meta; k_copy=lmdb://$k/copy ;;
    redis) k_port=$(free_port); k_meta=redis://127.0.0.1:$k_port/1; k_copy=redis://127.0.0.1:$k_port/2; rm -f "$k/live.rdb"; start_k_redis || return 1 ;;
  esac
  allowed=none
  check "$1: a volume of $files files" make_volume
  [ -f "$k/wanted.json" ] || return 1
  "$jfs" dump --binary "$k_meta" "$k/wanted.bin"
  check "$1: kill -9 of dump" after_kills same_dump "$jfs" dump "$k_meta" "$k/dump.json"
  check "$1: Ctrl-C of dump" interrupted same_dump "$jfs" dump "$k_meta" "$k/dump.json"
  allowed="is used by volume killed" # the kill came after its last commit
  check "$1: kill -9 of load" after_kills loaded "$jfs" load "$k_copy" "$k/wanted.json"
  check "$1: kill -9 of load --binary" after_kills loaded "$jfs" load --binary "$k_copy" "$k/wanted.bin"
  allowed=none
  check "$1: kill -9 of gc --delete" after_kills whole "$jfs" gc --delete "$k_meta"
  check "$1: Ctrl-C of gc --delete" interrupted whole "$jfs" gc --delete "$k_meta"
  check "$1: kill -9 of gc --compact" after_kills whole "$jfs" gc --compact "$k_meta"
  check "$1: Ctrl-C of gc --compact" interrupted whole "$jfs" gc --compact "$k_meta"
  # shellcheck disable=SC2086
  check "$1: kill -9 of restore" after_kills restored "$jfs" restore --put-back "$k_meta" $hours
  # shellcheck disable=SC2086
  check "$1: Ctrl-C of restore" interrupted restored "$jfs" restore --put-back "$k_meta" $hours
  check "$1: compact" eval 'put_back && client_compacts && whole'
  check "$1: kill -9 of the mount that compacts" mount_compacts
  allowed="not formatted"
  check "$1: kill -9 of destroy" after_kills destroyed "$jfs" destroy --yes "$k_meta" "$uuid"
}
k_pid=; kill_cleanup() { kill_unmount >/dev/null 2>&1; kill_mount "$k/cache"; stop_k_redis; }
trap 'kill_cleanup; clean_up' EXIT
for engine in ${KILL_ENGINES:-lmdb redis}; do
  kill_admin_on "$engine" || fail "$engine: kill-admin"
  kill_cleanup
done
[ ! -f "$k/kills" ] || sed 's/^/      /; s#'"$root"'/scripts/##' "$k/kills"
rm -rf "${k:?}"
trap clean_up EXIT
