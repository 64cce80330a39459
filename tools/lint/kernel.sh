# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced: what the kernel's own checkers say about the module.

# Into a directory of its own and from nothing: a compiler warns only when it
# compiles. What it says about headers that are not ours is not ours to fix.
module_builds() {
	local kernel=$1 dir=$WORK/$1 log=$WORK/$1.log

	rm -rf "$dir"
	if ! make -s -j"$(nproc)" O="$dir" modules \
		KDIR="$("$VM/kernel" "$kernel")/build" \
		MODULE_FLAGS='W=1 C=2 CF=-D__CHECK_ENDIAN__' \
		>"$log" 2>&1; then
		tail -n 40 "$log"
		return 1
	fi
	grep -E "^($dir|WARNING: modpost).*(warning|error|modpost):" "$log" |
		sed "s|^$dir/module/[^/]*/||" || true
}

# Reports of checkpatch that do not fit, and why:
#   BIT_MACRO            the uapi header and user space have no BIT()
#   LINUX_VERSION_CODE   is what module/compat is for,
#   CONSTANT_COMPARISON  and takes it for the constant of a comparison
#   SPACING              an operand of assembler is no remainder (in compat)
#   PREFER_KERNEL_TYPES, PREFER_DEFINED_ATTRIBUTE_MACRO, ARRAY_SIZE
#                        name what only the kernel has
#   MACRO_ARG_REUSE      arguments of our macros are names
# in the macros that describe a tracepoint
#   OPEN_ENDED_LINE, PARENTHESIS_ALIGNMENT
#                        do not know their layout, the same in all the kernel
# and in tests, where it does not know the macros of kselftest and of tables
#   OPEN_BRACE, COMPLEX_MACRO, SPACING, and
#   MACRO_WITH_FLOW_CONTROL: a step that goes wrong ends what it is a step of
checkpatch() {
	local ignore=$1 list
	shift

	mapfile -t list < <(files "$@")
	[ "${#list[@]}" != 0 ] || return 0
	# It may leave files where it runs.
	(
		cd "$WORK" &&
			perl "$SOURCE/scripts/checkpatch.pl" --strict --no-tree \
				--root="$SOURCE" --quiet --no-summary --terse \
				--show-types --ignore "$ignore" \
				-f "${list[@]/#/$TOP/}"
	) | sed "s|^$TOP/||"
}

USER_IGNORE=BIT_MACRO,PREFER_KERNEL_TYPES,PREFER_DEFINED_ATTRIBUTE_MACRO
USER_IGNORE=$USER_IGNORE,ARRAY_SIZE,MACRO_ARG_REUSE

# Only headers promise that each thing is documented; a return value is one.
kernel_doc() {
	local list

	mapfile -t list < <(files uapi/linux/kvs.h 'module/*.h')
	if grep -q '^/\*\*$' userlib/include/kvs.h; then
		list+=(userlib/include/kvs.h)
	fi
	perl "$SOURCE/scripts/kernel-doc" -none -Wall -Werror "${list[@]}"
}

check_modules() {
	local kernel

	for kernel in $("$VM/kernel" --list); do
		check "module builds without W=1 and sparse warnings on $kernel" \
			module_builds "$kernel"
	done
	check "kernel-doc" kernel_doc
}

check_patches() {
	check "checkpatch: module" checkpatch NONE \
		'module/*.[ch]' ':!module/trace.h' ':!module/compat/*'
	check "checkpatch: tracepoints" checkpatch \
		OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT module/trace.h
	check "checkpatch: compat" checkpatch \
		LINUX_VERSION_CODE,CONSTANT_COMPARISON,SPACING 'module/compat/*'
	check "checkpatch: uapi" checkpatch BIT_MACRO 'uapi/*.h'
	check "checkpatch: user space" checkpatch "$USER_IGNORE" \
		'userlib/*.[ch]' 'tools/*.[ch]'
	check "checkpatch: tests" checkpatch \
		"$USER_IGNORE,OPEN_BRACE,COMPLEX_MACRO,SPACING,MACRO_WITH_FLOW_CONTROL" \
		'tests/*.[ch]'
}
