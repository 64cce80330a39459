// SPDX-License-Identifier: GPL-2.0-only
/*
 * Slab caches of exact sizes, by number of the size. A cache is made under
 * kvs_memory_lock, found without it, and stays until kvs_memory_exit().
 */
#include <linux/align.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/vmalloc.h>

#include "limits.h"
#include "memory.h"

/* Steps between sizes up to KVS_COARSE_MAX. */
#define KVS_FINE_SIZES (KVS_FINE_MAX / KVS_FINE_STEP)
#define KVS_COARSE_STEP 64
#define KVS_COARSE_SIZES ((KVS_COARSE_MAX - KVS_FINE_MAX) / KVS_COARSE_STEP)

/*
 * Above, sizes are such that a slab of this many bytes, the largest that SLUB
 * makes unless it must, has no rest: what is charged is what is taken.
 */
#define KVS_SLAB_BYTES SZ_32K
#define KVS_SHARE_MOST (KVS_SLAB_BYTES / (KVS_COARSE_MAX + KVS_FINE_STEP))
#define KVS_SHARE_LEAST (KVS_SLAB_BYTES / KVS_SLAB_MAX)
#define KVS_SHARE_SIZES (KVS_SHARE_MOST - KVS_SHARE_LEAST + 1)

#define KVS_SIZES (KVS_FINE_SIZES + KVS_COARSE_SIZES + KVS_SHARE_SIZES)

static DEFINE_MUTEX(kvs_memory_lock);
static struct kmem_cache *kvs_memory_caches[KVS_SIZES];

size_t kvs_memory_round_coarse(size_t size)
{
	size_t shares;

	if (size > KVS_SLAB_MAX)
		return PAGE_ALIGN(size);
	if (size <= KVS_COARSE_MAX)
		return ALIGN(size, KVS_COARSE_STEP);
	shares = KVS_SLAB_BYTES / ALIGN(size, KVS_FINE_STEP);
	return ALIGN_DOWN(KVS_SLAB_BYTES / shares, KVS_FINE_STEP);
}

/* Sizes are numbered without a gap: 16, 32, ... 512, 576, ... 1024, 1056, ... */
static unsigned int kvs_memory_number(size_t size)
{
	if (size <= KVS_FINE_MAX)
		return size / KVS_FINE_STEP - 1;
	if (size <= KVS_COARSE_MAX)
		return KVS_FINE_SIZES - 1 +
		       (size - KVS_FINE_MAX) / KVS_COARSE_STEP;
	return KVS_FINE_SIZES + KVS_COARSE_SIZES + KVS_SHARE_MOST -
	       KVS_SLAB_BYTES / size;
}

static struct kmem_cache *kvs_memory_make_cache(size_t size)
{
	char name[sizeof("kvs-") + 10];

	/* Whatever a bug makes of a length, it does not show the first bytes. */
	snprintf(name, sizeof(name), "kvs-%zu", size);
	return kmem_cache_create_usercopy(name, size, KVS_FINE_STEP, 0,
					  KVS_HEADER, size - KVS_HEADER, NULL);
}

/* Apart, so that those who find it do not pay for the name. */
static noinline struct kmem_cache *kvs_memory_first(struct kmem_cache **place,
						    size_t size)
{
	struct kmem_cache *cache;

	if (mutex_lock_killable(&kvs_memory_lock))
		return NULL;
	cache = *place;
	if (!cache) {
		cache = kvs_memory_make_cache(size);
		/* Pairs with smp_load_acquire() in kvs_memory_cache(). */
		smp_store_release(place, cache);
	}
	mutex_unlock(&kvs_memory_lock);
	return cache;
}

static struct kmem_cache *kvs_memory_cache(size_t size, bool nowait)
{
	struct kmem_cache **place = &kvs_memory_caches[kvs_memory_number(size)];
	struct kmem_cache *cache;

	/* Pairs with smp_store_release() in kvs_memory_first(). */
	cache = smp_load_acquire(place);
	if (likely(cache) || nowait)
		return cache;
	return kvs_memory_first(place, size);
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

void kvs_memory_free(void *memory, size_t size)
{
	/* kfree() finds the cache by itself: before 6.4 that was not so in SLOB. */
	BUILD_BUG_ON(IS_ENABLED(CONFIG_SLOB));
	if (size > KVS_SLAB_MAX)
		vfree(memory);
	else
		kfree(memory);
}

void kvs_memory_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(kvs_memory_caches); i++)
		kmem_cache_destroy(kvs_memory_caches[i]);
}
