# jfs and JuiceFS 1.4.2 on one volume, over Redis and over etcd, and over TiKV if JFS_TEST_TIKV names placement drivers (host:port,...): what one writes the other reads and changes, both mounted at once,
# locks exclude across them, and both clients' checks find the volume clean.
#   INTEROP_ENGINES ("redis etcd", and tikv with JFS_TEST_TIKV)
need redis-server redis-server etcd etcd-server setfattr attr getfacl acl flock util-linux python3 python3 >/dev/null || fail "interop programs installed"

check "JuiceFS 1.4.2 at hand" need_juicefs

i=$work/interop; mkdir -p "$i/ours" "$i/theirs" "$i/data"
theirs_mount() {
  juicefs mount -d --no-usage-report --metrics 127.0.0.1:0 --backup-meta 0 --enable-xattr --log "$i/theirs.log" --cache-dir "$i/theirs.cache" \
    --attr-cache 0 --entry-cache 0 --dir-entry-cache 0 "$1" "$i/theirs"
}
ours_mount() {
  "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$i/ours.log" --cache-dir "$i/ours.cache" \
    --attr-cache 0 --entry-cache 0 --dir-entry-cache 0 "$1" "$i/ours"
}
interop_unmount() {
  ! mounted "$i/ours" || "$jfs" umount "$i/ours" || umount -l "$i/ours"
  ! mounted "$i/theirs" || juicefs umount "$i/theirs" || umount -l "$i/theirs"
}

cat >"$i/tree.py" <<'P'
# tree.py make DIR SEED: a tree with every kind of inode.  tree.py show DIR: all that a file system can tell of it, as text.
# tree.py change DIR SEED: changes about half of it.
import hashlib, os, random, stat, sys
mode, top = sys.argv[1:3]
def walk():
    for d, ds, fs in os.walk(top):
        ds.sort(); yield d
        for f in sorted(fs + [x for x in ds if os.path.islink(os.path.join(d, x))]): yield os.path.join(d, f)
def show(p):
    s = os.lstat(p); out = [os.path.relpath(p, top), oct(s.st_mode), s.st_uid, s.st_gid, s.st_mtime_ns]
    if not stat.S_ISDIR(s.st_mode): out += [s.st_nlink, s.st_size]
    if stat.S_ISREG(s.st_mode): out.append(hashlib.md5(open(p, "rb").read()).hexdigest())
    if stat.S_ISLNK(s.st_mode): out.append(os.readlink(p))
    else: out.append(sorted((n, os.getxattr(p, n).hex()) for n in os.listxattr(p)))
    if stat.S_ISBLK(s.st_mode) or stat.S_ISCHR(s.st_mode): out.append(s.st_rdev)
    print(*out, sep="\t")
def make(r):
    os.makedirs(top); dirs = [top]; files = []
    for k in range(12): d = os.path.join(r.choice(dirs), f"d{k}"); os.mkdir(d); dirs.append(d)
    for k in range(150):
        f = os.path.join(r.choice(dirs), f"f{k}" + r.choice(["", " blank", "-ü", "\n"])); files.append(f)
        with open(f, "wb") as o:
            o.write(r.randbytes(r.choice([0, 1, 4096, 70000])))
            if k % 10 == 0: o.seek(r.randrange(1 << 20, 3 << 20)); o.write(b"behind a hole")
        if k % 3 == 0:
            with open(f, "r+b") as o: o.seek(r.randrange(50000)); o.write(r.randbytes(5000))
        if k % 7 == 0: os.truncate(f, r.randrange(100000))
        if k % 4 == 0: os.setxattr(f, "user.x", r.randbytes(r.randrange(1, 300)))
        os.chmod(f, r.choice([0o600, 0o644, 0o755, 0o4755])); os.chown(f, r.randrange(3000), r.randrange(3000))
    for k, f in enumerate(r.sample(files, 25)): os.link(f, os.path.join(r.choice(dirs), f"l{k}"))
    for k in range(10): os.symlink("../x" * (k + 1), os.path.join(r.choice(dirs), f"s{k}"))
    os.mkfifo(os.path.join(top, "fifo")); os.mknod(os.path.join(top, "chr"), stat.S_IFCHR | 0o600, os.makedev(5, 1))
    os.mknod(os.path.join(top, "blk"), stat.S_IFBLK | 0o600, os.makedev(8, 17))
    import socket; s = socket.socket(socket.AF_UNIX); here = os.getcwd(); os.chdir(top); s.bind("sock"); os.chdir(here); s.close()
def change(r):
    for p in [p for p in walk() if os.path.isfile(p) and not os.path.islink(p)]:
        k = r.randrange(8)
        if k == 0: os.unlink(p)
        elif k == 1: os.rename(p, p + "-moved")
        elif k == 2: os.truncate(p, r.randrange(80000))
        elif k == 3:
            with open(p, "ab") as o: o.write(r.randbytes(r.randrange(20000)))
        elif k == 4:
            with open(p, "r+b") as o: o.seek(r.randrange(1 + os.path.getsize(p))); o.write(r.randbytes(3000))
        elif k == 5: os.setxattr(p, "user.y", b"changed")
if mode == "show": [show(p) for p in walk()]
else: {"make": make, "change": change}[mode](random.Random(int(sys.argv[3])))
P

cat >"$i/storm.py" <<'P'
# storm.py DIR..: threads on few names through all the mounts at once; only errors that a POSIX program must expect.
import errno, os, random, sys, threading, time
fine = {errno.EPERM, errno.ENOENT, errno.EEXIST, errno.ENOTEMPTY, errno.ENOTDIR, errno.EISDIR, errno.EINVAL, errno.EBUSY, errno.ESTALE, errno.EBADF, errno.ELOOP}
end = time.time() + 12; bad = []
def work(n, top):
    r = random.Random(n)
    def p(): return os.path.join(top, "storm", *[f"n{r.randrange(4)}" for _ in range(r.randrange(1, 3))])
    def put(q):
        with open(q, "wb") as o: o.write(b"x" * r.randrange(9000))
    ops = [lambda: put(p()), lambda: os.unlink(p()), lambda: os.mkdir(p()), lambda: os.rmdir(p()), lambda: os.rename(p(), p()),
           lambda: os.link(p(), p()), lambda: os.symlink("x", p()), lambda: os.listdir(os.path.dirname(p())), lambda: os.chmod(p(), 0o755)]
    while time.time() < end:
        try: r.choice(ops)()
        except OSError as e:
            if e.errno not in fine: bad.append(repr(e))
for t in sys.argv[1:2]: os.makedirs(os.path.join(t, "storm"), exist_ok=True)
ts = [threading.Thread(target=work, args=(n, t)) for n in range(4) for t in sys.argv[1:]]
[t.start() for t in ts]; [t.join() for t in ts]
print(len(bad), "unexpected errors", sorted(set(bad))[:5]); sys.exit(bool(bad))
P

same_tree() { # same_tree NAME: both mounts show the same
  python3 "$i/tree.py" show "$i/ours/$1" >"$i/ours.txt" && python3 "$i/tree.py" show "$i/theirs/$1" >"$i/theirs.txt" &&
    [ -s "$i/ours.txt" ] && diff "$i/ours.txt" "$i/theirs.txt"
}
interop_trees() {
  python3 "$i/tree.py" make "$i/ours/by-jfs" 1 && same_tree by-jfs && python3 "$i/tree.py" change "$i/theirs/by-jfs" 2 && same_tree by-jfs &&
    python3 "$i/tree.py" make "$i/theirs/by-juicefs" 3 && same_tree by-juicefs && python3 "$i/tree.py" change "$i/ours/by-juicefs" 4 &&
    same_tree by-juicefs && rm -r "$i/ours/by-juicefs/d0" && same_tree by-juicefs
}
interop_acl() {
  setfacl -m u:1001:rwx,g:2002:r "$i/ours/by-jfs/d1" && setfacl -d -m u:1001:rw "$i/theirs/by-jfs/d1" && : >"$i/ours/by-jfs/d1/inherits" &&
    [ "$(cd "$i/ours" && getfacl -n by-jfs/d1 by-jfs/d1/inherits)" = "$(cd "$i/theirs" && getfacl -n by-jfs/d1 by-jfs/d1/inherits)" ]
}
interop_locks() { # a lock held through one client is refused through the other: flock(2) and fcntl(2), both ways
  python3 - "$i/ours/locked" "$i/theirs/locked" <<'P'
import fcntl, os, sys
open(sys.argv[1], "w").close()
for a, b in [sys.argv[1:3], sys.argv[2:0:-1]]:
    for lock, un in [(fcntl.flock, fcntl.LOCK_UN), (fcntl.lockf, fcntl.LOCK_UN)]:
        x, y = open(a, "r+"), open(b, "r+"); lock(x, fcntl.LOCK_EX | fcntl.LOCK_NB)
        try: lock(y, fcntl.LOCK_EX | fcntl.LOCK_NB); sys.exit(f"{lock} did not exclude {a} {b}")
        except BlockingIOError: pass
        lock(x, un); lock(y, fcntl.LOCK_EX | fcntl.LOCK_NB); lock(y, un); x.close(); y.close()
P
}
# What both clients' checks say once nobody is mounted. The reference leaves three things behind that do no harm: chunks of files that
# were truncated before they were removed, and directory statistics that are off or outlive their directory.
# On etcd two mounts of the reference alone, in the same storm, count wrong and lose a directory under an entry in one run of three.
interop_clean() { # interop_clean URL
  local known='WRONG_DIR_STAT|CHUNK_WITHOUT_INODE|LEFTOVER inode [0-9]+: statistics of a directory'
  case $1 in etcd:*) known+='|WRONG_COUNTER: USED_|ENTRY_OUTSIDE_DIRECTORY' ;; esac
  interop_unmount && juicefs fsck "$1" || return 1
  "$jfs" fsck "$1" >"$i/fsck" 2>&1; cat "$i/fsck"
  ! grep -E '^(DAMAGE|WRONG|HINT) ' "$i/fsck" | grep -vE "$known" | grep -q .
}
# Two mounts of jfs alone leave nothing behind.
hosts_storm() {
  local second=$i/theirs
  ours_mount "$1" && "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$i/second.log" --cache-dir "$i/second.cache" \
    --attr-cache 0 --entry-cache 0 --dir-entry-cache 0 "$1" "$second" || return 1
  python3 "$i/storm.py" "$i/ours" "$second"; local code=$?
  "$jfs" umount "$i/ours"; "$jfs" umount "$second"
  [ $code = 0 ] && "$jfs" fsck "$1"
}
interop_on() { # interop_on ENGINE URL FORMATTER COMMAND URL-FOR-JFS-ALONE
  rm -rf "$i/data" "$i/ours.cache" "$i/theirs.cache"; mkdir -p "$i/data"
  check "$1: format by $3" "$4" format --enable-acl --trash-days 0 --storage file --bucket "$i/data/" "$2" interop
  check "$1: mounted by both" eval 'theirs_mount "'"$2"'" && ours_mount "'"$2"'"'
  if mounted "$i/ours" && mounted "$i/theirs"; then
    check "$1: trees made and changed by either are the same to the other" interop_trees
    check "$1: ACLs" interop_acl
    check "$1: locks exclude across clients" interop_locks
    check "$1: both under a storm on few names" python3 "$i/storm.py" "$i/ours" "$i/theirs"
  fi
  check "$1: clean to both clients' fsck" interop_clean "$2"
  rm -rf "$i/data"; mkdir -p "$i/data"
  check "$1: a volume for jfs alone" "$jfs" format --trash-days 0 --storage file --bucket "$i/data/" "$5" hosts
  check "$1: two mounts of jfs under a storm, then clean" hosts_storm "$5"
}

start_redis() {
  redis_port=$(free_port)
  redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --appendonly no --dir "$i" >"$i/redis.log" 2>&1 & server_pid=$!
  wait_port "$redis_port"
}
start_etcd() {
  local peer; etcd_port=$(free_port); peer=$(free_port)
  etcd --name interop --data-dir "$i/etcd" --listen-client-urls "http://127.0.0.1:$etcd_port" --advertise-client-urls "http://127.0.0.1:$etcd_port" \
    --listen-peer-urls "http://127.0.0.1:$peer" --initial-advertise-peer-urls "http://127.0.0.1:$peer" \
    --initial-cluster "interop=http://127.0.0.1:$peer" >"$i/etcd.log" 2>&1 & server_pid=$!
  wait_port "$etcd_port"
}
server_pid=
interop_cleanup() { interop_unmount >/dev/null 2>&1; [ -z "$server_pid" ] || { kill "$server_pid"; wait "$server_pid"; server_pid=; } 2>/dev/null; }
trap 'interop_cleanup; clean_up' EXIT
for engine in ${INTEROP_ENGINES:-redis etcd ${JFS_TEST_TIKV:+tikv}}; do
  case $engine in
    redis) start_redis && interop_on redis "redis://127.0.0.1:$redis_port/1" juicefs juicefs "redis://127.0.0.1:$redis_port/2" ;;
    etcd) start_etcd && interop_on etcd "etcd://127.0.0.1:$etcd_port/interop" jfs "$jfs" "etcd://127.0.0.1:$etcd_port/hosts" ;;
    tikv) interop_on tikv "tikv://${JFS_TEST_TIKV:?host:port,...}/interop-$$" juicefs juicefs "tikv://$JFS_TEST_TIKV/hosts-$$" ;;
  esac
  interop_cleanup
done
interop_cleanup; trap clean_up EXIT
