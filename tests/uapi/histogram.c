// SPDX-License-Identifier: GPL-2.0-only
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "control.h"
#include "figures.h"
#include "histogram.h"
#include "request.h"

int histogram_take(int fd, __u32 kind, __u32 verb, struct kvs_histogram *out)
{
	poison(out, sizeof(*out));
	out->size = sizeof(*out);
	out->flags = 0;
	out->kind = kind;
	out->verb = verb;
	return control_ioctl(fd, KVS_IOC_HISTOGRAM, out);
}

int histogram_measure(int fd, bool on)
{
	struct kvs_measure measure = { .size = sizeof(measure), .latency = on };

	return control_ioctl(fd, KVS_IOC_MEASURE, &measure);
}

unsigned int histogram_bucket(__u64 units, __u32 buckets)
{
	unsigned int bucket = 0;

	while (bucket < buckets - 1 && units >> bucket)
		bucket++;
	return bucket;
}

static __u64 total_of(const struct kvs_histogram *histogram)
{
	__u64 total = 0;
	__u32 i;

	for (i = 0; i < histogram->out_buckets; i++)
		total += histogram->out_count[i];
	return total;
}

__u64 histogram_total(int fd, __u32 kind, __u32 verb)
{
	struct kvs_histogram histogram;

	if (histogram_take(fd, kind, verb, &histogram))
		return UINT64_MAX;
	return total_of(&histogram);
}

bool histogram_sum_fits(const struct kvs_histogram *histogram)
{
	__u64 low = 0, high = 0, top;
	__u32 i;

	for (i = 0; i < histogram->out_buckets; i++) {
		top = (__u64)histogram->out_unit << i;
		low += histogram->out_count[i] * (i ? top / 2 : 0);
		high += histogram->out_count[i] * top;
	}
	if (total_of(histogram) && histogram->out_sum >= high)
		return false;
	return histogram->out_sum >= low;
}

bool histogram_is_file(const struct kvs_histogram *histogram,
		       unsigned int number, const char *file)
{
	char path[128], text[4096], want[4096] = "";
	size_t len = 0;
	__u32 i;

	snprintf(path, sizeof(path), FIGURES_STORES "/%u/%s", number, file);
	if (figures_read_file(path, text, sizeof(text)) < 0)
		return false;
	for (i = 0; i < histogram->out_buckets; i++)
		len += snprintf(want + len, sizeof(want) - len, "%llu%c",
				(unsigned long long)histogram->out_count[i],
				i < histogram->out_buckets - 1 ? ' ' : '\n');
	if (!strcmp(text, want))
		return true;
	printf("# %s: %s# not: %s", path, text, want);
	return false;
}
