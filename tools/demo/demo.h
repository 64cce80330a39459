/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the demo does that a shell cannot: many look-ups through each way into
 * the kernel, processes that run at the same time.
 */
#ifndef KVS_DEMO_H
#define KVS_DEMO_H

#include <stddef.h>

struct kvs;

#define LONGEST_VALUE 256

/**
 * struct entry - what a line of the list says
 * @key: the part before the tab
 * @value: the part behind it
 * @key_len: bytes at @key
 * @value_len: bytes at @value
 */
struct entry {
	const char *key;
	const char *value;
	size_t key_len;
	size_t value_len;
};

/**
 * struct list - entries of a file
 * @entries: one for each line
 * @count: how many
 * @text: the file, for as long as the entries are used
 */
struct list {
	struct entry *entries;
	size_t count;
	char *text;
};

/* Reads lines of key, tab, value, without escapes; ends the program if it fails. */
void list_read(struct list *list, const char *file);
void list_free(struct list *list);

/* Seconds of a monotonic clock. */
double now(void);

/* A line on stderr, and the program fails. */
void die(const char *format, ...) __attribute((format(printf, 1, 2), noreturn));

/* NULL is the default store. Ends the program where it cannot be opened. */
struct kvs *open_store(const char *store, int open_flags);

/* Reads a value and returns its length; ends the program where it fails. */
size_t look(const struct kvs *kvs, const char *key, char value[LONGEST_VALUE]);

/* fork(), which ends the program where it fails; then waits for them. */
int start_process(void);
void wait_for_all(unsigned int processes);

/*
 * The commands: each says in a line what it found, and ends the program where
 * that is not what it should be.
 */

/* Looks up every entry of @file through @carrier and compares the values. */
void command_lookup(const char *file, const char *carrier);

/* Adds 1 to a counter, @times in each of @processes. */
void command_bump(const char *key, unsigned int processes, unsigned long times);

/* Changes a text that begins with a number, @times in each of @processes. */
void command_swap(const char *key, unsigned int processes, unsigned long times);

/*
 * Moves 1 from one counter to the other if there is one, tried @times in each of
 * @processes: too often, so that at last none is left.
 */
void command_transfer(const char *from, const char *to, unsigned int processes,
		      unsigned long times);

/* Says "waiting" and looks at a key until its value is another. */
void command_watch(const char *key);

/*
 * Says "waiting" and looks at two entries of the same value, in turn and in
 * transactions, until both have another and no mix was seen.
 */
void command_turns(const char *store, const char *one, const char *other);

#endif /* KVS_DEMO_H */
