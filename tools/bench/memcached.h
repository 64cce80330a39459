/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A client of memcached, by its meta protocol. As with that of Redis, requests
 * are asked one after the other and sent by wire_send(); their answers are read
 * in the same order.
 */
#ifndef BENCH_MEMCACHED_H
#define BENCH_MEMCACHED_H

#include <stddef.h>
#include <stdint.h>

struct wire;

/* Bytes that a request takes in the wire besides key and value, at most. */
#define MEMCACHED_FRAME 64

/* Keys have no spaces and at most 250 bytes. */
void memcached_ask_get(struct wire *wire, const void *key, size_t key_len);
void memcached_ask_set(struct wire *wire, const void *key, size_t key_len,
		       const void *value, size_t value_len);
void memcached_ask_incr(struct wire *wire, const void *key, size_t key_len);

/* Of mg: 0, or -ENOENT. The value is copied to @buf, its length to @len. */
int memcached_answer_get(struct wire *wire, void *buf, size_t size,
			 size_t *len);

/* Of ms. A refusal or an error of the server's is -EPROTO, as everywhere. */
int memcached_answer_set(struct wire *wire);

/* Of ma: the new value, or -ENOENT. */
int memcached_answer_incr(struct wire *wire, int64_t *value);

/* Of the server: its version, and how many items it has. */
int memcached_version(struct wire *wire, char *text, size_t size);
int memcached_entries(struct wire *wire, size_t *entries);

#endif /* BENCH_MEMCACHED_H */
