#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
#
# seed.sh [NAME...]: does `make check-debug` bite? Each patch in seeds/ puts a
# bug into a copy of the tree; a test on the debug kernel must catch it. The
# head of a patch says what the bug is, which test that is, and what the test
# or the kernel then says:
#
#   Suite: SUITE         Test: TEST=... of make check
#   Args: ARGS=...       Catcher: an extended regular expression
#
# The last line is "N passed, N failed". What the guests said stays in
# build/seeds.

. "$(dirname "$0")/../../tools/vm/env.sh"

SEEDS=$TOP/tests/hostile/seeds
CAUGHT=0
MISSED=0

# seed_says WORD PATCH: what its head says
seed_says() {
	sed -n "/^---$/q; s/^$1: //p" "$2"
}

# The tree as it is, committed or not, and what is built of it so far: only the
# module has to be built anew.
seed_tree() {
	local dir=$1 part

	rm -rf "$dir"
	mkdir -p "$dir/tree" "$dir/build"
	(cd "$TOP" && git ls-files -co --exclude-standard -z |
		xargs -0 ls -d 2>/dev/null | cpio --quiet -pdm "$dir/tree")
	for part in tests lib vm; do
		[ ! -d "$O/$part" ] || cp -a "$O/$part" "$dir/build/"
	done
}

seed_build() {
	local dir=$1 patch=$2

	patch -s -p1 --no-backup-if-mismatch -d "$dir/tree" <"$patch" &&
		O=$dir/build "$dir/tree/tools/vm/build" \
			--suites "$(seed_says Suite "$patch")" debug
}

# A guest that panics, or a test that fails: both are what is wanted here.
seed_run() {
	local dir=$1 patch=$2 suite
	suite=$(seed_says Suite "$patch")

	: >"$dir/results"
	O=$dir/build TEST=$(seed_says Test "$patch") \
		ARGS=$(seed_says Args "$patch") \
		"$dir/tree/tools/vm/suite" debug "$suite" "$dir/results" \
		>"$dir/said" 2>&1 || true
	cat "$dir/results" "$dir/build/check/debug-$suite"/{out,console} \
		>>"$dir/said" 2>/dev/null || true
	tr -d '\0\r' <"$dir/said" >"$dir/all"
}

# seed_catch DIR PATCH: the first line that says so, where a test failed
seed_catch() {
	grep -q '^fail' "$1/results" || return 0
	grep -m 1 -aE "$(seed_says Catcher "$2")" "$1/all" |
		sed 's/^ *\[[^]]*\] *//; s/^[# ]*//' || true
}

seed() {
	local name=$1 patch=$SEEDS/$1.patch dir=$O/seeds/$1 line why=''

	[ -f "$patch" ] || die "no seed '$name'"
	seed_tree "$dir"
	if ! seed_build "$dir" "$patch" >"$dir/built" 2>&1; then
		why=", it does not build: $dir/built"
	else
		seed_run "$dir" "$patch"
		line=$(seed_catch "$dir" "$patch")
	fi
	if [ -n "${line:-}" ]; then
		CAUGHT=$((CAUGHT + 1))
		echo "ok - seed $name caught by $(seed_says Suite "$patch")/$(
			seed_says Test "$patch")_test: $line"
	else
		MISSED=$((MISSED + 1))
		echo "not ok - seed $name not caught$why"
	fi
	rm -rf "$dir/tree" "$dir/build"
}

main() {
	local names name

	names=("$@")
	[ $# != 0 ] || mapfile -t names < <(cd "$SEEDS" &&
		printf '%s\n' *.patch | sed 's/\.patch$//')
	"$VM/build" --suites "uapi hostile" debug
	for name in "${names[@]}"; do
		seed "$name"
	done
	echo "$CAUGHT passed, $MISSED failed"
	[ "$CAUGHT" != 0 ] && [ "$MISSED" = 0 ]
}

main "$@"
