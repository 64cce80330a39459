/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvs del of more than one key.
 */
#ifndef KVS_TOOL_DEL_RANGE_H
#define KVS_TOOL_DEL_RANGE_H

#include "message.h"

struct args;
struct kvs_range;

/* Removes them and writes how many there were. */
enum status del_range(struct args *args, const struct kvs_range *range);

#endif /* KVS_TOOL_DEL_RANGE_H */
