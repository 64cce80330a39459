// SPDX-License-Identifier: GPL-2.0-only
/*
 * Redis and memcached on a unix socket: one request at a time, or 32 sent before
 * their answers are read.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/types.h>

#include "failure.h"
#include "memcached.h"
#include "peer.h"
#include "redis.h"
#include "row.h"
#include "wire.h"

#define SOCKET "/tmp/kvs-bench.sock"

/**
 * struct server - what differs between the two
 * @argv: how it is started
 */
struct server {
	const char *argv[20];
	void (*ask_get)(struct wire *wire, const void *key, size_t key_len);
	int (*answer_get)(struct wire *wire, void *buf, size_t size,
			  size_t *len);
	void (*ask_set)(struct wire *wire, const void *key, size_t key_len,
			const void *value, size_t value_len);
	int (*answer_set)(struct wire *wire);
	void (*ask_incr)(struct wire *wire, const void *key, size_t key_len);
	int (*answer_incr)(struct wire *wire, int64_t *value);
	int (*version)(struct wire *wire, char *text, size_t size);
};

/* Nothing is saved: that would be work that nobody else here does. */
static const struct server redis = {
	.argv = { "redis-server", "--port", "0", "--unixsocket", SOCKET,
		  "--save", "", "--appendonly", "no", "--dir", "/tmp" },
	.ask_get = redis_ask_get,
	.answer_get = redis_answer_get,
	.ask_set = redis_ask_set,
	.answer_set = redis_answer_set,
	.ask_incr = redis_ask_incr,
	.answer_incr = redis_answer_incr,
	.version = redis_version,
};

/* One worker for the one client, and room for whatever is put there. */
static const struct server memcached = {
	.argv = { "memcached", "-u", "root", "-s", SOCKET, "-m", "2048", "-t",
		  "1" },
	.ask_get = memcached_ask_get,
	.answer_get = memcached_answer_get,
	.ask_set = memcached_ask_set,
	.answer_set = memcached_answer_set,
	.ask_incr = memcached_ask_incr,
	.answer_incr = memcached_answer_incr,
	.version = memcached_version,
};

static const struct server *server;
static struct wire wire;
static pid_t pid;
/* What each counter has to answer next */
static int64_t *counts;

static void fill_batch(uint32_t from, uint32_t count)
{
	const bool counters = deck.shape->bit == SHAPE_COUNTERS;
	uint32_t key;

	for (key = from; key < from + count; key++)
		if (counters)
			server->ask_set(&wire, deck_key(key), KEY_SIZE, "0", 1);
		else
			server->ask_set(&wire, deck_key(key), KEY_SIZE,
					deck_fill(0, key),
					deck.shape->value_size);
	must(wire_send(&wire), "fill a server");
	while (count--)
		must(server->answer_set(&wire), "fill a server");
}

static void fill(void)
{
	uint32_t entries = deck.shape->entries;
	/* What both sockets hold while nobody reads */
	uint32_t most = deck.shape->value_size > 4096 ? 1 : BATCH;
	uint32_t done, count;

	for (done = 0; done < entries; done += count) {
		count = entries - done < most ? entries - done : most;
		fill_batch(done, count);
	}
}

static void start(const struct server *which)
{
	size_t room = (size_t)BATCH *
		      (deck.shape->value_size + KEY_SIZE + REDIS_FRAME);

	server = which;
	pid = peer_start(server->argv, SOCKET, &wire, room);
	counts = calloc(deck.shape->entries, sizeof(*counts));
	if (!counts)
		die("no memory for counters");
	fill();
}

static void redis_open(void)
{
	start(&redis);
}

static void memcached_open(void)
{
	start(&memcached);
}

static void stop(void)
{
	peer_stop(pid, SOCKET, &wire);
}

static void version(char *text, size_t size)
{
	must(server->version(&wire, text, size), "version");
}

static bool got(unsigned int slot)
{
	const size_t size = deck.shape->value_size;
	size_t len;

	return !server->answer_get(&wire, deck_value(slot), size, &len) &&
	       len == size;
}

static unsigned int get(const uint32_t *keys)
{
	server->ask_get(&wire, deck_key(*keys), KEY_SIZE);
	return wire_send(&wire) || !got(0);
}

static unsigned int get_pipe(const uint32_t *keys)
{
	unsigned int wrong = 0;
	unsigned int i;

	for (i = 0; i < BATCH; i++)
		server->ask_get(&wire, deck_key(keys[i]), KEY_SIZE);
	if (wire_send(&wire))
		return BATCH;
	for (i = 0; i < BATCH; i++)
		wrong += !got(i);
	return wrong;
}

static unsigned int set(const uint32_t *keys)
{
	server->ask_set(&wire, deck_key(*keys), KEY_SIZE, deck_fill(0, *keys),
			deck.shape->value_size);
	return wire_send(&wire) || server->answer_set(&wire);
}

static unsigned int incr(const uint32_t *keys)
{
	int64_t value;

	server->ask_incr(&wire, deck_key(*keys), KEY_SIZE);
	return wire_send(&wire) || server->answer_incr(&wire, &value) ||
	       value != ++counts[*keys];
}

#define SOME (SHAPE_PLAIN | SHAPE_SIZES | SHAPE_MANY)

static const struct row redis_rows[] = {
	{ "redis_get", get, .shapes = SOME, .reads = true, .least = 15000,
	  .tail = true },
	{ "redis_set", set, .shapes = SHAPE_PLAIN | SHAPE_SIZES },
	{ "redis_incr", incr, .shapes = SHAPE_COUNTERS },
	{ "redis_get_pipe32", get_pipe, .per = BATCH, .shapes = SHAPE_PLAIN,
	  .reads = true },
	{ 0 }
};

static const struct row memcached_rows[] = {
	{ "memcached_get", get, .shapes = SOME, .reads = true, .tail = true },
	{ "memcached_set", set, .shapes = SHAPE_PLAIN | SHAPE_SIZES },
	{ "memcached_incr", incr, .shapes = SHAPE_COUNTERS },
	{ "memcached_get_pipe32", get_pipe, .per = BATCH, .shapes = SHAPE_PLAIN,
	  .reads = true },
	{ 0 }
};

const struct subject redis_subject = {
	.name = "redis",
	.open = redis_open,
	.close = stop,
	.version = version,
	.memory = "memory_redis",
	.rows = redis_rows,
};

const struct subject memcached_subject = {
	.name = "memcached",
	.open = memcached_open,
	.close = stop,
	.version = version,
	.memory = "memory_memcached",
	.rows = memcached_rows,
};
