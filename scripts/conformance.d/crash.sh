# kill -9 of the mount during writes, again and again: every file whose fsync returned is whole, and the remount works at once.
cat >"$work/crash.py" <<'P'
import hashlib, os, sys, threading, time
# write DIR LEDGER: files with content made of their names, until the mount dies; the ledger has those whose fsync returned.
# check DIR LEDGER: each of them is whole.
mode, top, ledger = sys.argv[1:4]
def content(name):
    seed = hashlib.sha256(name.encode()).digest()
    return seed * (1 + int.from_bytes(seed[:2], "big") % 20000)
def writer(n):
    i = 0
    with open(f"{ledger}.{n}", "a") as done:
        while True:
            name = f"{os.path.basename(ledger)}-{n}-{i}"; i += 1; path = f"{top}/{name}"
            try:
                fd = os.open(path + ".tmp" if i % 2 else path, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o644)
                data = memoryview(content(name))
                while data: data = data[os.write(fd, data[:65536]):]
                os.fsync(fd); os.close(fd)
                if i % 2: os.rename(path + ".tmp", path)
            except OSError: return
            done.write(name + "\n"); done.flush()
if mode == "write":
    threads = [threading.Thread(target=writer, args=(n,)) for n in range(4)]
    [t.start() for t in threads]; [t.join() for t in threads]
else:
    n = bad = 0
    for part in range(4):
        if not os.path.exists(f"{ledger}.{part}"): continue
        for name in open(f"{ledger}.{part}").read().split():
            n += 1
            try: ok = open(f"{top}/{name}", "rb").read() == content(name)
            except OSError as e: ok = False; print(name, e)
            if not ok: bad += 1; print("lost or torn:", name)
    print(n, "files,", bad, "bad"); sys.exit(bad != 0)
P
crash_loop() {
  local rounds=${CRASHES:-50} i writer
  mkdir -p "$mnt/crash"
  for i in $(seq "$rounds"); do
    python3 "$work/crash.py" write "$mnt/crash" "$work/ledger$i" 2>/dev/null & writer=$!
    sleep "0.$((RANDOM % 9 + 1))"
    kill_mount; wait "$writer"
    mount_volume || { echo "round $i: no remount"; return 1; }
    python3 "$work/crash.py" check "$mnt/crash" "$work/ledger$i" || { echo "round $i"; return 1; }
    rm -f "$mnt"/crash/* "$work/ledger$i".*
  done
  rm -rf "$mnt/crash"
  unmount && "$jfs" fsck "$meta" && mount_volume
}
check "kill -9 during writes, ${CRASHES:-50} times, and fsck" crash_loop
