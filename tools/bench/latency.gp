# SPDX-License-Identifier: GPL-2.0-only
#
# How long single operations take: what so many of them do not exceed

set terminal svg size 800,400 font "sans-serif,12"
set title "Latency of single operations, under emulation (less is better)"
set xlabel "percentile"
set ylabel "microseconds (logarithmic)"
set logscale y
set xrange [0.8:4.2]
set xtics ("50" 1, "90" 2, "99" 3, "99.9" 4)
set grid
set key outside right
n = system(sprintf("wc -l < %s", data)) + 0
row(i) = system(sprintf("sed -n '%dp' %s | cut -d' ' -f1", i, data))
at(i, p) = real(system(sprintf("sed -n '%dp' %s | cut -d' ' -f%d", i, data, p + 1)))
plot for [i = 1:n] "+" using (floor($0) + 1):(at(i, floor($0) + 1)) every ::0::3 \
	with linespoints linewidth 2 title row(i) noenhanced
