/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The figures of a store, by the names that /proc/kvs and sysfs have for them.
 */
#ifndef KVS_TOOL_FIGURES_H
#define KVS_TOOL_FIGURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <kvs.h>

/**
 * struct figure - a number in struct kvs_statistics
 * @label: its name
 * @offset: its place
 * @metric: what it is called in a metric, behind "kvs_"; what ends in _total
 *	only grows
 * @help: what it tells, in a line
 * @of_user: it is of the user, not of the store
 */
struct figure {
	const char *label;
	size_t offset;
	const char *metric;
	const char *help;
	bool of_user;
};

/* Ends with an entry without a label. */
extern const struct figure figures[];

static inline uint64_t figure_value(const struct kvs_statistics *stats,
				    const struct figure *figure)
{
	return *(const uint64_t *)((const char *)stats + figure->offset);
}

#endif /* KVS_TOOL_FIGURES_H */
