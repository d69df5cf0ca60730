# fsx: random reads, writes, truncations, mmap, hole punching, copy_file_range on one file, each read verified.
. "$root/scripts/conformance.d/crates.sh"
check "fsx installed" need_crate fsx 0.3.2
cat >"$work/fsx.toml" <<'C'
[weights]
close_open = 1
read = 10
write = 10
mapread = 10
mapwrite = 10
invalidate = 1
truncate = 5
fsync = 1
fdatasync = 1
posix_fallocate = 1
punch_hole = 2
sendfile = 2
posix_fadvise = 1
copy_file_range = 2
C
run_fsx() { timeout 900 fsx -q -P "$work" "$@" "$mnt/fsx.$$" && rm -f "$mnt/fsx.$$"; }
for seed in ${FSX_SEEDS:-1 2 3 4 5}; do
  check "fsx seed $seed, ${FSX_OPS:-20000} operations" run_fsx -S "$seed" -N "${FSX_OPS:-20000}"
  check "fsx seed $seed, all kinds of operation" run_fsx -f "$work/fsx.toml" -S "$seed" -N "${FSX_OPS:-20000}"
done
