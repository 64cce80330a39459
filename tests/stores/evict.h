/* SPDX-License-Identifier: GPL-2.0-only */
/* Stores that evict, and what is asked of them; keys are numbers. */
#ifndef KVS_TEST_EVICT_H
#define KVS_TEST_EVICT_H

#include <stdbool.h>
#include <stddef.h>

#include <linux/kvs.h>

#define EVICT_STORE "evict.one"

/* A call evicts no more, and its hand passes no more. */
#define EVICT_VICTIMS 64
#define EVICT_PASSES 64

/* CREATE of a store that evicts; a cap of 0 is the largest. */
struct kvs_create evict_wish(__u64 max_bytes, __u64 max_entries);

/* A handle of one that is made for it, or -errno. */
int evict_make(__u64 max_bytes, __u64 max_entries);

/* Requests on the key of a number; all are as long. */
struct kvs_req evict_req(__u16 verb, unsigned int number);
struct kvs_req evict_put(unsigned int number, const void *value, size_t len);

/* GET of the length; it visits, unless @flags say KVS_F_NO_TOUCH. */
int evict_get(int fd, unsigned int number, __u32 flags);

/* Is it there? Leaves no trace. */
bool evict_has(int fd, unsigned int number);

/* KVS_STAT_* of it, or ~0. */
__u32 evict_flags(int fd, unsigned int number);

/* Figures; those of a STATS that failed are all ones. */
struct kvs_store_stats evict_stats(int fd);

#endif /* KVS_TEST_EVICT_H */
