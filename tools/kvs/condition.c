// SPDX-License-Identifier: GPL-2.0-only
/*
 * Conditions of a transaction: exists KEY, absent KEY, version KEY = N,
 * number KEY = N, value KEY = VALUE.
 */
#include <string.h>

#include <kvs.h>

#include "compiler.h"
#include "message.h"
#include "operation.h"

static const struct {
	const char *sign;
	unsigned int comparison;
} comparisons[] = {
	{ "=", KVS_IF_EQUAL },
	{ "!=", KVS_IF_UNEQUAL },
	{ "<", KVS_IF_LESS },
	{ ">", KVS_IF_GREATER },
};

static unsigned int read_comparison(const struct place *place,
				    const struct word *word)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(comparisons); i++)
		if (!strcmp(comparisons[i].sign, word->text))
			return comparisons[i].comparison;
	place_die(place, "'%s' is none of =, !=, <, >",
		  key_name(word->text, word->len));
}

/* exists, absent */
static bool read_existence(struct kvs_condition *condition,
			   const struct place *place, const struct words *words)
{
	const struct word *word = words->at;
	bool exists = !strcmp(word[0].text, "exists");

	if (!exists && strcmp(word[0].text, "absent"))
		return false;
	if (words->count != 2)
		place_die(place, "a condition is: %s KEY", word[0].text);
	kvs_condition_exists(condition, word[1].text, word[1].len, exists);
	return true;
}

static void read_version(struct kvs_condition *condition,
			 const struct place *place, const struct word *word)
{
	uint64_t version = place_u64(place, "version", &word[3], INT64_MAX);

	kvs_condition_version(condition, word[1].text, word[1].len,
			      read_comparison(place, &word[2]), version);
}

static void read_number(struct kvs_condition *condition,
			const struct place *place, const struct word *word)
{
	int64_t number = place_s64(place, "number", &word[3]);

	kvs_condition_number(condition, word[1].text, word[1].len,
			     read_comparison(place, &word[2]), number);
}

static void read_value(struct kvs_condition *condition,
		       const struct place *place, const struct word *word)
{
	if (word[3].len > KVS_EXPECT_MAX)
		place_die(place, "value compares at most %d bytes: use version",
			  KVS_EXPECT_MAX);
	kvs_condition_value(condition, word[1].text, word[1].len,
			    read_comparison(place, &word[2]), word[3].text,
			    word[3].len);
}

static const struct {
	const char *name;
	const char *operand;
	void (*read)(struct kvs_condition *condition, const struct place *place,
		     const struct word *word);
} subjects[] = {
	{ "version", "N", read_version },
	{ "number", "N", read_number },
	{ "value", "VALUE", read_value },
};

void condition_read(struct kvs_condition *condition, const struct place *place,
		    const struct words *words)
{
	const struct word *word = words->at;
	size_t i;

	if (words->count > 1 && !word[1].len)
		place_die(place, "the key is empty");
	if (read_existence(condition, place, words))
		return;
	for (i = 0; i < ARRAY_SIZE(subjects); i++) {
		if (strcmp(subjects[i].name, word[0].text))
			continue;
		if (words->count != 4)
			place_die(place, "a condition is: %s KEY = %s",
				  subjects[i].name, subjects[i].operand);
		subjects[i].read(condition, place, word);
		return;
	}
	place_die(place, "'%s' is no condition: 'kvs help txn' lists them",
		  key_name(word[0].text, word[0].len));
}
