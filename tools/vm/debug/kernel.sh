# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced by the descriptions of kernels that are built here, from a package
# of Debian with the kernel's source. Beside what describe.sh says, they set
#
#   KERNEL_SOURCE   the package
#   KERNEL_CONFIGS  files with lines for .config; all else is switched off

KERNEL_PACKAGES=$VM/debug/packages

# A module must be built by the compiler that built its kernel.
kernel_version() {
	local version compiler

	version=$(apt_field "$KERNEL_SOURCE" Version)
	compiler=$(gcc -dumpfullversion)
	[ -z "$version" ] || echo "$version-gcc$compiler"
}

# Not the description: what stands on the kernel's command line there shall not
# cost a build.
kernel_recipe() {
	printf '%s\n' "$VM/debug/kernel.sh" "${KERNEL_CONFIGS[@]}"
}

# The tree is built where it stays: a separate directory for the objects would
# name it by a path that the cache is about to change.
kernel_make() {
	local dir=$1 start=$SECONDS

	"$VM/setup" "$KERNEL_PACKAGES"
	note "building a kernel, which takes 15 minutes on 2 cores"
	source_unpack "$dir/tree"
	source_configure "$dir/tree"
	source_build "$dir/tree" || die "the kernel does not build"
	source_keep "$dir/tree" "$dir"
	rm -rf "$dir/tree"
	note "built it in $((SECONDS - start)) s"
}

# What no configuration of ours looks into is most of the source. Kconfig reads
# its own files of every architecture, though, and those of Documentation.
source_unpack() {
	local tree=$1 package=$1.package

	apt_unpack "$package" "$KERNEL_SOURCE"
	mkdir -p "$tree"
	tar -xf "$package/usr/src/$KERNEL_SOURCE.tar.xz" -C "$tree" \
		--strip-components=1 --wildcards \
		--exclude='*/arch/[!Kx]*/*.[chS]' \
		--exclude='*/arch/[!Kx]*/*.dts*' \
		--exclude='*/drivers/gpu/*.[ch]' \
		--exclude='*/drivers/media/*.[ch]' \
		--exclude='*/drivers/net/*/*.[ch]' \
		--exclude='*/sound/*/*.[ch]' \
		--exclude='*/tools/testing/*' \
		--exclude='*/Documentation/*.*'
	rm -rf "$package"
}

# kconfig drops silently what it cannot set.
source_configure() {
	local tree=$1 lost

	cat "${KERNEL_CONFIGS[@]}" >"$tree/all.config"
	source_run "$tree" KCONFIG_ALLCONFIG=all.config allnoconfig ||
		die "the kernel cannot be configured"
	lost=$(config_lost "$tree/.config" "$tree/all.config")
	[ -z "$lost" ] ||
		die "the kernel cannot be configured so: $(xargs <<<"$lost")"
}

# config_lost RESULT WANTED: the lines of WANTED that RESULT does not agree with
config_lost() {
	awk '
		/^CONFIG_/ { name = $0; sub(/=.*/, "", name) }
		/^# CONFIG_.* is not set$/ { name = $2 }
		name == "" { next }
		FILENAME == result { has[name] = $0 }
		FILENAME != result && has[name] != $0 &&
			(has[name] != "" || /^CONFIG_/) { print }
		{ name = "" }
	' result="$1" "$1" "$2"
}

# source_run TREE ARGUMENT...: make, which says nothing unless it fails or V=1.
# What the environment of our own make has set means other things to this one.
source_run() {
	local tree=$1 log=$1.log
	shift

	[ "$V" != 1 ] || log=/dev/stderr
	if ! env -i PATH="$PATH" HOME="$HOME" LC_ALL=C make \
		-j"$(nproc)" -C "$tree" "$@" >"$log" 2>&1; then
		[ "$V" = 1 ] || tail -n 40 "$log"
		return 1
	fi
}

# Others may be at work on this machine: this is in no hurry.
source_build() {
	renice -n 10 -p "$BASHPID" >/dev/null
	source_run "$1" bzImage modules
}

# What it boots from and what building a module against it takes: the latter is
# what packages of kernel headers hold, too.
source_keep() {
	local tree=$1 dir=$2 release

	release=$(cat "$tree/include/config/kernel.release")
	echo "$release" >"$dir/release"
	mv "$tree/arch/x86/boot/bzImage" "$dir/vmlinuz"
	mv "$tree/System.map" "$dir/"
	mkdir -p "$dir/build" "$dir/lib/modules/$release"
	(cd "$tree" && source_of_headers | cpio --null --quiet -pdm "$dir/build")
	# Without modules, depmod has only to say that there are none.
	mv "$tree"/modules.{order,builtin,builtin.modinfo} \
		"$dir/lib/modules/$release/"
	PATH=$PATH:/sbin:/usr/sbin depmod -b "$dir" "$release"
}

source_of_headers() {
	find .config Makefile Module.symvers arch/x86/Makefile* \
		arch/x86/include include scripts tools/objtool/objtool \
		-type f ! -name '*.o' ! -name '.*.cmd' -print0
}
