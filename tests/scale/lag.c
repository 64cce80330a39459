// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>

#include "lag.h"

#define LAG_FILE "/sys/class/misc/kvs/stores/%u/expiry_lag"

static int read_counts(const char *path, struct lag *lag)
{
	unsigned long long count;
	FILE *file;
	int n = 0;

	file = fopen(path, "re");
	if (!file)
		return -errno;
	lag->total = 0;
	while (n < LAG_COUNTS && fscanf(file, "%llu", &count) == 1) {
		lag->counts[n++] = count;
		lag->total += count;
	}
	fclose(file);
	return n == LAG_COUNTS ? 0 : -EBADMSG;
}

int lag_read(struct kvs *kvs, struct lag *lag)
{
	struct kvs_store_info info;
	char path[80];
	int ret;

	ret = kvs_info(kvs, &info);
	if (ret)
		return ret;
	snprintf(path, sizeof(path), LAG_FILE, info.store_number);
	return read_counts(path, lag);
}

uint64_t lag_within(const struct lag *lag, unsigned int parts)
{
	uint64_t sum = 0;
	int n;

	for (n = 0; n < LAG_COUNTS - 1; n++) {
		sum += lag->counts[n];
		if (sum * 1000 >= lag->total * parts)
			break;
	}
	return UINT64_C(1) << n;
}

uint64_t lag_above(const struct lag *lag, uint64_t us)
{
	uint64_t sum = 0;
	int n = LAG_COUNTS;

	while (n-- && UINT64_C(1) << n > us)
		sum += lag->counts[n];
	return sum;
}

void lag_print(const struct lag *lag)
{
	static const struct {
		const char *name;
		unsigned int parts;
	} rows[] = {
		{ "p50", 500 },	  { "p90", 900 },   { "p99", 990 },
		{ "p99.9", 999 }, { "most", 1000 },
	};
	size_t i;

	printf("# %llu removed, behind their deadlines by less than:",
	       (unsigned long long)lag->total);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		printf(" %s %llu us", rows[i].name,
		       (unsigned long long)lag_within(lag, rows[i].parts));
	printf("\n");
}
