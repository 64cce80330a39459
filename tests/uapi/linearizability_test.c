// SPDX-License-Identifier: GPL-2.0-only
/* Operations on one key, through different doors at once, are linearizable. */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <sys/sysinfo.h>

#include <kselftest_harness.h>

#include "control.h"
#include "crew.h"
#include "door.h"
#include "history.h"
#include "request.h"
#include "size.h"

#define KEY "linearizability.key"
#define MEMBERS 3
#define OPS 20 /* of each member in a history */

/* A history that the checker must take, or must not. */
struct sample {
	const char *name;
	bool good;
	struct history_event events[4];
};

#define BLOB KVS_KIND_BLOB
#define COUNTER KVS_KIND_COUNTER

/* clang-format off */
static const struct sample samples[] = {
	{ "put, then get", true, {
		{ HISTORY_PUT, 0, 7, 0, 0, 1, 1, 2 },
		{ HISTORY_GET, 0, 0, 7, BLOB, 1, 3, 4 } } },
	{ "stale read", false, {
		{ HISTORY_PUT, 0, 7, 0, 0, 1, 1, 2 },
		{ HISTORY_PUT, 0, 8, 0, 0, 2, 3, 4 },
		{ HISTORY_GET, 0, 0, 7, BLOB, 1, 5, 6 } } },
	{ "the same read, in time", true, {
		{ HISTORY_PUT, 0, 7, 0, 0, 1, 1, 2 },
		{ HISTORY_PUT, 0, 8, 0, 0, 2, 3, 6 },
		{ HISTORY_GET, 0, 0, 7, BLOB, 1, 4, 5 } } },
	{ "reads that go back", false, {
		{ HISTORY_PUT, 0, 7, 0, 0, 1, 1, 2 },
		{ HISTORY_PUT, 0, 8, 0, 0, 2, 3, 9 },
		{ HISTORY_GET, 0, 0, 8, BLOB, 2, 4, 5 },
		{ HISTORY_GET, 0, 0, 7, BLOB, 1, 6, 7 } } },
	{ "missed key", false, {
		{ HISTORY_PUT, 0, 7, 0, 0, 1, 1, 2 },
		{ HISTORY_PUT, 0, 8, 0, 0, 2, 3, 6 },
		{ HISTORY_GET, -ENOENT, 0, 0, 0, 0, 4, 5 } } },
	{ "lost addition", false, {
		{ HISTORY_SET, 0, 0, 0, 0, 1, 1, 2 },
		{ HISTORY_ADD, 0, 1, 1, 0, 2, 3, 6 },
		{ HISTORY_ADD, 0, 1, 1, 0, 3, 4, 5 } } },
	{ "additions in the order of versions", true, {
		{ HISTORY_SET, 0, 0, 0, 0, 1, 1, 2 },
		{ HISTORY_ADD, 0, 1, 2, 0, 3, 3, 6 },
		{ HISTORY_ADD, 0, 1, 1, 0, 2, 4, 5 },
		{ HISTORY_GET, 0, 0, 2, COUNTER, 3, 7, 8 } } },
	{ "versions against time", false, {
		{ HISTORY_PUT, 0, 7, 0, 0, 2, 1, 2 },
		{ HISTORY_PUT, 0, 8, 0, 0, 1, 3, 4 } } },
	{ "two created", false, {
		{ HISTORY_CREATE, 0, 7, 0, 0, 1, 1, 3 },
		{ HISTORY_CREATE, 0, 8, 0, 0, 2, 2, 4 } } },
	{ "created again", true, {
		{ HISTORY_CREATE, 0, 7, 0, 0, 1, 1, 3 },
		{ HISTORY_DELETE, 0, 0, 0, 0, 2, 4, 8 },
		{ HISTORY_CREATE, 0, 8, 0, 0, 3, 5, 6 },
		{ HISTORY_GET, 0, 0, 8, BLOB, 3, 7, 9 } } },
	{ "deleted twice", false, {
		{ HISTORY_PUT, 0, 7, 0, 0, 1, 1, 2 },
		{ HISTORY_DELETE, 0, 0, 0, 0, 2, 3, 5 },
		{ HISTORY_DELETE, 0, 0, 0, 0, 3, 4, 6 } } },
	{ "added to a blob", false, {
		{ HISTORY_PUT, 0, 7, 0, 0, 1, 1, 2 },
		{ HISTORY_ADD, 0, 1, 8, 0, 2, 3, 4 } } },
};

/* clang-format on */

TEST(checkers_tell_good_from_bad)
{
	struct history_event events[4];
	const struct sample *sample;
	unsigned int count;

	for (sample = samples; sample < samples + ARRAY_SIZE(samples);
	     sample++) {
		for (count = 0; count < 4 && sample->events[count].end;)
			count++;
		EXPECT_EQ(sample->good,
			  history_linearizable(sample->events, count))
		{
			TH_LOG("%s", sample->name);
		}
		memcpy(events, sample->events, sizeof(events));
		EXPECT_EQ(sample->good, history_ordered(events, count))
		{
			TH_LOG("%s, in order", sample->name);
		}
	}
}

struct play {
	int fd;
	long rounds; /* or 0: one long history, of as many as there are events */
	long most; /* rounds, where operations do not overlap */
	unsigned long count;
	unsigned long clock;
	pthread_barrier_t line;
	unsigned long ready; /* members who are to begin, of all rounds */
	struct history_event *events;
	int bad; /* histories that were not linearizable */
	int concurrent; /* those in which operations overlapped */
};

static struct kvs_req request_of(const struct history_event *event, __s64 *buf)
{
	struct kvs_req req;

	*buf = event->number;
	switch (event->op) {
	case HISTORY_GET:
		return req_get(KEY, buf, sizeof(*buf));
	case HISTORY_PUT:
		return req_put(KEY, buf, sizeof(*buf));
	case HISTORY_CREATE:
		req = req_put(KEY, buf, sizeof(*buf));
		req.flags = KVS_F_CREATE;
		return req;
	case HISTORY_SET:
		return req_put_counter(KEY, buf);
	case HISTORY_ADD:
		return req_add(KEY, event->number);
	default:
		return req_delete(KEY);
	}
}

static void play_event(struct play *play, struct door *door,
		       struct history_event *event)
{
	struct kvs_req req;
	struct kvs_res res;
	__s64 buf;

	req = request_of(event, &buf);
	event->begin = __atomic_add_fetch(&play->clock, 1, __ATOMIC_SEQ_CST);
	event->status = door_do(door, req, &res);
	event->end = __atomic_add_fetch(&play->clock, 1, __ATOMIC_SEQ_CST);
	event->version = event->status ? 0 : res.version;
	event->kind = res.kind;
	event->answer = event->op == HISTORY_ADD ? res.number : buf;
}

/* In the time of an operation nobody's clock goes on but by another one. */
static unsigned long count_overlaps(const struct play *play)
{
	unsigned long i, overlaps = 0;

	for (i = 0; i < play->count; i++)
		overlaps += play->events[i].end > play->events[i].begin + 1;
	return overlaps;
}

/*
 * Whoever has to be woken to begin comes when the others are done already: all
 * wait awake, and not all on one processor.
 */
static void begin_together(struct play *play, long round)
{
	const unsigned long all = (round + 1) * MEMBERS;

	__atomic_add_fetch(&play->ready, 1, __ATOMIC_SEQ_CST);
	while (__atomic_load_n(&play->ready, __ATOMIC_SEQ_CST) < all)
		sched_yield();
}

static void take_processor(unsigned int member)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(member % get_nprocs(), &set);
	sched_setaffinity(0, sizeof(set), &set);
}

/* A share of the events, each of them drawn and done. */
static void play_share(unsigned int member, struct play *play,
		       struct door *door, unsigned int *seed, long round)
{
	unsigned long share = play->count / MEMBERS;
	struct history_event *event = play->events + member * share;
	unsigned long i;

	begin_together(play, round);
	for (i = 0; i < share; i++, event++) {
		*seed = *seed * 1103515245 + 12345;
		event->op = (*seed >> 16) % HISTORY_OPS;
		event->number = (*seed >> 8 & 0xff) + 1;
		play_event(play, door, event);
	}
}

/* One of the members, while the others wait. */
static void judge(struct play *play, long round)
{
	if (round) {
		play->bad += !history_linearizable(play->events, play->count);
		play->concurrent += !!count_overlaps(play);
		/* On a busy machine few run at the same time */
		if (round == play->rounds && !play->concurrent &&
		    round < play->most)
			play->rounds++;
	}
	control_request(play->fd, req_delete(KEY));
	play->clock = 0;
}

static void play_rounds(unsigned int member, struct play *play,
			struct door *door)
{
	unsigned int seed = member;
	long round;

	for (round = 0; round <= play->rounds; round++) {
		if (pthread_barrier_wait(&play->line) ==
		    PTHREAD_BARRIER_SERIAL_THREAD)
			judge(play, round);
		pthread_barrier_wait(&play->line);
		if (round < play->rounds)
			play_share(member, play, door, &seed, round);
	}
}

static int member_main(unsigned int member, void *arg)
{
	static const enum door_kind kinds[] = { DOOR_IOCTL_REQ, DOOR_URING_REQ,
						DOOR_IOCTL_VEC };
	unsigned int seed = member;
	struct play *play = arg;
	struct door door;

	if (door_attach(&door, kinds[member % ARRAY_SIZE(kinds)], 0, play->fd))
		return -1;
	take_processor(member);
	if (play->rounds)
		play_rounds(member, play, &door);
	else
		play_share(member, play, &door, &seed, 0);
	door_detach(&door);
	return 0;
}

FIXTURE(play)
{
	struct play play;
};

FIXTURE_SETUP(play)
{
	struct play *play = &self->play;

	play->fd = control_open_default(O_RDWR);
	ASSERT_LE(0, play->fd);
	control_request(play->fd, req_delete(KEY));
	pthread_barrier_init(&play->line, NULL, MEMBERS);
}

FIXTURE_TEARDOWN(play)
{
	free(self->play.events);
	close(self->play.fd);
}

static void run_play(struct __test_metadata *_metadata, struct play *play)
{
	play->events = calloc(play->count, sizeof(*play->events));
	ASSERT_NE(NULL, play->events);
	EXPECT_EQ(0, crew_threads(MEMBERS, member_main, play));
}

TEST_F(play, short_histories)
{
	struct play *play = &self->play;

	play->rounds = kvs_test_size("HISTORIES");
	play->most = 10 * play->rounds;
	play->count = MEMBERS * OPS;
	run_play(_metadata, play);
	EXPECT_EQ(0, play->bad);
	EXPECT_LT(0, play->concurrent);
	TH_LOG("%d of %ld had overlaps", play->concurrent, play->rounds);
}

TEST_F(play, long_history)
{
	struct play *play = &self->play;
	unsigned long overlaps;

	play->count = MEMBERS * kvs_test_size("HISTORY_LENGTH");
	run_play(_metadata, play);
	overlaps = count_overlaps(play);
	EXPECT_LT(0UL, overlaps);
	TH_LOG("%lu of %lu overlapped", overlaps, play->count);
	EXPECT_TRUE(history_ordered(play->events, play->count));
}

TEST_HARNESS_MAIN
