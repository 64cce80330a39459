# SPDX-License-Identifier: GPL-2.0-only
#
# Reads hits.tsv and says of each target whether it is met; the last line is
# "N passed, N failed".

BEGIN {
	FS = "\t"
	# Points of 100 that kvs may be behind the best, and must be ahead
	most_behind = 0.5
	least_ahead = 3
}

NR > 1 {
	share[$1, $2] = 100 * $6 / $5
	if (!known[$2]++)
		products[++count] = $2
}

function judge(holds, text) {
	print (holds ? "  ok      " : "  MISSED  ") text
	if (holds)
		passed++
	else
		failed++
}

# What every product had of a trace; a lost one is no reason to win
function complete(trace,   i, missing) {
	for (i = 1; i <= count; i++)
		if (!((trace, products[i]) in share))
			missing = missing " " products[i]
	if (count < 4)
		missing = missing " some product"
	if (missing != "")
		judge(0, trace ": no figure of" missing)
	return missing == ""
}

function near_the_best(trace,   i, best, behind) {
	if (!complete(trace))
		return
	for (i = 1; i <= count; i++)
		if (best == "" || share[trace, products[i]] > share[trace, best])
			best = products[i]
	behind = share[trace, best] - share[trace, "kvs"]
	judge(behind <= most_behind + 1e-9,
	      sprintf("%s: kvs %.2f, the best is %s with %.2f: at most %.1f behind",
		      trace, share[trace, "kvs"], best, share[trace, best],
		      most_behind))
}

function ahead_of(trace, other,   ahead) {
	if (!complete(trace))
		return
	ahead = share[trace, "kvs"] - share[trace, other]
	judge(ahead >= least_ahead - 1e-9,
	      sprintf("%s: kvs %.2f, %s %.2f: at least %.1f ahead",
		      trace, share[trace, "kvs"], other, share[trace, other],
		      least_ahead))
}

END {
	near_the_best("zipf-0.99")
	near_the_best("zipf-0.8")
	near_the_best("zipf-scan")
	ahead_of("zipf-scan", "redis-lru")
	printf "%d passed, %d failed\n", passed, failed
	exit failed > 0
}
