/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The fixture "slow": a request that waits in the kernel for user memory, in a
 * thread of its own, and a bystander who wants the same entry, or another one,
 * meanwhile.
 */
#ifndef KVS_TEST_SLOW_FIXTURE_H
#define KVS_TEST_SLOW_FIXTURE_H

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include <kselftest_harness.h>

#include "control.h"
#include "door.h"
#include "figures.h"
#include "request.h"
#include "stall.h"

#define SLOW_KEY "slow.key"
#define SLOW_LONG "slow.key.that.is.longer.than.what.a.request.itself.holds"
#define OTHER_KEY "slow.other"
#define SMALL 100U
#define LARGE 20000U

/* Whoever had to wait for the stuck one would wait for ever. */
#define BYSTANDER_SECONDS 15

FIXTURE(slow)
{
	struct door door; /* of the stuck one */
	int fd; /* of the bystander */
	struct stall stall;
	struct figures figures;
	pthread_t stuck;
	struct kvs_req req;
	struct kvs_res res;
	int (*send)(void *self);
	int status;
	atomic_bool done;
	const char *key;
	struct kvs_req base; /* what is under the key in the end */
};

static inline void *slow_stuck(void *arg)
{
	struct _test_data_slow *self = arg;

	self->status = self->send(self);
	self->done = true;
	return NULL;
}

static inline int slow_send(void *arg)
{
	struct _test_data_slow *self = arg;

	return door_send(&self->door, &self->req);
}

/* All that can be done to an entry, and to another one. */
static inline int bystander_round(int fd, const char *key)
{
	struct kvs_stat stat;
	char value[SMALL];
	int ret;

	ret = control_request(fd, req_put_str(key, "bystander"));
	if (!ret)
		ret = control_request(fd, req_get(key, value, sizeof(value)));
	if (!ret)
		ret = control_request(fd, req_stat(key, &stat));
	if (!ret)
		ret = control_request(fd, req_put(key, value, sizeof(value)));
	if (!ret)
		ret = control_request(fd, req_delete(key));
	if (!ret)
		ret = control_request(fd, req_add_create(key, 1));
	if (!ret)
		ret = control_request(fd, req_delete(key));
	return ret;
}

/* By a handle of its own, then by the one that is stuck. */
static inline void *slow_bystander(void *arg)
{
	struct _test_data_slow *self = arg;
	long ret;

	ret = bystander_round(self->fd, OTHER_KEY);
	if (!ret)
		ret = bystander_round(self->fd, self->key);
	if (!ret)
		ret = bystander_round(self->door.fd, OTHER_KEY);
	if (!ret)
		ret = bystander_round(self->door.fd, self->key);
	if (!ret)
		ret = control_request(self->fd, self->base);
	return (void *)ret;
}

static inline void join_in_time(struct __test_metadata *_metadata,
				struct _test_data_slow *self,
				pthread_t bystander)
{
	struct timespec until;
	void *ret = NULL;
	int late;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_sec += BYSTANDER_SECONDS;
	late = pthread_timedjoin_np(bystander, &ret, &until);
	EXPECT_EQ(0, late)
	{
		TH_LOG("the bystander has to wait");
	}
	/* Lets go whoever waits */
	if (late) {
		stall_end(&self->stall);
		pthread_join(bystander, &ret);
	}
	EXPECT_EQ(0, (long)ret);
}

/*
 * Sends the request, and lets the bystander work while it is stuck. Its status
 * after that.
 */
static inline int slow_run(struct __test_metadata *_metadata,
			   struct _test_data_slow *self)
{
	pthread_t bystander;

	self->done = false;
	if (!self->send)
		self->send = slow_send;
	ASSERT_EQ(0, pthread_create(&self->stuck, NULL, slow_stuck, self));
	EXPECT_TRUE(stall_wait(&self->stall, 1));
	ASSERT_EQ(0, pthread_create(&bystander, NULL, slow_bystander, self));
	join_in_time(_metadata, self, bystander);
	EXPECT_FALSE(self->done);
	stall_end(&self->stall);
	pthread_join(self->stuck, NULL);
	return self->status;
}

#endif /* KVS_TEST_SLOW_FIXTURE_H */
