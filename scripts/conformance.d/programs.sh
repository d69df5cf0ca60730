# Real programs in the mount: git, SQLite, tar, rsync, make, a big file, a big directory.
need git git sqlite3 sqlite3 rsync rsync cc gcc make make tar tar setfattr attr python3 python3 >/dev/null || fail "programs installed"
p=$mnt/programs; mkdir -p "$p"

git_clone() {
  local src=$work/repo; git init -q "$src"
  (cd "$src" && git config user.email a@b.c && git config user.name t && for i in $(seq 50); do mkdir "d$i"; for j in $(seq 60); do echo "$i $j" >"d$i/f$j"; done; done &&
    git add -A && git commit -qm files && for i in $(seq 20); do echo "$i" >>"d$i/f1"; git commit -qam "c$i"; done)
  git clone -q --no-hardlinks "$src" "$p/clone" && git -C "$p/clone" fsck --full --strict && [ -z "$(git -C "$p/clone" status --porcelain)" ] &&
    git -C "$p/clone" gc -q && git -C "$p/clone" fsck --full
}
check "git clone of 3000 files, fsck, gc" git_clone

sqlite_wal() {
  local db=$p/wal.db
  [ "$(sqlite3 "$db" 'PRAGMA journal_mode=WAL; CREATE TABLE t(a INTEGER PRIMARY KEY, b TEXT);' | head -1)" = wal ] || return 1
  python3 - "$db" <<'P' || return 1
import sqlite3, sys, threading
def work(n):
    c = sqlite3.connect(sys.argv[1], timeout=60)
    for i in range(200):
        with c: c.execute("INSERT INTO t(b) VALUES (?)", (f"{n}-{i}" * 50,))
    c.close()
threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
[t.start() for t in threads]; [t.join() for t in threads]
P
  [ "$(sqlite3 "$db" 'SELECT count(*) FROM t; PRAGMA integrity_check;' | paste -sd,)" = 800,ok ]
}
check "SQLite with WAL, four writers, integrity check" sqlite_wal

tree() { # a tree with hard and symbolic links, xattrs, modes, times, sparse and empty files, odd names
  python3 - "$1" <<'P'
import os, random, sys
r = random.Random(7); top = sys.argv[1]; os.makedirs(top); files = []
for i in range(300):
    d = os.path.join(top, *[f"d{r.randrange(4)}" for _ in range(r.randrange(4))]); os.makedirs(d, exist_ok=True)
    f = os.path.join(d, f"f{i}" + r.choice(["", " with space", "-ü-日本", "\n"]))
    with open(f, "wb") as o: o.write(r.randbytes(r.choice([0, 1, 4095, 4096, 70000, 300000])))
    os.chmod(f, r.choice([0o600, 0o644, 0o755, 0o4711])); os.utime(f, ns=(r.randrange(10**18), r.randrange(-10**17, 10**18)))
    if i % 5 == 0: os.setxattr(f, "user.note", r.randbytes(r.randrange(1, 2000)))
    if i % 7 == 0: os.link(f, f + ".hard")
    if i % 9 == 0: os.symlink(os.path.basename(f), f + ".sym")
with open(os.path.join(top, "sparse"), "wb") as o:
    o.seek(50 << 20); o.write(b"x"); o.seek(100 << 20); o.write(b"y")
P
}
tar_rsync() {
  tree "$work/tree"
  tar -C "$work/tree" --xattrs --sparse -cf - . | (mkdir "$p/untar" && tar -C "$p/untar" --xattrs -xpf -) || return 1
  rsync -aHXS "$work/tree/" "$p/rsync/" || return 1
  for copy in untar rsync; do
    local d; d=$(rsync -aHXn --checksum --delete --itemize-changes "$work/tree/" "$p/$copy/" | grep -v '^\.d') && { echo "$copy: $d"; return 1; }
    diff -r --no-dereference "$work/tree" "$p/$copy" || return 1
  done
  [ "$(du -k "$p/rsync/sparse" | cut -f1)" -lt 102400 ] || echo "note: the sparse file is not sparse"
}
check "tar and rsync of links, xattrs, sparse files, compared" tar_rsync

make_project() {
  local d=$p/make; mkdir "$d"
  for i in $(seq 100); do echo "int f$i(int x) { return x + $i; }" >"$d/f$i.c"; done
  { for i in $(seq 100); do echo "int f$i(int);"; done; echo '#include <stdio.h>'; echo 'int main(void) { int x = 0;'
    for i in $(seq 100); do echo "x = f$i(x);"; done; echo 'printf("%d\n", x); return 0; }'; } >"$d/main.c"
  printf 'OBJS := $(patsubst %%.c,%%.o,$(wildcard *.c))\nprog: $(OBJS)\n\tcc -o $@ $^\n%%.o: %%.c\n\tcc -O1 -c -o $@ $<\n' >"$d/Makefile"
  make -s -j8 -C "$d" && [ "$("$d/prog")" = 5050 ]
}
check "a C project with make -j8, run from the mount" make_project

big_file() {
  local mib=${BIG_FILE_MIB:-4096}
  python3 - "$p/big" "$mib" <<'P'
import hashlib, os, sys
def block(i): return hashlib.sha256(str(i).encode()).digest() * 32768
path, mib = sys.argv[1], int(sys.argv[2])
with open(path, "wb", buffering=0) as f:
    for i in range(mib): f.write(block(i))
    os.fsync(f.fileno())
assert os.path.getsize(path) == mib << 20
os.system("sync; echo 3 > /proc/sys/vm/drop_caches 2>/dev/null")
with open(path, "rb", buffering=0) as f:
    for i in range(mib):
        want = block(i); got = b""
        while len(got) < len(want):
            more = f.read(len(want) - len(got)); assert more; got += more
        assert got == want, f"MiB {i} differs"
P
}
check "a file of ${BIG_FILE_MIB:-4096} MiB, written and read back" big_file
rm -f "$p/big"

many_files() {
  local n=${MANY_FILES:-100000}
  python3 - "$p/many" "$n" <<'P'
import os, sys
d, n = sys.argv[1], int(sys.argv[2]); os.mkdir(d)
for i in range(n): os.close(os.open(f"{d}/file-{i:07}", os.O_CREAT | os.O_WRONLY))
names = os.listdir(d); assert len(names) == n == len(set(names)), len(names)
assert sum(1 for e in os.scandir(d) if e.stat().st_size == 0) == n
P
}
check "${MANY_FILES:-100000} files in one directory, listed" many_files
check "the big directory removed" rm -rf "$p/many"
bounded_memory() { awk -v limit=$((900 * 1024)) '/VmHWM/ { print "peak", $2 / 1024, "MiB"; exit $2 > limit }' "/proc/$(serving_pid)/status"; }
check "memory of the client stayed below 900 MiB" bounded_memory
rm -rf "$p"
