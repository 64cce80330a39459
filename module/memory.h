/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Memory for entries, in exact sizes: steps of 16 bytes where most entries are,
 * of 64 above, then equal shares of a slab, and whole pages above that. kmalloc()
 * would round up to a power of two.
 *
 * Each size up to KVS_SLAB_MAX has a slab cache, made when it is first asked for
 * as the block layer makes those of its bios: few stores have entries of more
 * than a handful of sizes, and so many caches would make loading slow. They stay
 * until the module goes, so that no user space can make more than there are
 * sizes. Making one is nobody's memory, and waits for it as the kernel's own
 * does.
 */
#ifndef _KVS_MEMORY_H
#define _KVS_MEMORY_H

#include <linux/align.h>
#include <linux/types.h>

#include "limits.h"

/* Between sizes up to KVS_FINE_MAX. */
#define KVS_FINE_STEP 16

/* Above KVS_FINE_MAX. */
size_t kvs_memory_round_coarse(size_t size);

/**
 * kvs_memory_round() - what an allocation takes
 * @size: bytes wanted
 *
 * Return: bytes that kvs_memory_alloc() gives for them.
 */
static inline size_t kvs_memory_round(size_t size)
{
	if (likely(size <= KVS_FINE_MAX))
		return ALIGN(size, KVS_FINE_STEP);
	return kvs_memory_round_coarse(size);
}

/**
 * kvs_memory_alloc() - allocate memory for an entry
 * @size: from kvs_memory_round()
 * @nowait: do not sleep
 *
 * It is charged to the caller's memcg, see KVS_GFP. User space may be copied to
 * and from what follows its first KVS_HEADER bytes. Context: may sleep
 * without @nowait.
 *
 * Return: the memory, not zeroed, aligned to 16 bytes; NULL without memory, or
 * where only sleeping could help.
 */
void *kvs_memory_alloc(size_t size, bool nowait);

/**
 * kvs_memory_free() - free it
 * @memory: from kvs_memory_alloc()
 * @size: as given to it
 *
 * Context: any. In softirq a worker frees what has whole pages.
 */
void kvs_memory_free(void *memory, size_t size);

/**
 * kvs_memory_exit() - free the caches
 *
 * After all memory is free.
 */
void kvs_memory_exit(void);

#endif /* _KVS_MEMORY_H */
