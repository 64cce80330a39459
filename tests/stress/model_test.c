// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations of all kinds, drawn at random, on several stores, in every way
 * that a front door has, each compared with what a model says it must answer;
 * and from time to time all that the stores hold and count. Some of the stores
 * evict: who goes is their choice, but not how many, and not all may. Both doors
 * are in use at the same time, each with stores of its own.
 *
 * What is drawn follows from a seed, which a failure tells, and, for deadlines and
 * versions, from what the clock and the stores said. To repeat it give it as
 * model_seed in tests/sizes; 0 stands for another one each time.
 */
#include <pthread.h>
#include <stdlib.h>

#include <kselftest_harness.h>

#include "play.h"
#include "size.h"

/* In a run so many times: the statistics, and every so many, the contents. */
#define SWEEPS 100
#define CONTENTS 4

struct player {
	pthread_t thread;
	struct play *play;
	uint64_t ops;
};

static bool play_part(struct play *play, uint64_t end)
{
	while (play->number < end) {
		if (!play_round(play))
			return false;
	}
	return true;
}

static bool play_all(struct player *player)
{
	struct play *play = player->play;
	struct random random = { play->seed };
	unsigned int i;

	for (i = 1; i <= SWEEPS; i++) {
		if (!play_part(play, player->ops * i / SWEEPS) ||
		    !play_compare_statistics(play))
			return false;
		if (i % CONTENTS == 0 && !play_compare_contents(play))
			return false;
		if (i < SWEEPS && !play_sweep(play, &random))
			return false;
	}
	return true;
}

static void *player_main(void *arg)
{
	struct player *player = arg;
	int64_t begin = model_clock();

	play_all(player);
	printf("# door %d, seed %llu: %llu operations in %lld ms\n",
	       player->play->door, (unsigned long long)player->play->seed,
	       (unsigned long long)player->play->number,
	       (long long)(model_clock() - begin) / 1000000);
	fflush(stdout);
	return NULL;
}

static uint64_t draw_seed(enum play_door door)
{
	uint64_t seed = kvs_test_size("MODEL_SEED");

	return seed ? seed : (uint64_t)model_clock() * PLAY_DOORS + door;
}

FIXTURE(model)
{
	struct player players[PLAY_DOORS];
};

FIXTURE_SETUP(model)
{
	struct player *player;
	unsigned int i;

	for (i = 0; i < PLAY_DOORS; i++) {
		player = &self->players[i];
		player->ops = kvs_test_size("MODEL_OPS");
		player->play = calloc(1, sizeof(*player->play));
		ASSERT_NE(NULL, player->play);
		ASSERT_EQ(0, play_open(player->play, i, draw_seed(i)));
	}
}

FIXTURE_TEARDOWN(model)
{
	unsigned int i;

	for (i = 0; i < PLAY_DOORS; i++) {
		play_close(self->players[i].play);
		free(self->players[i].play);
	}
}

TEST_F_TIMEOUT(model, all_is_as_it_says, 900)
{
	struct player *player;
	unsigned int i;

	for (i = 0; i < PLAY_DOORS; i++) {
		player = &self->players[i];
		ASSERT_EQ(0, pthread_create(&player->thread, NULL, player_main,
					    player));
	}
	for (i = 0; i < PLAY_DOORS; i++) {
		player = &self->players[i];
		pthread_join(player->thread, NULL);
		EXPECT_STREQ("", player->play->failure);
		EXPECT_LE(player->ops, player->play->number);
	}
}

TEST_HARNESS_MAIN
