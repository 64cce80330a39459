# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced: checks of the sources as text.

clang_formatted() {
	local list

	mapfile -t list < <(files '*.c' '*.h')
	clang-format --style="file:$SOURCE/.clang-format" --dry-run -Werror \
		"${list[@]}" 2>&1 | grep 'error:'
}

# licensed LICENSE PATTERN...: which files do not say so near their top
licensed() {
	local license=$1
	shift

	files "$@" | while read -r file; do
		head -n 4 "$file" |
			grep -q "SPDX-License-Identifier: $license\( \|$\)" ||
			echo "$file: is not under '$license'"
	done
}

# A license says what it is by itself.
all_licensed() {
	files ':!LICENSE' | while read -r file; do
		head -n 4 "$file" | grep -q 'SPDX-License-Identifier: ' ||
			echo "$file: no SPDX-License-Identifier"
	done
}

unfinished() {
	files ':!tools/lint/*' | xargs grep -nwE 'TODO|FIXME|XXX|HACK'
}

top_level() {
	files | cut -d/ -f1 | sort -u | grep -vxE \
		'Kbuild|Makefile|README\.md|LICENSE|module|uapi|userlib|tests|tools|\..*'
}

# quiet COMMAND...: for a grep, to find nothing is what is wanted
nothing_from() {
	"$@" || true
}

check_text() {
	check "clang-format" nothing_from clang_formatted
	check "every file names its license" all_licensed
	check "license of the module" licensed GPL-2.0-only Kbuild module
	check "license of the ABI" licensed \
		'GPL-2.0 WITH Linux-syscall-note' uapi
	check "license of the library" licensed \
		'LGPL-2.1-or-later OR MIT' userlib
	check "nothing is left for later" nothing_from unfinished
	check "the top level has only what belongs there" \
		nothing_from top_level
}
