# SPDX-License-Identifier: GPL-2.0-only
#
# Throughput of one process and of two

set terminal svg size 800,400 font "sans-serif,12"
set title "Throughput by processors, under emulation (more is better)"
set xlabel "processes, each on a processor of its own"
set ylabel "million operations a second"
set xrange [0.9:2.1]
set yrange [0:*]
set xtics 1,1,2
set grid
set key outside right
n = system(sprintf("wc -l < %s", data)) + 0
row(i) = system(sprintf("sed -n '%dp' %s | cut -d' ' -f1", i, data))
at(i, p) = real(system(sprintf("sed -n '%dp' %s | cut -d' ' -f%d", i, data, p + 1)))
plot for [i = 1:n] "+" using (floor($0) + 1):(at(i, floor($0) + 1)) every ::0::1 \
	with linespoints linewidth 2 title row(i) noenhanced
