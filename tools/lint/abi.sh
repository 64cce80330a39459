# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced: uapi/linux/kvs.h has to serve any compiler and mean the same bytes.

header_compiles() {
	echo '#include <linux/kvs.h>' |
		"$@" -pedantic -Iuapi -Wall -Wextra -Werror -fsyntax-only -
}

# A program that uses every struct, so that its debug information has them all
abi_program() {
	echo '#include <linux/kvs.h>'
	sed -nE 's/^(__extension__ )?struct (kvs_\w+) \{$/struct \2 use_\2;/p' \
		uapi/linux/kvs.h
}

# abi_layout FLAG: offsets and sizes of all structs, as pahole sees them
abi_layout() {
	abi_program | gcc "$1" -g -Iuapi -x c -c -o "$WORK/abi$1.o" -
	pahole "$WORK/abi$1.o" | sed 's/long long unsigned int/__u64/g'
}

abi_no_holes() {
	abi_layout -m64 | awk '
		/^struct / { name = $2; structs++ }
		/XXX|hole|padding|bit_/ { print name ": " $0 }
		END { if (!structs) print "pahole saw no structs" }'
}

abi_same_on_32_bit() {
	diff <(abi_layout -m64) <(abi_layout -m32)
}

check_abi() {
	check "uapi header compiles as C90" header_compiles \
		gcc -x c -std=c90
	check "uapi header compiles as C++" header_compiles \
		g++ -x c++ -std=c++98
	check "uapi header compiles on 32 bit" header_compiles \
		gcc -x c -std=gnu11 -m32
	check "no holes in ABI structs" abi_no_holes
	check "ABI structs are the same on 32 bit" abi_same_on_32_bit
}
