# SPDX-License-Identifier: GPL-2.0-only
#
# table.awk VERSIONS RESULTS: the table, a line for each row and a column for
# each mode.

FNR == 1 { file++ }
file == 1 { print "  " $0; next }
{
	split($0, field, "\t")
	mode = field[1]
	row = field[2]
	if (!known_mode[mode]++)
		modes[++nr_modes] = mode
	if (!known_row[row]++)
		rows[++nr_rows] = row
	value[row, mode] = field[3] " " field[4]
}

END {
	printf "\n%-28s", "row"
	for (i = 1; i <= nr_modes; i++)
		printf " %17s", modes[i]
	print ""
	for (j = 1; j <= nr_rows; j++) {
		printf "%-28s", rows[j]
		for (i = 1; i <= nr_modes; i++)
			printf " %17s", value[rows[j], modes[i]]
		print ""
	}
}
