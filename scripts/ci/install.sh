#!/usr/bin/env bash
# Puts eksnet on the machine of a pipeline, and says where it is (output `binary` of a GitHub step).
#
#   EKSNET_BINARY   a program that is there already; nothing is installed then
#   EKSNET_VERSION  a version from the registry of Rust's packages; without it, this repository's own
#
# `cargo install` builds it: `rust-version` in Cargo.toml says which Rust it needs.
set -euo pipefail

if [[ -n ${EKSNET_BINARY:-} ]]; then
    binary=$EKSNET_BINARY
    if ! [[ -f $binary && -x $binary ]]; then
        echo "error: EKSNET_BINARY: no program is at $binary" >&2
        echo "hint: give the path of an eksnet that runs on this machine, or leave it empty to build one" >&2
        exit 3
    fi
else
    if [[ -n ${EKSNET_VERSION:-} ]]; then
        cargo install eksnet --version "$EKSNET_VERSION" --locked
    else
        cargo install --path "$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)" --locked
    fi
    binary=${CARGO_INSTALL_ROOT:-${CARGO_HOME:-$HOME/.cargo}}/bin/eksnet
fi

"$binary" --version
if [[ -n ${GITHUB_OUTPUT:-} ]]; then
    echo "binary=$binary" >>"$GITHUB_OUTPUT"
fi
