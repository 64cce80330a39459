# SPDX-License-Identifier: GPL-2.0-only
#
# targets.awk TARGETS RESULTS: what became of each target; the last line counts.
# A target of which a row was not measured is left out.

FNR == 1 { file++ }
file == 1 && /^#|^$/ { next }
file == 1 { split($0, target, /[ \t]+/)
	n++
	for (i = 1; i <= 6; i++)
		targets[n, i] = target[i]
	next
}
{
	split($0, field, "\t")
	value[field[1], field[2]] = field[3]
}

# The sum of some rows, or nothing where one is missing
function sum(mode, text,   names, count, i, total) {
	count = split(text, names, "+")
	for (i = 1; i <= count; i++) {
		if (!((mode, names[i]) in value))
			return ""
		total += value[mode, names[i]]
	}
	return total
}

function figure(mode, text,   parts, count, i, one, least, times) {
	times = 1
	if (split(text, parts, "*") == 2) {
		times = parts[1]
		text = parts[2]
	}
	count = split(text, parts, "|")
	for (i = 1; i <= count; i++) {
		one = sum(mode, parts[i])
		if (one == "")
			return ""
		if (least == "" || one < least)
			least = one
	}
	return times * least
}

function reached(sense, ratio, limit) {
	return sense == "most" ? ratio <= limit : ratio >= limit
}

function judge(t,   mode, a, b, ratio, met, word) {
	mode = targets[t, 1]
	a = figure(mode, targets[t, 2])
	b = figure(mode, targets[t, 3])
	if (a == "" || !b)
		return
	ratio = a / b
	met = reached(targets[t, 4], ratio, targets[t, 5])
	word = met ? "met" : "NOT MET"
	if (met && targets[t, 6] != "-" &&
	    reached(targets[t, 4], ratio, targets[t, 6]))
		word = "met, and beyond"
	printf "  %-26s / %-30s %8.3f  at %-5s %6s  %s\n", targets[t, 2],
		targets[t, 3], ratio, targets[t, 4], targets[t, 5], word
	judged++
	good += met
}

END {
	for (t = 1; t <= n; t++)
		judge(t)
	printf "%d of %d targets met\n", good, judged
}
