# Several mounts of one volume on Redis and on etcd, kernel caches off: races that must have one loser, close-to-open, many mounts in a
# storm, and after each the volume is without a finding.
#   HOSTS_ENGINES ("redis etcd")   HOSTS_ROUNDS (10000)   STORM_MOUNTS (8)   STORM_THREADS (20)   STORM_SECONDS (120)
need redis-server redis-server etcd etcd-server python3 python3 >/dev/null || fail "programs for several hosts installed"
h=$work/hosts; mkdir -p "$h"
host_mount() { # host_mount N URL
  mkdir -p "$h/m$1"
  "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$h/$1.log" --cache-dir "$h/cache$1" \
    --attr-cache 0 --entry-cache 0 --dir-entry-cache 0 "$2" "$h/m$1"
}
hosts_unmount() { local m; for m in "$h"/m*; do ! mounted "$m" || "$jfs" umount "$m" || umount -l "$m"; done; }

cat >"$h/race.py" <<'P'
# race.py KIND ROUNDS A B: two threads, one through each mount, start together ROUNDS times; what must not be then ends it.
import errno, os, sys, threading
kind, rounds, a, b = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]
top = "race-" + kind; os.mkdir(f"{a}/{top}"); A, B = f"{a}/{top}", f"{b}/{top}"
def attempt(f, *args):
    try: f(*args); return True
    except OSError as e:
        if e.errno not in (errno.ENOENT, errno.ENOTEMPTY, errno.EEXIST, errno.EINVAL, errno.ESTALE, errno.EXDEV): raise
        return False
def creat(p): os.close(os.open(p, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
def exists(p): return attempt(os.lstat, p)
def rmdir_create(n):
    os.mkdir(f"{A}/d{n}"); exists(f"{B}/d{n}")
    def check(removed, created):
        assert removed != created, f"round {n}: removed {removed}, created {created}"
        assert exists(f"{A}/d{n}/x") == created == exists(f"{B}/d{n}/x")
        if created: os.unlink(f"{A}/d{n}/x"); os.rmdir(f"{A}/d{n}")
    return lambda: os.rmdir(f"{A}/d{n}"), lambda: creat(f"{B}/d{n}/x"), check
def rename_rename(n):
    os.mkdir(f"{A}/p{n}"); os.mkdir(f"{A}/q{n}"); exists(f"{B}/p{n}"); exists(f"{B}/q{n}")
    def check(x, y):
        assert x != y, f"round {n}: one into the other {x}, the other into it {y}"
        left = f"{A}/q{n}" if x else f"{A}/p{n}"
        assert len(os.listdir(left)) == 1
        os.rmdir(left + "/in"); os.rmdir(left)
    return lambda: os.rename(f"{A}/p{n}", f"{A}/q{n}/in"), lambda: os.rename(f"{B}/q{n}", f"{B}/p{n}/in"), check
def link_unlink(n):
    creat(f"{A}/f{n}"); exists(f"{B}/f{n}")
    def check(linked, unlinked):
        assert unlinked and not exists(f"{A}/f{n}")
        assert exists(f"{A}/g{n}") == linked == exists(f"{B}/g{n}")
        if linked: assert os.lstat(f"{B}/g{n}").st_nlink == 1; os.unlink(f"{A}/g{n}")
    return lambda: os.link(f"{A}/f{n}", f"{A}/g{n}"), lambda: os.unlink(f"{B}/f{n}"), check
def create_create(n):
    def check(x, y):
        assert x != y, f"round {n}: both created"
        os.unlink(f"{A}/c{n}")
    return lambda: creat(f"{A}/c{n}"), lambda: creat(f"{B}/c{n}"), check
def rename_onto(n):
    creat(f"{A}/s{n}"); os.mkdir(f"{A}/t{n}"); exists(f"{B}/s{n}")
    def check(x, y):
        assert x != y, f"round {n}: one name moved twice"
        p = f"{A}/u{n}" if x else f"{A}/t{n}/v"
        assert exists(p); os.unlink(p); os.rmdir(f"{A}/t{n}")
    return lambda: os.rename(f"{A}/s{n}", f"{A}/u{n}"), lambda: os.rename(f"{B}/s{n}", f"{B}/t{n}/v"), check
make = {"rmdir-create": rmdir_create, "rename-rename": rename_rename, "link-unlink": link_unlink, "create-create": create_create,
        "rename-twice": rename_onto}[kind]
start, end = threading.Barrier(2), threading.Barrier(2); job = [None]; done = [False]
def other():
    while True:
        start.wait()
        if job[0] is None: return
        try: done[0] = attempt(job[0])
        finally: end.wait()
t = threading.Thread(target=other); t.start(); won = [0, 0]
try:
    for n in range(rounds):
        mine, job[0], check = make(n)
        start.wait(); x = attempt(mine); end.wait(); y = done[0]
        check(x, y); won[0] += x; won[1] += y
finally: job[0] = None; start.wait(); t.join()
assert not os.listdir(B); os.rmdir(A); print(f"{kind}: {rounds} rounds, first {won[0]}, second {won[1]}")
P

cat >"$h/close.py" <<'P'
# close.py ROUNDS A B: what one mount has closed, the other sees at its next open: overwritten, longer, shorter, another file by its name.
import os, random, sys
rounds, a, b = int(sys.argv[1]), sys.argv[2], sys.argv[3]; r = random.Random(1)
want = {f"c{k}": b"" for k in range(3)}
for n in want: open(f"{a}/{n}", "wb").close()
for n in range(rounds):
    w, s = (a, b) if r.random() < .5 else (b, a)
    name = r.choice(list(want)); old = want[name]; kind = r.randrange(5)
    if kind == 0:
        new = r.randbytes(r.randrange(6000)); f = open(f"{w}/{name}", "wb"); f.write(new)
    elif kind == 1:
        more = r.randbytes(r.randrange(3000)); new = old + more; f = open(f"{w}/{name}", "ab"); f.write(more)
    elif kind == 2:
        new = old[:r.randrange(len(old) + 1)]; f = open(f"{w}/{name}", "r+b"); f.truncate(len(new))
    elif kind == 3:
        at, part = r.randrange(len(old) + 1), r.randbytes(500); new = old[:at] + part + old[at + 500:]
        f = open(f"{w}/{name}", "r+b"); f.seek(at); f.write(part)
    else:
        new = r.randbytes(r.randrange(6000)); f = open(f"{w}/{name}.tmp", "wb"); f.write(new)
    f.close()
    if kind == 4: os.rename(f"{w}/{name}.tmp", f"{w}/{name}")
    want[name] = new
    with open(f"{s}/{name}", "rb") as f: got = f.read()
    assert got == new, f"round {n}, kind {kind}: {len(got)} bytes instead of {len(new)}, or others"
    assert os.stat(f"{s}/{name}").st_size == len(new)
for n in want: os.unlink(f"{a}/{n}")
print(rounds, "rounds")
P

cat >"$h/storm.py" <<'P'
# storm.py SECONDS THREADS DIR..: so many threads in each mount on few names; only errors that a POSIX program must expect, and EBADF:
# a file that another host removes while it is written to is gone, which its writer hears so.
import errno, os, random, sys, threading, time
from multiprocessing import Process, Queue
fine = {errno.EPERM, errno.ENOENT, errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.EBUSY, errno.ESTALE, errno.EBADF, errno.ELOOP}
end = time.time() + float(sys.argv[1]); threads = int(sys.argv[2])
def work(seed, top, bad, done):
    r = random.Random(seed); n = 0
    def p(): return os.path.join(top, "storm", *[f"n{r.randrange(4)}" for _ in range(r.randrange(1, 4))])
    def put(q):
        with open(q, "wb") as o: o.write(b"x" * r.randrange(9000))
    ops = [lambda: put(p()), lambda: os.unlink(p()), lambda: os.mkdir(p()), lambda: os.rmdir(p()), lambda: os.rename(p(), p()),
           lambda: os.link(p(), p()), lambda: os.symlink("x", p()), lambda: os.listdir(os.path.dirname(p())), lambda: os.chmod(p(), 0o755),
           lambda: os.setxattr(p(), "user.a", b"1"), lambda: os.truncate(p(), r.randrange(5000))]
    while time.time() < end:
        n += 1
        try: r.choice(ops)()
        except OSError as e:
            if e.errno not in fine: bad.append(repr(e))
    done.append(n)
def host(k, top, q):
    bad, done = [], []
    ts = [threading.Thread(target=work, args=(f"{k}.{n}", top, bad, done)) for n in range(threads)]
    [t.start() for t in ts]; [t.join() for t in ts]; q.put((bad, sum(done)))
os.makedirs(os.path.join(sys.argv[3], "storm"), exist_ok=True); q = Queue()
ps = [Process(target=host, args=(k, t, q)) for k, t in enumerate(sys.argv[3:])]
[p.start() for p in ps]; got = [q.get() for _ in ps]; [p.join() for p in ps]
bad = [e for b, _ in got for e in b]
print(sum(n for _, n in got), "operations,", len(bad), "unexpected errors", sorted(set(bad))[:5]); sys.exit(bool(bad))
P

hosts_storm() { # hosts_storm URL
  local n mounts=() code
  for n in $(seq "${STORM_MOUNTS:-8}"); do mounted "$h/m$n" || host_mount "$n" "$1" || return 1; mounts+=("$h/m$n"); done
  python3 "$h/storm.py" "${STORM_SECONDS:-120}" "${STORM_THREADS:-20}" "${mounts[@]}"; code=$?
  hosts_unmount; return $code
}
hosts_on() { # hosts_on ENGINE URL
  local kind rounds=${HOSTS_ROUNDS:-10000}
  rm -rf "$h/data" "$h"/cache*; mkdir -p "$h/data"
  check "$1: format" "$jfs" format --trash-days 0 --storage file --bucket "$h/data/" "$2" hosts
  check "$1: two mounts" eval 'host_mount 1 "'"$2"'" && host_mount 2 "'"$2"'"'
  if mounted "$h/m1" && mounted "$h/m2"; then
    for kind in rmdir-create rename-rename link-unlink create-create rename-twice; do
      check "$1: $rounds rounds of $kind" python3 "$h/race.py" $kind "$rounds" "$h/m1" "$h/m2"
    done
    check "$1: close-to-open, $rounds rounds" python3 "$h/close.py" "$rounds" "$h/m1" "$h/m2"
    check "$1: ${STORM_MOUNTS:-8} mounts in a storm for ${STORM_SECONDS:-120} s" hosts_storm "$2"
  fi
  hosts_unmount
  check "$1: fsck finds nothing" "$jfs" fsck "$2"
}

start_redis() {
  local port; port=$(free_port); url=redis://127.0.0.1:$port/1
  redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$h" >"$h/server.log" 2>&1 & server_pid=$!
  wait_port "$port"
}
start_etcd() {
  local port peer; port=$(free_port); peer=$(free_port); url=etcd://127.0.0.1:$port/hosts
  etcd --name hosts --data-dir "$h/etcd" --listen-client-urls "http://127.0.0.1:$port" --advertise-client-urls "http://127.0.0.1:$port" \
    --listen-peer-urls "http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer" \
    --initial-cluster "hosts=http://127.0.0.1:$peer" >"$h/server.log" 2>&1 & server_pid=$!
  wait_port "$port"
}
server_pid=
hosts_cleanup() { hosts_unmount >/dev/null 2>&1; [ -z "$server_pid" ] || { kill "$server_pid"; wait "$server_pid"; server_pid=; } 2>/dev/null; }
trap 'hosts_cleanup; clean_up' EXIT
for engine in ${HOSTS_ENGINES:-redis etcd}; do
  "start_$engine" && hosts_on "$engine" "$url"
  hosts_cleanup
done
trap clean_up EXIT
