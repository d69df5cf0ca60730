# A mount in the background that goes on when its serving process is replaced (`jfs mount -d` over it) or killed: no error in the former case,
# in the latter none but EIO where written bytes may be lost, never ENOTCONN; open files, unlinked ones and locks go on. UPGRADES (3)  KILLS (3)
cat >"$work/load.py" <<'P'
import errno, fcntl, hashlib, os, random, sys, threading, time
# load.py DIR STOP strict|lossy: documents (temporary name, write, fsync, close, rename, read back) and one file that stays open, until the
# file STOP exists. strict: no error at all. lossy: EIO from write, fsync or close of what was not stored; everything else must work.
top, stop, mode = sys.argv[1:4]
lossy, lock, bad, done, lost = mode == "lossy", threading.Lock(), [], 0, 0
def content(name): return hashlib.sha256(name.encode()).digest() * (1 + sum(name.encode()) * 37 % 6000)
def document(name):
    path, data = f"{top}/{name}", memoryview(content(name))
    fd = os.open(path + ".tmp", os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o644)
    try:
        try:
            while data: data = data[os.write(fd, data[:65536]):]
            os.fsync(fd)
        finally: os.close(fd)
    except OSError as e:
        if lossy and e.errno == errno.EIO: os.unlink(path + ".tmp"); return False
        raise
    os.rename(path + ".tmp", path)
    return True
def whole(name):
    with open(f"{top}/{name}", "rb") as f: return f.read() == content(name)
def worker(n):
    global done, lost
    i, rnd, names = 0, random.Random(n), []
    while not os.path.exists(stop):
        name = f"w{n}-{i}"; i += 1
        try:
            if i % 5 == 0: os.mkdir(f"{top}/d{name}"); os.rmdir(f"{top}/d{name}")
            if document(name):
                names.append(name)
                if not whole(name) or not whole(rnd.choice(names)): raise RuntimeError("torn " + name)
                with lock: done += 1
            else:
                with lock: lost += 1
            if len(names) > 40:
                gone = names.pop(0); os.unlink(f"{top}/{gone}")
                if gone in os.listdir(top): raise RuntimeError("listed " + gone)
        except Exception as e:
            with lock: bad.append(f"{name}: {e!r}")
    for name in names:
        try: ok = whole(name)
        except OSError as e: ok = False
        if not ok: bad.append("lost " + name)
def holder():
    global lost
    shadow, rnd, fd = bytearray(1 << 20), random.Random(0), None
    while not os.path.exists(stop):
        try:
            if fd is None:
                fd = os.open(f"{top}/held", os.O_CREAT | os.O_RDWR, 0o600); os.pwrite(fd, shadow, 0); os.fsync(fd)
            at = rnd.randrange(len(shadow) - 5000); piece = rnd.randbytes(5000)
            os.pwrite(fd, piece, at); shadow[at:at + 5000] = piece
            if rnd.random() < .2: os.fsync(fd)
            at = rnd.randrange(len(shadow) - 5000)
            if os.pread(fd, 5000, at) != shadow[at:at + 5000]:
                if not lossy: raise RuntimeError("held file differs")
                os.fsync(fd) # it has to say that bytes were lost
                raise RuntimeError("bytes lost without an error")
        except OSError as e:
            if not (lossy and e.errno == errno.EIO): bad.append(f"held: {e!r}"); return
            lost += 1
            try: os.close(fd)
            except OSError: pass
            fd = None
        except RuntimeError as e: bad.append(f"held: {e}"); return
        time.sleep(.002)
threads = [threading.Thread(target=worker, args=(n,)) for n in range(4)] + [threading.Thread(target=holder)]
[t.start() for t in threads]; [t.join() for t in threads]
print(f"{done} documents, {lost} refused with EIO, {len(bad)} errors")
for line in bad[:10]: print("  ", line)
sys.exit(bool(bad) or done == 0)
P
cat >"$work/holds.py" <<'P'
import fcntl, os, sys, time
# holds.py DIR STOP: holds an unlinked file, a flock and a POSIX lock, a waiting lock and a half-read directory, until STOP exists; then looks.
top, stop = sys.argv[1:3]
os.makedirs(f"{top}/many", exist_ok=True)
for i in range(3000): os.close(os.open(f"{top}/many/{i}", os.O_CREAT | os.O_WRONLY))
gone = os.open(f"{top}/gone", os.O_CREAT | os.O_RDWR, 0o600); os.write(gone, b"still here"); os.fsync(gone); os.unlink(f"{top}/gone")
b = os.open(f"{top}/b", os.O_CREAT | os.O_RDWR, 0o600); fcntl.flock(b, fcntl.LOCK_EX)
p = os.open(f"{top}/p", os.O_CREAT | os.O_RDWR, 0o600); fcntl.lockf(p, fcntl.LOCK_EX)
waiter = os.fork()
if waiter == 0:
    os.close(b) # else the lock would outlive its owner's close
    w = os.open(f"{top}/b", os.O_RDWR); fcntl.flock(w, fcntl.LOCK_EX); os._exit(7)
def refused(take, path):
    fd = os.open(path, os.O_RDWR)
    try: take(fd, fcntl.LOCK_EX | fcntl.LOCK_NB); return False
    except BlockingIOError: return True
    finally: os.close(fd)
def other(take, path): # POSIX locks are a process' own
    child = os.fork()
    if child == 0: os._exit(0 if refused(take, path) else 1)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
time.sleep(1.5); listing = os.scandir(f"{top}/many"); names = [next(listing).name for _ in range(10)]
print("holding", flush=True)
while not os.path.exists(stop): time.sleep(.05)
names += [e.name for e in listing]
assert sorted(names, key=int) == [str(i) for i in range(3000)], f"{len(names)} names"
assert os.pread(gone, 100, 0) == b"still here"; os.pwrite(gone, b"STILL", 0); os.fsync(gone); assert os.pread(gone, 100, 0) == b"STILL here"
assert other(fcntl.flock, f"{top}/b") and other(fcntl.lockf, f"{top}/p"), "a lock is gone"
os.close(b); os.close(p)
assert os.waitstatus_to_exitcode(os.waitpid(waiter, 0)[1]) == 7, "the waiting lock was not had"
assert not other(fcntl.flock, f"{top}/b") and not other(fcntl.lockf, f"{top}/p"), "a lock stays"
os.close(gone)
P
pid_of() { sed -nE 's/.*"Pid": ([0-9]+).*/\1/p' "$mnt/.config"; }
# under_load MODE ROUNDS COMMAND: runs COMMAND that often while programs work on the mount; all of them must be content.
under_load() {
  local mode=$1 rounds=$2 load holds fio= i code=0; shift 2
  local dir=$mnt/load-$mode; mkdir -p "$dir"; rm -f "$work/stop"
  python3 "$work/holds.py" "$dir" "$work/stop" >"$work/holds.log" 2>&1 & holds=$!
  for i in $(seq 600); do grep -q holding "$work/holds.log" && break; sleep 0.1; done
  python3 "$work/load.py" "$dir" "$work/stop" "$mode" & load=$!
  if [ "$mode" = strict ] && command -v fio >/dev/null; then
    fio --name=upgrade --directory="$dir" --rw=randrw --bs=16k --size=16m --numjobs=2 --fsync=32 --verify_state_save=0 --verify=crc32c --verify_backlog=64 \
      --time_based --runtime=$((rounds * 120)) --minimal >"$work/fio.log" 2>&1 & fio=$!
  fi
  sleep 1
  for i in $(seq "$rounds"); do "$@" "$i" || { code=1; break; }; done
  sleep 1; : >"$work/stop"
  wait $load || code=1
  wait $holds || { code=1; cat "$work/holds.log"; }
  if [ -n "$fio" ]; then
    kill -INT "$fio"; wait "$fio"
    # The fifth field of each line is the job's error.
    awk -F';' '/^3;/ {n++; if ($5 != 0) bad++} END {print n + 0, "fio jobs,", bad + 0, "with errors"; exit !(n > 0) || bad > 0}' "$work/fio.log" || { code=1; tail -3 "$work/fio.log"; }
  fi
  rm -rf "$dir"
  return $code
}
upgrade_once() {
  local before after; before=$(pid_of)
  mount_volume --buffer-size "$((200 + $1 % 2 * 100))M" || return 1
  after=$(pid_of); [ "$before" != "$after" ] || { echo "the same process $after serves"; return 1; }
  sleep "0.$((RANDOM % 9))"
}
kill_once() {
  python3 - "$mnt" "$(pid_of)" <<'P' || return 1
import os, signal, sys, time
mnt, pid = sys.argv[1], int(sys.argv[2]); os.kill(pid, signal.SIGKILL); start = time.monotonic()
os.statvfs(mnt); names = os.listdir(mnt); print(f"killed {pid}: answers again after {time.monotonic() - start:.2f} s")
P
  sleep "3.$((RANDOM % 9))"
}
check "upgrade in place under load, ${UPGRADES:-3} times" under_load strict "${UPGRADES:-3}" upgrade_once
grep -h "documents\|fio jobs" "$work/log"
check "kill -9 of the serving process under load, ${KILLS:-3} times" under_load lossy "${KILLS:-3}" kill_once
grep -h "documents\|answers again" "$work/log"
