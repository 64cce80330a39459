/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control commands as a table, and the fixture "control", which clears away
 * the stores that they need and make.
 */
#ifndef KVS_TEST_COMMAND_FIXTURE_H
#define KVS_TEST_COMMAND_FIXTURE_H

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

#include <kselftest_harness.h>

#include "control.h"
#include "request.h"
#include "store.h"

#define STORE "control.store"
#define STAGING "control.staging"
#define MADE "control.made"

#define ARG_MAX_SIZE 512

/* Which handle a command is valid on. */
enum handle {
	UNBOUND,
	BOUND, /* to STORE */
	STAGED, /* to STORE, for which STAGING is staging */
};

/*
 * A control command in its valid form, and on which handle it is valid: a
 * matrix that refused everything would prove nothing.
 */
struct command {
	const char *name;
	unsigned int number;
	__u32 size;
	enum handle handle;
	void (*fill)(void *arg);
	__u32 flags; /* known ones */
	bool silent; /* answers nothing but its status */
};

static inline void fill_info(void *arg)
{
	struct kvs_info *info = arg;

	poison(info, sizeof(*info));
	info->size = sizeof(*info);
	info->flags = 0;
}

static inline void fill_bind(void *arg)
{
	struct kvs_bind *bind = arg;

	poison(bind, sizeof(*bind));
	bind->size = sizeof(*bind);
	bind->flags = 0;
	bind->store_number = 0;
	bind->reserved = 0;
	memset(bind->store_name, 0, sizeof(bind->store_name));
}

static inline void fill_restrict(void *arg)
{
	struct kvs_restrict *restrict_to = arg;

	poison(restrict_to, sizeof(*restrict_to));
	restrict_to->size = sizeof(*restrict_to);
	restrict_to->flags = 0;
	restrict_to->rights = KVS_RIGHT_READ;
}

static inline void fill_create(void *arg)
{
	struct kvs_create *create = arg;

	*create = store_wish(MADE);
}

static inline void fill_alter(void *arg)
{
	struct kvs_alter *alter = arg;

	*alter = (struct kvs_alter){
		.size = sizeof(*alter),
		.set = KVS_SET_MAX_VALUE,
		.max_value = 4096,
	};
}

static inline void fill_list(void *arg)
{
	static struct kvs_list_item item;
	struct kvs_list *list = arg;

	*list = (struct kvs_list){
		.size = sizeof(*list),
		.items = addr_of(&item),
		.count = 1,
		.item_size = sizeof(item),
	};
}

static inline void fill_stats(void *arg)
{
	struct kvs_store_stats *stats = arg;

	poison(stats, sizeof(*stats));
	stats->size = sizeof(*stats);
	stats->flags = 0;
}

static inline void fill_act(void *arg)
{
	struct kvs_act *act = arg;

	poison(act, sizeof(*act));
	act->size = sizeof(*act);
	act->flags = 0;
}

static inline void fill_histogram(void *arg)
{
	struct kvs_histogram *histogram = arg;

	poison(histogram, sizeof(*histogram));
	histogram->size = sizeof(*histogram);
	histogram->flags = 0;
	histogram->kind = KVS_HISTOGRAM_LATENCY;
	histogram->verb = KVS_GET;
}

static inline void fill_measure(void *arg)
{
	struct kvs_measure *measure = arg;

	*measure = (struct kvs_measure){
		.size = sizeof(*measure),
		.latency = 1,
	};
}

/* clang-format off */
static const struct command commands[] = {
	{ "INFO", KVS_IOC_INFO, sizeof(struct kvs_info), BOUND, fill_info,
	  0, false },
	{ "BIND", KVS_IOC_BIND, sizeof(struct kvs_bind), UNBOUND, fill_bind,
	  KVS_BIND_NUMBER, false },
	{ "RESTRICT", KVS_IOC_RESTRICT, sizeof(struct kvs_restrict), BOUND,
	  fill_restrict, 0, false },
	{ "CREATE", KVS_IOC_CREATE, sizeof(struct kvs_create), UNBOUND,
	  fill_create, KVS_CREATE_STAGING | KVS_CREATE_INDEX, false },
	{ "ALTER", KVS_IOC_ALTER, sizeof(struct kvs_alter), BOUND, fill_alter,
	  0, true },
	{ "LIST", KVS_IOC_LIST, sizeof(struct kvs_list), UNBOUND, fill_list,
	  KVS_LIST_ALL, false },
	{ "STATS", KVS_IOC_STATS, sizeof(struct kvs_store_stats), BOUND,
	  fill_stats, 0, false },
	{ "FLUSH", KVS_IOC_FLUSH, sizeof(struct kvs_act), BOUND, fill_act,
	  0, false },
	{ "PUBLISH", KVS_IOC_PUBLISH, sizeof(struct kvs_act), STAGED, fill_act,
	  0, false },
	{ "HISTOGRAM", KVS_IOC_HISTOGRAM, sizeof(struct kvs_histogram), BOUND,
	  fill_histogram, 0, false },
	{ "MEASURE", KVS_IOC_MEASURE, sizeof(struct kvs_measure), BOUND,
	  fill_measure, 0, true },
	{ "DESTROY", KVS_IOC_DESTROY, sizeof(struct kvs_act), BOUND, fill_act,
	  0, false },
};

/* clang-format on */

#define COMMANDS_END (commands + ARRAY_SIZE(commands))

/* Of the first version of its struct: nothing shorter is taken. */
static inline __u32 first_size(const struct command *command)
{
	switch (command->number) {
	case KVS_IOC_CREATE:
		return offsetof(struct kvs_create, policy);
	case KVS_IOC_ALTER:
		return offsetof(struct kvs_alter, max_pinned);
	case KVS_IOC_STATS:
		return offsetof(struct kvs_store_stats, misses_expired);
	default:
		return command->size;
	}
}

FIXTURE(control){};

FIXTURE_SETUP(control)
{
	store_clear(MADE);
	store_clear(STORE);
}

FIXTURE_TEARDOWN(control)
{
	store_clear(MADE);
	store_clear(STORE);
}

/* The store is made where it is missing; a staging one goes if unwanted. */
static inline int open_handle(enum handle handle)
{
	int fd, staging;

	if (handle == UNBOUND)
		return control_open(O_RDWR);
	fd = store_open(STORE, O_RDWR);
	if (fd == -ENOENT)
		fd = store_make(STORE);
	staging = store_open(STAGING, O_RDWR);
	if (handle == STAGED && staging == -ENOENT)
		staging = store_stage(fd, STAGING);
	else if (handle == BOUND && staging >= 0)
		store_destroy(staging);
	if (staging >= 0)
		close(staging);
	return fd;
}

#endif /* KVS_TEST_COMMAND_FIXTURE_H */
