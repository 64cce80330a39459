# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced, behind tools/vm/env.sh: the program that measures rows.

BENCH=$TOP/tools/bench
BENCH_PROGRAM=$O/bench/kvs-bench

program_build() {
	"${MAKE:-make}" -s -C "$BENCH" O="$O/bench" LIBO="$O/lib" V="$V" \
		"$BENCH_PROGRAM"
}

# program_files: what its guests have to have, with the peers
program_files() {
	echo "$BENCH_PROGRAM:usr/bin/kvs-bench $("$BENCH/peers"):peers"
}
