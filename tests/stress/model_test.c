// SPDX-License-Identifier: GPL-2.0-only
/*
 * Operations of all kinds, by many at once and in every way that the library
 * has, each compared with what a model says it must answer.
 */
#include <fcntl.h>
#include <pthread.h>

#include <kselftest_harness.h>

#include "model.h"
#include "size.h"
#include "way.h"

#define OWNERS WAY_KINDS
#define OPS 16 /* at a time */

struct owner {
	unsigned int number;
	long rounds;
	struct kvs *kvs;
	pthread_t thread;
	char failure[128]; /* what went wrong first, if anything did */
};

static bool run_round(struct owner *owner, struct model *model, struct way *way,
		      struct model_op *ops)
{
	struct kvs_request requests[OPS];
	/* Steps of 5 meet no key of 48 twice */
	unsigned int key = model->random % MODEL_KEYS;
	int i, ret;

	for (i = 0; i < OPS; i++)
		model_draw(model, (key + i * 5) % MODEL_KEYS, &ops[i],
			   &requests[i]);
	ret = way_run(way, requests, OPS);
	if (ret) {
		snprintf(owner->failure, sizeof(owner->failure), "way %d: %s",
			 way->kind, kvs_strerror(ret));
		return false;
	}
	for (i = 0; i < OPS; i++) {
		if (model_check(&ops[i]))
			continue;
		snprintf(owner->failure, sizeof(owner->failure),
			 "way %d: %s: %s instead of %s", way->kind,
			 ops[i].entry->key, kvs_strerror(ops[i].result.status),
			 kvs_strerror(ops[i].status));
		return false;
	}
	return true;
}

static void *owner_main(void *arg)
{
	struct owner *owner = arg;
	struct model_op *ops = calloc(OPS, sizeof(*ops));
	struct model model;
	struct way way;
	long round;
	int i;

	model_init(&model, owner->number);
	if (!ops || way_open(&way, owner->number % WAY_KINDS, owner->kvs)) {
		snprintf(owner->failure, sizeof(owner->failure), "no way");
		free(ops);
		return NULL;
	}
	for (round = 0; round < owner->rounds; round++)
		if (!run_round(owner, &model, &way, ops))
			break;
	way_close(&way);
	for (i = 0; i < MODEL_KEYS; i++)
		kvs_delete(owner->kvs, model.entries[i].key,
			   model.entries[i].key_len, 0, NULL);
	free(ops);
	return NULL;
}

TEST(all_is_as_the_model_says)
{
	struct owner owners[OWNERS] = {};
	struct kvs *kvs;
	int i;

	ASSERT_EQ(0, kvs_open(NULL, O_RDWR, &kvs));
	for (i = 0; i < OWNERS; i++) {
		owners[i].number = i;
		owners[i].kvs = kvs;
		owners[i].rounds = kvs_test_size("STRESS_ROUNDS");
		ASSERT_EQ(0, pthread_create(&owners[i].thread, NULL, owner_main,
					    &owners[i]));
	}
	for (i = 0; i < OWNERS; i++) {
		pthread_join(owners[i].thread, NULL);
		EXPECT_STREQ("", owners[i].failure);
	}
	kvs_close(kvs);
}

TEST_HARNESS_MAIN
