# Operators' commands on a real mount. Where the reference client is installed its commands run on the same mount, and both must
# print the same.
o=$mnt/operators
masked() { sed -E 's/^[0-9]{4}\/.*<([A-Z]+)>: /\1 /; s/ \[[A-Za-z.0-9]+@[A-Za-z_]+\.[a-z]+:[0-9]+\]$//'; }
# says TEXT COMMAND..: the command succeeds and its output contains the text.
says() { local text=$1 out; shift; out=$("$@" 2>&1) && grep -qF -- "$text" <<<"$out" || { echo "$out"; return 1; }; }
fails_saying() { local text=$1 out; shift; ! out=$("$@" 2>&1) && grep -qF -- "$text" <<<"$out" || { echo "$out"; return 1; }; }
operators_tree() {
  mkdir -p "$o/d/e" && head -c 9437184 /dev/urandom >"$o/big" && truncate -s 10M "$o/sparse" && ln -s big "$o/link" &&
    for n in 1 2 3 4 5 6; do echo "hi $n" >"$o/d/f$n" || return 1; done && echo x >"$o/d/e/deep" && ln "$o/d/f1" "$o/d/hard"
}
check "operators' tree" operators_tree
check "info: inode, both paths, objects" says "$(printf '\t/operators/d/hard')" "$jfs" info "$o/d/f1"
check "info -r sums up a tree" says "  files: 8" "$jfs" info -r "$o/d"
check "info of what is not there" fails_saying 'no such file or directory' "$jfs" info "$o/none"
check "info outside of a mount" fails_saying 'is not inside a mount' "$jfs" info "$work"
check "summary" says "| sparse |  10 MiB |" "$jfs" summary "$o"
check "summary --csv" says "d/,40960,2,8" "$jfs" summary --csv "$o"
check "warmup --evict" says "evict cache: 10 files" "$jfs" warmup --evict "$o"
check "warmup --check finds nothing" says "(0.0%) cached" "$jfs" warmup --check "$o"
check "warmup" says "warmup cache: 10 files (9.0 MiB bytes)" "$jfs" warmup "$o"
check "warmup --check finds all" says "9.0 MiB of 9.0 MiB (100.0%) cached" "$jfs" warmup --check "$o"
check "clone" "$jfs" clone "$o" "$mnt/operators2"
check "the clone is equal" diff -r "$o" "$mnt/operators2"
check "clone over something" fails_saying 'already exists' "$jfs" clone "$o/big" "$mnt/operators2/big"
fragment() { local n; for n in $(seq 30); do head -c 100 /dev/urandom | dd of="$o/pieces" bs=100 seek=$((n * 7 % 30)) conv=notrunc,fsync 2>/dev/null || return 1; done; }
check "a file in pieces" fragment
pieces=$(md5sum <"$o/pieces")
check "compact" says "success." "$jfs" compact "$o/pieces"
check "compaction keeps the content" test "$pieces" = "$(md5sum <"$o/pieces")"
check "rmr" "$jfs" rmr "$mnt/operators2"
check "rmr left nothing" test ! -e "$mnt/operators2"
check "rmr of what is not there" fails_saying 'no such file or directory' "$jfs" rmr "$mnt/operators2"

# A volume of its own for the trash: this one has none.
trash_meta=lmdb://$work/trash.lmdb; trash_mnt=$work/trash-mnt; mkdir -p "$trash_mnt"
trash_mount() { "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$work/trash.log" --cache-dir "$work/trash.cache" "$trash_meta" "$trash_mnt"; }
delete_things() {
  "$jfs" format --storage file --bucket "$work/trash.data/" "$trash_meta" trash && trash_mount && cd "$trash_mnt" &&
    mkdir -p r/s && echo 1 >r/s/f && echo 2 >g && rm -r r g && echo new >g && cd / && hour=$(ls "$trash_mnt/.trash" | tail -1) && [ -n "$hour" ]
}
check "things are deleted" delete_things
check "umount leaves the volume to others at once" eval '"$jfs" umount "$trash_mnt" && "$jfs" fsck "$trash_meta"'
check "restore rebuilds the tree in the trash" says "2 restored, 2 left in the trash, 0 failed" "$jfs" restore "$trash_meta" "$hour"
check "restore --put-back overwrites nothing" fails_saying "target already exists" "$jfs" restore --put-back "$trash_meta" "$hour"
put_back() { trash_mount && [ "$(cat "$trash_mnt/r/s/f" "$trash_mnt/g")" = "1
new" ] && "$jfs" umount "$trash_mnt" && "$jfs" fsck "$trash_meta"; }
check "what was deleted is back" put_back
check "restore of no hour" fails_saying 'is not an hour' "$jfs" restore "$trash_meta" yesterday
! mounted "$trash_mnt" || umount -l "$trash_mnt"

# Logs of a mount in the background: levels, a file that is moved away, syslog.
log_meta=lmdb://$work/log.lmdb; log_mnt=$work/log-mnt; logs=$work/logs; mkdir -p "$log_mnt" "$logs"
logged() { # OPTIONS..: a mount lives for a moment and logs to $logs/jfs.log, which is moved away meanwhile
  rm -f "$logs"/*
  "$jfs" mount -d "$@" --metrics 127.0.0.1:0 --backup-meta 0 --log "$logs/jfs.log" --cache-dir "$work/log.cache" "$log_meta" "$log_mnt" &&
    mv "$logs/jfs.log" "$logs/jfs.log.1" && sleep 1.1 && "$jfs" umount "$log_mnt"
}
check "a volume for logs" "$jfs" format -q --storage file --bucket "$work/log.data/" "$log_meta" logs
rotated() { logged --no-syslog && grep -q '<INFO>: OK, logs is ready' "$logs/jfs.log.1" && grep -q 'is unmounted' "$logs/jfs.log" && ! grep -q DEBUG "$logs"/*; }
check "a log that was moved away is begun anew" rotated
check "--verbose logs debug messages" eval 'logged --no-syslog --verbose && grep -q "<DEBUG>" "$logs"/*'
check "--log-level warn logs less" eval 'logged --no-syslog --log-level warn && ! grep -q "<INFO>" "$logs"/*'
check "--quiet logs less, --log-id marks lines" eval 'logged --no-syslog --log-id here && grep -q "^\[here\] 20.*<INFO>" "$logs/jfs.log.1" && logged --no-syslog --quiet && ! grep -q "<INFO>" "$logs"/*'
syslog() { # a daemon of our own notes what comes
  python3 -c '
import os, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind("/dev/log"); os.chmod("/dev/log", 0o666)
with open(sys.argv[1], "wb", 0) as f:
    while True: f.write(s.recv(65536).strip(b"\0") + b"\n")' "$logs.syslog" & local daemon=$! code
  for _ in $(seq 50); do [ -S /dev/log ] && break; sleep 0.1; done
  logged; code=$?; cp "$logs.syslog" "$logs.first"; logged --no-syslog
  kill $daemon; wait $daemon 2>/dev/null; rm -f /dev/log; cat "$logs.first"
  # 14: facility user (1), severity info (6).
  [ $code = 0 ] && grep -qE '^<14>.* jfs\[[0-9]+\]: <INFO>: OK, logs is ready at' "$logs.first" && grep -q 'is unmounted' "$logs.first" &&
    cmp -s "$logs.syslog" "$logs.first"
}
if [ "$(id -u)" = 0 ] && [ ! -e /dev/log ]; then check "in the background also to syslog, unless --no-syslog" syslog
else echo "      (a syslog daemon is here, or no root: syslog was not tried)"; fi

if command -v juicefs >/dev/null; then
  same_output() { diff <(cd "$o" && juicefs "$@" 2>&1 </dev/null | masked) <(cd "$o" && "$jfs" "$@" 2>&1 </dev/null | masked); }
  for words in "info big d d/f1 sparse link" "info -r d" "info --raw big pieces" "summary ." "summary -d 1 -e 1 ." "summary --csv -e 2 ." \
    "summary big" "warmup big d" "warmup --check ." "warmup --evict big" "warmup --check big d" "compact ." "rmr none"; do
    # shellcheck disable=SC2086
    check "JuiceFS prints the same: $words" same_output $words
  done
  their_tree_commands() {
    juicefs clone "$o" "$mnt/theirs" && diff -r "$o" "$mnt/theirs" && juicefs rmr "$mnt/theirs" && [ ! -e "$mnt/theirs" ] && juicefs warmup -b "$o"
  }
  check "JuiceFS clones, removes, warms up in the background" their_tree_commands
else
  echo "      (no juicefs here: its commands were not compared)"
fi
check "operators' tree removed" "$jfs" rmr --skip-trash "$o"
