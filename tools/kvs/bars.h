/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A histogram as a picture in the terminal.
 */
#ifndef KVS_TOOL_BARS_H
#define KVS_TOOL_BARS_H

#include <stdbool.h>

struct kvs_distribution;

/* @bytes: it counts bytes, else nanoseconds. */
void bars_draw(const char *title, const struct kvs_distribution *taken,
	       bool bytes);

#endif /* KVS_TOOL_BARS_H */
