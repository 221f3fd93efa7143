# shellcheck shell=bash
# SPDX-FileCopyrightText: The Quantoscope authors
# SPDX-License-Identifier: GPL-3.0-or-later
# Shared by app/run and tests/run: which packages are needed, how they are installed, how a build is configured.
# Needs $root, the repository's folder.

core_packages=(g++ cmake ninja-build pkgconf libeigen3-dev libtbb-dev nlohmann-json3-dev libre2-dev libfmt-dev
               libcli11-dev zlib1g-dev libxxhash-dev)
# The window speaks Chinese, too: a small font with its characters, and Qt's own words (OK, Cancel).
# Check marks and arrows are SVG. Qt's plugin for it came with libqt6svg6 and has been a package of its own since Debian
# 13: of names with | between them, the first that apt knows is needed.
program_packages=("${core_packages[@]}" qt6-base-dev qt6-l10n-tools qt6-svg-dev 'qt6-svg-plugins|libqt6svg6'
                  libqcustomplot-dev libigraph-dev fonts-dejavu-core fonts-wqy-microhei qt6-translations-l10n)
# PyTorch and ONNX are the judges of tests; libonnx-testdata holds what each operator of ONNX gives.
test_packages=(python3-torch python3-numpy python3-onnx python3-jsonschema libonnx-testdata)
# What makes and checks packages.
package_packages=(dpkg-dev gzip file)
package_test_packages=(lintian desktop-file-utils appstream shared-mime-info libxml2-utils libglib2.0-bin man-db zsh fish)
build="$root/build/release"

say() { printf '%s\n' "$*" >&2; }

installed() {
    [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

have_lists() {
    compgen -G '/var/lib/apt/lists/*Packages*' >/dev/null
}

# package_of NAME|OTHER…: the first that is installed or that apt knows, else the last.
package_of() {
    local name
    for name in ${1//|/ }; do
        if installed "$name" || apt-cache show "$name" >/dev/null 2>&1; then
            break
        fi
    done
    printf '%s\n' "$name"
}

# missing_packages NAME…: those that dpkg does not know as installed.
missing_packages() {
    local name
    for name in "$@"; do
        name=$(package_of "$name")
        installed "$name" || printf '%s\n' "$name"
    done
}

# ensure_packages INSTALL NAME…: names the missing ones and, when INSTALL is 1, installs them.
ensure_packages() {
    local install=$1 missing as_root=()
    shift
    if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
        say "This system has no apt. Needed are what Debian 12 calls: $*"
        return 0
    fi
    if [[ $install == 1 && $EUID == 0 ]] && ! have_lists; then
        apt-get update </dev/null >&2 || true # which of two names is the right one is in the lists
    fi
    mapfile -t missing < <(missing_packages "$@")
    if ((${#missing[@]} == 0)); then
        return 0
    fi
    say "Missing packages: ${missing[*]}"
    if [[ $install != 1 ]]; then
        say "They are not installed, as --no-install asks."
        return 0
    fi
    if ((EUID != 0)); then
        if ! command -v sudo >/dev/null; then
            say "error: neither root nor sudo is at hand, install them with: apt-get install ${missing[*]}"
            return 1
        fi
        as_root=(sudo)
    fi
    local command=("${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get)
    local arguments=(install --yes --no-install-recommends "${missing[@]}")
    # Package lists that are there are mostly good enough; a second try follows an update.
    if have_lists && "${command[@]}" "${arguments[@]}" </dev/null >&2; then
        return 0
    fi
    "${command[@]}" update </dev/null >&2
    "${command[@]}" "${arguments[@]}" </dev/null >&2
}

configure() {
    (cd "$root" && cmake --preset release) </dev/null >&2
}

# build_targets TARGET…: all of them when there is none.
build_targets() {
    ninja -C "$build" "$@" </dev/null >&2
}

# up_to_date TARGET…: tells without building anything, in a few hundredths of a second.
up_to_date() {
    [[ $(ninja -C "$build" -n "$@" 2>/dev/null) == *'no work to do'* ]]
}
