#!/usr/bin/env bash
# Puts eksnet on the machine of a pipeline, and says where it is (output `binary` of a GitHub step):
# downloads the release archive for this system, and checks it against the release's SHA256SUMS.
#
#   EKSNET_BINARY     a program that is there already; nothing is downloaded then
#   EKSNET_VERSION    the version, such as 0.1.0; this repository's own if not set
#   EKSNET_BUILD      true builds it with `cargo install` instead (Cargo.toml has the Rust it needs)
#   EKSNET_DIRECTORY  the directory to put the program in, as `eksnet`; a new temporary one if not set
#   EKSNET_RELEASES   where releases are (https://github.com/eksnet/eksnet/releases/download), or a mirror
#                     of it, with vVERSION/ARCHIVE below
#
# Needs curl, tar, and sha256sum or shasum. Exits with 3 when there is no program to run afterwards.
set -euo pipefail

fail() {
    echo "error: $1" >&2
    echo "hint: $2" >&2
    exit "${3:-3}"
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
version=${EKSNET_VERSION:-}
version=${version#v}
repository=https://github.com/eksnet/eksnet
releases=${EKSNET_RELEASES:-$repository/releases/download}

# The version of the repository that this script is in; none when the script was copied elsewhere.
own_version() {
    ! grep -qs '^name = "eksnet"$' "$root/Cargo.toml" ||
        sed -n 's/^version = "\(.*\)"/\1/p' "$root/Cargo.toml" | head -n 1
}

# The release's name of this system.
target() {
    local arch
    case $(uname -m) in
    x86_64 | amd64) arch=x86_64 ;;
    aarch64 | arm64) arch=aarch64 ;;
    *) return 1 ;;
    esac
    case $(uname -s) in
    Linux) echo "$arch-unknown-linux-musl" ;;
    Darwin) echo "$arch-apple-darwin" ;;
    *) return 1 ;;
    esac
}

sha256() {
    if command -v sha256sum >/dev/null; then
        sha256sum <"$1"
    else
        shasum -a 256 <"$1"
    fi | cut -d ' ' -f 1
}

# Nothing is left under the name of a download that failed.
download() {
    local only=()
    # A redirect may not lead where anybody on the way can change the file.
    [[ $1 != https:* ]] || only=(--proto =https --proto-redir =https)
    curl "${only[@]+"${only[@]}"}" --fail --silent --show-error --location --retry 2 --connect-timeout 20 --output "$2" -- "$1" || {
        rm -f -- "$2"
        fail "cannot download $1" \
            "check that version $version is released and that this machine reaches it; or set EKSNET_BINARY (input binary) to an eksnet, or EKSNET_BUILD (input build) to true"
    }
}

build() {
    if [[ -n $version ]]; then
        cargo install --git "$repository" --tag "v$version" --locked eksnet
    else
        cargo install --path "$root" --locked
    fi
    binary=${CARGO_INSTALL_ROOT:-${CARGO_HOME:-$HOME/.cargo}}/bin/eksnet
}

fetch() {
    local target name directory expected found
    version=${version:-$(own_version)}
    [[ -n $version ]] || fail "no version: this script is not in a clone of eksnet" "set EKSNET_VERSION, such as 0.1.0" 2
    [[ $version =~ ^[0-9]+\.[0-9]+\.[0-9]+[0-9A-Za-z.+-]*$ ]] ||
        fail "EKSNET_VERSION: \`$version\` is not a version" "name a release, such as 0.1.0" 2
    target=$(target) || fail "there is no release for $(uname -s) on $(uname -m)" \
        "set EKSNET_BUILD (input build) to true to build it"
    name=eksnet-$version-$target
    directory=$(mktemp -d "${RUNNER_TEMP:-${TMPDIR:-/tmp}}/eksnet.XXXXXX")
    download "$releases/v$version/SHA256SUMS" "$directory/SHA256SUMS"
    download "$releases/v$version/$name.tar.gz" "$directory/$name.tar.gz"
    expected=$(awk -v name="$name.tar.gz" '$2 == name { print $1 }' "$directory/SHA256SUMS")
    found=$(sha256 "$directory/$name.tar.gz")
    if [[ ! $expected =~ ^[0-9a-f]{64}$ || $expected != "$found" ]]; then
        rm -rf -- "$directory"
        fail "$name.tar.gz is not the released file: SHA-256 $found, and SHA256SUMS has ${expected:-no line for it}" \
            "do not use it; run the job again, and report it if it stays so"
    fi
    tar -xzf "$directory/$name.tar.gz" -C "$directory"
    binary=$directory/$name/eksnet
}

if [[ -n ${EKSNET_BINARY:-} ]]; then
    binary=$EKSNET_BINARY
    [[ -f $binary && -x $binary ]] || fail "EKSNET_BINARY: no program is at $binary" \
        "give the path of an eksnet that runs on this machine, or leave it empty to download a release"
else
    case ${EKSNET_BUILD:-false} in
    true) build ;;
    false) fetch ;;
    *) fail "EKSNET_BUILD: \`$EKSNET_BUILD\` is neither true nor false" "true builds eksnet with cargo, false downloads a release" 2 ;;
    esac
fi

if [[ -n ${EKSNET_DIRECTORY:-} ]]; then
    mkdir -p -- "$EKSNET_DIRECTORY"
    cp -- "$binary" "$EKSNET_DIRECTORY/eksnet"
    binary=$EKSNET_DIRECTORY/eksnet
fi
"$binary" --version
if [[ -n ${GITHUB_OUTPUT:-} ]]; then
    echo "binary=$binary" >>"$GITHUB_OUTPUT"
fi
