// SPDX-License-Identifier: GPL-2.0-only
/*
 * A race: in each round all members send the same request at the same time, each
 * through a door of its own, and exactly one of them may succeed.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "size.h"
#include "txn.h"

#define KEY "winner.key"
#define MEMBERS 4
#define NOBODY MEMBERS

/* What a member's request points to. */
struct entrant {
	struct door door;
	__u64 number; /* the member, and what it writes */
	__u64 expect;
	__u64 old;
	struct kvs_value_args args;
	struct txn txn;
};

struct race {
	/* What is raced with, and what those get who do not win. */
	struct kvs_req (*enter)(const struct race *race,
				struct entrant *entrant);
	int loser;
	bool takes; /* the winner leaves nothing */

	int fd;
	long rounds;
	pthread_barrier_t line;
	struct kvs_res found; /* what all found at the line */
	int winners;
	__u64 winner;
	int wrong;
};

FIXTURE(race)
{
	struct race race;
};

FIXTURE_SETUP(race)
{
	self->race.fd = control_open_default(O_RDWR);
	ASSERT_LE(0, self->race.fd);
	self->race.rounds = kvs_test_size("RACE_ROUNDS");
	pthread_barrier_init(&self->race.line, NULL, MEMBERS);
	control_request(self->race.fd, req_delete(KEY));
}

FIXTURE_TEARDOWN(race)
{
	pthread_barrier_destroy(&self->race.line);
	close(self->race.fd);
}

/* Was it one, and does what it left say so? */
static bool judge(struct race *race, long round)
{
	__u64 value = NOBODY;
	int ret;

	if (!round)
		return true;
	if (race->winners != 1)
		return false;
	ret = control_request(race->fd, req_get(KEY, &value, sizeof(value)));
	if (race->takes)
		return ret == -ENOENT;
	return !ret && value == race->winner;
}

/* Each round begins with the same: nobody's number, or nothing. */
static bool prepare(struct race *race)
{
	__u64 nobody = NOBODY;
	struct kvs_req req;

	control_request(race->fd, req_delete(KEY));
	race->winners = 0;
	if (race->loser == -EEXIST)
		return true;
	req = req_flags(req_put(KEY, &nobody, sizeof(nobody)), KVS_F_IF_NEWER);
	req.cond = 1;
	return !control_request(race->fd, req_result(req, &race->found));
}

static int race_once(struct race *race, struct entrant *entrant)
{
	struct kvs_res res;
	int ret = door_do(&entrant->door, race->enter(race, entrant), &res);

	/* Where a compare does not hold a transaction does nothing else. */
	if (!ret && res.flags & KVS_RES_ELSE)
		ret = -ESTALE;
	if (ret)
		return ret == race->loser ? 0 : -1;
	__atomic_add_fetch(&race->winners, 1, __ATOMIC_SEQ_CST);
	race->winner = entrant->number;
	return 0;
}

/* Whoever the barrier calls checks the last round and prepares the next. */
static int run(unsigned int member, void *arg)
{
	static const enum door_kind kinds[MEMBERS] = {
		DOOR_IOCTL_REQ, DOOR_IOCTL_VEC, DOOR_URING_VEC, DOOR_URING_REQ
	};
	struct entrant entrant = { .number = member };
	struct race *race = arg;
	int failed = 0;
	long round;

	if (door_attach(&entrant.door, kinds[member], 0, race->fd))
		abort();
	for (round = 0; round < race->rounds; round++) {
		if (pthread_barrier_wait(&race->line) ==
		    PTHREAD_BARRIER_SERIAL_THREAD) {
			race->wrong += !judge(race, round);
			race->wrong += !prepare(race);
		}
		pthread_barrier_wait(&race->line);
		failed |= race_once(race, &entrant);
	}
	door_detach(&entrant.door);
	return failed;
}

static void expect_one_winner(struct __test_metadata *_metadata,
			      struct race *race)
{
	EXPECT_EQ(0, crew_threads(MEMBERS, run, race));
	EXPECT_EQ(0, race->wrong);
	EXPECT_TRUE(judge(race, race->rounds));
}

static struct kvs_req put_own(struct entrant *entrant)
{
	return req_put(KEY, &entrant->number, sizeof(entrant->number));
}

static struct kvs_req enter_create(const struct race *race,
				   struct entrant *entrant)
{
	(void)race;
	return req_flags(put_own(entrant), KVS_F_CREATE);
}

TEST_F(race, one_creates)
{
	self->race.loser = -EEXIST;
	self->race.enter = enter_create;
	expect_one_winner(_metadata, &self->race);
}

static struct kvs_req enter_if_version(const struct race *race,
				       struct entrant *entrant)
{
	return req_if_version(put_own(entrant), race->found.version);
}

TEST_F(race, one_writes_if_version)
{
	self->race.loser = -ESTALE;
	self->race.enter = enter_if_version;
	expect_one_winner(_metadata, &self->race);
}

static struct kvs_req enter_if_newer(const struct race *race,
				     struct entrant *entrant)
{
	struct kvs_req req = req_flags(put_own(entrant), KVS_F_IF_NEWER);

	(void)race;
	req.cond = 2;
	return req;
}

TEST_F(race, one_writes_if_newer)
{
	self->race.loser = -ESTALE;
	self->race.enter = enter_if_newer;
	expect_one_winner(_metadata, &self->race);
}

static struct kvs_req with_args(struct entrant *entrant, struct kvs_req req,
				__u32 flags)
{
	entrant->expect = NOBODY;
	entrant->args =
		(struct kvs_value_args){ .size = sizeof(entrant->args) };
	if (flags & KVS_F_IF_EQ) {
		entrant->args.expect = addr_of(&entrant->expect);
		entrant->args.expect_len = sizeof(entrant->expect);
	}
	if (flags & KVS_F_RET_OLD) {
		entrant->args.old = addr_of(&entrant->old);
		entrant->args.old_len = sizeof(entrant->old);
	}
	return req_flags(req_operands(req, &entrant->args), flags);
}

static struct kvs_req enter_if_eq(const struct race *race,
				  struct entrant *entrant)
{
	(void)race;
	return with_args(entrant, put_own(entrant), KVS_F_IF_EQ);
}

TEST_F(race, one_writes_if_eq)
{
	self->race.loser = -ESTALE;
	self->race.enter = enter_if_eq;
	expect_one_winner(_metadata, &self->race);
}

static struct kvs_req enter_old_if_eq(const struct race *race,
				      struct entrant *entrant)
{
	(void)race;
	return with_args(entrant, put_own(entrant),
			 KVS_F_IF_EQ | KVS_F_RET_OLD);
}

TEST_F(race, one_replaces_if_eq)
{
	self->race.loser = -ESTALE;
	self->race.enter = enter_old_if_eq;
	expect_one_winner(_metadata, &self->race);
}

static struct kvs_req enter_delete(const struct race *race,
				   struct entrant *entrant)
{
	(void)entrant;
	return req_if_version(req_delete(KEY), race->found.version);
}

TEST_F(race, one_deletes_if_version)
{
	self->race.loser = -ENOENT;
	self->race.enter = enter_delete;
	self->race.takes = true;
	expect_one_winner(_metadata, &self->race);
}

static struct kvs_req enter_take(const struct race *race,
				 struct entrant *entrant)
{
	(void)race;
	return with_args(entrant, req_delete(KEY), KVS_F_RET_OLD);
}

TEST_F(race, one_takes)
{
	self->race.loser = -ENOENT;
	self->race.enter = enter_take;
	self->race.takes = true;
	expect_one_winner(_metadata, &self->race);
}

/* Within a transaction a condition of its own fails all of it. */
static struct kvs_req enter_txn(const struct race *race,
				struct entrant *entrant)
{
	struct txn *txn = &entrant->txn;

	memset(txn, 0, sizeof(*txn));
	txn_do(txn, TXN_THEN,
	       req_if_version(put_own(entrant), race->found.version));
	return txn_request(txn);
}

TEST_F(race, one_commits_if_version)
{
	self->race.loser = -ESTALE;
	self->race.enter = enter_txn;
	expect_one_winner(_metadata, &self->race);
}

static struct kvs_req enter_compare(const struct race *race,
				    struct entrant *entrant)
{
	struct txn *txn = &entrant->txn;
	struct kvs_compare *compare;

	(void)race;
	memset(txn, 0, sizeof(*txn));
	entrant->expect = NOBODY;
	compare = txn_if(txn, KEY, KVS_COMPARE_VALUE, KVS_COMPARE_EQ,
			 addr_of(&entrant->expect));
	compare->operand_len = sizeof(entrant->expect);
	txn_do(txn, TXN_THEN, put_own(entrant));
	return txn_request(txn);
}

TEST_F(race, one_commits_if_it_compares)
{
	self->race.loser = -ESTALE;
	self->race.enter = enter_compare;
	expect_one_winner(_metadata, &self->race);
}

TEST_HARNESS_MAIN
