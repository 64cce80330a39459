// SPDX-License-Identifier: GPL-2.0-only
/*
 * Histograms of a store.
 */
#include <errno.h>
#include <stddef.h>

#include "distribution.h"
#include "failure.h"
#include "message.h"

/* clang-format off */
const struct measured measured[] = {
	{ "get", KVS_OPERATION_GET },
	{ "put", KVS_OPERATION_PUT },
	{ "delete", KVS_OPERATION_DELETE },
	{ "add", KVS_OPERATION_ADD },
	{ "xchg", KVS_OPERATION_XCHG },
	{ "bitop", KVS_OPERATION_BITOP },
	{ "allow", KVS_OPERATION_ALLOW },
	{ "touch", KVS_OPERATION_TOUCH },
	{ "txn", KVS_OPERATION_TXN },
	{ "scan", KVS_OPERATION_SCAN },
	{ "delete_range", KVS_OPERATION_DELETE_RANGE },
	{ "stat", KVS_OPERATION_STAT },
	{ NULL, 0 }
};

/* clang-format on */

static void die_of(const char *store, int err)
{
	die(STATUS_FAILED, "store '%s': %s", store, failure_text(err));
}

bool distribution_try(const char *store, const struct kvs *kvs,
		      unsigned int kind, unsigned int operation,
		      struct kvs_distribution *distribution)
{
	int err = kvs_store_histogram(kvs, kind, operation, distribution);

	if (err && err != -EIDRM)
		die_of(store, err);
	return !err;
}

void distribution_take(const char *store, const struct kvs *kvs,
		       unsigned int kind, unsigned int operation,
		       struct kvs_distribution *distribution)
{
	if (!distribution_try(store, kvs, kind, operation, distribution))
		die_of(store, -EIDRM);
}

uint64_t distribution_total(const struct kvs_distribution *distribution)
{
	uint64_t total = 0;
	uint32_t i;

	for (i = 0; i < distribution->buckets; i++)
		total += distribution->count[i];
	return total;
}

uint64_t distribution_below(const struct kvs_distribution *distribution,
			    unsigned int bucket)
{
	return (uint64_t)distribution->unit << bucket;
}

unsigned int distribution_quantile(const struct kvs_distribution *distribution,
				   unsigned int percent)
{
	double want = distribution_total(distribution) * (percent / 100.0);
	uint64_t sum = 0;
	uint32_t i;

	for (i = 0; i + 1 < distribution->buckets; i++) {
		sum += distribution->count[i];
		if (sum >= want)
			break;
	}
	return i;
}
