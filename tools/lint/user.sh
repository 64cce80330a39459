# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced: user space under gcc's analyzer. Its own makefiles build it, with
# -Wall -Wextra -Werror as always, into a directory of its own. Nobody debugs
# what comes of it, and without -g it takes a fifth less.

# analyzed NAME MAKE_ARGUMENT...
analyzed() {
	local log=$WORK/user-$1.log
	shift

	if ! CFLAGS="-fanalyzer -g0" make -s -j"$(nproc)" "$@" \
		>"$log" 2>&1; then
		grep -E "(error|warning):|\*\*\*" "$log"
		echo "more in $log"
	fi
}

# What the library says of itself: header, symbols, man pages, the example
library_checked() {
	make -s -C userlib O="$WORK/user/lib" check
}

# What troff says of a page when man shows it.
man_page() {
	man --warnings=w -E UTF-8 -Tutf8 -Z -l "$1" >/dev/null
}

scripts() {
	files | while read -r file; do
		case $(head -c 60 "$file" | tr -d '\0' | head -n 1) in
		'#!'*sh* | '# shellcheck shell='*) echo "$file" ;;
		esac
	done
}

# SC1091: what is sourced is named by variables; each file is checked itself.
shell_checked() {
	local list

	mapfile -t list < <(scripts)
	shellcheck -f gcc -e SC1091 "${list[@]}"
}

check_user() {
	local part

	for part in lib tools tests guest_init; do
		check "gcc -fanalyzer: $part" analyzed "$part" \
			O="$WORK/user" "$part"
	done
	check "gcc -fanalyzer: demo" analyzed demo \
		-C tools/demo O="$WORK/user/demo" LIBO="$WORK/user/lib"
	check "gcc -fanalyzer: bench" analyzed bench \
		-C tools/bench O="$WORK/user/bench" LIBO="$WORK/user/lib"
	check "library: header, symbols, man pages, example" library_checked
	check "man page of the tool" man_page tools/kvs/kvs.1
	check "shellcheck" shell_checked
}
