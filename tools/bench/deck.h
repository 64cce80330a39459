/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a row works on: keys, values, and the order in which keys are drawn. All
 * of it is prepared before anything is timed, and is the same for every subject.
 */
#ifndef BENCH_DECK_H
#define BENCH_DECK_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define KEY_SIZE 16
/* How many there are, where nothing else is said. */
#define ENTRIES 10000
/* Operations of one call, where it carries several. */
#define BATCH 32
/* Keys behind those that are there: never there, or made and removed. */
#define ABSENT 1000
#define DRAWS (1u << 17)

/**
 * struct shape - how many entries there are, and of what
 * @suffix: of the names of its rows
 * @bit: SHAPE_*
 * @entries: how many there are
 * @value_size: bytes of each value
 * @misses: of a hundred draws of a key, how many are of one that is not there
 */
struct shape {
	const char *suffix;
	unsigned int bit;
	uint32_t entries;
	uint32_t value_size;
	unsigned int misses;
};

#define SHAPE_PLAIN (1u << 0)
#define SHAPE_COUNTERS (1u << 1) /* values are numbers to add to, from 0 */
#define SHAPE_SIZES (1u << 2)
#define SHAPE_MANY (1u << 3)
#define SHAPE_MISSES (1u << 4)
#define SHAPE_DEFAULT (1u << 5) /* kvs: the store `default` */
#define SHAPE_DEFAULT_MANY (1u << 6)

/* In which order keys are drawn. */
enum draw {
	DRAW_UNIFORM,
	DRAW_ABSENT,
	DRAW_ONCE, /* each of the absent keys once, in no order */
	DRAW_ORDERS
};

/**
 * struct deck - the one there is
 * @shape: what it was made for
 * @keys: those that are there, and ABSENT more
 * @draws: numbers of keys, DRAWS of each order (ABSENT of DRAW_ONCE)
 * @values: BATCH buffers of @stride bytes, for values in and out
 * @stride: bytes of each
 */
struct deck {
	const struct shape *shape;
	char (*keys)[KEY_SIZE];
	uint32_t *draws[DRAW_ORDERS];
	char *values;
	size_t stride;
};

extern struct deck deck;

void deck_make(const struct shape *shape);

static inline const char *deck_key(uint32_t key)
{
	return deck.keys[key];
}

static inline bool deck_has(uint32_t key)
{
	return key < deck.shape->entries;
}

static inline char *deck_value(unsigned int slot)
{
	return deck.values + slot * deck.stride;
}

/* The first word of the value of a key, by which it is known. */
static inline uint64_t deck_tag(uint32_t key)
{
	return (key + 1) * 0x9e3779b97f4a7c15ull;
}

/* The opposite. */
static inline uint32_t deck_untag(uint64_t tag)
{
	return tag * 0xf1de83e19937733dull - 1;
}

/* The value of a key, to be written. */
static inline const char *deck_fill(unsigned int slot, uint32_t key)
{
	uint64_t tag = deck_tag(key);

	return memcpy(deck_value(slot), &tag, sizeof(tag));
}

/* Whether a buffer holds the value of a key. */
static inline bool deck_matches(unsigned int slot, uint32_t key)
{
	uint64_t tag = deck_tag(key);

	return !memcmp(deck_value(slot), &tag, sizeof(tag));
}

#endif /* BENCH_DECK_H */
