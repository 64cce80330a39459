#!/bin/sh
# SPDX-License-Identifier: LGPL-2.1-or-later OR MIT
#
# check.sh LIBDIR: what can be said of the library without the module. LIBDIR is
# where it was built.

set -eu
cd "$(dirname "$0")"
lib=$1
CC=${CC:-cc}
CXX=${CXX:-g++}
strict="-Wall -Wextra -Werror -pedantic -fsyntax-only -Iinclude"

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
failed=0

# check WHAT COMMAND...: the command must succeed and print nothing.
check() {
	what=$1
	shift
	if "$@" >"$tmp/out" 2>&1 && [ ! -s "$tmp/out" ]; then
		return
	fi
	echo "userlib: $what"
	cat "$tmp/out"
	failed=1
}

# The header needs nothing before it and suits each dialect.
echo '#include "kvs.h"' >"$tmp/header.c"
for std in c90 c11 gnu17; do
	# shellcheck disable=SC2086 # a list of options
	check "kvs.h as $std" "$CC" -std=$std $strict "$tmp/header.c"
done
for std in c++98 c++11 c++20; do
	# shellcheck disable=SC2086 # a list of options
	check "kvs.h as $std" "$CXX" -x c++ -std=$std $strict "$tmp/header.c"
done

# What the header declares, the library exports and the man pages describe.
sed -n 's/^ \* \(kvs_[a-z0-9_]*\)() - .*/\1/p' include/kvs.h |
	sort >"$tmp/declared"
nm -D --defined-only "$lib/libkvs.so.0" |
	sed -n 's/.* T \(kvs_[a-z0-9_]*\)@@.*/\1/p' | sort >"$tmp/exported"
(cd man && ls ./*.3) | sed 's|^\./||; s|\.3$||' | sort >"$tmp/described"
check "declared and exported functions differ" \
	diff "$tmp/declared" "$tmp/exported"
check "declared functions and man pages differ" \
	diff "$tmp/declared" "$tmp/described"

# Links between man pages resolve from the directory above man3.
ln -s "$PWD/man" "$tmp/man3"
for page in man/*.[37]; do
	check "$page" sh -c \
		"cd '$tmp' && man --warnings=w -E UTF-8 -Tutf8 -Z -l '$PWD/$page' \
			2>&1 >/dev/null"
done

# The example in the manual is a program, with either form of the library.
sed -n '/^\.EX/,/^\.EE/p' man/libkvs.7 |
	sed '/^\.E[XE]/d; s/\\e/\\/g; s/\\-/-/g' >"$tmp/example.c"
for form in "$lib/libkvs.so" "$lib/libkvs.a"; do
	check "example in libkvs.7 with $form" "$CC" -std=gnu17 -Wall -Wextra \
		-Werror -Iinclude -o "$tmp/example" "$tmp/example.c" "$form" \
		-luring
done

# The proofs of src/abi.h hold where pointers are shorter.
check "32 bit" "$CC" -m32 -std=gnu11 -D_GNU_SOURCE -DKVS_VERSION='""' -Wall \
	-Wextra -Werror -fsyntax-only -Iinclude -I../uapi src/*.c

exit $failed
