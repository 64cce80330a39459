/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvs stats --watch: what is done to stores, and goes on.
 */
#ifndef KVS_TOOL_WATCH_H
#define KVS_TOOL_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct args;

/**
 * watch() - show stores until somebody wants it to end
 * @args: names the store
 * @all: all of them, instead of that one
 * @interval_ns: time between two looks
 * @count: looks at most; 0: any number
 */
void watch(const struct args *args, bool all, uint64_t interval_ns,
	   uint64_t count);

#endif /* KVS_TOOL_WATCH_H */
