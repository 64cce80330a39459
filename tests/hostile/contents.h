/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A small store whose whole contents can be compared: one entry of each sort,
 * and keys that are free for commands to make something of.
 */
#ifndef KVS_TEST_CONTENTS_H
#define KVS_TEST_CONTENTS_H

#include <stdbool.h>

#include <linux/kvs.h>

#include "figures.h"

/* Where they lie: in the entry, in a slab, in pages of their own. */
#define SMALL_LEN 20U
#define LARGE_LEN 1000U
#define HUGE_LEN 20000U

#define KEY_SMALL "contents.small"
#define KEY_LARGE "contents.large"
#define KEY_HUGE "contents.huge"
#define KEY_COUNTER "contents.counter"
#define KEY_LONG "contents.of.a.key.that.is.longer.than.a.request.can.hold"
#define KEY_NEW "contents.new"
#define KEY_NEWER "contents.newer"
#define KEY_NEWEST "contents.newest"
#define KEY_NEW_LONG "contents.new.of.a.key.that.is.longer.than.a.request"

#define COUNTER_VALUE 42

#define CONTENTS_KEYS 9

/* Bytes that are written by commands: not those that are there. */
extern const unsigned char contents_other[HUGE_LEN];

/* What there is to know of one key. */
struct contents_key {
	int status;
	struct kvs_stat stat;
	unsigned char value[HUGE_LEN];
};

struct contents {
	struct contents_key keys[CONTENTS_KEYS];
	struct figures figures;
};

/*
 * Makes of the store what it is between commands, if the last one changed
 * something since it was @noted, and notes it anew. 0 or -errno.
 */
int contents_restore(int fd, struct contents *noted);
void contents_remove(int fd);

/* Takes down everything, after a grace period. */
void contents_read(int fd, struct contents *contents);

/* Tells on stdout what differs. */
bool contents_same(const struct contents *a, const struct contents *b);

#endif /* KVS_TEST_CONTENTS_H */
