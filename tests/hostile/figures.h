/* SPDX-License-Identifier: GPL-2.0-only */
/* What the store "default" says of itself in sysfs. */
#ifndef KVS_TEST_FIGURES_H
#define KVS_TEST_FIGURES_H

#include <stdbool.h>

#include <linux/types.h>

/* ~0 where it cannot be read. */
__u64 figure(const char *name);

/*
 * Waits until the figure is @want, for some seconds: what was removed is there
 * until a grace period is over.
 */
bool figure_becomes(const char *name, __u64 want);

/* Waits until nothing waits for a grace period. */
static inline bool figures_settle(void)
{
	return figure_becomes("waiting_bytes", 0);
}

/* What a test must leave as it found it. */
struct figures {
	__u64 entries;
	__u64 bytes;
};

/* Waits for grace periods first. */
struct figures figures_now(void);

/* Waits until they are as they were; tells on stdout if they do not become. */
bool figures_return(const struct figures *before);

#endif /* KVS_TEST_FIGURES_H */
