// SPDX-License-Identifier: GPL-2.0-only
/*
 * The loop: see loop.h.
 */
#include "loop.h"

static unsigned int wrong_values(const uint32_t *keys, unsigned int count)
{
	unsigned int wrong = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		wrong += deck_has(keys[i]) && !deck_matches(i, keys[i]);
	return wrong;
}

unsigned int loop_once(const struct row *row, const uint32_t *keys)
{
	unsigned int wrong = row->call(keys);

	if (row->reads)
		wrong += wrong_values(keys, loop_per(row));
	return wrong;
}

unsigned long loop(const struct row *row, unsigned int calls)
{
	const uint32_t *keys = deck.draws[row->draw];
	const unsigned int count = loop_per(row);
	unsigned long wrong = 0;

	for (; calls; calls--, keys += count)
		wrong += loop_once(row, keys);
	return wrong;
}
