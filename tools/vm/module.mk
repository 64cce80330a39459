# SPDX-License-Identifier: GPL-2.0-only
#
# Included by the top Makefile: the kernel module, for the kernel whose build
# directory is KDIR.
#
# kbuild writes its objects beside the sources. So it is given a directory of
# symbolic links, one for each kernel release: the source tree stays clean and
# modules for several kernels live side by side.

kernelrelease = $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' \
	$(KDIR)/include/generated/utsrelease.h 2>/dev/null)
module_dir    = $(O)/module/$(kernelrelease)
MODULE_FLAGS ?=

kbuild = $(MAKE) -C $(KDIR) M=$(module_dir) KVS_VERSION=$(VERSION) \
	V=$(V) $(MODULE_FLAGS)

modules: module_tree
	+$(Q)$(kbuild) modules

module_tree:
	$(if $(kernelrelease),,$(error no kernel headers at $(KDIR): \
		install those of the running kernel, or name others by KDIR=))
	$(Q)tools/vm/linktree $(module_dir) Kbuild module uapi

# Installed plain, so that it can be signed where it lies, and not signed with
# the key of the kernel's maker, which is in no headers.
plain := CONFIG_MODULE_COMPRESS_XZ= CONFIG_MODULE_COMPRESS_ZSTD= \
	 CONFIG_MODULE_COMPRESS_GZIP= \
	 $(if $(wildcard $(KDIR)/certs/signing_key.pem),,CONFIG_MODULE_SIG_ALL=)

# Debian's headers have no System.map, for want of which modules_install skips
# depmod; and in a staging directory it would be the packager's to run.
modules_install: modules
	+$(Q)$(kbuild) INSTALL_MOD_PATH=$(INSTALL_MOD_PATH) $(plain) \
		modules_install
	$(if $(INSTALL_MOD_PATH),,$(Q)depmod -a $(kernelrelease))

modules_uninstall:
	$(Q)rm -f $(INSTALL_MOD_PATH)/lib/modules/$(kernelrelease)/*/kvs.ko*
	$(if $(INSTALL_MOD_PATH),,$(Q)depmod -a $(kernelrelease))

.PHONY: modules module_tree modules_install modules_uninstall
