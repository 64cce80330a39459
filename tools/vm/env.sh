# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced by every host script of tools/vm: strict mode, where things are, and
# the cache that holds what was fetched or built once.

set -euo pipefail
shopt -s inherit_errexit
set -o errtrace
trap 'echo "kvs: ${BASH_SOURCE[0]}: line $LINENO failed" >&2' ERR

VM=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
TOP=$(cd "$VM/../.." && pwd)
O=${O:-$TOP/build}
V=${V:-0}
KVS_CACHE=${KVS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kvs}

# A status no command under test is likely to use: "the harness failed".
HARNESS_FAILED=125

note() {
	echo "kvs: $*" >&2
}

die() {
	note "$@"
	exit "$HARNESS_FAILED"
}

# A short key of the content of some files: what they make is made anew when
# they change.
content_key() {
	cat "$@" | sha256sum | cut -c1-10
}

# cache_item NAME FUNCTION [ARG...]: $KVS_CACHE/NAME, made once by calling
# FUNCTION [ARG...] DIR. It appears complete or not at all, and several
# processes may ask for it at the same time.
cache_item() {
	local item=$KVS_CACHE/$1
	shift

	if [ -d "$item" ]; then
		return
	fi
	mkdir -p "$(dirname "$item")"
	(
		flock 9
		if [ -d "$item" ]; then
			exit 0
		fi
		tmp=$(mktemp -d "$KVS_CACHE/tmp.XXXXXX")
		trap 'rm -rf "$tmp"' EXIT
		mkdir "$tmp/item"
		"$@" "$tmp/item" >&2
		mv "$tmp/item" "$item"
	) 9>"$item.lock"
}
