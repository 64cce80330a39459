# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced: what the harness asks of apt. Everything goes through the machine's
# own apt configuration; nothing here knows a mirror.

APT_LISTS=/var/lib/apt/lists
export DEBIAN_FRONTEND=noninteractive

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "cannot run '$*': not root, and there is no sudo"
	fi
}

need_apt() {
	if ! command -v apt-get >/dev/null; then
		die "no apt-get here: kernels to test on come from Debian packages"
	fi
}

# Broken third-party sources must not stop us: whether what we want was found
# is decided where it is asked for.
apt_update() {
	note "updating the package lists"
	as_root apt-get -qq update >&2 || note "apt-get update had complaints"
}

apt_lists_fresh() {
	[ -n "$(find "$APT_LISTS" -maxdepth 1 -name '*Packages*' -print -quit \
		2>/dev/null)" ] || return 1
	# The lists keep the mirror's dates; this folder has that of the update.
	[ -n "$(find "$APT_LISTS/partial" -maxdepth 0 -newermt '1 day ago' \
		2>/dev/null)" ]
}

apt_refresh() {
	need_apt
	(
		flock 9
		apt_lists_fresh || apt_update
	) 9>"$KVS_CACHE/apt.lock"
}

# apt_field PACKAGE FIELD: of the version that would be installed
apt_field() {
	apt-cache show --no-all-versions "$1" 2>/dev/null |
		sed -n "s/^$2: //p" | head -n 1
}

# apt_depends PACKAGE REGEX: the first dependency whose name matches
apt_depends() {
	apt_field "$1" Depends | tr ',|' '\n' | sed 's/^ *//; s/ .*//' |
		grep -Ex "$2" | head -n 1
}

# apt_unpack DIR PACKAGE...: the files of the packages, without installing
# them. Lists may name a version that the mirror has replaced meanwhile, so a
# failed download is tried once more after an update.
apt_unpack() {
	local dir=$1 debs deb
	shift

	debs=$(mktemp -d "$KVS_CACHE/debs.XXXXXX")
	if ! apt_download "$debs" "$@"; then
		apt_update
		apt_download "$debs" "$@" || die "cannot download: $*"
	fi
	for deb in "$debs"/*.deb; do
		dpkg-deb -x "$deb" "$dir"
	done
	rm -rf "$debs"
}

apt_download() {
	local dir=$1
	shift

	note "downloading $*"
	(cd "$dir" && apt-get -qq -o APT::Sandbox::User=root download "$@" >&2)
}
