/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A product that is used as a cache of items. There is one at a time, made by
 * @open and ended by @close; whatever goes wrong, or is not what it should be,
 * ends the program.
 */
#ifndef BENCH_CACHE_H
#define BENCH_CACHE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* So much memory has each, in its own word. */
#define CACHE_MIB 32

/* Most requests that are sent before an answer is looked at. */
#define CACHE_DEPTH 32

/**
 * struct cache - a product
 * @name: what it is called in the table
 * @settings: what it was told, but for sockets and files
 * @open: makes it, empty
 * @version: of the product that runs
 * @get: asks for @count items at once and says which were there; the value of
 *	each is compared
 * @set: writes @count items at once
 * @entries: how many it has
 * @close: ends it
 */
struct cache {
	const char *name;
	const char *settings;
	void (*open)(const struct cache *cache);
	void (*version)(char *text, size_t size);
	void (*get)(const uint32_t *items, unsigned int count, bool *found);
	void (*set)(const uint32_t *items, unsigned int count);
	size_t (*entries)(void);
	void (*close)(void);
};

extern const struct cache cache_kvs;
extern const struct cache cache_redis_lru;
extern const struct cache cache_redis_lfu;
extern const struct cache cache_memcached;

#endif /* BENCH_CACHE_H */
