/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client of Redis, by RESP. Requests are asked one after the other and sent by
 * wire_send(); their answers are read in the same order. As little is done for
 * each as can be: no format is parsed, nothing is allocated, a value is copied
 * once.
 */
#ifndef BENCH_REDIS_H
#define BENCH_REDIS_H

#include <stddef.h>
#include <stdint.h>

struct wire;

/* Bytes that a request takes in the wire besides key and value, at most. */
#define REDIS_FRAME 96

void redis_ask_get(struct wire *wire, const void *key, size_t key_len);
void redis_ask_set(struct wire *wire, const void *key, size_t key_len,
		   const void *value, size_t value_len);
void redis_ask_incr(struct wire *wire, const void *key, size_t key_len);

/* Of GET: 0, or -ENOENT. The value is copied to @buf, its length to @len. */
int redis_answer_get(struct wire *wire, void *buf, size_t size, size_t *len);

/* Of SET. An error of the server's is -EPROTO, here as everywhere. */
int redis_answer_set(struct wire *wire);

/* Of INCR: the new value. */
int redis_answer_incr(struct wire *wire, int64_t *value);

/* Of the server: its version, and how many keys it has. */
int redis_version(struct wire *wire, char *text, size_t size);
int redis_entries(struct wire *wire, size_t *entries);

#endif /* BENCH_REDIS_H */
