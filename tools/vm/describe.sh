# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced: what a kernel to test on is. A file kernels/NAME describes one; it
# sets what differs from the values below, and defines
#
#   kernel_version   prints what identifies the newest version there is
#   kernel_recipe NAME
#                    prints the files whose change means making it anew
#   kernel_make DIR  fills DIR with
#                      vmlinuz      what QEMU boots
#                      release      its `uname -r`
#                      lib/modules  its modules, with modules.dep
#                      build        what KDIR points to (a relative link, or
#                                   the directory)

# describe NAME
describe() {
	KERNEL_SUMMARY=
	# modules the guest loads before anything else, if not built in
	KERNEL_DRIVERS=
	# "yes" when a plain `make check` runs on it
	KERNEL_CHECK=no
	# the column of tests/sizes, and the lines of tests/arguments, that fit it
	KERNEL_SIZES=stock
	# how many of its guests run at a time, and share two processors
	KERNEL_GUESTS=2
	# for its command line
	KERNEL_ARGS=
	# for the make that builds our module
	KERNEL_MODULE_FLAGS=
	# what its guests have for kvs: that, or kvs-static
	KERNEL_TOOL=kvs
	# MiB of a guest, and the seconds that one program of a suite may take
	KERNEL_MEM=2048
	KERNEL_TIMEOUT=600
	# "yes" when the guest can find memory that was lost
	KERNEL_LEAKS=no
	# yes: its allocations can be made to fail
	KERNEL_FAULTS=no

	[ -f "$VM/kernels/$1" ] ||
		die "no kernel '$1'; there are: $(cd "$VM/kernels" && echo *)"
	# shellcheck source=/dev/null
	. "$VM/kernels/$1"
}
