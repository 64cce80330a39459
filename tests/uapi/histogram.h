/* SPDX-License-Identifier: GPL-2.0-only */
/* Histograms as the kernel tells them; 0 or -errno. */
#ifndef KVS_TEST_HISTOGRAM_H
#define KVS_TEST_HISTOGRAM_H

#include <stdbool.h>

#include <linux/kvs.h>

/* All of @out but its inputs holds a pattern before. */
int histogram_take(int fd, __u32 kind, __u32 verb, struct kvs_histogram *out);

/* Switches the latencies of the store on or off. */
int histogram_measure(int fd, bool on);

/* The bucket in which @units units are counted. */
unsigned int histogram_bucket(__u64 units, __u32 buckets);

/* All that was counted; UINT64_MAX where it cannot be told. */
__u64 histogram_total(int fd, __u32 kind, __u32 verb);

/* Is the sum one that what was counted can have? */
bool histogram_sum_fits(const struct kvs_histogram *histogram);

/* The same counts in a file of the store's directory in sysfs: as many? */
bool histogram_is_file(const struct kvs_histogram *histogram,
		       unsigned int number, const char *file);

#endif /* KVS_TEST_HISTOGRAM_H */
