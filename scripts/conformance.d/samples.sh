# Every sample output in the operators' chapters, compared with a real run.
s_meta=lmdb://$work/samples.lmdb; s_mnt=$work/samples-mnt; mkdir -p "$s_mnt"
samples() {
  "$jfs" format -q --storage file --bucket "$work/samples.data/" "$s_meta" vol &&
    "$jfs" mount -d --metrics 127.0.0.1:0 --no-syslog --log "$work/samples.log" --cache-dir "$work/samples.cache" "$s_meta" "$s_mnt" &&
    "$root/scripts/check-samples" "$jfs" "$s_mnt" "$s_meta" "$work/samples.cache" "$work/samples.log" "$root/docs/operators.md" "$root/docs/observing.md"
  local code=$?; ! mounted "$s_mnt" || "$jfs" umount "$s_mnt"; return $code
}
check "the samples in the documents are what is printed" samples
