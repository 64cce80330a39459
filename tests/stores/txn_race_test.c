// SPDX-License-Identifier: GPL-2.0-only
/*
 * No half of a transaction is ever seen: neither by transactions that read, nor
 * by readers of one key after the other, nor by what other writers leave.
 */
#include <pthread.h>
#include <stdlib.h>

#include <kselftest_harness.h>

#include "../common/size.h"
#include "control.h"
#include "crew.h"
#include "door.h"
#include "txn.h"

#define ACCOUNTS 8
#define OPENING 1000

/* Long and short ones, so that some are written in place. */
#define SHEETS 6
static const size_t sheet_len[SHEETS] = { 8, 200, 300, 8, 5000, 64 };
static char names[ACCOUNTS][24];

struct race {
	int fd;
	enum door_kind kind;
	long rounds;
	int running; /* writers */
};

FIXTURE(race)
{
	struct race race;
};

FIXTURE_VARIANT(race)
{
	enum door_kind kind;
};

FIXTURE_VARIANT_ADD(race, ioctl){
	.kind = DOOR_IOCTL_REQ,
};

FIXTURE_VARIANT_ADD(race, uring){
	.kind = DOOR_URING_REQ,
};

FIXTURE_SETUP(race)
{
	int i;

	self->race.fd = control_open_default(O_RDWR);
	self->race.kind = variant->kind;
	self->race.rounds = kvs_test_size("TXN_ROUNDS");
	ASSERT_LE(0, self->race.fd);
	for (i = 0; i < ACCOUNTS; i++) {
		snprintf(names[i], sizeof(names[i]), "txn.race.%d", i);
		control_request(self->race.fd, req_delete(names[i]));
	}
}

FIXTURE_TEARDOWN(race)
{
	close(self->race.fd);
}

static void writer_ends(struct race *race)
{
	__atomic_fetch_sub(&race->running, 1, __ATOMIC_RELEASE);
}

typedef int turns_fn(struct race *race, struct door *door, unsigned int member);

/* Each member goes through a door of its own. */
static int take_turns(struct race *race, unsigned int member, turns_fn *turns)
{
	struct door door;
	int wrong;

	if (door_attach(&door, race->kind, 0, race->fd))
		return -1;
	wrong = turns(race, &door, member);
	door_detach(&door);
	return wrong;
}

static bool writers_run(struct race *race)
{
	return __atomic_load_n(&race->running, __ATOMIC_ACQUIRE);
}

/* From one account to another, if there is enough. */
static int transfer(struct door *door, unsigned int *seed)
{
	struct kvs_add_args enough = { .size = sizeof(enough) };
	int from = rand_r(seed) % ACCOUNTS;
	int to = (from + 1 + rand_r(seed) % (ACCOUNTS - 1)) % ACCOUNTS;
	int amount = rand_r(seed) % 300;
	struct kvs_req *req;
	struct txn txn = {};
	int ret;

	txn_do(&txn, TXN_THEN, req_add(names[to], amount));
	req = txn_do(&txn, TXN_THEN,
		     req_args(req_add(names[from], -amount), &enough));
	req->flags |= KVS_F_MIN;
	ret = txn_run(&txn, door);
	return ret == -EOVERFLOW ? 0 : ret;
}

/* The sum of what one snapshot shows. */
static long long sum(struct door *door)
{
	long long total = 0;
	struct txn txn = {};
	int i;

	for (i = 0; i < ACCOUNTS; i++)
		txn_do(&txn, TXN_THEN, req_get(names[i], NULL, 0));
	if (txn_run(&txn, door))
		return -1;
	for (i = 0; i < ACCOUNTS; i++)
		total += txn.res[TXN_THEN][i].number;
	return total;
}

static int bank_turns(struct race *race, struct door *door, unsigned int member)
{
	int wrong = 0;
	long i;

	if (member < 2) {
		for (i = 0; i < race->rounds; i++)
			wrong |= transfer(door, &member);
		writer_ends(race);
	} else {
		while (writers_run(race))
			wrong |= sum(door) != ACCOUNTS * OPENING;
	}
	return wrong;
}

static int bank(unsigned int member, void *arg)
{
	return take_turns(arg, member, bank_turns);
}

TEST_F(race, sums_hold)
{
	struct door door;
	int i;

	for (i = 0; i < ACCOUNTS; i++)
		ASSERT_EQ(0,
			  control_request(self->race.fd,
					  req_add_create(names[i], OPENING)));
	self->race.running = 2;
	EXPECT_EQ(0, crew_threads(3, bank, &self->race));
	ASSERT_EQ(0, door_attach(&door, variant->kind, 0, self->race.fd));
	EXPECT_EQ(ACCOUNTS * OPENING, sum(&door));
	door_detach(&door);
}

/* Every sheet of a book bears the number of its edition, or there is none. */
static int publish(struct door *door, __u64 edition)
{
	static __u64 pages[SHEETS][625];
	struct txn txn = {};
	int i;

	for (i = 0; i < SHEETS; i++) {
		pages[i][0] = edition;
		txn_do(&txn, TXN_THEN,
		       edition % 5 ? req_put(names[i], pages[i], sheet_len[i]) :
				     req_delete(names[i]));
	}
	return txn_run(&txn, door);
}

/*
 * The edition, 0 for no sheet; the version tells how new that is, but for no
 * sheet: then it is left as it was.
 */
static __u64 read_sheet(struct door *door, int i, __u64 *version)
{
	__u64 page[625];
	struct kvs_res res;

	if (door_do(door, req_get(names[i], page, sizeof(page)), &res))
		return 0;
	*version = res.version;
	return page[0];
}

/*
 * Read in the order of writing and against it: what is seen later is never
 * older, and one version is one edition.
 */
static int read_on(struct door *door)
{
	__u64 edition, version = 0, last_edition = 0, last_version = 0;
	bool same;
	int i;

	for (i = 0; i < 2 * SHEETS; i++) {
		int sheet = i < SHEETS ? i : 2 * SHEETS - 1 - i;

		edition = read_sheet(door, sheet, &version);
		if (!edition)
			continue;
		same = (edition == last_edition) == (version == last_version);
		if (edition < last_edition || version < last_version || !same)
			return -1;
		last_edition = edition;
		last_version = version;
	}
	return 0;
}

static int library_turns(struct race *race, struct door *door,
			 unsigned int member)
{
	int wrong = 0;
	long i;

	if (!member) {
		for (i = 1; i <= race->rounds; i++)
			wrong |= publish(door, i);
		writer_ends(race);
	} else {
		while (writers_run(race))
			wrong |= read_on(door);
	}
	return wrong;
}

static int library(unsigned int member, void *arg)
{
	return take_turns(arg, member, library_turns);
}

TEST_F(race, no_half_is_seen)
{
	self->race.running = 1;
	EXPECT_EQ(0, crew_threads(3, library, &self->race));
}

/* Single changes among them are not lost either. */
static int mixed_turns(struct race *race, struct door *door,
		       unsigned int member)
{
	struct txn txn = {};
	int wrong = 0;
	long i;

	txn_do(&txn, TXN_THEN, req_add_create(names[0], 1));
	txn_do(&txn, TXN_THEN, req_add_create(names[1], 1));
	for (i = 0; i < race->rounds; i++) {
		struct kvs_req req = req_add_create(names[i & 1], 1);

		if (member & 1)
			wrong |= control_request(race->fd, req);
		else
			wrong |= txn_run(&txn, door);
	}
	return wrong;
}

static int mixed(unsigned int member, void *arg)
{
	return take_turns(arg, member, mixed_turns);
}

TEST_F(race, nothing_is_lost)
{
	long rounds = self->race.rounds / 2 * 2;
	struct kvs_res res;
	struct door door;

	self->race.rounds = rounds;
	EXPECT_EQ(0, crew_threads(4, mixed, &self->race));
	ASSERT_EQ(0, door_attach(&door, variant->kind, 0, self->race.fd));
	EXPECT_EQ(0, door_do(&door, req_get(names[0], NULL, 0), &res));
	EXPECT_EQ(2 * rounds + 2 * rounds / 2, res.number);
	EXPECT_EQ(0, door_do(&door, req_get(names[1], NULL, 0), &res));
	EXPECT_EQ(2 * rounds + 2 * rounds / 2, res.number);
	door_detach(&door);
}

TEST_HARNESS_MAIN
