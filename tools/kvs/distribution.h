/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Histograms of a store.
 */
#ifndef KVS_TOOL_DISTRIBUTION_H
#define KVS_TOOL_DISTRIBUTION_H

#include <stdbool.h>
#include <stdint.h>

#include <kvs.h>

/**
 * struct measured - an operation whose latencies are measured
 * @name: what it is called
 * @operation: KVS_OPERATION_*
 */
struct measured {
	const char *name;
	unsigned int operation;
};

/* Ends with an entry without a name. */
extern const struct measured measured[];

/* Takes it, or ends the program; @store names the store in the message. */
void distribution_take(const char *store, const struct kvs *kvs,
		       unsigned int kind, unsigned int operation,
		       struct kvs_distribution *distribution);

/* The same, where the store may be gone: then false. */
bool distribution_try(const char *store, const struct kvs *kvs,
		      unsigned int kind, unsigned int operation,
		      struct kvs_distribution *distribution);

/* How often anything was counted. */
uint64_t distribution_total(const struct kvs_distribution *distribution);

/* What is in a bucket is below this; nothing bounds the last one. */
uint64_t distribution_below(const struct kvs_distribution *distribution,
			    unsigned int bucket);

/* The bucket below whose end @percent of 100 of all are. */
unsigned int distribution_quantile(const struct kvs_distribution *distribution,
				   unsigned int percent);

#endif /* KVS_TOOL_DISTRIBUTION_H */
