# Every block of shell in docs/SEMANTICS.md, each in an empty directory of the mount.
need setfattr attr python3 python3 flock util-linux >/dev/null || fail "programs for docs/SEMANTICS.md installed"
awk -v dir="$work/semantics" 'BEGIN {system("mkdir -p " dir)} /^```sh$/ {n++; f = sprintf("%s/%02d.sh", dir, n); inside = 1; next}
  /^```$/ {inside = 0} inside {print > f}' "$root/docs/SEMANTICS.md"
run_block() { local d=$mnt/semantics; rm -rf "$d"; mkdir "$d"; (cd "$d" && timeout 120 bash -eu "$1") && rm -rf "$d"; }
for block in "$work"/semantics/*.sh; do
  check "docs/SEMANTICS.md, block $(basename "$block" .sh): $(head -1 "$block" | cut -c1-50)" run_block "$block"
done
