/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvs stats --histogram: how sizes, latencies and lags are distributed.
 */
#ifndef KVS_TOOL_HISTOGRAM_H
#define KVS_TOOL_HISTOGRAM_H

#include <stdbool.h>

struct kvs;
struct kvs_store_info;

/* KVS_SIZES... by its name on the command line; 0: there is no such. */
unsigned int histogram_kind(const char *name);

/* Draws one of them, or with a @kind of 0 all three. */
void histogram_draw(const struct kvs *kvs, const struct kvs_store_info *info,
		    unsigned int kind);

/* The same as one JSON object. */
void histogram_json(const struct kvs *kvs, const struct kvs_store_info *info,
		    unsigned int kind);

#endif /* KVS_TOOL_HISTOGRAM_H */
