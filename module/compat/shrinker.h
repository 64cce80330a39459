/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Since 6.7 the kernel allocates shrinkers, and waits in shrinker_free() for
 * those that run. Since 6.4 there is a function to say that reclaim gets pages.
 */
#ifndef _KVS_COMPAT_SHRINKER_H
#define _KVS_COMPAT_SHRINKER_H

#include <linux/sched.h>
#include <linux/shrinker.h>
#include <linux/slab.h>
#include <linux/swap.h>
#include <linux/version.h>

typedef unsigned long kvs_shrinker_fn(struct shrinker *shrinker,
				      struct shrink_control *sc);

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
/* Return: the shrinker, or NULL without memory. */
static inline struct shrinker *
kvs_shrinker_register(kvs_shrinker_fn *count, kvs_shrinker_fn *scan, long batch)
{
	struct shrinker *shrinker = shrinker_alloc(0, "kvs");

	if (!shrinker)
		return NULL;
	shrinker->count_objects = count;
	shrinker->scan_objects = scan;
	shrinker->batch = batch;
	shrinker_register(shrinker);
	return shrinker;
}

static inline void kvs_shrinker_unregister(struct shrinker *shrinker)
{
	shrinker_free(shrinker);
}
#else
static inline struct shrinker *
kvs_shrinker_register(kvs_shrinker_fn *count, kvs_shrinker_fn *scan, long batch)
{
	struct shrinker *shrinker = kzalloc(sizeof(*shrinker), GFP_KERNEL);

	if (!shrinker)
		return NULL;
	shrinker->count_objects = count;
	shrinker->scan_objects = scan;
	shrinker->batch = batch;
	shrinker->seeks = DEFAULT_SEEKS;
	if (!register_shrinker(shrinker, "kvs"))
		return shrinker;
	kfree(shrinker);
	return NULL;
}

static inline void kvs_shrinker_unregister(struct shrinker *shrinker)
{
	unregister_shrinker(shrinker);
	kfree(shrinker);
}
#endif

/* Reclaim looks at this to tell whether it gets anywhere. */
static inline void kvs_shrinker_reclaimed(unsigned long pages)
{
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	mm_account_reclaimed_pages(pages);
#else
	if (current->reclaim_state)
		current->reclaim_state->reclaimed_slab += pages;
#endif
}

#endif /* _KVS_COMPAT_SHRINKER_H */
