// SPDX-License-Identifier: GPL-2.0-only
/*
 * Every allocation of a batch fails once: the request that needed it fails, the
 * others of the batch do not.
 */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "contents.h"
#include "control.h"
#include "door.h"
#include "request.h"
#include "trial.h"

#define BATCH 3

static const char *const new_keys[BATCH] = { KEY_NEW, KEY_NEWER, KEY_NEWEST };

FIXTURE(batch)
{
	struct door door;
	struct figures figures;
	struct kvs_req reqs[BATCH];
	struct kvs_res res[BATCH];
};

FIXTURE_VARIANT(batch)
{
	const char *name;
	enum door_kind kind;
};

FIXTURE_SETUP(batch)
{
	ASSERT_EQ(0, fault_below_module());
	ASSERT_EQ(0, door_open(&self->door, variant->kind, 0));
	contents_remove(self->door.fd);
	self->figures = figures_now();
}

FIXTURE_TEARDOWN(batch)
{
	fault_anywhere();
	contents_remove(self->door.fd);
	EXPECT_TRUE(figures_return(&self->figures));
	door_close(&self->door);
}

/* clang-format off */
FIXTURE_VARIANT_ADD(batch, ioctl) {
	.name = "ioctl", .kind = DOOR_IOCTL_VEC,
};

FIXTURE_VARIANT_ADD(batch, uring) {
	.name = "uring", .kind = DOOR_URING_VEC,
};

/* clang-format on */

static void remove_all(void *arg)
{
	struct _test_data_batch *self = arg;

	contents_remove(self->door.fd);
}

/* The first status that is not 0, of the call or of a request. */
static int send_batch(void *arg)
{
	struct _test_data_batch *self = arg;
	struct kvs_vec vec = { .reqs = addr_of(self->reqs), .count = BATCH };
	int ret, i;

	ret = door_send_vec(&self->door, &vec);
	for (i = 0; i < BATCH && !ret; i++)
		ret = self->res[i].status;
	return ret;
}

/* One failed, and is absent; the others are there. */
static bool one_is_missing(void *arg)
{
	struct _test_data_batch *self = arg;
	int i, got, failed = 0;

	for (i = 0; i < BATCH; i++) {
		got = control_request(self->door.fd,
				      req_get(new_keys[i], NULL, 0));
		if (got != (self->res[i].status ? -ENOENT : 0))
			return false;
		failed += self->res[i].status != 0;
	}
	contents_remove(self->door.fd);
	return failed == 1 && figures_return(&self->figures);
}

TEST_F(batch, insert)
{
	const struct trial trial = {
		.door = variant->name,
		.name = "batch of inserts",
		.allocates = true,
		.before = remove_all,
		.run = send_batch,
		.unchanged = one_is_missing,
		.arg = self,
	};
	int i;

	self->reqs[0] = req_put(KEY_NEW, contents_other, SMALL_LEN);
	self->reqs[1] = req_put(KEY_NEWER, contents_other, HUGE_LEN);
	self->reqs[2] = req_add_create(KEY_NEWEST, 1);
	for (i = 0; i < BATCH; i++)
		self->reqs[i].result = addr_of(&self->res[i]);
	trial_run(_metadata, &trial);
}

int main(int argc, char **argv)
{
	return trial_main(argc, argv);
}
