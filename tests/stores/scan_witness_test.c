// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCAN between two GETs of one key, while others insert, replace, remove, flush
 * and publish it: what both of them found with one version was there all the
 * time, so it is shown once, with that version; and no version goes backwards
 * from one of the three to the next.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "scan.h"
#include "size.h"
#include "store.h"
#include "txn.h"

#define STORE "scan.witness"
#define STAGING "scan.witness.staging"
#define LONG 300 /* has memory of its own */

static const char *const keys[] = { "key.0", "key.1", "key.2" };

#define KEYS ARRAY_SIZE(keys)

FIXTURE(witness)
{
	int fd;
	int over;
	int (*write)(int fd, unsigned int round);
};

FIXTURE_SETUP(witness)
{
	struct kvs_create wish = store_wish(STORE);

	wish.flags = KVS_CREATE_INDEX;
	self->fd = store_make_as(wish);
	ASSERT_LE(0, self->fd);
}

FIXTURE_TEARDOWN(witness)
{
	close(self->fd);
	store_clear(STORE);
}

/* Of the key as a GET finds it; 0: it does not. */
static int look(struct door *door, const char *key, __u64 *version)
{
	struct kvs_res res;
	int ret = door_do(door, req_get(key, NULL, 0), &res);

	*version = ret ? 0 : res.version;
	return ret == -ENOENT ? 0 : ret;
}

/* Likewise as a scan shows it: -EEXIST for something else, or twice. */
static int scan_for(struct door *door, struct scan *scan, const char *key,
		    __u64 *version)
{
	const struct kvs_scan_item *item = scan_first(scan);
	int ret;

	*version = 0;
	ret = door_do(door, scan_req(scan, 1000), &scan->res);
	if (ret || !scan->res.number)
		return ret;
	*version = item->version;
	return scan->res.number == 1 && scan_is(item, key, strlen(key)) ?
		       0 :
		       -EEXIST;
}

static bool contradict(const __u64 *versions)
{
	__u64 before = versions[0], shown = versions[1], after = versions[2];

	if (before && before == after && !shown)
		return true;
	return shown && (shown < before || (after && shown > after));
}

static int witness(struct door *door, struct scan *scan, unsigned int round)
{
	const char *key = keys[round % KEYS];
	__u64 versions[3];
	int ret;

	/* Half of them by keys alone: a long value is looked at by its key */
	scan_begin(scan, (round & 1 ? KVS_SCAN_DESCENDING : 0) |
				 (round & 2 ? KVS_SCAN_KEYS_ONLY : 0));
	scan_prefix(scan, key);
	ret = look(door, key, &versions[0]);
	ret = ret ?: scan_for(door, scan, key, &versions[1]);
	ret = ret ?: look(door, key, &versions[2]);
	if (ret || !contradict(versions))
		return ret;
	printf("# %s: found %llu, shown %llu, found %llu\n", key, versions[0],
	       versions[1], versions[2]);
	return -EILSEQ;
}

static int witness_often(struct _test_data_witness *self, unsigned int member)
{
	long rounds = kvs_test_size("WITNESS_ROUNDS"), round;
	static struct scan scans[2];
	struct door door;
	int ret;

	ret = door_attach(&door, member ? DOOR_URING_REQ : DOOR_IOCTL_REQ, 0,
			  self->fd);
	for (round = 0; !ret && round < rounds; round++)
		ret = witness(&door, &scans[member], round);
	__atomic_store_n(&self->over, 1, __ATOMIC_SEQ_CST);
	door_detach(&door);
	return ret;
}

static int write_often(struct _test_data_witness *self)
{
	unsigned int round;
	int ret = 0;

	for (round = 0; !ret && !__atomic_load_n(&self->over, __ATOMIC_SEQ_CST);
	     round++)
		ret = self->write(self->fd, round);
	return ret;
}

static int among_writers(unsigned int member, void *arg)
{
	int ret = member < 2 ? witness_often(arg, member) : write_often(arg);

	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

static int put(int fd, const char *key, size_t len)
{
	static const char value[LONG];

	return control_request(fd, req_put(key, value, len));
}

static int insert_and_remove(int fd, unsigned int round)
{
	const char *key = keys[round / 2 % KEYS];

	if (round % 2)
		return control_request(fd, req_delete(key));
	return put(fd, key, round % 3 ? 8 : LONG);
}

TEST_F_TIMEOUT(witness, inserts_and_removals, 240)
{
	self->write = insert_and_remove;
	EXPECT_EQ(0, crew_threads(3, among_writers, self));
}

/* In memory of its own, so another entry takes the place of the old one. */
static int replace(int fd, unsigned int round)
{
	return put(fd, keys[round % KEYS], round % 2 ? LONG : LONG - 1);
}

TEST_F_TIMEOUT(witness, replacements, 240)
{
	self->write = replace;
	EXPECT_EQ(0, crew_threads(3, among_writers, self));
}

static int remove_by_range(int fd, unsigned int round)
{
	static struct scan scan;

	if (round % (KEYS + 1))
		return put(fd, keys[round % (KEYS + 1) - 1], 8);
	scan_begin(&scan, 0);
	return control_request(fd, scan_delete_req(&scan));
}

TEST_F_TIMEOUT(witness, range_deletes, 240)
{
	self->write = remove_by_range;
	EXPECT_EQ(0, crew_threads(3, among_writers, self));
}

static int transact(int fd, unsigned int round)
{
	static const char value[LONG];
	static struct txn txn;
	struct kvs_req req;
	unsigned int i;

	memset(&txn.args, 0, sizeof(txn.args));
	for (i = 0; i < KEYS; i++) {
		req = (round + i) % 3 ? req_put(keys[i], value, LONG - i) :
					req_delete(keys[i]);
		txn_do(&txn, TXN_THEN, req);
	}
	return control_request(fd, txn_request(&txn));
}

TEST_F_TIMEOUT(witness, transactions, 240)
{
	self->write = transact;
	EXPECT_EQ(0, crew_threads(3, among_writers, self));
}

static int flush(int fd, unsigned int round)
{
	if (round % (2 * KEYS))
		return put(fd, keys[round % KEYS], 8);
	return store_flush(fd);
}

TEST_F_TIMEOUT(witness, flushes, 240)
{
	self->write = flush;
	EXPECT_EQ(0, crew_threads(3, among_writers, self));
}

static int publish(int fd, unsigned int round)
{
	if (round % (2 * KEYS))
		return put(fd, keys[round % KEYS], 8);
	return store_publish(fd);
}

TEST_F_TIMEOUT(witness, publications, 240)
{
	int staging = store_stage(self->fd, STAGING);

	ASSERT_LE(0, staging);
	ASSERT_EQ(0, put(staging, keys[0], 8));
	self->write = publish;
	EXPECT_EQ(0, crew_threads(3, among_writers, self));
	close(staging);
}

TEST_HARNESS_MAIN
