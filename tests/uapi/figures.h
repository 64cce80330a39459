/* SPDX-License-Identifier: GPL-2.0-only */
/* The figures of the store "default" as sysfs and procfs show them. */
#ifndef KVS_TEST_FIGURES_H
#define KVS_TEST_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#define FIGURES_STORES "/sys/class/misc/kvs/stores"
#define FIGURES_SYSFS FIGURES_STORES "/0"
#define FIGURES_PROCFS "/proc/kvs"

/* The whole file with a NUL behind it: its length, or -errno. */
int figures_read_file(const char *path, char *buf, size_t size);

/* A figure by its label, or -1 if there is none. */
long long figures_sysfs(const char *label);
long long figures_procfs(const char *label);

/* The same of any store: by its number, by its name. */
long long figures_sysfs_of(unsigned int number, const char *label);
long long figures_procfs_of(const char *store, const char *label);

/*
 * Waits, @seconds at most, until @label in sysfs is at most @want. Memory is
 * given back after a grace period, the table after its worker ran.
 */
bool figures_fall_to(const char *label, long long want, int seconds);

#endif /* KVS_TEST_FIGURES_H */
