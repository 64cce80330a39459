/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A way to execute some requests that do not depend on each other: one call
 * each, one call for all, or one of the forms that rings have.
 */
#ifndef KVS_STRESS_WAY_H
#define KVS_STRESS_WAY_H

#include <liburing.h>
#include <stdbool.h>

#include <kvs.h>

#define WAY_MOST 32 /* requests at a time */

enum way_kind {
	WAY_CALLS,
	WAY_BATCH,
	WAY_RING, /* an SQE each, in any order: IOSQE_ASYNC for some */
	WAY_RING_BATCH,
	WAY_RING128,
	WAY_RING_POLLED, /* WAY_RING with a submission thread */
	WAY_KINDS,
};

/**
 * struct way - such a way
 * @kind: which
 * @kvs: handle of the store; may be changed between two runs
 * @ring: of those that have one
 * @prepared: submission queue entries so far
 * @carried: what the call or the completion said of each request that was alone
 *	in it
 */
struct way {
	enum way_kind kind;
	struct kvs *kvs;
	struct io_uring ring;
	unsigned long prepared;
	int carried[WAY_MOST];
};

/* The handle stays the caller's. 0 or -errno. */
int way_open(struct way *way, enum way_kind kind, struct kvs *kvs);
void way_close(struct way *way);

/* Are @count requests executed by one call or submission queue entry? */
static inline bool way_joins(const struct way *way, size_t count)
{
	return count > 1 &&
	       (way->kind == WAY_BATCH || way->kind == WAY_RING_BATCH);
}

/* May they be executed in another order? */
static inline bool way_mixes(const struct way *way, size_t count)
{
	return count > 1 && way->kind >= WAY_RING &&
	       way->kind != WAY_RING_BATCH;
}

/* Each request has a result. 0 once each was executed, or -errno. */
int way_run(struct way *way, const struct kvs_request *requests, size_t count);

#endif /* KVS_STRESS_WAY_H */
