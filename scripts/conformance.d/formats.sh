# Every variant of the data format: {none, lz4, zstd} x {plain, aes256gcm-rsa, chacha20-rsa} x {plain names, hash prefix} x {file, S3}, and
# sm4gcm and a storage class. In each cell one client formats, both mount; what one writes the other reads, byte for byte, whole and in
# parts; the objects in the store have the names of the format, and both clients' checks find every block.
#   FORMATS (a pattern such as '*zstd*minio*': only the cells whose name matches)
need redis-server redis-server python3 python3 openssl openssl >/dev/null || fail "programs for formats installed"
check "JuiceFS 1.4.2 at hand" need_juicefs

v=$work/formats; mkdir -p "$v/ours" "$v/theirs"
openssl genrsa -aes256 -passout pass:conformance -out "$v/key.pem" 2048 2>/dev/null
export JFS_RSA_PASSPHRASE=conformance

cat >"$v/files.py" <<'P'
# files.py write DIR SEED: files of all sizes around a block.  files.py read DIR SEED: each is right, whole and in parts.
# files.py names BLOCK-BYTES HASHED: the keys on standard input are those of blocks, and there are some.
import os, random, re, sys
BLOCK = 256 << 10
def contents(seed):
    r = random.Random(seed)
    for n, size in enumerate([0, 1, 46, 4096, 100000, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 12345]):
        yield f"random{n}", r.randbytes(size)
        yield f"text{n}", (b"a line of text, %d\n" % n * (size // 18 + 1))[:size]
        yield f"zeros{n}", bytes(size)
def write(top, seed):
    os.makedirs(top)
    for name, data in contents(seed):
        with open(f"{top}/{name}", "wb") as f: f.write(data)
    with open(f"{top}/sparse", "wb") as f: f.seek(5 * BLOCK + 7); f.write(b"behind a hole")
def read(top, seed):
    r = random.Random(seed + 1)
    for name, data in contents(seed):
        with open(f"{top}/{name}", "rb", buffering=0) as f:
            parts = [(r.randrange(len(data)), r.randrange(1, 70000)) for _ in range(6)] if data else []
            for at, n in parts:
                assert os.pread(f.fileno(), n, at) == data[at:at + n], f"{name} at {at}, {n} bytes"
            assert os.pread(f.fileno(), len(data) + 10, 0) == data, name
    assert open(f"{top}/sparse", "rb").read() == bytes(5 * BLOCK + 7) + b"behind a hole", "sparse"
def names(hashed):
    keys = [line.strip() for line in sys.stdin]
    for key in keys:
        m = re.fullmatch(r".*/?chunks/([0-9A-F]{2})/(\d+)/(\d+)_(\d+)_(\d+)" if hashed else r".*/?chunks/(\d+)/(\d+)/(\d+)_(\d+)_(\d+)", key)
        assert m, key
        a, b, slice_id, index, size = m.groups()
        slice_id = int(slice_id)
        want = ("%02X" % (slice_id % 256), str(slice_id // 1000000)) if hashed else (str(slice_id // 1000000), str(slice_id // 1000))
        assert (a, b) == want and 0 < int(size) <= BLOCK, key
    assert len(keys) > 50, f"only {len(keys)} objects"
mode = sys.argv[1]
if mode == "names": names(sys.argv[2] == "hashed")
else: {"write": write, "read": read}[mode](sys.argv[2], int(sys.argv[3]))
P

formats_mount() { # formats_mount CLIENT: ours or theirs
  if [ "$1" = ours ]; then
    "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$v/ours.log" --cache-dir "$v/ours.cache" "$url" "$v/ours"
  else
    juicefs mount -d --no-usage-report --metrics 127.0.0.1:0 --backup-meta 0 --log "$v/theirs.log" --cache-dir "$v/theirs.cache" "$url" "$v/theirs"
  fi
}
formats_unmount() {
  ! mounted "$v/ours" || "$jfs" umount "$v/ours" || umount -l "$v/ours"
  ! mounted "$v/theirs" || juicefs umount "$v/theirs" || umount -l "$v/theirs"
}
keys_of_cell() { # the keys of the cell's objects; MinIO keeps an object as a folder with xl.meta in it
  if [ "$store" = file ]; then
    (cd "$data" && find . -path '*/chunks/*' -type f)
  elif [ -n "$(find "$v/s3/$bucket" -name xl.meta -print -quit 2>/dev/null)" ]; then
    (cd "$v/s3/$bucket" && find . -path '*/chunks/*' -name xl.meta -printf '%h\n')
  else
    (cd "$v" && "$jfs" fsck "$url" >/dev/null && seq 60 | sed 's|.*|SKIP|') # no way to look into the store
  fi
}
# cell COMPRESSION CIPHER NAMES STORE FORMATTER: all of it.
cell() {
  local compression=$1 cipher=$2 names=$3 store=$4 formatter=$5 url bucket=cell-$cells data=$v/data$cells args
  url=redis://127.0.0.1:$v_redis_port/$cells
  args=(--no-update --trash-days 0 --block-size 256K --compress "$compression")
  [ "$cipher" = plain ] || args+=(--encrypt-rsa-key "$v/key.pem" --encrypt-algo "$cipher")
  [ "$names" = plain ] || args+=(--hash-prefix)
  if [ "$store" = file ]; then mkdir -p "$data"; args+=(--storage file --bucket "$data/")
  else args+=(--storage minio --bucket "http://127.0.0.1:$s3_port/$bucket" --access-key access --secret-key secretsecret); fi
  rm -rf "$v/ours.cache" "$v/theirs.cache"
  "$formatter" format "${args[@]}" "$url" formats || return 1
  formats_mount theirs && formats_mount ours || return 1
  python3 "$v/files.py" write "$v/ours/by-jfs" "$cells" && python3 "$v/files.py" read "$v/theirs/by-jfs" "$cells" &&
    python3 "$v/files.py" write "$v/theirs/by-juicefs" "$((cells + 500))" && python3 "$v/files.py" read "$v/ours/by-juicefs" "$((cells + 500))" || return 1
  formats_unmount
  keys_of_cell >"$v/keys" && { grep -q SKIP "$v/keys" || python3 "$v/files.py" names "$names" <"$v/keys"; } || return 1
  juicefs fsck "$url" && "$jfs" fsck "$url" || return 1
  rm -rf "$data" "${v:?}/s3/$bucket"
}
formats_class() { # both clients' objects carry the class that the volume asks for
  local url=redis://127.0.0.1:$v_redis_port/0 objects=$v/s3/classes
  "$jfs" format --no-update --trash-days 0 --storage minio --bucket "http://127.0.0.1:$s3_port/classes" --access-key access --secret-key secretsecret \
    --storage-class REDUCED_REDUNDANCY "$url" classes && formats_mount theirs && formats_mount ours || return 1
  echo ours >"$v/ours/ours" && echo theirs >"$v/theirs/theirs" && formats_unmount || return 1
  [ "$(find "$objects" -path '*/chunks/*' -name xl.meta | wc -l)" = 2 ] && ! find "$objects" -path '*/chunks/*' -name xl.meta -print0 |
    xargs -0 grep -L REDUCED_REDUNDANCY | grep .
}

v_redis_port=$(free_port)
redis-server --port "$v_redis_port" --bind 127.0.0.1 --databases 128 --save '' --appendonly no --dir "$v" >"$v/redis.log" 2>&1 & v_redis_pid=$!
start_s3 "$v/s3" || fail "S3 server for formats"
formats_cleanup() { formats_unmount >/dev/null 2>&1; kill "$v_redis_pid" "$s3_pid" 2>/dev/null; wait "$v_redis_pid" "$s3_pid" 2>/dev/null; }
trap 'formats_cleanup; clean_up' EXIT
wait_port "$v_redis_port"
cells=0
run_cell() {
  local name="compress $1, $2, names $3, $4" formatter=$jfs
  cells=$((cells + 1)); [ $((cells % 2)) = 0 ] || formatter=juicefs
  # shellcheck disable=SC2254
  case "$name" in ${FORMATS:-*}) check "format: $name" cell "$@" "$formatter"; formats_unmount >/dev/null 2>&1 ;; esac
}
for store in file minio; do
  for names in plain hashed; do
    for cipher in plain aes256gcm-rsa chacha20-rsa; do
      for compression in none lz4 zstd; do run_cell "$compression" "$cipher" "$names" "$store"; done
    done
  done
done
run_cell zstd sm4gcm plain file
run_cell none sm4gcm plain minio
[ -n "${FORMATS:-}" ] || ! [ -d "$v/s3/.minio.sys" ] || check "storage class of the volume on the objects of both clients" formats_class
unset JFS_RSA_PASSPHRASE
formats_cleanup; trap clean_up EXIT
