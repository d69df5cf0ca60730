# need_crate NAME VERSION: makes a program of the Rust package registry available. pjdfstest needs Rust 1.85 or newer: where cargo is
# missing or older, root installs Debian's cargo-web (a current Rust that Debian 12 keeps beside its old one).
need_crate() {
  command -v "$1" >/dev/null && "$1" --version 2>/dev/null | grep -qF "$2" && return 0
  need cc gcc || return 1
  [ -e /usr/include/sys/acl.h ] || [ "$(id -u)" != 0 ] || install_packages libacl1-dev acl || return 1
  local minor; minor=$(cargo --version 2>/dev/null | sed -nE 's/cargo 1\.([0-9]+).*/\1/p')
  if [ "${minor:-0}" -lt 85 ]; then
    [ "$(id -u)" = 0 ] && install_packages cargo-web rustc-web || { echo "$1 needs Rust 1.85 or newer (Debian: cargo-web)" >&2; return 1; }
  fi
  cargo install --locked --quiet --version "$2" "$1"
}
