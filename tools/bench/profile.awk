# SPDX-License-Identifier: GPL-2.0-only
#
# Symbols and what was executed, in the order of their addresses: instructions of
# one operation by function, the greatest first.

$2 == "symbol" {
	name = $3
	next
}

{
	where = $1 < "8" ? "program" : name ~ /\[kvs\]$/ ? "module" : "kernel"
	count[where ": " name] += $3
	share[where] += $3
	all += $3
	if ($1 == call)
		calls = $3
}

END {
	if (!calls) {
		print "no call was seen"
		exit 1
	}
	operations = calls * per
	printf "%d operations, %.1f instructions each: kernel %.1f, module %.1f, program %.1f\n",
		operations, all / operations, share["kernel"] / operations,
		share["module"] / operations, share["program"] / operations
	sort = "sort -k 1,1nr | head -n " lines
	for (where in count) {
		each = count[where] / operations
		if (each >= 0.05)
			printf "%8.1f  %s\n", each, where | sort
	}
	close(sort)
}
