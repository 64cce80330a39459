/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The figures of a store under the names by which sysfs and procfs show them.
 */
#ifndef _KVS_FIGURES_H
#define _KVS_FIGURES_H

#include <linux/types.h>

struct kvs_store_snapshot;

/**
 * struct kvs_figure - a number in a snapshot
 * @label: its name
 * @offset: its place in struct kvs_store_snapshot
 */
struct kvs_figure {
	const char *label;
	size_t offset;
};

#define KVS_FIGURES 34

extern const struct kvs_figure kvs_figures[KVS_FIGURES];

static inline u64 kvs_figure_value(const struct kvs_figure *figure,
				   const struct kvs_store_snapshot *snap)
{
	return *(const u64 *)((const char *)snap + figure->offset);
}

#endif /* _KVS_FIGURES_H */
