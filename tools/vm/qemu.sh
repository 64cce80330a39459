# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced: boots a staged guest in QEMU and watches over it. Software emulation
# only: results shall not depend on who has KVM.

QEMU_PID=
# no_timer_check: on a busy host the kernel misses its timer in the few
# milliseconds it looks for it, and gives up.
QEMU_KERNEL_ARGS="console=ttyS0 loglevel=5 panic=-1 oops=panic no_timer_check"

# Without fast string instructions, which are emulated byte by byte: they would
# take a third of the time, and with ICOUNT, where one instruction is one virtual
# nanosecond, count as many as they move bytes.
#
# Without slots for cards to come, whose description a kernel takes most of its
# time to read while it boots.
qemu_machine() {
	printf '%s\n' -machine pc -cpu max,-erms,-fsrm
	printf -- '-global\nPIIX4_PM.%s=off\n' acpi-root-pci-hotplug \
		acpi-pci-hotplug-with-bridge-support
	if [ "${ICOUNT:-}" = 1 ]; then
		printf '%s\n' -accel tcg,thread=single \
			-icount shift=0,sleep=off -smp 1
	else
		printf '%s\n' -accel tcg,thread=multi -smp "${CPUS:-2}"
	fi
	printf '%s\n' -m "${MEM:-$KERNEL_MEM}" -no-reboot -display none \
		-nodefaults -no-user-config
}

# qemu_ports RUN: what the guest writes ends in files, which never make it wait
qemu_ports() {
	local name

	printf '%s\n' -serial "file:$1/console" \
		-device virtio-serial-pci,max_ports=8
	for name in result out err; do
		printf '%s\n' -chardev "file,id=$name,path=$1/$name" \
			-device "virtserialport,chardev=$name,name=kvs.$name"
	done
}

# For whoever drives QEMU itself: it obeys what is written to MONITOR.in, says
# what it has to say to MONITOR.out, pipes both, and logs to MONITOR.log.
qemu_monitor() {
	printf '%s\n' -chardev "pipe,id=monitor,path=$MONITOR" \
		-mon chardev=monitor,mode=readline -D "$MONITOR.log"
}

qemu_terminal() {
	printf '%s\n' -chardev stdio,id=tty,signal=off \
		-device virtconsole,chardev=tty
}

# qemu_start KERNEL_DIR RUN [terminal]: leaves its pid in QEMU_PID
qemu_start() {
	local kernel=$1 run=$2 args

	mapfile -t args < <(qemu_machine; qemu_ports "$run"
		[ -z "${MONITOR:-}" ] || qemu_monitor
		[ -z "${3:-}" ] || qemu_terminal)
	args+=(-kernel "$kernel/vmlinuz" -initrd "$run/initrd" -append
		"$QEMU_KERNEL_ARGS $KERNEL_ARGS ${KARGS:-}")
	: >"$run/result"
	: >"$run/out"
	: >"$run/err"
	: >"$run/console"
	if [ -n "${3:-}" ]; then
		qemu-system-x86_64 "${args[@]}" <&0 &
	else
		qemu-system-x86_64 "${args[@]}" </dev/null >"$run/qemu" 2>&1 &
	fi
	QEMU_PID=$!
}

# The seconds in which a kernel boots, on any machine
QEMU_BOOT=300

# qemu_wait RUN LIMIT SILENCE: until the guest has ended. It is killed after
# LIMIT seconds, or when it has reported nothing for SILENCE seconds (0: never),
# or not booted.
qemu_wait() {
	local run=$1 limit=$2 silence=$3 size=-1 now last=$SECONDS
	local start=$SECONDS patience=$QEMU_BOOT

	while kill -0 "$QEMU_PID" 2>/dev/null; do
		sleep 0.1
		now=$(stat -c %s "$run/result")
		if [ "$now" != "$size" ]; then
			size=$now
			last=$SECONDS
		fi
		if [ "$now" != 0 ] || [ "$silence" = 0 ]; then
			patience=$silence
		fi
		if [ "$limit" != 0 ] && [ $((SECONDS - start)) -gt "$limit" ]; then
			qemu_kill "$run" "the guest was not done after $limit s"
		elif [ "$patience" != 0 ] &&
			[ $((SECONDS - last)) -gt "$patience" ]; then
			qemu_kill "$run" "the guest was silent for $patience s"
		fi
	done
	wait "$QEMU_PID" || echo "QEMU failed: $(tail -n 1 "$run/qemu")" \
		>>"$run/trouble"
}

qemu_kill() {
	kill -KILL "$QEMU_PID" 2>/dev/null || true
	echo "$2" >>"$1/trouble"
}

# For whoever has to find out why: what the kernel complained about first, with
# what followed, or else the last it said
qemu_console_tail() {
	local first

	first=$(grep -anm1 'BUG\|WARNING:\|Oops\|UBSAN\|ODEBUG\|INFO: ' \
		"$1/console" | cut -d: -f1 || true)
	note "from the guest's console:"
	if [ -n "$first" ]; then
		tail -n "+$first" "$1/console" | head -n 100
	else
		tail -n 40 "$1/console"
	fi | tr -d '\r' | sed 's/^/    /' >&2
}
