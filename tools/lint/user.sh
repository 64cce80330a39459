# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced: user space under gcc's analyzer. Its own makefiles build it, with
# -Wall -Wextra -Werror as always, into a directory of its own.

analyzed() {
	local log=$WORK/user-$1.log

	if ! CFLAGS=-fanalyzer make -s -j"$(nproc)" O="$WORK/user" "$1" \
		>"$log" 2>&1; then
		grep -E "(error|warning):|\*\*\*" "$log"
		echo "more in $log"
	fi
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
		check "gcc -fanalyzer: $part" analyzed "$part"
	done
	check "shellcheck" shell_checked
}
