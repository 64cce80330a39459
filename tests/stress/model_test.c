// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations of all kinds, drawn at random, on several stores, in every way
 * that a front door has, each compared with what a model says it must answer;
 * and from time to time all that the stores hold and count. Both doors are in
 * use at the same time, each with stores of its own.
 *
 * What is drawn follows from a seed, which a failure tells. To repeat it give it
 * as model_seed in tests/sizes; 0 stands for another one each time.
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
	play_all(arg);
	return NULL;
}

static uint64_t draw_seed(enum play_door door)
{
	uint64_t seed = kvs_test_size("MODEL_SEED");

	return seed ? seed : (uint64_t)model_clock() * PLAY_DOORS + door;
}

TEST(all_is_as_the_model_says)
{
	struct player players[PLAY_DOORS] = {};
	unsigned int i;

	for (i = 0; i < PLAY_DOORS; i++) {
		players[i].ops = kvs_test_size("MODEL_OPS");
		players[i].play = calloc(1, sizeof(*players[i].play));
		ASSERT_NE(NULL, players[i].play);
		ASSERT_EQ(0, play_open(players[i].play, i, draw_seed(i)));
		ASSERT_EQ(0, pthread_create(&players[i].thread, NULL,
					    player_main, &players[i]));
	}
	for (i = 0; i < PLAY_DOORS; i++) {
		pthread_join(players[i].thread, NULL);
		EXPECT_STREQ("", players[i].play->failure);
		EXPECT_LE(players[i].ops, players[i].play->number);
		play_close(players[i].play);
		free(players[i].play);
	}
}

TEST_HARNESS_MAIN
