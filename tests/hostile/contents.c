// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "contents.h"
#include "control.h"
#include "request.h"

const unsigned char contents_other[HUGE_LEN] = { 'o', 't', 'h', 'e', 'r' };

static unsigned char standard[HUGE_LEN] = { 's', 't', 'a', 'n', 'd' };
static __s64 standard_number = COUNTER_VALUE;

static const struct contents_row {
	const char *key;
	__u32 len; /* 0: absent between commands */
	const void *value;
	__u32 flags;
} rows[CONTENTS_KEYS] = {
	{ KEY_SMALL, SMALL_LEN, standard, 0 },
	{ KEY_LARGE, LARGE_LEN, standard, 0 },
	{ KEY_HUGE, HUGE_LEN, standard, 0 },
	{ KEY_LONG, SMALL_LEN, standard, 0 },
	{ KEY_COUNTER, 8, &standard_number, KVS_F_COUNTER },
	{ KEY_NEW, 0, NULL, 0 },
	{ KEY_NEWER, 0, NULL, 0 },
	{ KEY_NEWEST, 0, NULL, 0 },
	{ KEY_NEW_LONG, 0, NULL, 0 },
};

void contents_remove(int fd)
{
	int i;

	for (i = 0; i < CONTENTS_KEYS; i++)
		control_request(fd, req_delete(rows[i].key));
}

/* Leaves no trace, which the next look would find. */
static void read_key(int fd, const char *key, struct contents_key *to)
{
	struct kvs_req get = req_get(key, to->value, sizeof(to->value));

	memset(to, 0, sizeof(*to));
	to->status = control_request(fd, req_stat(key, &to->stat));
	to->stat.age = 0;
	control_request(fd, req_flags(get, KVS_F_NO_TOUCH));
}

static bool key_changed(int fd, const char *key,
			const struct contents_key *noted)
{
	struct kvs_stat stat = {};
	int status = control_request(fd, req_stat(key, &stat));

	stat.age = 0;
	return status != noted->status ||
	       memcmp(&stat, &noted->stat, sizeof(stat));
}

static int restore_key(int fd, const struct contents_row *row)
{
	struct kvs_req req = req_put(row->key, row->value, row->len);

	control_request(fd, req_delete(row->key));
	req.flags = row->flags;
	return row->len ? control_request(fd, req) : 0;
}

int contents_restore(int fd, struct contents *noted)
{
	bool changed = false;
	int i, ret = 0;

	for (i = 0; i < CONTENTS_KEYS && !ret; i++) {
		if (!key_changed(fd, rows[i].key, &noted->keys[i]))
			continue;
		changed = true;
		ret = restore_key(fd, &rows[i]);
	}
	if (changed)
		contents_read(fd, noted);
	return ret;
}

void contents_read(int fd, struct contents *contents)
{
	int i;

	for (i = 0; i < CONTENTS_KEYS; i++)
		read_key(fd, rows[i].key, &contents->keys[i]);
	contents->figures = figures_now();
}

bool contents_same(const struct contents *a, const struct contents *b)
{
	bool same = true;
	int i;

	for (i = 0; i < CONTENTS_KEYS; i++) {
		if (!memcmp(&a->keys[i], &b->keys[i], sizeof(a->keys[i])))
			continue;
		printf("# %s changed: status %d, then %d\n", rows[i].key,
		       a->keys[i].status, b->keys[i].status);
		same = false;
	}
	if (a->figures.entries != b->figures.entries ||
	    a->figures.bytes != b->figures.bytes) {
		printf("# figures changed: %llu entries, %llu bytes, then ",
		       a->figures.entries, a->figures.bytes);
		printf("%llu entries, %llu bytes\n", b->figures.entries,
		       b->figures.bytes);
		same = false;
	}
	return same;
}
