// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs through io_uring: one request for each entry of the queue, by address or
 * in it, or all of them behind one.
 */
#include "ring.h"
#include "row.h"
#include "store.h"

static struct io_uring ring, wide_ring;

static void kvs_ring_open(void)
{
	store_open();
	ring_open(&ring, 0, store.fd);
	ring_open(&wide_ring, IORING_SETUP_SQE128, store.fd);
}

static void prepare_get(void)
{
	store_prepare(KVS_GET, 0);
}

static void prepare_put(void)
{
	store_prepare(KVS_PUT, 0);
}

/* Some of the requests, behind the next entry. */
static void queue(unsigned int first, unsigned int count)
{
	const struct kvs_vec vec = {
		.reqs = (uintptr_t)&store.reqs[first],
		.count = count,
	};

	memcpy(ring_command(&ring, KVS_IOC_VEC), &vec, sizeof(vec));
}

static unsigned int wrong_gets(unsigned int count)
{
	unsigned int wrong = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		wrong += !store_got(i);
	return wrong;
}

static unsigned int get_one(const uint32_t *keys)
{
	store_key(0, *keys);
	queue(0, 1);
	return ring_run(&ring, 1, 0) + wrong_gets(1);
}

static unsigned int get(const uint32_t *keys)
{
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		store_key(i, keys[i]);
		queue(i, 1);
	}
	return ring_run(&ring, BATCH, 0) + wrong_gets(BATCH);
}

static unsigned int get_inline(const uint32_t *keys)
{
	struct kvs_req *req;
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		req = ring_command(&wide_ring, KVS_CMD_REQ);
		*req = store.reqs[i];
		memcpy(req->key, deck_key(keys[i]), KEY_SIZE);
	}
	return ring_run(&wide_ring, BATCH, 0) + wrong_gets(BATCH);
}

static unsigned int get_vector(const uint32_t *keys)
{
	unsigned int i;

	for (i = 0; i < BATCH; i++)
		store_key(i, keys[i]);
	queue(0, BATCH);
	return ring_run(&ring, 1, 0) + wrong_gets(BATCH);
}

static unsigned int put(const uint32_t *keys)
{
	unsigned int wrong;
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		store_key(i, keys[i]);
		deck_fill(i, keys[i]);
		queue(i, 1);
	}
	wrong = ring_run(&ring, BATCH, 0);
	for (i = 0; i < BATCH; i++)
		wrong += store.results[i].status != 0;
	return wrong;
}

#define BOTH (SHAPE_PLAIN | SHAPE_DEFAULT)

static const struct row rows[] = {
	{ "get_uring1", get_one, .prepare = prepare_get, .shapes = SHAPE_PLAIN,
	  .reads = true, .tail = true },
	{ "get_uring32", get, .prepare = prepare_get, .per = BATCH,
	  .shapes = BOTH, .reads = true },
	{ "get_uring32_inline", get_inline, .prepare = prepare_get,
	  .per = BATCH, .shapes = SHAPE_PLAIN, .reads = true },
	{ "get_uring_vec32", get_vector, .prepare = prepare_get, .per = BATCH,
	  .shapes = BOTH, .reads = true },
	{ "put_uring32", put, .prepare = prepare_put, .per = BATCH,
	  .shapes = SHAPE_PLAIN },
	{ 0 }
};

const struct subject kvs_ring_subject = {
	.name = "kvs_ring",
	.open = kvs_ring_open,
	.close = store_close,
	.rows = rows,
};
