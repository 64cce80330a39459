// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keys, values and draws: see deck.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "deck.h"
#include "failure.h"

/* Values begin at a cache line each. */
#define LINE 64

struct deck deck;

static void *deck_alloc(size_t count, size_t size)
{
	size_t bytes = (count * size + LINE - 1) / LINE * LINE;
	void *memory = aligned_alloc(LINE, bytes);

	if (!memory)
		die("no memory for keys and values");
	/* Its pages are there before anything is timed. */
	return memset(memory, '.', bytes);
}

/* Printable, for those who want it so. */
static void deck_keys(uint32_t count)
{
	char text[KEY_SIZE + 1];
	uint32_t key;

	deck.keys = deck_alloc(count, KEY_SIZE);
	for (key = 0; key < count; key++) {
		snprintf(text, sizeof(text), "key:%012u", key);
		memcpy(deck.keys[key], text, KEY_SIZE);
	}
}

/* The same numbers in every run. */
static uint32_t deck_random(uint32_t below)
{
	static uint64_t state = 88172645463325252ull;

	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state >> 32) % below;
}

static void deck_draw(void)
{
	const struct shape *shape = deck.shape;
	uint32_t *uniform = deck.draws[DRAW_UNIFORM];
	uint32_t *absent = deck.draws[DRAW_ABSENT];
	unsigned int i;

	for (i = 0; i < DRAWS; i++) {
		absent[i] = shape->entries + deck_random(ABSENT);
		if (deck_random(100) < shape->misses)
			uniform[i] = absent[i];
		else
			uniform[i] = deck_random(shape->entries);
	}
}

static void deck_shuffle(void)
{
	uint32_t *once = deck.draws[DRAW_ONCE];
	uint32_t i, other;

	for (i = 0; i < ABSENT; i++) {
		other = deck_random(i + 1);
		once[i] = once[other];
		once[other] = deck.shape->entries + i;
	}
}

void deck_make(const struct shape *shape)
{
	unsigned int order;

	deck.shape = shape;
	deck.stride = (shape->value_size + LINE - 1) / LINE * LINE;
	deck.values = deck_alloc(BATCH, deck.stride);
	deck_keys(shape->entries + ABSENT);
	for (order = 0; order < DRAW_ORDERS; order++)
		deck.draws[order] = deck_alloc(DRAWS, sizeof(uint32_t));
	deck_draw();
	deck_shuffle();
}
