# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: GPL-2.0-only
#
# Sourced by the descriptions of kernels that Debian ships as packages. Beside
# what describe.sh says, they set
#
#   KERNEL_IMAGE, KERNEL_HEADERS   the meta packages

KERNEL_DRIVERS="virtio_pci virtio_console"
KERNEL_CHECK=yes

kernel_version() {
	apt_field "$KERNEL_IMAGE" Version
}

kernel_recipe() {
	printf '%s\n' "$VM/kernels/$1" "$VM/debian.sh"
}

# The meta packages name the real ones, and those the parts that several
# flavours share.
debian_packages() {
	local headers

	apt_depends "$KERNEL_IMAGE" 'linux-image-.*'
	headers=$(apt_depends "$KERNEL_HEADERS" 'linux-headers-.*')
	echo "$headers"
	apt_depends "$headers" 'linux-headers-.*-common'
	apt_depends "$headers" 'linux-kbuild-.*'
}

kernel_make() {
	local dir=$1 packages release headers

	mapfile -t packages < <(debian_packages)
	if [ "${#packages[@]}" != 4 ]; then
		die "$KERNEL_IMAGE, $KERNEL_HEADERS: not in the package lists"
	fi
	apt_unpack "$dir" "${packages[@]}"
	release=${packages[0]#linux-image-}
	echo "$release" >"$dir/release"
	mv "$dir/boot/vmlinuz-$release" "$dir/vmlinuz"
	rm -rf "${dir:?}/boot" "${dir:?}/usr/share"
	headers=usr/src/linux-headers-$release
	debian_relocate "$dir/$headers"
	ln -s "$headers" "$dir/build"
	PATH=$PATH:/sbin:/usr/sbin depmod -b "$dir" "$release"
}

# Headers name their common half by the path it would be installed at.
debian_relocate() {
	# shellcheck disable=SC2016 # make expands it, not the shell
	sed -i 's|^include /usr/src/|include $(dir $(lastword $(MAKEFILE_LIST)))../|' \
		"$1/Makefile"
	if grep -rqs '/usr/src/\|/usr/lib/linux-kbuild' \
		"$1/Makefile" "$1/.kernelvariables"; then
		die "$1: names an absolute path this harness does not know"
	fi
}
