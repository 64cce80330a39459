# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced, behind program.sh: what was measured, from what the program says to
# the table, in the directory OUT.

results_begin() {
	mkdir -p "$OUT"
	: >"$OUT/results.tsv"
	: >"$OUT/versions"
}

# results_take MODE: what the program says, as it comes
results_take() {
	local row value unit

	while IFS=$'\t' read -r row value unit; do
		case $row in
		"# "*)
			echo "${row#\# }" >>"$OUT/versions"
			continue
			;;
		esac
		printf '%s\t%s\t%s\t%s\n' "$1" "$row" "$value" "$unit" \
			>>"$OUT/results.tsv"
		printf '  %-9s %-28s %12s %s\n' "$1" "$row" "$value" "$unit"
	done
}

results_show() {
	if ! [ -s "$OUT/results.tsv" ]; then
		note "nothing was measured: ROWS='$ROWS'"
		return 1
	fi
	sort -u -o "$OUT/versions" "$OUT/versions"
	echo
	awk -f "$BENCH/table.awk" "$OUT/versions" "$OUT/results.tsv"
	echo
	awk -f "$BENCH/targets.awk" "$BENCH/targets" "$OUT/results.tsv"
	"$BENCH/draw" "$OUT"
}
