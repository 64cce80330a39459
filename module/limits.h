/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every maximum and every default in one place. What user space can see of
 * them is in uapi/linux/kvs.h and is checked against it here.
 */
#ifndef _KVS_LIMITS_H
#define _KVS_LIMITS_H

#include <linux/build_bug.h>
#include <linux/gfp.h>
#include <linux/kvs.h>
#include <linux/limits.h>
#include <linux/sizes.h>
#include <linux/slab.h>

/* Stores at a time, those that are staging included; and of one user. */
#define KVS_STORES_MAX 16384
#define KVS_USER_STORES_DEFAULT 64

/* Pairs of a store and a user that pay for entries: an entry has 16 bits. */
#define KVS_PAYERS_MAX 32768

/* Of those, pairs with one user other than root. */
#define KVS_USER_PAYERS_MAX 2048

/* Share of the total that one user other than root may charge. */
#define KVS_USER_SHARE 2

/*
 * Memory that user space asks for: charged to the caller's memcg, and it fails
 * instead of waking the OOM killer, which looks at the memory of processes and
 * would kill the innocent.
 */
#define KVS_GFP (GFP_KERNEL_ACCOUNT | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

/* The allocator of per-CPU memory passes on no other word against the OOM killer. */
#define KVS_PERCPU_GFP (KVS_GFP | __GFP_NORETRY)

/* The store that is there without being made. */
#define KVS_DEFAULT_NAME "default"
#define KVS_DEFAULT_MODE 0666
#define KVS_STORE_MODE 0600 /* of one that is made */

/* Longest value that a store takes unless max_value says otherwise. */
#define KVS_VALUE_DEFAULT SZ_1M

/* Share of the machine's memory that all stores together may charge. */
#define KVS_MEMORY_SHARE 8

/*
 * Values up to this length are overwritten in place and read under the entry's
 * version word; longer ones are immutable and reference counted.
 */
#define KVS_INPLACE_MAX 256

/* Bytes of an entry before its key. */
#define KVS_HEADER 48

/* Entries above this come from vmalloc() and are charged by the page. */
#define KVS_SLAB_MAX SZ_8K

/* Entries up to these are charged in steps of 16 and 64 bytes. */
#define KVS_FINE_MAX SZ_512
#define KVS_COARSE_MAX SZ_1K

/* Times a reader meets a writer before it takes the writers' lock. */
#define KVS_READ_TRIES 8

/*
 * Bytes of a store that wait for a grace period before a writer that needs
 * memory waits with them, and by which a write that shrinks a value may pass
 * the cap until its predecessor is freed.
 */
#define KVS_WAITING_MAX SZ_32M

/*
 * Dead entries that are freed by one RCU callback: softirqs look around between
 * two of them.
 */
#define KVS_LOT_MAX 32

/*
 * So long all requests of one call together wait at most, for grace periods that
 * give room and for a table that grows.
 */
#define KVS_PATIENCE_MS 4000

/*
 * Who waits for room longer than this goes before those who come later: what is
 * free at the end of a grace period is gone before who needs much of it wakes up.
 */
#define KVS_STARVE_MS 100

/* So long a FLUSH or a PUBLISH lets those through who waited for the last one. */
#define KVS_COURTESY_MS 1000

/*
 * What one call does at most to make room: entries that were visited and are
 * passed, and entries that are evicted.
 */
#define KVS_EVICT_PASSES 64
#define KVS_EVICT_VICTIMS 64

/*
 * Under memory pressure no more is evicted while so much waits for a grace
 * period: the memory of the machine, shifted. Who needs memory waits for it so
 * long at a time. Less does not keep the OOM killer away.
 */
#define KVS_EVICT_FLIGHT_SHIFT 6
#define KVS_EVICT_AWAIT_MS 200
#define KVS_EVICT_WORTH SZ_64K

/*
 * A store that evicts keeps free, besides what waits for a grace period, its
 * cap shifted by between so much ...
 */
#define KVS_AHEAD_LEAST 8
#define KVS_AHEAD_MOST 4
/* ... and goes back by one after so many charges that did not wait. */
#define KVS_AHEAD_CALM 1024

/* Share of a store's byte cap that may be pinned unless max_pinned says else. */
#define KVS_PINNED_SHARE 2

/* Byte caps below this hold nothing but the empty table. */
#define KVS_BYTES_MIN SZ_64K

/*
 * rhashtable allocates a new table in the caller's context when a chain
 * reaches 16 entries (RHT_ELASTICITY); kvs calls that chain full before.
 */
#define KVS_CHAIN_MAX 15

/*
 * Buckets of histograms, by powers of two: of a microsecond that entries are
 * ended late, of a byte that they are charged, of a nanosecond that requests
 * take.
 */
#define KVS_LAG_BUCKETS 32
#define KVS_SIZE_BUCKETS 26
#define KVS_LATENCY_BUCKETS KVS_HISTOGRAM_BUCKETS

/* Numbers of verbs end before this. */
#define KVS_VERBS (KVS_TXN + 1)

/* Buckets that an empty table has. */
#define KVS_TABLE_MIN 256

static_assert(sizeof(struct kvs_req) == 80);
static_assert(sizeof(struct kvs_res) == 64);
static_assert(sizeof(struct kvs_vec) == 16);
static_assert(sizeof(struct kvs_stat) == KVS_STAT_MIN);
static_assert(offsetofend(struct kvs_res, len) == KVS_RES_SHORT);
static_assert(KVS_MAX_KEY <= U16_MAX);
static_assert(KVS_PAYERS_MAX - 1 <= U16_MAX);
static_assert(KVS_VALUE_DEFAULT <= KVS_MAX_VALUE);
static_assert(KVS_LAG_BUCKETS <= KVS_HISTOGRAM_BUCKETS);
static_assert(KVS_SIZE_BUCKETS <= KVS_HISTOGRAM_BUCKETS);
static_assert(KVS_MAX_VALUE < 1 << KVS_SIZE_BUCKETS);

#endif /* _KVS_LIMITS_H */
