// SPDX-License-Identifier: GPL-2.0-only
/*
 * The store that is measured: see store.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "failure.h"
#include "store.h"

struct store store;

static void store_control(unsigned long number, void *args, const char *what)
{
	if (ioctl(store.fd, number, args))
		die("%s a store: %m", what);
}

static bool store_standard(void)
{
	return deck.shape->bit & (SHAPE_DEFAULT | SHAPE_DEFAULT_MANY);
}

/* What another process has left is none of ours. */
static void store_name(__u8 *name)
{
	snprintf((char *)name, KVS_STORE_NAME_SIZE, "bench-%d", getpid());
}

static void store_make(void)
{
	struct kvs_create create = { .size = sizeof(create) };

	store_name(create.store_name);
	store_control(KVS_IOC_CREATE, &create, "make");
}

static void store_bind(void)
{
	struct kvs_bind bind = { .size = sizeof(bind) };

	if (!store_standard())
		store_name(bind.store_name);
	store_control(KVS_IOC_BIND, &bind, "bind to");
}

void store_prepare(enum kvs_verb verb, unsigned int flags)
{
	struct kvs_req *req;
	unsigned int i;

	for (i = 0; i < BATCH; i++) {
		req = &store.reqs[i];
		*req = (struct kvs_req){
			.verb = verb,
			.flags = flags,
			.key_len = KEY_SIZE,
			.result = (uintptr_t)&store.results[i],
		};
		if (verb != KVS_GET && verb != KVS_PUT)
			continue;
		req->value = (uintptr_t)deck_value(i);
		req->value_len = deck.shape->value_size;
	}
}

static void store_fill_batch(uint32_t from, uint32_t count)
{
	const struct kvs_vec vec = {
		.reqs = (uintptr_t)store.reqs,
		.count = count,
	};
	uint32_t i;

	for (i = 0; i < count; i++) {
		store_key(i, from + i);
		deck_fill(i, from + i);
	}
	if (ioctl(store.fd, KVS_IOC_VEC, &vec))
		die("fill the store: %m");
	for (i = 0; i < count; i++)
		must(store.results[i].status, "fill the store");
}

static void store_fill(void)
{
	uint32_t entries = deck.shape->entries;
	uint32_t done, count;

	if (deck.shape->bit == SHAPE_COUNTERS)
		store_prepare(KVS_ADD, KVS_F_CREATE);
	else
		store_prepare(KVS_PUT, KVS_F_CREATE);
	for (done = 0; done < entries; done += count) {
		count = entries - done < BATCH ? entries - done : BATCH;
		store_fill_batch(done, count);
	}
}

void store_open(void)
{
	store.fd = open("/dev/kvs", O_RDWR | O_CLOEXEC);
	if (store.fd < 0)
		die("/dev/kvs: %m");
	if (!store_standard())
		store_make();
	store_bind();
	store_fill();
}

void store_close(void)
{
	struct kvs_act act = { .size = sizeof(act) };

	if (store_standard())
		store_control(KVS_IOC_FLUSH, &act, "empty");
	else
		store_control(KVS_IOC_DESTROY, &act, "destroy");
	close(store.fd);
}
