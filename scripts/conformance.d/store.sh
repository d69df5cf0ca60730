# An object store in trouble: between a mount and an S3 server stands a proxy that refuses, hangs, resets in the middle, answers 503, is slow,
# lets little through, changes bytes. No wrong byte is read; when the trouble is over, writers and readers go on within STORE_BACK seconds
# (default 2; give more on a busy machine); an error comes only after the patience that was asked for; a full store is told at fsync.
#   STORE_OUTAGE (8): seconds that each trouble lasts
need python3 python3 >/dev/null || fail "programs for store installed"
[ -x "$HOME/go/bin/minio" ] || command -v minio >/dev/null || check "JuiceFS 1.4.2 at hand, for its S3 gateway" need_juicefs
o=$work/store; mkdir -p "$o/mnt"

cat >"$o/proxy.py" <<'P'
# proxy.py LISTEN TARGET MODE-FILE: passes TCP on as the mode says that the file holds.
import asyncio, struct, socket, sys
listen, target, mode_file = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
mode = "none"; writers = set()
async def watch():
    global mode
    while True:
        now = open(mode_file).read().strip() or mode
        if now != mode:
            mode = now
            if mode in ("refuse", "503"): [w.transport.abort() for w in list(writers)]
        await asyncio.sleep(0.02)
def reset(w):
    w.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); w.transport.abort()
async def pump(r, w, answers):
    n = 0
    try:
        while data := await r.read(16384):
            if mode == "hang": await asyncio.sleep(3600)
            if mode == "slow": await asyncio.sleep(0.05)
            if mode == "narrow": await asyncio.sleep(len(data) / 1e6)
            if mode == "reset" and len(data) > 8000: w.write(data[:5000]); await w.drain(); reset(w); return
            n += 1
            if mode == "corrupt" and answers and len(data) > 8000 and n % 3 == 0:
                data = bytearray(data); data[6000] ^= 4
            w.write(data); await w.drain()
    except (OSError, asyncio.IncompleteReadError): pass
    finally: w.close()
async def serve(r, w):
    writers.add(w)
    try:
        if mode == "refuse": w.transport.abort(); return
        if mode == "hang": await asyncio.sleep(3600)
        if mode == "503":
            await r.read(65536); w.write(b"HTTP/1.1 503 Slow Down\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"); await w.drain()
            await asyncio.sleep(0.2); w.close(); return
        sr, sw = await asyncio.open_connection("127.0.0.1", target); writers.add(sw)
        await asyncio.gather(pump(r, sw, False), pump(sr, w, True)); writers.discard(sw)
    except OSError: w.close()
    finally: writers.discard(w)
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", listen)
    await asyncio.gather(watch(), server.serve_forever())
asyncio.run(main())
P
cat >"$o/load.py" <<'P'
# load.py run DIR MODE-FILE LEDGER OUTAGE BACK TROUBLE..: writes with fsync and reads from the store, through each trouble.
# load.py check DIR LEDGER: every file whose fsync returned is right.
import hashlib, os, random, sys, threading, time
def content(name): return random.Random(name).randbytes(300_000)
def read_cold(path):
    fd = os.open(path, os.O_RDONLY)
    try:
        os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
        data = b""
        while part := os.read(fd, 131072): data += part
        return data
    finally: os.close(fd)
def run(top, mode_file, ledger, outage, back, troubles):
    written = []; bad = []; last = {"write": 0, "read": 0}; stop = False; log = open(ledger, "a")
    def put(name):
        fd = os.open(f"{top}/{name}", os.O_CREAT | os.O_WRONLY | os.O_TRUNC)
        os.write(fd, content(name)); os.fsync(fd); os.close(fd)
        written.append(name); log.write(name + "\n"); log.flush()
    def writer():
        n = 0
        while not stop:
            n += 1
            try: put(f"f{os.getpid()}-{n}")
            except OSError as e: bad.append(f"write: {e}"); time.sleep(0.2)
            last["write"] = time.monotonic(); time.sleep(0.02)
    def reader():
        while not stop:
            name = random.choice(written)
            try:
                if read_cold(f"{top}/{name}") != content(name): bad.append(f"WRONG BYTES in {name}")
            except OSError as e: bad.append(f"read: {e}"); time.sleep(0.2)
            last["read"] = time.monotonic()
    for n in range(30): put(f"base{n}")
    threads = [threading.Thread(target=f, daemon=True) for f in (writer, reader, reader)]
    [t.start() for t in threads]
    for trouble in troubles:
        time.sleep(1)
        with open(mode_file, "w") as f: f.write(trouble)
        time.sleep(outage)
        with open(mode_file, "w") as f: f.write("none")
        end = time.monotonic(); took = {}
        while len(took) < 2 and time.monotonic() < end + 60:
            for what in ("write", "read"):
                if last[what] > end: took.setdefault(what, last[what] - end)
            time.sleep(0.01)
        print(trouble, {k: round(v, 2) for k, v in took.items()}, flush=True)
        for what in ("write", "read"):
            if took.get(what, 99) > back: bad.append(f"{trouble}: first {what} after {took.get(what, 99):.1f} s")
    stop = True; [t.join(30) for t in threads]
    print(*bad[:10], sep="\n"); sys.exit(bool(bad))
def check(top, ledger):
    names = open(ledger).read().split()
    wrong = [n for n in names if read_cold(f"{top}/{n}") != content(n)]
    print(len(names), "files, wrong:", wrong[:5]); sys.exit(bool(wrong) or not names)
if sys.argv[1] == "run": run(*sys.argv[2:5], float(sys.argv[5]), float(sys.argv[6]), sys.argv[7:])
else: check(*sys.argv[2:])
P

store_mount() { # store_mount BUCKET-URL FLAGS..
  local bucket=$1; shift
  "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$o/jfs.log" --cache-size 0 --bucket "$bucket" "$@" "lmdb://$o/meta.lmdb" "$o/mnt"
}
store_unmount() { ! mounted "$o/mnt" || "$jfs" umount "$o/mnt" || umount -l "$o/mnt"; }
store_patience() { # 3 retries pause 0, 1 and 4 s: an error after that and not before
  echo refuse >"$o/mode"; sleep 0.2
  python3 - "$o/mnt/impatient" <<'P'
import errno, os, sys, time
fd = os.open(sys.argv[1], os.O_CREAT | os.O_WRONLY); os.write(fd, b"x" * 100000); start = time.monotonic()
try: os.fsync(fd); sys.exit("fsync succeeded without a store")
except OSError as e: assert e.errno == errno.EIO, e
took = time.monotonic() - start; print(f"EIO after {took:.1f} s"); sys.exit(took < 4.5)
P
  local code=$?; echo none >"$o/mode"; return $code
}
store_full() { # a store of 48 MiB: what does not fit is refused at fsync, what was acknowledged is whole, and it goes on when there is room
  mkdir -p "$o/small" && mount -t tmpfs -o size=48m none "$o/small" || return 1
  "$jfs" format --trash-days 0 --storage file --bucket "$o/small/" "lmdb://$o/small.lmdb" full &&
    "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$o/jfs.log" --cache-dir "$o/small.cache" "lmdb://$o/small.lmdb" "$o/mnt" &&
    python3 - "$o/mnt" <<'P'
import errno, os, random, sys
top = sys.argv[1]; good = []; refused = 0
def content(n): return random.Random(n).randbytes(5_000_000)
for n in range(16):
    fd = os.open(f"{top}/f{n}", os.O_CREAT | os.O_WRONLY)
    try: os.write(fd, content(n)); os.fsync(fd); good.append(n)
    except OSError as e: assert e.errno in (errno.ENOSPC, errno.EIO), e; refused += 1
    try: os.close(fd)
    except OSError as e: assert e.errno in (errno.ENOSPC, errno.EIO), e
assert refused and len(good) > 4, (good, refused)
for n in good: assert open(f"{top}/f{n}", "rb").read() == content(n), n
for n in range(16): os.unlink(f"{top}/f{n}")
for n in range(300):
    try:
        with open(f"{top}/again", "wb") as f: f.write(content(99)); f.flush(); os.fsync(f.fileno())
        break
    except OSError: import time; time.sleep(0.1) # the removed files' objects go in the background
assert open(f"{top}/again", "rb").read() == content(99)
P
  local code=$?
  store_unmount; [ $code = 0 ] && "$jfs" fsck "lmdb://$o/small.lmdb"; code=$?
  umount "$o/small"; return $code
}

start_s3 "$o/s3" || fail "S3 server for store"
proxy_port=$(free_port); echo none >"$o/mode"
python3 "$o/proxy.py" "$proxy_port" "$s3_port" "$o/mode" 2>"$o/proxy.log" & proxy_pid=$!
store_cleanup() {
  store_unmount >/dev/null 2>&1; ! mountpoint -q "$o/small" || umount "$o/small"
  kill "$s3_pid" "$proxy_pid" 2>/dev/null; wait "$s3_pid" "$proxy_pid" 2>/dev/null
}
trap 'store_cleanup; clean_up' EXIT
wait_port "$proxy_port"
through=http://127.0.0.1:$proxy_port/trouble; direct=http://127.0.0.1:$s3_port/trouble
check "store: format" "$jfs" format --trash-days 0 --block-size 256K --storage minio --bucket "$direct" --access-key access --secret-key secretsecret "lmdb://$o/meta.lmdb" trouble
check "store: mount through a proxy" store_mount "$through"
if mounted "$o/mnt"; then
  for trouble in refuse hang reset 503 slow narrow corrupt; do
    check "store: $trouble for ${STORE_OUTAGE:-8} s" python3 "$o/load.py" run "$o/mnt" "$o/mode" "$o/ledger" "${STORE_OUTAGE:-8}" "${STORE_BACK:-2}" "$trouble"
  done
fi
store_unmount
check "store: mount with little patience" store_mount "$through" --io-retries 3
mounted "$o/mnt" && check "store: an error after the patience asked for, not before" store_patience
store_unmount
check "store: mount without the proxy" store_mount "$direct"
mounted "$o/mnt" && check "store: all that was acknowledged is there" python3 "$o/load.py" check "$o/mnt" "$o/ledger"
store_unmount
check "store: fsck" "$jfs" fsck "lmdb://$o/meta.lmdb"
[ "$(id -u)" != 0 ] || check "store: a full store" store_full
store_cleanup; trap clean_up EXIT
