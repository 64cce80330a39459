// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs by ioctl. Requests are prepared but for their keys, as those of the other
 * subjects are; the first 16 bytes of each result are asked for.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "failure.h"
#include "row.h"
#include "store.h"

static struct kvs_req get_req, put_req, insert_req, delete_req, add_req;
static struct kvs_res res;
static long long added;

static struct kvs_req prepared(enum kvs_verb verb, unsigned int flags)
{
	store_prepare(verb, flags);
	store.reqs[0].result = (uintptr_t)&res;
	return store.reqs[0];
}

static void kvs_open(void)
{
	store_open();
	get_req = prepared(KVS_GET, 0);
	put_req = prepared(KVS_PUT, 0);
	insert_req = prepared(KVS_PUT, KVS_F_CREATE);
	delete_req = prepared(KVS_DELETE, 0);
	add_req = prepared(KVS_ADD, 0);
	add_req.operand = 1;
	added = 0;
}

static int run(struct kvs_req *req, uint32_t key)
{
	memcpy(req->key, deck_key(key), KEY_SIZE);
	return ioctl(store.fd, KVS_IOC_REQ, req);
}

static unsigned int get(const uint32_t *keys)
{
	return run(&get_req, *keys) || res.len != deck.shape->value_size;
}

static unsigned int miss(const uint32_t *keys)
{
	return run(&get_req, *keys) != -1 || errno != ENOENT;
}

static unsigned int get_some(const uint32_t *keys)
{
	return deck_has(*keys) ? get(keys) : miss(keys);
}

static unsigned int put(const uint32_t *keys)
{
	deck_fill(0, *keys);
	return run(&put_req, *keys) || res.status;
}

static unsigned int insert(const uint32_t *keys)
{
	deck_fill(0, *keys);
	return run(&insert_req, *keys) || res.status;
}

static unsigned int erase(const uint32_t *keys)
{
	return run(&delete_req, *keys) || res.status;
}

static unsigned int add(const uint32_t *keys)
{
	added++;
	return run(&add_req, *keys) || res.status;
}

static unsigned int get_batch(const uint32_t *keys)
{
	unsigned int wrong = 0;
	unsigned int i;

	for (i = 0; i < BATCH; i++)
		store_key(i, keys[i]);
	wrong += store_batch() != 0;
	for (i = 0; i < BATCH; i++)
		wrong += !store_got(i);
	return wrong;
}

static unsigned int put_batch(const uint32_t *keys)
{
	unsigned int wrong = 0;
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		store_key(i, keys[i]);
		deck_fill(i, keys[i]);
	}
	wrong += store_batch() != 0;
	for (i = 0; i < BATCH; i++)
		wrong += store.results[i].status != 0;
	return wrong;
}

static void get_batch_prepare(void)
{
	store_prepare(KVS_GET, 0);
}

static void put_batch_prepare(void)
{
	store_prepare(KVS_PUT, 0);
}

/* Each addition was answered without the number: here they are counted. */
static void check_added(void)
{
	long long sum = 0;
	int64_t number;
	uint32_t key;

	for (key = 0; key < deck.shape->entries; key++) {
		get_req.value_len = sizeof(number);
		if (run(&get_req, key))
			die("read a counter: %m");
		memcpy(&number, deck_value(0), sizeof(number));
		sum += number;
	}
	if (sum != added)
		die("%lld were added, and the counters say %lld", added, sum);
}

static void kvs_close(void)
{
	if (deck.shape->bit == SHAPE_COUNTERS)
		check_added();
	store_close();
}

static void kvs_version(char *text, size_t size)
{
	int fd = open("/sys/module/kvs/version", O_RDONLY | O_CLOEXEC);
	ssize_t len = read(fd, text, size - 1);

	if (len <= 0)
		die("the module does not tell its version");
	text[len - 1] = '\0';
	close(fd);
}

#define ALL (SHAPE_PLAIN | SHAPE_SIZES | SHAPE_MANY | SHAPE_DEFAULT)

static const struct row rows[] = {
	{ "get_ioctl", get, .shapes = ALL, .reads = true, .tail = true },
	{ "get_ioctl", get_some, .shapes = SHAPE_MISSES, .reads = true },
	{ "get_miss_ioctl", miss, .shapes = SHAPE_PLAIN | SHAPE_DEFAULT,
	  .draw = DRAW_ABSENT },
	{ "put_ioctl", put, .shapes = ALL, .tail = true },
	{ "insert_ioctl", insert, .undo = erase, .draw = DRAW_ONCE,
	  .shapes = SHAPE_PLAIN | SHAPE_DEFAULT },
	{ "delete_ioctl", erase, .undo = insert, .draw = DRAW_ONCE,
	  .undo_first = true, .shapes = SHAPE_PLAIN | SHAPE_DEFAULT },
	{ "add_ioctl", add, .shapes = SHAPE_COUNTERS },
	{ "get_batch32", get_batch, .prepare = get_batch_prepare, .per = BATCH,
	  .shapes = ALL, .reads = true },
	{ "put_batch32", put_batch, .prepare = put_batch_prepare, .per = BATCH,
	  .shapes = SHAPE_PLAIN | SHAPE_DEFAULT },
	{ 0 }
};

const struct subject kvs_subject = {
	.name = "kvs",
	.open = kvs_open,
	.close = kvs_close,
	.version = kvs_version,
	.memory = "memory_kvs",
	.memory_default = "memory_kvs_default",
	.rows = rows,
};
