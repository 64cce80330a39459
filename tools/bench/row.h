/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Subjects of the benchmark, and the rows that each has in its table.
 */
#ifndef BENCH_ROW_H
#define BENCH_ROW_H

#include <stddef.h>

#include "deck.h"

/*
 * Does the operations of one call, on @keys, and checks what came of each:
 * returns how many went wrong. What is read goes to deck_value() of 0 and up,
 * where whoever calls looks at it.
 */
typedef unsigned int row_fn(const uint32_t *keys);

/**
 * struct row - something that is measured
 * @name: in the table, before the suffix of a shape
 * @call: does it
 * @prepare: is called once before; may be NULL
 * @undo: where a key can be used once: makes it usable again; not timed
 * @per: operations of one call; 0 means 1
 * @shapes: SHAPE_* that it is measured in
 * @draw: which keys
 * @least: instructions that its own system calls must take; less is a mistake
 * @reads: afterwards the values of the keys are in the buffers
 * @tail: on several processors, how long single calls take is of interest
 * @undo_first: @call needs what @undo does before
 */
struct row {
	const char *name;
	row_fn *call;
	void (*prepare)(void);
	row_fn *undo;
	unsigned int per;
	unsigned int shapes;
	enum draw draw;
	double least;
	bool reads;
	bool tail;
	bool undo_first;
};

/**
 * struct subject - somebody who is measured
 * @name: who
 * @open: makes it and fills it with the deck; ends the program if it cannot
 * @close: the opposite, or NULL where the end of the process is enough
 * @version: tells which it is, once open; may be NULL
 * @memory: name of the row that says what an entry takes with SHAPE_MANY;
 *	NULL: none
 * @memory_default: likewise, with SHAPE_DEFAULT_MANY
 * @rows: ends with one without a name
 */
struct subject {
	const char *name;
	void (*open)(void);
	void (*close)(void);
	void (*version)(char *text, size_t size);
	const char *memory;
	const char *memory_default;
	const struct row *rows;
};

extern const struct subject limits_subject;
extern const struct subject kvs_subject;
extern const struct subject kvs_ring_subject;
extern const struct subject bpf_subject;
extern const struct subject bpf_array_subject;
extern const struct subject keyring_subject;
extern const struct subject tmpfs_subject;
extern const struct subject xattr_subject;
extern const struct subject redis_subject;
extern const struct subject memcached_subject;
extern const struct subject lmdb_subject;
extern const struct subject shm_subject;

#endif /* BENCH_ROW_H */
