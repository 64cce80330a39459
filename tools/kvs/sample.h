/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stores and their figures at one time.
 */
#ifndef KVS_TOOL_SAMPLE_H
#define KVS_TOOL_SAMPLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <kvs.h>

struct args;

/**
 * struct sample - a store
 * @kvs: handle
 * @info: what it is
 * @stats: its figures
 */
struct sample {
	struct kvs *kvs;
	struct kvs_store_info info;
	struct kvs_statistics stats;
};

/**
 * struct samples - stores at one time
 * @list: the stores
 * @count: how many
 * @ns: when, by a clock that nobody sets
 */
struct samples {
	struct sample *list;
	size_t count;
	uint64_t ns;
};

/**
 * samples_take() - take down figures
 * @args: names the store
 * @all: all those that the caller may open, instead of that one
 * @samples: out: to be freed by samples_free()
 *
 * Ends the program where the one store has none to tell.
 */
void samples_take(const struct args *args, bool all, struct samples *samples);

void samples_free(struct samples *samples);

/* The same store at another time; NULL where it was not there. */
const struct sample *samples_find(const struct samples *samples,
				  const struct sample *sample);

#endif /* KVS_TOOL_SAMPLE_H */
