# SPDX-License-Identifier: GPL-2.0-only
#
# Reads hits.tsv and draws it for README.md: what ran, the table, the plot.

BEGIN {
	FS = "\t"
	# Columns of the plot that 100 % take, of eight parts each
	width = 50
	split("▏ ▎ ▍ ▌ ▋ ▊ ▉", parts, " ")
}

NR > 1 {
	if (!seen_trace[$1]++)
		traces[++trace_count] = $1
	if (!seen_product[$2]++)
		products[++product_count] = $2
	version[$2] = $3
	settings[$2] = $4
	requests = $5
	share[$1, $2] = 100 * $6 / $5
	seconds += $9
}

function row(first, values,   i, line) {
	line = "| " first " |"
	for (i = 1; i <= product_count; i++)
		line = line " " values[i] " |"
	print line
}

function table(   i, j, cells) {
	row("hits, % of requests", products)
	for (j = 1; j <= product_count; j++)
		cells[j] = "---:"
	row("---", cells)
	for (i = 1; i <= trace_count; i++) {
		for (j = 1; j <= product_count; j++)
			cells[j] = sprintf("%.2f", share[traces[i], products[j]])
		row(traces[i], cells)
	}
}

function bar(percent,   eighths, line) {
	eighths = int(percent * width * 8 / 100 + 0.5)
	for (; eighths >= 8; eighths -= 8)
		line = line "█"
	return line parts[eighths]
}

# Without a blank where there is nothing to draw
function drawn(trace, product,   line) {
	line = sprintf("%-10s %6.2f %s", product, share[trace, product],
		       bar(share[trace, product]))
	sub(/ $/, "", line)
	return line
}

function plot(   i, j) {
	for (i = 1; i <= trace_count; i++)
		for (j = 1; j <= product_count; j++)
			printf "\t%-10s %s\n", j == 1 ? traces[i] : "",
			       drawn(traces[i], products[j])
}

function cast(   i) {
	for (i = 1; i <= product_count; i++)
		printf "- %s: %s, %s\n", products[i], version[products[i]],
		       settings[products[i]]
}

END {
	table()
	print ""
	plot()
	print ""
	cast()
}
