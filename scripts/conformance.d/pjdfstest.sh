# pjdfstest: POSIX system calls, 398 cases. As root, and what a user without privileges can run.
. "$root/scripts/conformance.d/crates.sh"
check "pjdfstest installed" need_crate pjdfstest 0.2.2
cat >"$work/pjdfstest.toml" <<'C'
[features]
posix_fallocate = {}
rename_ctime = {}
utime_now = {}
utimensat = {}
[settings]
naptime = 0.2
allow_remount = false
[dummy_auth]
entries = [ ["nobody", "nogroup"], ["daemon", "daemon"] ]
C
run_pjdfstest() {
  local dir=$mnt/pjdfstest; (umask 0; mkdir -m 0777 "$dir")
  (umask 0; timeout 900 pjdfstest -c "$work/pjdfstest.toml" -p "$dir" >"$work/pjdfstest.log" 2>&1)
  rm -rf "$dir"
  grep -aE '\bFAILED\b|panicked' "$work/pjdfstest.log" | head -40
  grep -aE '^Summary' "$work/pjdfstest.log" | tail -1
  grep -aqE "^Summary: 0 failed|[^0-9]0 failed" "$work/pjdfstest.log" || return 1
}
# Nothing may be skipped that the reference does not skip either; the list has the reference client's.
no_new_skips() {
  sed -E 's/\x1b\[[0-9;]*m//g' "$work/pjdfstest.log" | grep -aE 'skipped' | awk '{print $1}' | grep '::' | sort >"$work/skipped"
  ! comm -23 "$work/skipped" "$root/scripts/conformance.d/pjdfstest-skipped.txt" | grep .
}
check "pjdfstest: 0 failed" run_pjdfstest
check "pjdfstest: nothing skipped that the reference does not skip" no_new_skips
