// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of what needs room in a full store that evicts fails once.
 * The request says so, and nothing was evicted for it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "control.h"
#include "request.h"
#include "trial.h"
#include "txn.h"

#define STORE "fail.evict"
#define CAP 10
#define NEW 3 /* keys behind those, for commands to make something of */
#define LONGEST 20000

static const unsigned char value[LONGEST];

FIXTURE(evict)
{
	int fd;
	struct kvs_req req;
	__u64 evictions; /* before the command */
};

static int act(int fd, unsigned int number)
{
	struct kvs_act act = { .size = sizeof(act) };

	return control_ioctl(fd, number, &act);
}

FIXTURE_SETUP(evict)
{
	struct kvs_create create = {
		.size = sizeof(create),
		.set = KVS_SET_POLICY | KVS_SET_MAX_ENTRIES,
		.policy = KVS_POLICY_EVICT,
		.max_entries = CAP,
		.store_name = STORE,
	};
	struct kvs_bind bind;

	self->fd = control_open(O_RDWR);
	if (!control_bind(self->fd, STORE, &bind)) {
		ASSERT_EQ(0, act(self->fd, KVS_IOC_DESTROY));
		close(self->fd);
		self->fd = control_open(O_RDWR);
	}
	ASSERT_EQ(0, control_ioctl(self->fd, KVS_IOC_CREATE, &create));
	ASSERT_EQ(0, control_bind(self->fd, STORE, &bind));
	ASSERT_EQ(0, fault_below_module());
}

FIXTURE_TEARDOWN(evict)
{
	fault_anywhere();
	EXPECT_EQ(0, act(self->fd, KVS_IOC_DESTROY));
	close(self->fd);
}

static struct kvs_req numbered(__u16 verb, int number)
{
	char key[KVS_INLINE_KEY];
	int len = snprintf(key, sizeof(key), "fail.%d", number);

	return req_key(verb, key, len);
}

static struct kvs_req put(int number, __u32 len)
{
	struct kvs_req req = numbered(KVS_PUT, number);

	req.value = addr_of(value);
	req.value_len = len;
	return req;
}

static __u64 evictions(int fd)
{
	struct kvs_store_stats stats = { .size = sizeof(stats) };

	return control_ioctl(fd, KVS_IOC_STATS, &stats) ? ~0ULL :
							  stats.evictions;
}

static bool has(int fd, int number)
{
	return !control_request(fd, numbered(KVS_STAT, number));
}

/* The new ones go first, so that nobody has to make room for the others. */
static void fill(void *arg)
{
	struct _test_data_evict *self = arg;
	int i;

	for (i = CAP; i < CAP + NEW; i++)
		control_request(self->fd, numbered(KVS_DELETE, i));
	for (i = 0; i < CAP; i++)
		if (!has(self->fd, i))
			control_request(self->fd, put(i, 20));
	self->evictions = evictions(self->fd);
}

static int run(void *arg)
{
	struct _test_data_evict *self = arg;

	return control_request(self->fd, self->req);
}

static bool nothing_evicted(void *arg)
{
	struct _test_data_evict *self = arg;
	int i;

	for (i = 0; i < CAP; i++)
		if (!has(self->fd, i))
			return false;
	for (i = CAP; i < CAP + NEW; i++)
		if (has(self->fd, i))
			return false;
	return evictions(self->fd) == self->evictions;
}

static void try_one(struct __test_metadata *_metadata,
		    struct _test_data_evict *self, const char *name,
		    struct kvs_req req)
{
	const struct trial trial = {
		.door = "evict",
		.name = name,
		.allocates = true,
		.before = fill,
		.run = run,
		.unchanged = nothing_evicted,
		.arg = self,
	};

	self->req = req;
	trial_run(_metadata, &trial);
	/* Each time that nothing failed */
	EXPECT_LT(0ULL, evictions(self->fd));
}

TEST_F(evict, put)
{
	try_one(_metadata, self, "put", put(CAP, 20));
	try_one(_metadata, self, "put long", put(CAP, 1000));
	try_one(_metadata, self, "put longest", put(CAP, LONGEST));
	try_one(_metadata, self, "put pinned",
		req_flags(put(CAP, 20), KVS_F_PINNED));
}

TEST_F(evict, add)
{
	try_one(_metadata, self, "add",
		req_flags(numbered(KVS_ADD, CAP), KVS_F_CREATE));
}

TEST_F(evict, txn)
{
	struct txn txn = {};
	int i;

	for (i = 0; i < NEW; i++)
		txn_do(&txn, TXN_THEN, put(CAP + i, 300));
	try_one(_metadata, self, "transaction", txn_request(&txn));
}

int main(int argc, char **argv)
{
	return trial_main(argc, argv);
}
