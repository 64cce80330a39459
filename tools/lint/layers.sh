# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced: who may know whom. Arrows point down only; the order stands in the
# file `layers` beside this one.

# Sources of module/ that include a header of their own level or above it
includes_down() {
	# shellcheck disable=SC2016 # awk expands it
	files 'module/*.c' 'module/*.h' ':!module/compat/*' | xargs awk '
		FNR == 1 {
			file = FILENAME
			sub(/^module\//, "", file)
			unit = file
			sub(/\.[ch]$/, "", unit)
		}
		FILENAME == layers {
			if (!/^#/)
				for (i = 1; i <= NF; i++)
					for (n = split($i, name, "+"); n; n--) {
						level[name[n]] = FNR
						noun[name[n]] = name[1]
					}
			next
		}
		FNR == 1 && !(unit in level) {
			print FILENAME ": has no place in " layers
		}
		/^#include "/ && !/"compat\// {
			used = $2
			gsub(/"|\.h/, "", used)
			if (noun[used] != noun[unit] && level[used] <= level[unit])
				print FILENAME ": must not include " $2
		}
	' layers=tools/lint/layers tools/lint/layers
}

# found REGEX PATTERN...: where it occurs in the files of these git patterns
found() {
	local pattern=$1
	shift

	files "$@" | xargs -r grep -nE "$pattern" || true
}

check_layers() {
	check "module: includes point down" includes_down
	check "kernel versions are known to compat only" found \
		'LINUX_VERSION_CODE|KERNEL_VERSION\(' \
		'module/*.[ch]' uapi Kbuild ':!module/compat/*'
	check "user memory is a matter of requests" found \
		'\b__user\b|copy_(to|from)_user|copy_struct_from_user|(get|put)_user\(' \
		module/{table,entry,store,stats,sysfs,procfs}.{c,h}
	check "sysfs and procfs know no requests" found \
		'#include "(request|ioctl|uring)\.h"' \
		module/{sysfs,procfs}.{c,h}
	# The rows of the benchmark are about the ABI itself.
	check "tools use the library only" found \
		'linux/kvs\.h|\bioctl\([^,]*(, *([^T ]|$)|$)|SYS_ioctl' \
		'tools/*.[ch]' ':!tools/bench/limits.c' \
		':!tools/bench/store.[ch]' ':!tools/bench/kvs.c'
	check "the ABI is for the library and its tests" found \
		'#include *[<"](uapi/)?linux/kvs\.h' \
		'*.[ch]' ':!module' ':!uapi' ':!userlib' ':!tests/uapi' \
		':!tests/stores' ':!tests/hostile' \
		':!tools/bench/limits.c' ':!tools/bench/store.h'
}
