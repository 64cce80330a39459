// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slab caches of exact sizes, by number of the size. A cache is made under
 * kvs_memory_lock, found without it, and stays until kvs_memory_exit().
 */
#include <linux/align.h>
#include <linux/kernel.h>
#include <linux/log2.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "limits.h"
#include "memory.h"

/* Sizes up to KVS_FINE_MAX in steps of KVS_FINE_STEP, the smallest included. */
#define KVS_FINE_STEP 16
#define KVS_FINE_SIZES (KVS_FINE_MAX / KVS_FINE_STEP)

/* Above, so many sizes between one power of two and the next. */
#define KVS_COARSE_SHIFT 3
#define KVS_COARSE_STEP (KVS_FINE_MAX >> KVS_COARSE_SHIFT)
#define KVS_COARSE_SIZES \
	(const_ilog2(KVS_SLAB_MAX / KVS_FINE_MAX) << KVS_COARSE_SHIFT)

static DEFINE_MUTEX(kvs_memory_lock);
static struct kmem_cache *kvs_memory_caches[KVS_FINE_SIZES + KVS_COARSE_SIZES];

/* The distance between sizes, where @size is; a power of two. */
static size_t kvs_memory_step(size_t size)
{
	if (size <= KVS_FINE_MAX)
		return KVS_FINE_STEP;
	return BIT(ilog2(size - 1) - KVS_COARSE_SHIFT);
}

size_t kvs_memory_round(size_t size)
{
	if (size > KVS_SLAB_MAX)
		return PAGE_ALIGN(size);
	return ALIGN(size, kvs_memory_step(size));
}

/* Sizes are numbered without a gap: 16, 32, ... 512, 576, ... 8192. */
static unsigned int kvs_memory_number(size_t size)
{
	unsigned int doubling;

	if (size <= KVS_FINE_MAX)
		return size / KVS_FINE_STEP - 1;
	doubling = ilog2((size - 1) / KVS_FINE_MAX);
	size -= KVS_FINE_MAX << doubling;
	return KVS_FINE_SIZES + (doubling << KVS_COARSE_SHIFT) +
	       size / (KVS_COARSE_STEP << doubling) - 1;
}

static struct kmem_cache *kvs_memory_make_cache(size_t size)
{
	char name[sizeof("kvs-") + 10];

	/* Not the header, whatever a bug makes of a length. */
	snprintf(name, sizeof(name), "kvs-%zu", size);
	return kmem_cache_create_usercopy(name, size, KVS_FINE_STEP, 0,
					  KVS_HEADER, size - KVS_HEADER, NULL);
}

static struct kmem_cache *kvs_memory_cache(size_t size, bool nowait)
{
	struct kmem_cache **place = &kvs_memory_caches[kvs_memory_number(size)];
	struct kmem_cache *cache;

	/* Pairs with smp_store_release() below. */
	cache = smp_load_acquire(place);
	if (likely(cache) || nowait)
		return cache;
	mutex_lock(&kvs_memory_lock);
	cache = *place;
	if (!cache) {
		cache = kvs_memory_make_cache(size);
		/* Pairs with smp_load_acquire() above. */
		smp_store_release(place, cache);
	}
	mutex_unlock(&kvs_memory_lock);
	return cache;
}

void *kvs_memory_alloc(size_t size, bool nowait)
{
	gfp_t gfp = KVS_GFP;
	struct kmem_cache *cache;

	if (nowait)
		gfp = GFP_NOWAIT | __GFP_ACCOUNT | __GFP_NOWARN;
	if (size > KVS_SLAB_MAX)
		return nowait ? NULL : __vmalloc(size, gfp);
	cache = kvs_memory_cache(size, nowait);
	return cache ? kmem_cache_alloc(cache, gfp) : NULL;
}

void kvs_memory_free(void *memory)
{
	/* kfree() finds the cache by itself. */
	kvfree(memory);
}

void kvs_memory_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kvs_memory_caches); i++)
		kmem_cache_destroy(kvs_memory_caches[i]);
}
