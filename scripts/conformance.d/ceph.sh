# A cluster of one node (monitor, manager, OSD) of Debian's Ceph packages, on free ports of loopback: the contract of object stores, objbench
# beside rados bench, a volume with docs/SEMANTICS.md on its mount, the objects of that volume beside those that a folder has for the same
# files, a full pool, a user who may only read, and a cluster that does not answer. As root (installs the packages); about ten minutes.
#   CEPH_STORE (memstore; or bluestore: on files, slower, as real clusters are)   CEPH_KEEP=1: leaves the cluster running until Enter
need ceph-mon ceph-mon ceph-osd ceph-osd ceph-mgr ceph-mgr ceph ceph-common rados ceph-common python3 python3 uuidgen uuid-runtime >/dev/null ||
  fail "packages of Ceph installed"
c=$work/ceph; mkdir -p "$c"/{mon,osd,mgr,run,mnt,file}; chmod 777 "$c/run"
cmeta=lmdb://$c/meta.lmdb
ceph_pids=()

ceph_conf() { # the first monitor port decides the others
  local v2 v1; v2=$(free_port); v1=$(free_port)
  local mons="[v2:127.0.0.1:$v2,v1:127.0.0.1:$v1]"
  cat >"$c/ceph.conf" <<C
[global]
fsid = $(uuidgen)
mon_host = $mons
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
keyring = $c/keyring
run_dir = $c/run
admin_socket = $c/run/\$name.\$pid.asok
log_file = $c/\$name.log
mon_data = $c/mon
mgr_data = $c/mgr
osd_data = $c/osd
osd_objectstore = ${CEPH_STORE:-memstore}
memstore_device_bytes = 3G
bluestore_block_create = true
bluestore_block_size = 6G
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_crush_chooseleaf_type = 0
osd_memory_target = 939524096
mon_allow_pool_size_one = true
mon_allow_pool_delete = true
mon_max_pg_per_osd = 1000
mon_data_avail_crit = 1
mon_data_avail_warn = 1
mgr_initial_modules =
mgr_stats_period = 1
mgr_tick_period = 1
mon_warn_on_pool_no_redundancy = false
C
  ceph_mons=$mons; ceph_mon_port=$v2
}
ceph_start() {
  ceph_conf; export CEPH_CONF=$c/ceph.conf
  local fsid uuid; fsid=$(sed -n 's/^fsid = //p' "$CEPH_CONF"); uuid=$(uuidgen)
  ceph-authtool --create-keyring "$c/keyring" --gen-key -n mon. --cap mon 'allow *' &&
    ceph-authtool "$c/keyring" --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *' &&
    monmaptool --create --fsid "$fsid" --addv a "$ceph_mons" "$c/monmap" &&
    ceph-mon -i a --mkfs --monmap "$c/monmap" --keyring "$c/keyring" || return 1
  ceph-mon -i a -f >"$c/mon.out" 2>&1 & ceph_pids+=($!)
  wait_port "$ceph_mon_port" && timeout 60 ceph -s || return 1
  ceph auth get-or-create mgr.x mon 'allow profile mgr' osd 'allow *' mds 'allow *' >"$c/mgr/keyring" || return 1
  ceph-mgr -i x -f --keyring "$c/mgr/keyring" >"$c/mgr.out" 2>&1 & ceph_pids+=($!)
  ceph-authtool --create-keyring "$c/osd/keyring" --gen-key -n osd.0 &&
    ceph osd new "$uuid" &&
    ceph auth add osd.0 mon 'allow profile osd' mgr 'allow profile osd' osd 'allow *' -i "$c/osd/keyring" &&
    ceph-osd -i 0 --mkfs --osd-uuid "$uuid" --keyring "$c/osd/keyring" || return 1
  ceph-osd -i 0 -f --keyring "$c/osd/keyring" >"$c/osd.out" 2>&1 & ceph_pids+=($!)
  local n; for n in $(seq 120); do ceph osd stat 2>/dev/null | grep -q '1 up' && break; sleep 0.5; done
  ceph osd pool create jfs 8 && ceph -s && rados lspools
}
ceph_unmount() { ! mounted "$c/mnt" || "$jfs" umount "$c/mnt" || umount -l "$c/mnt"; }
ceph_unmount_other() { [ ! -d "$c/file.mnt" ] || ! mounted "$c/file.mnt" || timeout 20 "$jfs" umount --force "$c/file.mnt" || umount -l "$c/file.mnt"; }
ceph_cleanup() {
  ceph_unmount >/dev/null 2>&1; ceph_unmount_other >/dev/null 2>&1
  [ ${#ceph_pids[@]} = 0 ] || kill "${ceph_pids[@]}" 2>/dev/null
  local n; for n in $(seq 50); do kill -0 "${ceph_pids[@]}" 2>/dev/null || break; sleep 0.1; done
  [ ${#ceph_pids[@]} = 0 ] || kill -9 "${ceph_pids[@]}" 2>/dev/null
  wait "${ceph_pids[@]}" 2>/dev/null
}
ceph_contract() {
  (cd "$root" && JFS_TEST_CEPH_POOL=contract mvn -o -B -ntp -q -pl chunk -am test -Dtest=CephContractTest -Dsurefire.failIfNoSpecifiedTests=false) &&
    grep -q 'tests="[1-9]' "$root"/chunk/target/surefire-reports/TEST-*CephContractTest.xml &&
    grep -q 'skipped="0"' "$root"/chunk/target/surefire-reports/TEST-*CephContractTest.xml
}
ceph_objbench() {
  ceph osd pool create bench 8 >/dev/null
  "$jfs" objbench --storage ceph --big-object-size 64M --small-objects 50 ceph://bench >"$c/objbench" || return 1
  cat "$c/objbench"; ! grep -E '^\| +basic' "$c/objbench" | grep -vE '\| +pass \|' | grep . && [ -z "$(rados -p bench ls)" ]
}
ceph_volume() {
  "$jfs" format --trash-days 0 --storage ceph --bucket ceph://jfs --access-key ceph --secret-key client.admin "$cmeta" onceph &&
    "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$c/jfs.log" --cache-dir "$c/cache" "$cmeta" "$c/mnt"
}
# The same files into a volume in a folder: the same names, the same bytes.
ceph_same_objects() {
  local m=lmdb://$c/same
  for kind in ceph file; do
    local where=ceph://same; [ $kind = ceph ] || where=$c/file/
    "$jfs" format --trash-days 0 --block-size 256K --compress lz4 --storage $kind --bucket "$where" "$m.$kind" same &&
      "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$c/same.log" --cache-dir "$c/same.cache.$kind" "$m.$kind" "$c/file.mnt" || return 1
    python3 - "$c/file.mnt" <<'P'
import os, random, sys
r = random.Random(4)
for n, size in enumerate([0, 1, 4096, 262143, 262144, 262145, 1000000]):
    fd = os.open(f"{sys.argv[1]}/f{n}", os.O_CREAT | os.O_WRONLY)
    data = r.randbytes(size // 2) + bytes(size - size // 2)
    os.write(fd, data); os.fsync(fd); os.close(fd)
P
    local code=$?; "$jfs" umount "$c/file.mnt"; [ $code = 0 ] || return 1
  done
  rados -p same ls | sort >"$c/names.ceph"; (cd "$c/file" && find . -type f | sed 's|^\./||' | sort) >"$c/names.file"
  diff "$c/names.file" "$c/names.ceph" && [ "$(grep -c chunks "$c/names.ceph")" -gt 8 ] || return 1
  local name; while read -r name; do
    [ "${name##*/}" = juicefs_uuid ] && continue # each volume has its own
    rados -p same get "$name" "$c/object" && cmp "$c/object" "$c/file/$name" || return 1
  done <"$c/names.ceph"
  wc -l "$c/names.ceph"
}
# A pool with a quota refuses writes: told as a full disk at fsync, and what was acknowledged stays.
ceph_full() {
  ceph osd pool create small 8 && ceph osd pool set-quota small max_bytes $((24 << 20)) || return 1
  "$jfs" format --trash-days 0 --storage ceph --bucket small "lmdb://$c/small" full &&
    "$jfs" mount -d --metrics 127.0.0.1:0 --backup-meta 0 --log "$c/full.log" --cache-size 0 "lmdb://$c/small" "$c/file.mnt" || return 1
  python3 - "$c/file.mnt" <<'P'
import errno, os, random, sys, time
top = sys.argv[1]; good = []; refused = 0; start = time.monotonic()
def content(n): return random.Random(n).randbytes(2_000_000)
n = 0
while refused < 2 and time.monotonic() < start + 120:
    n += 1
    fd = os.open(f"{top}/f{n}", os.O_CREAT | os.O_WRONLY)
    try: os.write(fd, content(n)); os.fsync(fd); good.append(n); time.sleep(0.5) # the quota is noticed after a while
    except OSError as e: assert e.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO), e; refused += 1; print(e)
    try: os.close(fd)
    except OSError as e: assert e.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO), e
assert refused and len(good) > 4, (good, refused)
for n in good: assert open(f"{top}/f{n}", "rb").read() == content(n), n
print(len(good), "files are whole,", refused, "refused")
P
  local code=$?; "$jfs" umount "$c/file.mnt" || umount -l "$c/file.mnt"
  grep -m3 -i "full" "$c/full.log"; return $code
}
ceph_refusals() { # one line each, and no volume
  ceph auth get-or-create client.reader mon 'allow r' osd 'allow r pool=jfs' >>"$c/keyring" || return 1
  local m=lmdb://$c/refused
  one_line() { # one_line EXPECTED FLAGS..
    local expected=$1; shift
    ! timeout 120 "$jfs" format --storage ceph "$@" "$m" refused 2>"$c/err" || return 1
    cat "$c/err"; [ "$(grep -vc '<INFO>' "$c/err")" = 1 ] && grep -q "FATAL.*$expected" "$c/err"
  }
  one_line "permission denied" --bucket ceph://jfs --secret-key client.reader &&
    one_line "client.nobody" --bucket ceph://jfs --secret-key client.nobody &&
    one_line "names no pool" --bucket ceph:// || return 1
  local conf=$CEPH_CONF code; unset CEPH_CONF
  one_line "elsewhere" --bucket ceph://jfs --access-key elsewhere; code=$?
  export CEPH_CONF=$conf; return $code
}
ceph_silent() { # an OSD that is stopped: requests end with an error, not never
  kill -STOP "${ceph_pids[2]}"
  printf '[client]\nrados_osd_op_timeout = 3\n' | cat "$c/ceph.conf" - >"$c/patient.conf"
  local start=$SECONDS
  CEPH_CONF=$c/patient.conf timeout 60 "$jfs" objbench --storage ceph --skip-functional-tests ceph://bench >"$c/err" 2>&1
  local code=$?; kill -CONT "${ceph_pids[2]}"; cat "$c/err"
  [ $code = 1 ] && grep -q "timed out" "$c/err" && [ $((SECONDS - start)) -lt 40 ]
}

trap 'ceph_cleanup; clean_up' EXIT
check "ceph: a cluster starts (${CEPH_STORE:-memstore})" ceph_start
check "ceph: the contract of object stores" ceph_contract
check "ceph: objbench" ceph_objbench
check "ceph: format and mount" ceph_volume
if mounted "$c/mnt"; then
  volume_mnt=$mnt; mnt=$c/mnt
  . "$root/scripts/conformance.d/semantics.sh"
  mnt=$volume_mnt
fi
check "ceph: unmount" ceph_unmount
check "ceph: fsck" "$jfs" fsck "$cmeta"
check "ceph: gc" "$jfs" gc --delete "$cmeta"
mkdir -p "$c/file.mnt"
check "ceph: the same objects as in a folder" ceph_same_objects
check "ceph: a full pool" ceph_full
check "ceph: refusals are one line" ceph_refusals
check "ceph: an OSD that does not answer" ceph_silent
check "ceph: destroy" sh -c "'$jfs' destroy --yes '$cmeta' \"\$('$jfs' status '$cmeta' | sed -n 's/.*\"UUID\": \"\\(.*\\)\".*/\\1/p')\" && [ -z \"\$(rados -p jfs ls)\" ]"
[ -z "${CEPH_KEEP:-}" ] || { echo "cluster runs: CEPH_CONF=$CEPH_CONF; Enter ends it"; read -r _; }
ceph_cleanup; trap clean_up EXIT
