# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced: puts together the initramfs of a guest. A directory is staged and
# packed for every boot; that takes less time than finding out whether an
# older one would still do. It is not compressed: unpacking under emulation
# costs more than reading.

GUEST_LIB=/usr/lib/x86_64-linux-gnu

# stage_file STAGE SOURCE TARGET
stage_file() {
	mkdir -p "$1$(dirname "$3")"
	cp -rL "$2" "$1$3"
}

# The commands of the guest are busybox's. Its own installer links them to
# where it runs from, so it gets the same place in the guest.
stage_busybox() {
	local stage=$1 busybox

	busybox=$(readlink -f "$(command -v busybox)")
	mkdir -p "$stage/bin"
	stage_file "$stage" "$busybox" "$busybox"
	"$busybox" --install -s "$stage/bin"
}

# Users without rights, for tests that need them
stage_users() {
	cat >"$1/etc/passwd" <<-END
		root:x:0:0:root:/root:/bin/sh
		kvs:x:1000:1000:a user:/tmp:/bin/sh
		other:x:1001:1001:another user:/tmp:/bin/sh
		nobody:x:65534:65534:nobody:/:/bin/false
	END
	cat >"$1/etc/group" <<-END
		root:x:0:
		kvs:x:1000:
		other:x:1001:
		nogroup:x:65534:
	END
	echo "export PS1='guest# '" >"$1/etc/profile"
}

stage_system() {
	local stage=$1

	mkdir -p "$stage"/{dev,proc,sys,tmp,run,root,etc,usr/bin,job}
	stage_busybox "$stage"
	cp "$O/vm/init" "$stage/init"
	stage_users "$stage"
	ln -s /proc/mounts "$stage/etc/mtab"
}

# stage_module STAGE FILE TARGET: without its debug information, which is most
# of its size, and unpacked, as init cannot
stage_module() {
	mkdir -p "$1$(dirname "$3")"
	case $2 in
	*.xz) xz -dc "$2" >"$1$3" ;;
	*) strip --strip-debug -o "$1$3" "$2" ;;
	esac
}

# stage_driver STAGE KERNEL_DIR NAME: the module and those it needs, with a
# line for the job in the order to load them; nothing if it is built in
stage_driver() {
	local stage=$1 kernel=$2 release path target

	release=$(cat "$kernel/release")
	PATH=$PATH:/sbin:/usr/sbin modprobe -S "$release" -d "$kernel" \
		--show-depends "$3" 2>/dev/null |
		sed -n 's/^insmod \([^ ]*\).*/\1/p' |
		while read -r path; do
			target=${path#"$kernel"}
			target=${target%.xz}
			stage_module "$stage" "$path" "$target"
			echo "driver $target"
		done
}

# The shared libraries, if any, that the staged programs link to. Ours may be found in
# the build directory, but lie in the usual place in the guest.
stage_libraries() {
	local stage=$1 lib target
	shift

	{ LD_LIBRARY_PATH=$O/lib ldd "$@" 2>/dev/null || true; } |
		sed -n 's/^\t\(.* => \)\?\(\/[^ ]*\) (0x.*/\2/p' | sort -u |
		while read -r lib; do
			target=$lib
			case $lib in
			"$O"/*) target=$GUEST_LIB/$(basename "$lib") ;;
			esac
			[ -e "$stage$target" ] ||
				stage_file "$stage" "$lib" "$target"
		done
}

# Programs of the stage that the dynamic linker has to do with
stage_programs() {
	find "$1/usr" "$1/tests" -type f -perm /111 -print0 2>/dev/null |
		xargs -0r grep -la '^.ELF' || true
}

# The project's own parts, as far as they are built
stage_project() {
	local stage=$1 release=$2

	stage_module "$stage" "$O/module/$release/kvs.ko" /lib/modules/kvs.ko
	if [ -x "$O/tools/$KERNEL_TOOL" ]; then
		stage_file "$stage" "$O/tools/$KERNEL_TOOL" /usr/bin/kvs
	fi
	if [ -e "$O/lib/libkvs.so.0" ]; then
		stage_file "$stage" "$O/lib/libkvs.so.0" \
			"$GUEST_LIB/libkvs.so.0"
	fi
}

# FILES: "host:guest host:guest ..."
stage_extra() {
	local stage=$1 pair

	for pair in ${2:-}; do
		[ -e "${pair%%:*}" ] || die "FILES: no such file: ${pair%%:*}"
		stage_file "$stage" "${pair%%:*}" "/${pair#*:}"
	done
}

stage_pack() {
	(cd "$1" && find . -print0 |
		cpio --null --create --format=newc --owner=0:0 --quiet) >"$2"
}
