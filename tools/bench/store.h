/* SPDX-License-Identifier: GPL-2.0-only */
/* A store of kvs with the deck in it, and requests on it. */
#ifndef BENCH_STORE_H
#define BENCH_STORE_H

#include <linux/kvs.h>
#include <sys/ioctl.h>

#include "deck.h"

/**
 * struct store - the store that is measured
 * @fd: a descriptor of it
 * @reqs: requests, all for one verb
 * @results: where their answers go
 */
struct store {
	int fd;
	struct kvs_req reqs[BATCH];
	struct kvs_res results[BATCH];
};

extern struct store store;

/* `default`, or one of its own, without index and ring; filled */
void store_open(void);

/* What it takes is free afterwards. */
void store_close(void);

/* Makes the requests, but for their keys and values, requests of @verb. */
void store_prepare(enum kvs_verb verb, unsigned int flags);

static inline void store_key(unsigned int slot, uint32_t key)
{
	memcpy(store.reqs[slot].key, deck_key(key), KEY_SIZE);
}

/* Whether a GET that is done answered what it had to. */
static inline bool store_got(unsigned int slot)
{
	return !store.results[slot].status &&
	       store.results[slot].len == deck.shape->value_size;
}

/* The whole vector; not 0 where it was not run. */
static inline int store_batch(void)
{
	const struct kvs_vec vec = {
		.reqs = (uintptr_t)store.reqs,
		.count = BATCH,
	};

	return ioctl(store.fd, KVS_IOC_VEC, &vec);
}

#endif /* BENCH_STORE_H */
