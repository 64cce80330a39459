/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture "full": the module with small quotas, and stores that are open to
 * all; and what it takes to fill them.
 */
#ifndef KVS_TEST_FULL_FIXTURE_H
#define KVS_TEST_FULL_FIXTURE_H

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/socket.h>

#include <kselftest_harness.h>

#include "control.h"
#include "module.h"
#include "pass.h"
#include "people.h"
#include "store.h"
#include "txn.h"

#define STORE "exhaustion.one"
#define OTHER "exhaustion.two"
#define KEY "exhaustion.key"
#define TOTAL_BYTES 4194304
#define USER_ENTRIES 200
#define VALUE_LEN 3000
#define HOUR 3600000000000ULL

static const char options[] =
	"total_bytes=4194304 user_bytes=1048576 user_entries=200 user_stores=4";

static const struct person alice = { .uid = 1000, .gid = 1000 };

static char value[2 * VALUE_LEN];

FIXTURE(full)
{
	char before[512];
	int fd, other; /* root's, of stores that are open to all */
	int sockets[2];
};

FIXTURE_SETUP(full)
{
	module_parameters(self->before, sizeof(self->before));
	ASSERT_EQ(0, module_unload_patiently());
	ASSERT_EQ(0, module_load(options));
	ASSERT_EQ(0, people_admit(1));
	self->fd = store_make_open(STORE);
	self->other = store_make_open(OTHER);
	ASSERT_LE(0, self->fd);
	ASSERT_LE(0, self->other);
	ASSERT_EQ(0, socketpair(AF_UNIX, SOCK_STREAM, 0, self->sockets));
}

FIXTURE_TEARDOWN_PARENT(full)
{
	module_unload_patiently();
	EXPECT_EQ(0, module_load(self->before));
}

static inline struct kvs_req numbered(__u16 verb, int who, int number)
{
	char key[32];
	int len = snprintf(key, sizeof(key), "%d.%d", who, number);

	return req_key(verb, key, len);
}

static inline int put(int fd, int who, int number, size_t len)
{
	struct kvs_req req = numbered(KVS_PUT, who, number);

	req.value = addr_of(value);
	req.value_len = len;
	return control_request(fd, req);
}

static inline int remove_one(int fd, int who, int number)
{
	return control_request(fd, numbered(KVS_DELETE, who, number));
}

/* How many there is room for; what ended it is in *@ret. */
static inline int fill(int fd, int who, size_t len, int *ret)
{
	int count;

	for (count = 0; !(*ret = put(fd, who, count, len)); count++)
		;
	return count;
}

/* What makes an entry. */
static inline struct kvs_req maker(unsigned int kind, __s64 *number)
{
	static struct kvs_bitop_args bitop = { .size = sizeof(bitop),
					       .op = KVS_BITOP_OR };
	static struct kvs_bucket_args bucket = {
		.size = sizeof(bucket), .interval_ns = 1, .burst = 1, .cost = 1
	};

	switch (kind) {
	case 0:
		return req_put_str(KEY, "value");
	case 1:
		return req_put(KEY, value, sizeof(value));
	case 2:
		return req_ttl(req_put_str(KEY, "value"), HOUR);
	case 3:
		return req_put_counter(KEY, number);
	case 4:
		return req_flags(req_put_str(KEY, "value"),
				 KVS_F_APPEND | KVS_F_CREATE);
	case 5:
		return req_add_create(KEY, 1);
	case 6:
		return req_flags(req_number(KVS_XCHG, KEY, 1), KVS_F_CREATE);
	case 7:
		return req_flags(req_operands(req_verb(KVS_BITOP, KEY), &bitop),
				 KVS_F_CREATE);
	default:
		return req_flags(req_operands(req_verb(KVS_BUCKET, KEY),
					      &bucket),
				 KVS_F_CREATE);
	}
}

#define MAKERS 9

/* In a transaction that would make one that there is room for as well. */
static inline int make_in_txn(struct door *door, struct kvs_req req)
{
	static struct txn txn;

	memset(&txn, 0, sizeof(txn));
	txn_do(&txn, TXN_THEN, req_delete("exhaustion.none"));
	txn_do(&txn, TXN_THEN, req);
	return txn_run(&txn, door);
}

static inline int send_handle(void *arg)
{
	int fd = store_open(STORE, O_RDWR);

	CHECK(fd >= 0);
	pass_send(*(int *)arg, fd);
	return 0;
}

#endif /* KVS_TEST_FULL_FIXTURE_H */
