// SPDX-License-Identifier: GPL-2.0-only
/*
 * Traps that other key-value stores fell into, each a test here or elsewhere:
 *
 *  1. a right on one key shows others   right_on_one_key_shows_no_other
 *  2. a write answers old data          rights_test (RET_OLD, XCHG, IF_EQ, ...),
 *                                       failed_condition_tells_the_version_alone,
 *                                       touch_tells_nothing_of_the_value
 *  3. who rules a part empties all      who_rules_one_store_rules_no_other,
 *                                       rights_people_test
 *  4. a mode set after the node is live node_is_born_with_its_mode,
 *                                       store_is_born_with_its_mode (traps_race)
 *  5. conditions that are not atomic    uapi/winner_test
 *  6. expiry that does not keep up      expired_go_without_being_asked_for
 *  7. a failed write drops the value    failed_write_test
 *  8. switches that race                nothing_is_switched_at_runtime,
 *                                       default_is_made_once (traps_race)
 *  9. deadlines that get lost           no_entry_is_lost_or_immortal (traps_race)
 * 10. a deadline only by a second call  every_maker_takes_a_deadline
 * 11. a walk that repeats and misses    list_repeats_and_misses_nothing
 *                                       (alter_test), uapi/growth_test
 * 12. credentials of who submits        credentials_test: rings, personalities
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "figures.h"
#include "people.h"
#include "request.h"
#include "small_fixture.h"
#include "txn.h"

#define STAGING "traps.staging"
#define KEY "traps.key"
#define HOUR 3600000000000ULL

static int through(enum door_kind kind, int fd, struct kvs_req req,
		   struct kvs_res *res)
{
	struct door door;
	int ret;

	if (door_attach(&door, kind, 0, fd))
		return -EBADMSG;
	ret = door_do(&door, req, res);
	door_detach(&door);
	return ret;
}

/* Nothing but why not. */
static bool says_nothing(const struct kvs_res *res)
{
	return is_zero(&res->flags, sizeof(*res) - sizeof(res->status));
}

/* A page of everything, by a handle that may do all but LIST. */
static void expect_no_page(struct __test_metadata *_metadata,
			   enum door_kind kind, int fd, __u16 verb)
{
	struct kvs_scan_args args = { .size = sizeof(args) };
	struct kvs_req req = req_operands(req_verb(verb, ""), &args);
	char page[4096], last[KVS_MAX_KEY];
	struct kvs_info info;
	struct kvs_res res;
	int want = -EACCES;

	ASSERT_EQ(0, control_info(fd, &info));
	if (!(info.verbs >> verb & 1))
		want = -EOPNOTSUPP;
	poison(page, sizeof(page));
	poison(last, sizeof(last));
	args.last = addr_of(last);
	if (verb == KVS_SCAN) {
		req.value = addr_of(page);
		req.value_len = sizeof(page);
	}
	EXPECT_EQ(want, through(kind, fd, req, &res));
	EXPECT_TRUE(says_nothing(&res));
	EXPECT_TRUE(is_poison(page, sizeof(page)));
	EXPECT_TRUE(is_poison(last, sizeof(last)));
}

TEST_F(small, right_on_one_key_shows_no_other)
{
	static const char *const others[] = { "traps.ke", "traps.key.", "traps",
					      "traps.kez" };
	int fd = control_restrict(self->fd, KVS_RIGHT_ALL & ~KVS_RIGHT_LIST);
	struct kvs_res res;
	size_t i;

	ASSERT_LE(0, fd);
	ASSERT_EQ(0, control_request(self->fd, req_put_str(KEY, "value")));
	for (i = 0; i < ARRAY_SIZE(others); i++) {
		struct kvs_req get = req_get(others[i], NULL, 0);

		EXPECT_EQ(-ENOENT, through(variant->kind, fd, get, &res));
		EXPECT_TRUE(says_nothing(&res));
	}
	expect_no_page(_metadata, variant->kind, fd, KVS_SCAN);
	expect_no_page(_metadata, variant->kind, fd, KVS_DELETE_RANGE);
	EXPECT_EQ(1ULL, store_entries(self->fd));
	close(fd);
}

/* Who may not read learns of a condition that fails nothing but the version. */
TEST_F(small, failed_condition_tells_the_version_alone)
{
	struct kvs_req put = req_put_str(KEY, "new"), create = put;
	__s64 secret = 4711;
	struct kvs_req old = req_put_counter(KEY, &secret);
	struct kvs_res before, res, want = {};
	int fd;

	fd = control_restrict(self->fd, KVS_RIGHT_WRITE);
	ASSERT_LE(0, fd);
	old.user_flags = 0x5ec7e7;
	ASSERT_EQ(0, control_request(self->fd,
				     req_result(req_ttl(old, HOUR), &before)));
	want.status = -ESTALE;
	want.version = before.version;
	put = req_if_version(put, before.version + 1);
	EXPECT_EQ(-ESTALE, through(variant->kind, fd, put, &res));
	EXPECT_EQ(0, memcmp(&want, &res, sizeof(res)));
	put.verb = KVS_DELETE;
	put.value = 0;
	put.value_len = 0;
	EXPECT_EQ(-ESTALE, through(variant->kind, fd, put, &res));
	EXPECT_EQ(0, memcmp(&want, &res, sizeof(res)));
	create.flags |= KVS_F_CREATE;
	want.status = -EEXIST;
	want.version = 0;
	EXPECT_EQ(-EEXIST, through(variant->kind, fd, create, &res));
	EXPECT_EQ(0, memcmp(&want, &res, sizeof(res)));
	close(fd);
}

/* What stays is not his who may not read it, whatever he may do to its deadline. */
TEST_F(small, touch_tells_nothing_of_the_value)
{
	__s64 secret = 4711;
	struct kvs_req put = req_put_counter(KEY, &secret);
	struct kvs_req touch = req_ttl(req_touch(KEY, KVS_TOUCH_SET), HOUR);
	struct kvs_req only = req_ttl(req_verb(KVS_PUT, KEY), HOUR);
	struct kvs_req refused = touch;
	struct kvs_res res;
	int fd, i;

	fd = control_restrict(self->fd, KVS_RIGHT_WRITE);
	ASSERT_LE(0, fd);
	put.user_flags = 0x5ec7e7;
	put.flags |= KVS_F_IF_NEWER;
	put.cond = 12;
	ASSERT_EQ(0, control_request(self->fd, put));
	/* There is something to be told */
	ASSERT_EQ(0, through(variant->kind, self->fd, touch, &res));
	EXPECT_EQ(secret, res.number);
	EXPECT_EQ(put.user_flags, res.user_flags);
	EXPECT_EQ(12ULL, res.app_version);
	only.flags |= KVS_F_TTL_ONLY;
	refused.mode = KVS_TOUCH_IF_NONE;
	for (i = 0; i < 3; i++) {
		const struct kvs_req *req[] = { &touch, &only, &refused };
		int ret = through(variant->kind, fd, *req[i], &res);

		EXPECT_EQ(i == 2 ? -ESTALE : 0, ret);
		EXPECT_LT(0ULL, res.version);
		EXPECT_EQ(0, res.number);
		EXPECT_EQ(0U, res.len);
		EXPECT_EQ(0U, res.user_flags);
		EXPECT_EQ(0ULL, res.app_version);
	}
	close(fd);
}

/* Somebody who has a store of his own, and may write to this one. */
static int rule_others(void *arg)
{
	struct kvs_alter alter = { .set = KVS_SET_MAX_ENTRIES,
				   .max_entries = 1 };
	static const char *const names[] = { SMALL_STORE, STAGING };
	int mine = store_make("traps.mine"), fd, i;

	(void)arg;
	CHECK(mine >= 0 && store_stage(mine, "traps.mine.next") >= 0);
	CHECK(!store_publish(mine) && !store_flush(mine));
	for (i = 0; i < 2; i++) {
		fd = store_open(names[i], O_RDWR);
		CHECK(fd >= 0);
		CHECK(!control_request(fd, req_put_str("his", "value")));
		CHECK(store_flush(fd) == -EACCES);
		CHECK(store_publish(fd) == -EACCES);
		CHECK(store_destroy(fd) == -EACCES);
		CHECK(store_alter(fd, alter) == -EACCES);
		CHECK(store_create_staging(fd, "traps.more") == -EACCES);
	}
	store_clear("traps.mine");
	return 0;
}

TEST_F(small, who_rules_one_store_rules_no_other)
{
	const struct person alice = { .uid = 1000, .gid = 1000 };
	struct kvs_alter alter = { .set = KVS_SET_MODE, .mode = 0666 };
	int staging = store_stage(self->fd, STAGING);

	ASSERT_LE(0, staging);
	ASSERT_EQ(0, store_alter(self->fd, alter));
	ASSERT_EQ(0, control_request(self->fd, req_put_str(KEY, "live")));
	ASSERT_EQ(0, people_admit(1));
	EXPECT_EQ(0, people_run(&alice, rule_others, NULL));
	EXPECT_EQ(0, people_admit(0));
	EXPECT_EQ(2ULL, store_entries(self->fd));
	EXPECT_EQ(1ULL, store_entries(staging));
	EXPECT_EQ(0, control_request(self->fd, req_get(KEY, NULL, 0)));
	close(staging);
}

/*
 * Deadlines at one time and at many, put, added and given later: nobody looks
 * for the keys, and all of them go.
 */
TEST_F(small, expired_go_without_being_asked_for)
{
	const unsigned int count = 600;
	struct kvs_store_stats stats;
	struct kvs_req req;
	struct kvs_res res;
	unsigned int i;
	char key[32];
	int tries;

	for (i = 0; i < count; i++) {
		__u64 ttl = 300000000 + (i % 2 ? i * 500000 : 0);

		snprintf(key, sizeof(key), "traps.%u", i);
		if (i % 3)
			req = req_ttl(req_put(key, key, i % 5 ? 20 : 0), ttl);
		else
			req = req_ttl(req_add_create(key, 1), ttl);
		if (i % 7 == 0) {
			ASSERT_EQ(0, control_request(self->fd,
						     req_add_create(key, 1)));
			req = req_ttl(req_touch(key, KVS_TOUCH_SET), ttl);
		}
		ASSERT_EQ(0, door_do(&self->door, req, &res));
	}
	for (tries = 100; tries && store_entries(self->fd); tries--)
		usleep(50000);
	ASSERT_EQ(0, store_stats(self->fd, &stats));
	EXPECT_EQ(0ULL, stats.entries);
	EXPECT_EQ(count, stats.expired);
	EXPECT_EQ(0ULL, stats.hits + stats.misses);
	EXPECT_TRUE(store_falls_to(self->fd, 0, 10));
}

/* The files in @dir that anybody may write to. */
static int writable_files(const char *dir)
{
	struct dirent *entry;
	DIR *files = opendir(dir);
	int writable = 0, seen = 0;
	struct stat st;

	while (files && (entry = readdir(files))) {
		if (fstatat(dirfd(files), entry->d_name, &st,
			    AT_SYMLINK_NOFOLLOW) ||
		    !S_ISREG(st.st_mode))
			continue;
		seen++;
		writable += !!(st.st_mode & 0222);
	}
	if (files)
		closedir(files);
	return seen ? writable : -1;
}

/* What a store is, its caps apart, it is from the beginning. */
TEST_F(small, nothing_is_switched_at_runtime)
{
	struct stat st;

	EXPECT_EQ(0, writable_files("/sys/module/kvs/parameters"));
	EXPECT_EQ(0, writable_files(FIGURES_SYSFS));
	ASSERT_EQ(0, stat(FIGURES_PROCFS, &st));
	EXPECT_EQ(0, (int)st.st_mode & 0222);
}

/* Each way of making an entry; APPEND keeps the deadline, so it takes none. */
TEST_F(small, every_maker_takes_a_deadline)
{
	struct kvs_bitop_args bitop = { .size = sizeof(bitop),
					.op = KVS_BITOP_OR };
	struct kvs_bucket_args bucket = {
		.size = sizeof(bucket), .interval_ns = 1, .burst = 1, .cost = 1
	};
	static char large[5000];
	static struct txn txn;
	__s64 number = 1;
	const struct kvs_req makers[] = {
		req_put_str(KEY, "value"),
		req_put(KEY, large, sizeof(large)),
		req_flags(req_put_str(KEY, "value"), KVS_F_CREATE),
		req_put_counter(KEY, &number),
		req_add_create(KEY, 1),
		req_flags(req_add_create(KEY, 1), KVS_F_TTL_IF_NEW),
		req_flags(req_number(KVS_XCHG, KEY, 1), KVS_F_CREATE),
		req_flags(req_operands(req_verb(KVS_BITOP, KEY), &bitop),
			  KVS_F_CREATE),
		req_flags(req_operands(req_verb(KVS_BUCKET, KEY), &bucket),
			  KVS_F_CREATE),
	};
	struct kvs_req req;
	struct kvs_res res;
	size_t i;

	for (i = 0; i < ARRAY_SIZE(makers); i++) {
		control_request(self->fd, req_delete(KEY));
		req = req_ttl(makers[i], HOUR);
		ASSERT_EQ(0, door_do(&self->door, req, &res));
		EXPECT_TRUE(res.ttl > 0 && res.ttl <= HOUR);
		EXPECT_EQ(KVS_RES_CREATED, res.flags);

		control_request(self->fd, req_delete(KEY));
		memset(&txn, 0, sizeof(txn));
		txn_do(&txn, TXN_THEN, req);
		ASSERT_EQ(0, txn_run(&txn, &self->door));
		ASSERT_EQ(0, door_do(&self->door, req_get(KEY, NULL, 0), &res));
		EXPECT_TRUE(res.ttl > 0 && res.ttl <= HOUR)
		{
			TH_LOG("row %zu", i);
		}
	}
}

TEST_HARNESS_MAIN
