# SPDX-License-Identifier: GPL-2.0-only
#
# kvs: a key-value store in the kernel. `make help` lists the targets.
#
# all, modules, lib, tools, install and uninstall need no network, no root and
# no git. The others run on a Debian machine and fetch what they need.

# The one place that states the version
VERSION := 0.1.0

O       ?= $(CURDIR)/build
KDIR    ?= /lib/modules/$(shell uname -r)/build
PREFIX  ?= /usr/local
DESTDIR ?=
INSTALL_MOD_PATH ?= $(DESTDIR)
V       ?= 0
KERNEL  ?= 6.12
SUITES  ?= uapi stores hostile userlib cli stress scale icount clock pressure

override O := $(abspath $(O))

# Variables given on the command line are handed on by name below. Handing on
# all of them would let O or VERSION reach the kernel's Makefile, where they
# mean something else.
MAKEOVERRIDES =
unexport VERSION O KERNEL
export V CFLAGS LDFLAGS

ifeq ($(V),1)
Q :=
else
Q := @
MAKEFLAGS += --no-print-directory
endif

LIBO  := $(O)/lib
BUILD := VERSION=$(VERSION) V=$(V)
DIRS  := DESTDIR=$(DESTDIR) PREFIX=$(PREFIX)

lib_make   := $(MAKE) -C userlib O=$(LIBO) $(BUILD)
tools_make := $(MAKE) -C tools/kvs O=$(O)/tools LIBO=$(LIBO) $(BUILD)
tests_make := $(MAKE) -C tests O=$(O)/tests LIBO=$(LIBO) $(BUILD)

all: modules lib tools

include tools/vm/module.mk

lib:
	+$(Q)$(lib_make) all

tools: lib
	+$(Q)$(tools_make) all

# For guests whose description asks for it
tools_static: lib
	+$(Q)$(tools_make) static

# The kselftest headers come out of a Debian package. Only tests/uapi,
# tests/stores, tests/hostile and scripts do without the library.
tests: $(if $(filter-out uapi stores hostile cli,$(SUITES)),lib)
	+$(Q)$(tests_make) SUITES="$(SUITES)" \
		KSELFTEST="$$(tools/vm/source)/tools/testing/selftests" all

install: modules_install lib tools
	$(Q)install -D -m 644 uapi/linux/kvs.h \
		$(DESTDIR)$(PREFIX)/include/linux/kvs.h
	+$(Q)$(lib_make) $(DIRS) install
	+$(Q)$(tools_make) $(DIRS) install

uninstall: modules_uninstall
	$(Q)rm -f $(DESTDIR)$(PREFIX)/include/linux/kvs.h
	+$(Q)$(lib_make) $(DIRS) uninstall
	+$(Q)$(tools_make) $(DIRS) uninstall

clean:
	$(Q)rm -rf $(O)

demo bench bench-host bench-hits check check-debug check-seeds guest shell lint: export O := $(O)
demo bench bench-host bench-hits check check-debug check-seeds guest shell lint: export MAKE := $(MAKE)

guest_init:
	+$(Q)$(MAKE) -C tools/vm/init O=$(O)/vm V=$(V)

setup:
	$(Q)tools/vm/setup

demo: setup
	$(Q)tools/vm/build --tool 6.12
	$(Q)tools/demo/run

# In MODES of insn, insn_lsm and wall, or the ROWS that match
bench: setup bench_setup
	$(Q)tools/vm/build $(KERNEL)
	$(Q)KERNEL="$(KERNEL)" ROWS="$(ROWS)" $(if $(MODES),MODES="$(MODES)") \
		tools/bench/compare

# On this machine, as root, with the module that is loaded
bench-host: setup bench_setup
	$(Q)ROWS="$(ROWS)" $(if $(MODES),MODES="$(MODES)") tools/bench/host

bench_setup:
	$(Q)tools/vm/setup tools/bench/packages

bench-hits: setup
	$(Q)tools/vm/build --tool 6.12
	$(Q)tools/bench/hits

# Without KERNEL or SUITE: everything. KERNEL is empty then, whatever its
# default for `make guest`.
check: setup
	$(Q)KERNEL="$(if $(findstring file,$(origin KERNEL)),,$(KERNEL))" \
		SUITE="$(SUITE)" TEST="$(TEST)" ARGS="$(ARGS)" tools/vm/check

check-debug: setup
	$(Q)KERNEL=debug SUITE="$(SUITE)" TEST="$(TEST)" ARGS="$(ARGS)" \
		tools/vm/check

check-seeds: setup
	$(Q)tests/hostile/seed.sh $(SEED)

lint: setup
	$(Q)tools/vm/check --lint

guest shell: export override CMD := $(value CMD)
guest shell: export FILES := $(FILES)
guest shell: export CPUS := $(CPUS)
guest shell: export MEM := $(MEM)
guest shell: export ICOUNT := $(ICOUNT)

guest: setup
	$(Q)tools/vm/build --tool $(KERNEL) && tools/vm/run --kernel $(KERNEL)

shell: setup
	$(Q)tools/vm/build --tool $(KERNEL) && tools/vm/run --kernel $(KERNEL) --shell

help:
	$(Q)sed 1d tools/vm/help

.PHONY: all lib tools tools_static tests install uninstall clean guest_init setup \
	demo bench bench-host bench-hits check check-debug check-seeds lint guest shell help
