# SPDX-License-Identifier: GPL-2.0-only
#
# The comparison: instructions of one operation

set terminal svg size 800,520 font "sans-serif,12" noenhanced
set title "Instructions for one operation on 16-byte keys and 64-byte values (less is better)"
set logscale x
set xlabel "instructions (logarithmic)"
set xrange [100:60000]
set style fill solid 0.85 noborder
set grid xtics
set ytics nomirror
unset key
n = system(sprintf("wc -l < %s", data)) + 0
set yrange [n - 0.4:-0.6]
ours(s) = strstrt(" put_ioctl add_ioctl get_ioctl get_uring32 get_batch32 ", " ".s." ") > 0
plot data using (sqrt(100 * $2)):0:(100):2:($0 - 0.35):($0 + 0.35):(ours(strcol(1)) ? 0x2b6cb0 : 0xa0aec0):ytic(1) \
		with boxxyerror linecolor rgb variable, \
	data using ($2 * 1.1):0:(sprintf("%.0f", $2)) with labels left
