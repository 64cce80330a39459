// SPDX-License-Identifier: GPL-2.0-only
/*
 * Redis and memcached as caches: 32 requests are sent, then 32 answers read.
 */
#include <errno.h>
#include <sys/types.h>

#include "cache.h"
#include "failure.h"
#include "item.h"
#include "memcached.h"
#include "peer.h"
#include "redis.h"
#include "wire.h"

#define SOCKET "/tmp/cache.sock"

#define ROOM (CACHE_DEPTH * (ITEM_LONGEST + ITEM_KEY_LEN + REDIS_FRAME))

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
	int (*version)(struct wire *wire, char *text, size_t size);
	int (*entries)(struct wire *wire, size_t *entries);
};

#define REDIS(policy)                                                     \
	{                                                                 \
		.argv = { "redis-server",                                 \
			  "--port",                                       \
			  "0",                                            \
			  "--unixsocket",                                 \
			  SOCKET,                                         \
			  "--save",                                       \
			  "",                                             \
			  "--appendonly",                                 \
			  "no",                                           \
			  "--dir",                                        \
			  "/tmp",                                         \
			  "--maxmemory",                                  \
			  "32mb",                                         \
			  "--maxmemory-policy",                           \
			  policy },                                       \
		.ask_get = redis_ask_get, .answer_get = redis_answer_get, \
		.ask_set = redis_ask_set, .answer_set = redis_answer_set, \
		.version = redis_version, .entries = redis_entries,       \
	}

static const struct server redis_lru = REDIS("allkeys-lru");
static const struct server redis_lfu = REDIS("allkeys-lfu");

static const struct server memcached = {
	.argv = { "memcached", "-u", "root", "-s", SOCKET, "-m", "32" },
	.ask_get = memcached_ask_get,
	.answer_get = memcached_answer_get,
	.ask_set = memcached_ask_set,
	.answer_set = memcached_answer_set,
	.version = memcached_version,
	.entries = memcached_entries,
};

static const struct server *server;
static struct wire wire;
static pid_t pid;

static void start(const struct server *which)
{
	server = which;
	pid = peer_start(server->argv, SOCKET, &wire, ROOM);
}

static void start_redis_lru(const struct cache *cache)
{
	(void)cache;
	start(&redis_lru);
}

static void start_redis_lfu(const struct cache *cache)
{
	(void)cache;
	start(&redis_lfu);
}

static void start_memcached(const struct cache *cache)
{
	(void)cache;
	start(&memcached);
}

static void version(char *text, size_t size)
{
	must(server->version(&wire, text, size), "version");
}

static bool answer_get(uint32_t item)
{
	char value[ITEM_LONGEST];
	size_t len;
	int err;

	err = server->answer_get(&wire, value, sizeof(value), &len);
	if (err == -ENOENT)
		return false;
	must(err, "get");
	if (!item_is(item, value, len))
		die("%s: a wrong value", server->argv[0]);
	return true;
}

static void get(const uint32_t *items, unsigned int count, bool *found)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		server->ask_get(&wire, item_key(items[i]), ITEM_KEY_LEN);
	must(wire_send(&wire), "send");
	for (i = 0; i < count; i++)
		found[i] = answer_get(items[i]);
}

static void set(const uint32_t *items, unsigned int count)
{
	char value[ITEM_LONGEST];
	unsigned int i;

	for (i = 0; i < count; i++) {
		item_value(items[i], value);
		server->ask_set(&wire, item_key(items[i]), ITEM_KEY_LEN, value,
				item_size(items[i]));
	}
	must(wire_send(&wire), "send");
	for (i = 0; i < count; i++)
		must(server->answer_set(&wire), "set");
}

static size_t entries(void)
{
	size_t count;

	must(server->entries(&wire, &count), "entries");
	return count;
}

static void stop(void)
{
	peer_stop(pid, SOCKET, &wire);
}

const struct cache cache_redis_lru = {
	.name = "redis-lru",
	.settings = "maxmemory 32mb, allkeys-lru, 5 samples, nothing saved",
	.open = start_redis_lru,
	.version = version,
	.get = get,
	.set = set,
	.entries = entries,
	.close = stop,
};

const struct cache cache_redis_lfu = {
	.name = "redis-lfu",
	.settings = "maxmemory 32mb, allkeys-lfu, 5 samples, nothing saved",
	.open = start_redis_lfu,
	.version = version,
	.get = get,
	.set = set,
	.entries = entries,
	.close = stop,
};

const struct cache cache_memcached = {
	.name = "memcached",
	.settings =
		"-m 32, else as it comes: segmented LRU, maintainer, crawler",
	.open = start_memcached,
	.version = version,
	.get = get,
	.set = set,
	.entries = entries,
	.close = stop,
};
