// SPDX-License-Identifier: GPL-2.0-only
/*
 * PUBLISH while others read, write and destroy: each reader sees one step, each
 * write lands in one of the two sets.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "door.h"
#include "module.h"
#include "size.h"
#include "store.h"
#include "txn.h"

#define STORE "race.live"
#define STAGING "race.staging"
#define KEYS 16
#define LONGEST 2048
#define WRITES 300
#define COUNTER "race.counter"

FIXTURE(race)
{
	int live, staging;
	long rounds;
	__u64 published; /* generation of the last PUBLISH that has returned */
	int over;
};

FIXTURE_SETUP(race)
{
	self->live = store_make(STORE);
	ASSERT_LE(0, self->live);
	self->staging = store_stage(self->live, STAGING);
	ASSERT_LE(0, self->staging);
	self->rounds = kvs_test_size("PUBLISH_ROUNDS");
}

/* What is left of handles and memory would keep the module, or show in it. */
FIXTURE_TEARDOWN(race)
{
	char before[512];
	int fd;

	close(self->staging);
	close(self->live);
	store_clear(STORE);
	fd = control_open_default(O_RDWR);
	EXPECT_EQ(0, store_flush(fd));
	EXPECT_TRUE(store_user_falls_to(fd, 0, 10));
	close(fd);
	module_parameters(before, sizeof(before));
	EXPECT_EQ(0, module_unload_patiently());
	EXPECT_EQ(0, module_load(before));
}

static bool is_over(struct _test_data_race *race)
{
	return __atomic_load_n(&race->over, __ATOMIC_SEQ_CST);
}

static void finish(struct _test_data_race *race)
{
	__atomic_store_n(&race->over, 1, __ATOMIC_SEQ_CST);
}

static struct kvs_req numbered(__u16 verb, const char *name, unsigned int i)
{
	char key[32];
	int len = snprintf(key, sizeof(key), "%s.%u", name, i);

	return req_key(verb, key, len);
}

/* The generation stands in front; some values are large. */
static int put_generation(int fd, __u64 generation)
{
	__u64 value[LONGEST / 8] = { generation };
	struct kvs_req req;
	int ret = 0, i;

	for (i = 0; i < KEYS && !ret; i++) {
		req = numbered(KVS_PUT, "key", i);
		req.value = addr_of(value);
		req.value_len = i % 3 ? 8 : LONGEST;
		ret = control_request(fd, req);
	}
	return ret;
}

static int publish_generations(struct _test_data_race *race)
{
	__u64 generation = 1;
	int ret = 0;

	while (race->rounds-- && !ret) {
		/* Sometimes the old set goes, sometimes it is overwritten */
		if (generation % 3 == 0)
			ret = store_flush(race->staging);
		if (!ret)
			ret = put_generation(race->staging, ++generation);
		if (!ret)
			ret = store_publish(race->live);
		__atomic_store_n(&race->published, generation,
				 __ATOMIC_SEQ_CST);
	}
	finish(race);
	return ret;
}

struct seen {
	__u64 generation;
	__u64 version;
};

/*
 * Whatever key is read, what is seen never grows older, and a version of a key
 * stands for one value.
 */
static int read_once(struct _test_data_race *race, struct door *door,
		     unsigned int i, struct seen *seen, __u64 *newest)
{
	__u64 before = __atomic_load_n(&race->published, __ATOMIC_SEQ_CST);
	struct kvs_req req = numbered(KVS_GET, "key", i);
	__u64 value[LONGEST / 8];
	struct kvs_res res;

	req.value = addr_of(value);
	req.value_len = sizeof(value);
	if (door_do(door, req, &res))
		return -1;
	if (*value < before || *value < *newest)
		return -2;
	if (res.version < seen[i].version)
		return -3;
	if (res.version == seen[i].version && *value != seen[i].generation)
		return -4;
	seen[i] = (struct seen){ *value, res.version };
	*newest = *value;
	return 0;
}

static int read_generations(struct _test_data_race *race, unsigned int member)
{
	struct seen seen[KEYS] = {};
	unsigned int i = member;
	__u64 newest = 0;
	struct door door;
	int ret;

	if (door_attach(&door, member % 2 ? DOOR_IOCTL_REQ : DOOR_URING_REQ, 0,
			race->live))
		return -1;
	do {
		/* From the last to the first, and from there again */
		i = (i + KEYS - 1) % KEYS;
		ret = read_once(race, &door, i, seen, &newest);
	} while (!ret && !is_over(race));
	door_detach(&door);
	if (ret)
		printf("# reader %u: %d, key %u, generation %llu\n", member,
		       ret, i, newest);
	return ret;
}

/* All at once are of one generation, as new as what is published. */
static int read_set_once(struct _test_data_race *race, struct door *door)
{
	static __u64 values[KEYS][LONGEST / 8];
	__u64 before = __atomic_load_n(&race->published, __ATOMIC_SEQ_CST);
	struct txn txn = {};
	struct kvs_req req;
	int i;

	for (i = 0; i < KEYS; i++) {
		req = numbered(KVS_GET, "key", i);
		req.value = addr_of(values[i]);
		req.value_len = LONGEST;
		txn_do(&txn, TXN_THEN, req);
	}
	if (txn_run(&txn, door))
		return -1;
	for (i = 0; i < KEYS; i++)
		if (values[i][0] != values[0][0])
			return -2;
	return values[0][0] < before ? -3 : 0;
}

static int read_sets(struct _test_data_race *race)
{
	struct door door;
	int ret;

	if (door_attach(&door, DOOR_URING_REQ, 0, race->live))
		return -1;
	do {
		/* It takes a processor for long */
		usleep(2000);
		ret = read_set_once(race, &door);
	} while (!ret && !is_over(race));
	door_detach(&door);
	if (ret)
		printf("# reader of sets: %d\n", ret);
	return ret;
}

static int in_generations(unsigned int member, void *arg)
{
	switch (member) {
	case 0:
		return publish_generations(arg);
	case 3:
		return read_sets(arg);
	default:
		return read_generations(arg, member);
	}
}

TEST_F(race, readers_see_one_step)
{
	ASSERT_EQ(0, put_generation(self->live, 1));
	EXPECT_EQ(0, crew_threads(4, in_generations, self));
}

/* On a busy machine the publisher may come late. */
static void await_publisher(struct _test_data_race *race)
{
	while (__atomic_load_n(&race->published, __ATOMIC_SEQ_CST) < 4 &&
	       !is_over(race))
		usleep(1000);
}

/* Every key once, by one name or the other; the counter is in both sets. */
static int write_to_one(struct _test_data_race *race, unsigned int member)
{
	int fd = member % 2 ? race->live : race->staging, ret = 0;
	const char *name = member % 2 ? "live" : "staging";
	static char value[8192];
	struct kvs_req req;
	unsigned int i;

	for (i = 0; i < WRITES && !ret; i++) {
		if (i == WRITES / 2)
			await_publisher(race);
		req = numbered(KVS_PUT, name, i);
		req.flags = KVS_F_CREATE;
		req.value = addr_of(value);
		req.value_len = i * 37 % sizeof(value);
		ret = control_request(fd, req);
		if (!ret)
			ret = control_request(fd, req_add(COUNTER, 1));
	}
	finish(race);
	return ret;
}

static int publish_always(struct _test_data_race *race)
{
	int ret = 0;

	while (!ret && !is_over(race)) {
		ret = store_publish(race->live);
		__atomic_add_fetch(&race->published, 1, __ATOMIC_SEQ_CST);
	}
	/* Nobody is to wait for what does not come */
	finish(race);
	return ret;
}

static int in_writing(unsigned int member, void *arg)
{
	int ret = member ? write_to_one(arg, member) : publish_always(arg);

	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

static void expect_each_once(struct __test_metadata *_metadata,
			     struct _test_data_race *self, const char *name)
{
	int there[2];
	unsigned int i;

	for (i = 0; i < WRITES; i++) {
		there[0] =
			control_request(self->live, numbered(KVS_GET, name, i));
		there[1] = control_request(self->staging,
					   numbered(KVS_GET, name, i));
		EXPECT_EQ(-ENOENT, there[0] + there[1])
		{
			TH_LOG("%s.%u: %d %d", name, i, there[0], there[1]);
		}
	}
}

TEST_F(race, writes_land_in_one_set)
{
	struct kvs_store_stats live, staging;
	__s64 counts[2] = {};

	ASSERT_EQ(0, control_request(self->live, req_add_create(COUNTER, 0)));
	ASSERT_EQ(0,
		  control_request(self->staging, req_add_create(COUNTER, 0)));
	EXPECT_EQ(0, crew_threads(3, in_writing, self));
	expect_each_once(_metadata, self, "live");
	expect_each_once(_metadata, self, "staging");
	ASSERT_EQ(0,
		  control_request(self->live, req_get(COUNTER, &counts[0], 8)));
	ASSERT_EQ(0, control_request(self->staging,
				     req_get(COUNTER, &counts[1], 8)));
	EXPECT_EQ(2LL * WRITES, counts[0] + counts[1]);
	ASSERT_EQ(0, store_stats(self->live, &live));
	ASSERT_EQ(0, store_stats(self->staging, &staging));
	EXPECT_EQ(2ULL * WRITES + 2, live.entries + staging.entries);
	EXPECT_EQ((__u64)WRITES, live.puts);
	EXPECT_EQ((__u64)WRITES, staging.puts);
	EXPECT_LT(3ULL, live.publishes);
}

/* The staging store comes and goes under those who use it and publish it. */
static int stage_always(struct _test_data_race *race)
{
	int fd, ret = 0;

	while (race->rounds-- > 0 && !ret) {
		store_clear(STAGING);
		ret = store_create_staging(race->live, STAGING);
		if (ret < 0)
			break;
		fd = store_open(STAGING, O_RDWR);
		ret = fd < 0 ? fd : control_request(fd, req_put_str("k", "v"));
		close(fd);
	}
	finish(race);
	return ret;
}

static int publish_what_goes(struct _test_data_race *race)
{
	int ret;

	do {
		ret = store_publish(race->live);
	} while ((!ret || ret == -ENOENT || ret == -EIDRM) && !is_over(race));
	return ret == -ENOENT || ret == -EIDRM ? 0 : ret;
}

static int use_what_goes(struct _test_data_race *race)
{
	static char value[8192];
	int fd, ret = 0;

	while (!ret && !is_over(race)) {
		fd = store_open(STAGING, O_RDWR);
		if (fd == -ENOENT || fd == -EIDRM)
			continue;
		while (!ret && !is_over(race))
			ret = control_request(fd, req_put("l", value, 8192));
		close(fd);
		ret = ret == -EIDRM ? 0 : ret;
	}
	return ret;
}

static int alter_what_goes(struct _test_data_race *race)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_BYTES,
				   .max_bytes = 1 << 20 };
	int ret = 0;

	while (!ret && !is_over(race)) {
		alter.max_bytes ^= 4096;
		ret = store_alter(race->live, alter);
		if (!ret)
			ret = control_request(race->live, req_put_str("m", ""));
	}
	return ret;
}

typedef int race_act(struct _test_data_race *race);

static int in_ruin(unsigned int member, void *arg)
{
	static race_act *const acts[] = { stage_always, publish_what_goes,
					  use_what_goes, alter_what_goes };
	int ret = acts[member](arg);

	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

TEST_F(race, staging_comes_and_goes)
{
	self->rounds /= 4;
	EXPECT_EQ(0, crew_threads(4, in_ruin, self));
}

TEST_HARNESS_MAIN
