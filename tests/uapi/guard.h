/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory whose edges and protection are known, for pointers that must fail. */
#ifndef KVS_TEST_GUARD_H
#define KVS_TEST_GUARD_H

#include <stddef.h>

#define GUARD_PAGE 4096U

/*
 * @pages readable and writable pages with an inaccessible one behind them;
 * NULL where there is no memory.
 */
char *guard_alloc(size_t pages);
void guard_free(char *base, size_t pages);

/* The last @len bytes before the inaccessible page. */
static inline void *guard_end(char *base, size_t pages, size_t len)
{
	return base + pages * GUARD_PAGE - len;
}

/* A page with a copy of @data that cannot be written. */
void *guard_read_only(const void *data, size_t len);

/* The address of a page that is not there. */
void *guard_hole(void);

#endif /* KVS_TEST_GUARD_H */
