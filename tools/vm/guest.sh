# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced: one guest from its job to its report. A guest has a directory RUN:
#
#   stage    the initramfs before it is packed
#   job      lines for init, beside the nonce
#   result   lines that init wrote, each led by the nonce
#   out, err what the programs wrote
#   console  the serial console: for humans, nothing is concluded from it
#   trouble  what went wrong, as seen from here; absent if nothing did

. "$VM/describe.sh"
. "$VM/initramfs.sh"
. "$VM/qemu.sh"

# guest_stage RUN KERNEL_NAME: everything but what the job is. While a build
# goes on, what to stage may be half written.
guest_stage() {
	describe "$2"
	(
		flock 9
		guest_stage_locked "$@" 9>&-
	) 9>"$O/lock"
}

guest_stage_locked() {
	local run=$1 dir driver

	dir=$("$VM/kernel" "$2")
	ln -s "$dir" "$run/kernel"
	stage_system "$run/stage"
	for driver in $KERNEL_DRIVERS; do
		stage_driver "$run/stage" "$dir" "$driver"
	done >"$run/job"
	stage_project "$run/stage" "$(cat "$dir/release")"
	stage_extra "$run/stage" "${FILES:-}"
	guest_job "$run" module /lib/modules/kvs.ko
	guest_job "$run" env PATH=/usr/bin:/bin:/usr/sbin:/sbin
	guest_job "$run" env HOME=/root
	guest_job "$run" env "KVS_KERNEL_FAULTS=$KERNEL_FAULTS"
	guest_job "$run" leaks "$KERNEL_LEAKS"
	guest_sizes "$KERNEL_SIZES" >>"$run/job"
}

# guest_job RUN WORD VALUE
guest_job() {
	echo "$2 $3" >>"$1/job"
}

# guest_sizes COLUMN: the table of sizes as the environment of the tests
guest_sizes() {
	[ -f "$TOP/tests/sizes" ] || return 0
	awk -v want="$1" '
		/^#/ || !NF { next }
		!column {
			for (i = 2; i <= NF; i++)
				if ($i == want)
					column = i
			next
		}
		{ print "env KVS_SIZE_" toupper($1) "=" $column }
	' "$TOP/tests/sizes"
}

# size_of NAME COLUMN
size_of() {
	guest_sizes "$2" | sed "s/^env KVS_SIZE_${1^^}=//;t;d" | grep .
}

# The nonce is drawn last and goes to init only.
guest_pack() {
	local run=$1 programs

	mapfile -t programs < <(stage_programs "$run/stage")
	[ "${#programs[@]}" = 0 ] ||
		stage_libraries "$run/stage" "${programs[@]}"
	od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$run/nonce"
	echo "nonce $(cat "$run/nonce")" >>"$run/job"
	cp "$run/job" "$run/stage/job/lines"
	stage_pack "$run/stage" "$run/initrd"
	rm -rf "$run/stage"
}

# guest_report RUN: the lines of the result that came from init, without the
# nonce
guest_report() {
	sed -n "s/^$(cat "$1/nonce") //p" "$1/result"
}

# guest_finish RUN: whether init came to the end of its job
guest_finish() {
	local run=$1

	guest_report "$run" | sed -n 's/^trouble //p' >>"$run/trouble"
	if ! guest_report "$run" | tail -n 1 | grep -qx "done"; then
		echo "the guest ended before its job was done" >>"$run/trouble"
	fi
	[ -s "$run/trouble" ] || rm "$run/trouble"
	[ ! -e "$run/trouble" ]
}
