// SPDX-License-Identifier: GPL-2.0-only
/*
 * Items: see item.h. What follows the key in a value is cut out of noise, at a
 * place that depends on the number.
 */
#include <stdio.h>
#include <string.h>

#include "item.h"
#include "random.h"

#define SEED 20

#define PLACES 65536

static struct item {
	char key[ITEM_KEY_LEN];
	uint16_t size;
	uint16_t place;
} items[ITEMS];

static uint64_t noise[(PLACES + ITEM_LONGEST) / 8];

static void item_init(struct item *item, uint32_t number, uint64_t *state)
{
	char key[ITEM_KEY_LEN + 1];

	snprintf(key, sizeof(key), "key-%012u", number);
	memcpy(item->key, key, ITEM_KEY_LEN);
	item->size = ITEM_SHORTEST +
		     random_below(state, ITEM_LONGEST - ITEM_SHORTEST + 1);
	item->place = random_below(state, PLACES);
}

void items_init(void)
{
	uint64_t state = SEED;
	uint32_t i;

	for (i = 0; i < sizeof(noise) / sizeof(*noise); i++)
		noise[i] = random_next(&state);
	for (i = 0; i < ITEMS; i++)
		item_init(&items[i], i, &state);
}

const char *item_key(uint32_t number)
{
	return items[number].key;
}

size_t item_size(uint32_t number)
{
	return items[number].size;
}

static const char *item_rest(const struct item *item)
{
	return (const char *)noise + item->place;
}

void item_value(uint32_t number, char buf[ITEM_LONGEST])
{
	const struct item *item = &items[number];

	memcpy(buf, item->key, ITEM_KEY_LEN);
	memcpy(buf + ITEM_KEY_LEN, item_rest(item), item->size - ITEM_KEY_LEN);
}

bool item_is(uint32_t number, const char *bytes, size_t len)
{
	const struct item *item = &items[number];

	return len == item->size && !memcmp(bytes, item->key, ITEM_KEY_LEN) &&
	       !memcmp(bytes + ITEM_KEY_LEN, item_rest(item),
		       len - ITEM_KEY_LEN);
}
