// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two entries that get another value in the same step, read in turn.
 */
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <kvs.h>

#include "demo.h"

#define TURNS_LIMIT 60.0 /* seconds */
#define TURNS_AFTER 1000 /* turns once both have changed */

/**
 * struct turns - what a reader has seen
 * @kvs: the store
 * @keys: the two
 * @before: the value of both at first
 * @after: the value of both at last
 * @looks: how often it looked
 * @changed: @after has been seen
 */
struct turns {
	struct kvs *kvs;
	const char *keys[2];
	char before[LONGEST_VALUE];
	char after[LONGEST_VALUE];
	unsigned long looks;
	bool changed;
};

static void look_at(struct turns *turns, const char *key, char *value)
{
	value[look(turns->kvs, key, value)] = '\0';
	turns->looks++;
}

/* After the first new value there is no old one, whichever is looked at. */
static void look_in_turn(struct turns *turns)
{
	char value[LONGEST_VALUE];
	int i;

	for (i = 0; i < 2; i++) {
		look_at(turns, turns->keys[i], value);
		if (!turns->changed && strcmp(value, turns->before)) {
			memcpy(turns->after, value, strlen(value) + 1);
			turns->changed = true;
		}
		if (turns->changed && strcmp(value, turns->after))
			die("%s is '%s' after a flag that was '%s'",
			    turns->keys[i], value, turns->after);
	}
}

/* In one transaction they are the same even while they change. */
static void look_at_both(struct turns *turns)
{
	char values[2][LONGEST_VALUE];
	struct kvs_result results[2], result;
	struct kvs_request gets[2];
	const struct kvs_transaction txn = { .thens = gets, .then_count = 2 };
	int err, i;

	for (i = 0; i < 2; i++)
		kvs_request_get(&gets[i], turns->keys[i],
				strlen(turns->keys[i]), values[i],
				sizeof(values[i]), 0, &results[i]);
	err = kvs_txn(turns->kvs, &txn, &result);
	if (err)
		die("transaction: %s", kvs_strerror(err));
	for (i = 0; i < 2; i++)
		if (results[i].status)
			die("%s: %s", turns->keys[i],
			    kvs_strerror(results[i].status));
	if (results[0].length != results[1].length ||
	    memcmp(values[0], values[1], results[0].length))
		die("a transaction saw a mix");
}

void command_turns(const char *store, const char *one, const char *other)
{
	struct turns turns = {
		.kvs = open_store(store, O_RDONLY),
		.keys = { one, other },
	};
	unsigned long left = TURNS_AFTER, txns = 0;
	double started = now();

	look_at(&turns, one, turns.before);
	printf("waiting\n");
	fflush(stdout);
	while (left) {
		if (now() - started > TURNS_LIMIT)
			die("%s: nobody changed it", one);
		look_in_turn(&turns);
		look_at_both(&turns);
		txns++;
		left -= turns.changed;
	}
	printf("%lu looks in turn and %lu at both: all '%s', then all '%s'\n",
	       turns.looks, txns, turns.before, turns.after);
	kvs_close(turns.kvs);
}
