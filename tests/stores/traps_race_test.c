// SPDX-License-Identifier: GPL-2.0-only
/*
 * The traps of traps_test.c that take more than one to fall into: what is seen
 * while something is made, and what is left when many have been at it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "module.h"
#include "people.h"
#include "request.h"
#include "size.h"
#include "store.h"
#include "txn.h"

#define STORE "traps.one"
#define STAGING "traps.staging"
#define KEYS 64
#define MS 1000000ULL

static const struct person stranger = { .uid = 1000, .gid = 1000 };

static __u64 boottime(void)
{
	struct timespec now;

	clock_gettime(CLOCK_BOOTTIME, &now);
	return now.tv_sec * 1000 * MS + now.tv_nsec;
}

/* Somebody makes a thing again and again, a stranger tries it all the time. */
struct making {
	int over; /* in memory of both */
	long rounds;
	int (*make)(void);
	int (*attempt)(void); /* 0 if it was refused as it should be */
};

static int make_or_try(unsigned int member, void *arg)
{
	struct making *making = arg;
	int ret = 0;

	if (member && people_become(&stranger))
		return -1;
	if (!member) {
		while (making->rounds-- && !ret)
			ret = making->make();
		__atomic_store_n(&making->over, 1, __ATOMIC_SEQ_CST);
	} else {
		while (!ret &&
		       !__atomic_load_n(&making->over, __ATOMIC_SEQ_CST))
			ret = making->attempt();
	}
	if (ret)
		printf("# %s: %d\n", member ? "stranger" : "maker", ret);
	return ret;
}

static void make_under_attempts(struct __test_metadata *_metadata,
				struct making making)
{
	struct making *shared = mmap(NULL, sizeof(*shared),
				     PROT_READ | PROT_WRITE,
				     MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	ASSERT_NE(MAP_FAILED, shared);
	*shared = making;
	shared->rounds = kvs_test_size("TRAP_ROUNDS");
	EXPECT_EQ(0, crew_processes(3, make_or_try, shared));
	munmap(shared, sizeof(*shared));
}

FIXTURE(node)
{
	char before[512]; /* the parameters as they were */
};

FIXTURE_SETUP(node)
{
	module_parameters(self->before, sizeof(self->before));
}

FIXTURE_TEARDOWN_PARENT(node)
{
	module_unload_patiently();
	EXPECT_EQ(0, module_load(self->before));
}

static int load_for_a_group(void)
{
	return module_unload_patiently() ?: module_load("mode=0660 gid=1234");
}

static int open_device(void)
{
	int fd = control_open(O_RDONLY);

	return fd == -EACCES || fd == -ENOENT ? 0 : 1;
}

TEST_F(node, node_is_born_with_its_mode)
{
	const struct making making = { .make = load_for_a_group,
				       .attempt = open_device };

	make_under_attempts(_metadata, making);
}

FIXTURE(names)
{
	int admitted;
};

FIXTURE_SETUP(names)
{
	self->admitted = people_admit(1);
	ASSERT_EQ(0, self->admitted);
}

FIXTURE_TEARDOWN(names)
{
	people_admit(0);
}

/* And its staging store, which has what the other one has. */
static int make_closed_store(void)
{
	int fd = store_make(STORE), staging, ret;

	if (fd < 0)
		return fd;
	staging = store_create_staging(fd, STAGING);
	ret = staging < 0 ? staging : store_publish(fd);
	close(fd);
	return ret;
}

static int open_store(void)
{
	static const char *const names[] = { STORE, STAGING };
	int i, fd;

	for (i = 0; i < 2; i++) {
		fd = store_open(names[i], O_RDONLY);
		if (fd != -ENOENT && fd != -EACCES && fd != -EIDRM)
			return fd < 0 ? fd : 1;
	}
	return 0;
}

TEST_F(names, store_is_born_with_its_mode)
{
	const struct making making = { .make = make_closed_store,
				       .attempt = open_store };

	make_under_attempts(_metadata, making);
}

struct binding {
	int fds[4];
	struct kvs_bind binds[4];
	struct kvs_info infos[4];
};

static int bind_default(unsigned int member, void *arg)
{
	struct binding *binding = arg;
	int fd = binding->fds[member];

	return control_bind(fd, "", &binding->binds[member]) ||
	       control_info(fd, &binding->infos[member]);
}

static int bind_together(void *arg)
{
	struct binding binding;
	long rounds = *(long *)arg;
	int made, i;

	while (rounds--) {
		for (i = 0; i < 4; i++)
			binding.fds[i] = control_open(O_RDWR);
		CHECK(!crew_threads(4, bind_default, &binding));
		for (i = made = 0; i < 4; i++) {
			made += binding.binds[i].out_flags == KVS_BIND_CREATED;
			CHECK(binding.infos[i].store_id ==
			      binding.infos[0].store_id);
			close(binding.fds[i]);
		}
		CHECK(made == 1);
	}
	return 0;
}

TEST_F(names, default_is_made_once)
{
	long rounds = 40 * kvs_test_size("TRAP_ROUNDS");

	EXPECT_EQ(0, people_run_root_of(&stranger, bind_together, &rounds));
}

FIXTURE(race)
{
	int fd, staging;
	struct door door;
	long turns;
	int over;
	__u64 made, removed;
};

FIXTURE_SETUP(race)
{
	self->fd = store_make(STORE);
	ASSERT_LE(0, self->fd);
	self->staging = store_stage(self->fd, STAGING);
	ASSERT_LE(0, self->staging);
	ASSERT_EQ(0, door_attach(&self->door, DOOR_IOCTL_REQ, 0, self->fd));
	self->turns = kvs_test_size("EXPIRY_TURNS");
}

FIXTURE_TEARDOWN(race)
{
	close(self->staging);
	close(self->fd);
	store_clear(STORE);
}

static bool is_over(struct _test_data_race *race)
{
	return __atomic_load_n(&race->over, __ATOMIC_SEQ_CST);
}

static struct kvs_req of_key(struct kvs_req req, unsigned int i)
{
	req.key_len = snprintf((char *)req.key, sizeof(req.key), "traps.%u", i);
	return req;
}

static const char value[600] = "value";
static __s64 zero;

/* What makes, keeps, changes and ends deadlines, one kind after the other. */
static struct kvs_req any_request(unsigned int *seed)
{
	static const __u64 most = 20 * MS;
	__u64 ttl = 1 + rand_r(seed) % most;
	struct kvs_req put = req_put("", value, rand_r(seed) % sizeof(value));

	switch (rand_r(seed) % 10) {
	case 0:
		return put;
	case 1:
	case 2:
		return req_ttl(put, ttl);
	case 3:
		return req_flags(put, KVS_F_KEEP_TTL);
	case 4:
		return req_ttl(req_put_counter("", &zero), ttl);
	case 5:
		return req_flags(req_ttl(req_add_create("", 1), ttl),
				 KVS_F_TTL_IF_NEW);
	case 6:
		put.value_len %= 40;
		return req_flags(put, KVS_F_APPEND | KVS_F_CREATE);
	case 7:
		return req_ttl(req_touch("", KVS_TOUCH_SET), ttl);
	case 8:
		return req_ttl(req_get("", NULL, 0), ttl);
	default:
		return req_delete("");
	}
}

static void note(struct _test_data_race *race, const struct kvs_req *req,
		 const struct kvs_res *res)
{
	if (res->flags & KVS_RES_CREATED)
		__atomic_add_fetch(&race->made, 1, __ATOMIC_RELAXED);
	if (req->verb == KVS_DELETE && !res->status)
		__atomic_add_fetch(&race->removed, 1, __ATOMIC_RELAXED);
}

static bool is_answer(int status)
{
	return !status || status == -ENOENT || status == -EPROTOTYPE;
}

static int change_one(struct _test_data_race *race, unsigned int *seed)
{
	struct kvs_req req = of_key(any_request(seed), rand_r(seed) % KEYS);
	struct kvs_res res;
	int ret = door_do(&race->door, req, &res);

	note(race, &req, &res);
	return is_answer(ret) ? 0 : ret;
}

/* Of two keys one comes and the other one goes, or neither. */
static int change_two(struct _test_data_race *race, unsigned int *seed)
{
	unsigned int first = rand_r(seed) % KEYS;
	struct kvs_req put = req_put("", value, rand_r(seed) % sizeof(value));
	struct kvs_req *ops[2];
	struct txn txn = {};
	int ret, i;

	put = req_ttl(put, 1 + rand_r(seed) % (20 * MS));
	ops[0] = txn_do(&txn, TXN_THEN, of_key(put, first));
	ops[1] = txn_do(&txn, TXN_THEN,
			of_key(req_delete(""), (first + 1) % KEYS));
	ret = txn_run(&txn, &race->door);
	for (i = 0; i < 2 && !ret; i++)
		note(race, ops[i], &txn.res[TXN_THEN][i]);
	return ret;
}

static int change_many(struct _test_data_race *race, unsigned int member)
{
	unsigned int seed = member;
	long turn;
	int ret = 0;

	for (turn = 0; turn < race->turns && !ret; turn++)
		ret = turn % 4 ? change_one(race, &seed) :
				 change_two(race, &seed);
	__atomic_store_n(&race->over, 1, __ATOMIC_SEQ_CST);
	return ret;
}

/* What is slid in time stays: it may be absent only from its deadline on. */
static int slide(struct _test_data_race *race)
{
	const __u64 ttl = 3 * MS;
	struct kvs_req get = req_ttl(of_key(req_get("", NULL, 0), KEYS), ttl);
	struct kvs_req put = req_ttl(of_key(req_put("", value, 9), KEYS), ttl);
	__u64 now, least = 0; /* until when it is there for sure */
	struct kvs_res res;
	int ret = 0;

	while (!ret && !is_over(race)) {
		now = boottime();
		ret = door_do(&race->door, get, &res);
		if (ret == -ENOENT) {
			if (boottime() < least)
				return -1;
			now = boottime();
			ret = door_do(&race->door, put, &res);
			note(race, &put, &res);
		}
		least = now + ttl;
	}
	return ret;
}

static int publish_now_and_then(struct _test_data_race *race)
{
	int ret = 0;

	while (!ret && !is_over(race)) {
		usleep(3000);
		ret = store_publish(race->fd);
	}
	return ret;
}

static int in_expiry(unsigned int member, void *arg)
{
	int ret = member == 0 ? slide(arg) : change_many(arg, member);

	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

static int in_expiry_and_publish(unsigned int member, void *arg)
{
	int ret = member == 0 ? publish_now_and_then(arg) :
				change_many(arg, member);

	if (ret)
		printf("# member %u: %d\n", member, ret);
	return ret;
}

/* Whatever is left gets a deadline, and is not looked at any more. */
static void expect_all_gone(struct __test_metadata *_metadata,
			    struct _test_data_race *self)
{
	struct kvs_req touch = req_ttl(req_touch("", KVS_TOUCH_SET), 50 * MS);
	struct kvs_store_stats live, staging;
	unsigned int i;
	int tries;

	for (i = 0; i <= KEYS; i++) {
		control_request(self->fd, of_key(touch, i));
		control_request(self->staging, of_key(touch, i));
	}
	for (tries = 100; tries; tries--) {
		if (!store_entries(self->fd) && !store_entries(self->staging))
			break;
		usleep(50000);
	}
	ASSERT_EQ(0, store_stats(self->fd, &live));
	ASSERT_EQ(0, store_stats(self->staging, &staging));
	EXPECT_EQ(0ULL, live.entries);
	EXPECT_EQ(0ULL, staging.entries);
	EXPECT_LT(0ULL, live.expired);
	EXPECT_EQ(self->made, self->removed + live.expired + staging.expired);
	EXPECT_TRUE(store_falls_to(self->fd, 0, 10));
	EXPECT_TRUE(store_falls_to(self->staging, 0, 10));
}

TEST_F(race, no_entry_is_lost_or_immortal)
{
	EXPECT_EQ(0, crew_threads(3, in_expiry, self));
	expect_all_gone(_metadata, self);
}

TEST_F(race, published_entries_neither)
{
	EXPECT_EQ(0, crew_threads(3, in_expiry_and_publish, self));
	expect_all_gone(_metadata, self);
}

TEST_HARNESS_MAIN
