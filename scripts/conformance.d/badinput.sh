# Mistakes and accidents around a living mount: each refused or told with an errno, one line and an exit code; the rest lives.
# Uses volumes of its own, small and without block cache.
need mdb_dump lmdb-utils mount mount >/dev/null || fail "programs for bad input installed"
bad=$work/bad; mkdir -p "$bad/mnt" "$bad/data"; bad_meta=lmdb://$bad/meta
bad_mount() { "$jfs" mount -d --metrics 127.0.0.1:0 --log "$bad/log" --cache-dir "$bad/cache" "$@" "$bad_meta" "$bad/mnt"; }
bad_umount() { "$jfs" umount "$bad/mnt"; }
# refuses TEXT COMMAND..: fails with code 1 and one FATAL line that has TEXT in it.
refuses() {
  local text=$1 said code; shift
  said=$("$@" 2>&1); code=$?
  echo "$said"
  [ $code = 1 ] && [ "$(grep -c FATAL <<<"$said")" = 1 ] && grep FATAL <<<"$said" | grep -qF "$text"
}

already_mounted() { refuses "is mounted already" "$jfs" mount --cache-dir "$work/cache" "$meta" "$mnt" && [ -d "$mnt" ]; }
check "mounting in the foreground over a living mount is refused" already_mounted
changed_mount() { refuses "cannot be changed" mount_volume --read-only && touch "$mnt/still" && rm "$mnt/still"; }
check "an upgrade that would change what the kernel relies on is refused" changed_mount

busy() { (cd "$mnt" && refuses "busy" "$jfs" umount "$mnt") && mounted "$mnt"; }
check "unmounting a busy mount is refused" busy
check "unmounting what is not mounted is refused" refuses "failed to unmount" "$jfs" umount "$bad/mnt"

terminated() { # SIGTERM unmounts, with code 0
  "$jfs" format -q --storage file --bucket "$bad/data" "$bad_meta" badvol || return 1
  "$jfs" mount --metrics 127.0.0.1:0 --cache-dir "$bad/cache" "$bad_meta" "$bad/mnt" & local pid=$!
  for _ in $(seq 300); do mounted "$bad/mnt" && break; sleep 0.1; done
  echo kept >"$bad/mnt/f" && kill -TERM $pid; wait $pid || return 1
  ! mounted "$bad/mnt" && bad_mount && [ "$(cat "$bad/mnt/f")" = kept ] && bad_umount
}
check "SIGTERM ends a foreground mount cleanly, code 0" terminated

read_only() {
  bad_mount --read-only || return 1
  ! touch "$bad/mnt/g" 2>"$bad/said" && grep -q "Read-only" "$bad/said" && ! rm "$bad/mnt/f" 2>/dev/null && [ "$(cat "$bad/mnt/f")" = kept ]
  local code=$?; bad_umount; return $code
}
check "a read-only mount refuses changes" read_only

engine_folder_read_only() {
  mkdir -p "$bad/ro" && mount --bind "$bad/meta" "$bad/ro" && mount -o remount,ro,bind "$bad/ro" || return 1
  refuses "" "$jfs" mount --metrics 127.0.0.1:0 --cache-dir "$bad/cache" "lmdb://$bad/ro" "$bad/mnt"
  local code=$?; umount "$bad/ro"; return $code
}
[ "$(id -u)" != 0 ] || check "an engine folder that cannot be written is refused" engine_folder_read_only

flipped_block() { # a byte of a block changes in the object store, compressed so that there is a checksum
  rm -rf "$bad/meta" "$bad/data" "$bad/cache"
  "$jfs" format -q --compress lz4 --storage file --bucket "$bad/data" "$bad_meta" badvol && bad_mount --cache-size 0 || return 1
  seq 1 200000 >"$bad/mnt/f"; echo fine >"$bad/mnt/other"; bad_umount
  local block; block=$(find "$bad/data" -name '*_0_*' -size +100k | head -1)
  truncate -s -1000 "$block"
  bad_mount --cache-size 0 --io-retries 1 || return 1
  ! cat "$bad/mnt/f" >"$bad/read" 2>"$bad/said" && grep -q "Input/output error" "$bad/said" && [ "$(cat "$bad/mnt/other")" = fine ] &&
    cmp -s "$bad/read" <(seq 1 200000 | head -c "$(stat -c %s "$bad/read")")
  local code=$?; cat "$bad/said"; bad_umount; return $code
}
check "a truncated block is EIO, never wrong bytes" flipped_block

corrupt_record() { # the stored attributes of one inode are cut short
  rm -rf "$bad/meta" "$bad/data" "$bad/cache"
  "$jfs" format -q --storage file --bucket "$bad/data" "$bad_meta" badvol && bad_mount || return 1
  echo one >"$bad/mnt/one"; echo two >"$bad/mnt/two"; local ino; ino=$(stat -c %i "$bad/mnt/one"); bad_umount
  python3 - "$bad/meta" "$ino" <<'P' || return 1
import subprocess, sys
where, ino = sys.argv[1], int(sys.argv[2])
key = (b"A" + ino.to_bytes(8, "little") + b"I").hex()
lines = subprocess.run(["mdb_dump", where], capture_output=True, text=True, check=True).stdout.splitlines()
at = lines.index(" " + key); lines[at + 1] = lines[at + 1][:9]
subprocess.run(["mdb_load", where], input="\n".join(lines) + "\n", text=True, check=True)
P
  bad_mount || return 1
  ! cat "$bad/mnt/one" >/dev/null 2>"$bad/said"; grep -q "Input/output error" "$bad/said" && [ "$(cat "$bad/mnt/two")" = two ] && echo three >"$bad/mnt/three"
  local code=$?; cat "$bad/said"; bad_umount; return $code
}
check "a corrupt record is EIO on its file, the rest lives" corrupt_record

full_disk() { # the object store's disk is full: ENOSPC to the writer, no torn file, and it works again with room
  rm -rf "$bad/meta" "$bad/data" "$bad/cache"; mkdir -p "$bad/data"
  mount -t tmpfs -o size=16m tmpfs "$bad/data" || return 1
  "$jfs" format -q --storage file --bucket "$bad/data" "$bad_meta" badvol && bad_mount --io-retries 1 || return 1
  head -c 4M /dev/urandom >"$bad/small"; cp "$bad/small" "$bad/mnt/small"
  timeout 120 dd if=/dev/urandom of="$bad/mnt/big" bs=1M count=40 conv=fsync 2>"$bad/said" && return 1
  grep -q "No space left" "$bad/said" && cmp "$bad/small" "$bad/mnt/small" && [ -z "$(find "$bad/data" -name '.jfs*tmp*')" ] &&
    rm -f "$bad/mnt/big" && mount -o remount,size=64m "$bad/data" && cp "$bad/small" "$bad/mnt/again" && cmp "$bad/small" "$bad/mnt/again"
  local code=$?; cat "$bad/said"; bad_umount; umount "$bad/data"; return $code
}
[ "$(id -u)" != 0 ] || check "a full disk is ENOSPC, no torn file" full_disk
! mounted "$bad/mnt" || bad_umount
rm -rf "$bad"
