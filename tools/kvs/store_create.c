// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs store create: make a store.
 */
#include <errno.h>
#include <fcntl.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "failure.h"
#include "item.h"
#include "properties.h"
#include "store.h"

/**
 * struct plan - what the command line asks for
 * @name: the new store
 * @staging_of: the store that it is made for, or NULL
 * @options: its properties
 */
struct plan {
	const char *name;
	const char *staging_of;
	struct kvs_store_options options;
};

static void read_options(struct args *args, struct plan *plan)
{
	static const struct option options[] = {
		{ "staging-of", required_argument, NULL, 's' },
		{ "index", no_argument, NULL, 'i' },
		{ "mode", required_argument, NULL, OPTION_MODE },
		{ "owner", required_argument, NULL, OPTION_OWNER },
		{ "group", required_argument, NULL, OPTION_GROUP },
		{ "max-bytes", required_argument, NULL, OPTION_MAX_BYTES },
		{ "max-entries", required_argument, NULL, OPTION_MAX_ENTRIES },
		{ "max-value", required_argument, NULL, OPTION_MAX_VALUE },
		{ "max-pinned", required_argument, NULL, OPTION_MAX_PINNED },
		{ "policy", required_argument, NULL, OPTION_POLICY },
		{ NULL, 0, NULL, 0 },
	};
	int code;

	while ((code = args_next(args, options)) != -1)
		if (code == 's')
			plan->staging_of = optarg;
		else if (code == 'i')
			plan->options.set |= KVS_OPTION_INDEX;
		else
			properties_option(args, code, &plan->options);

	args_want(args, 1, 1);
	plan->name = args->operands[0];
	if (!plan->staging_of)
		return;
	if (plan->options.set)
		args_die(args, "--staging-of goes without properties");
	if (plan->staging_of[0] == '#')
		args_die(args, "--staging-of takes a name");
}

__noreturn static void exists(const struct plan *plan)
{
	if (plan->staging_of)
		die(STATUS_REFUSED,
		    "store '%s' exists, or '%s' has a staging store already: 'kvs store list' tells",
		    plan->name, plan->staging_of);
	die(STATUS_REFUSED,
	    "store '%s' exists already: 'kvs store alter' changes it",
	    plan->name);
}

/* The tool knows a bad name by itself: EINVAL is about the rest then. */
__noreturn static void refused(const struct args *args, const struct plan *plan)
{
	if (plan->staging_of)
		die(STATUS_FAILED,
		    "'%s' is itself a staging store, or '%s' names no store",
		    plan->staging_of, plan->name);
	if (plan->options.set)
		args_die(args,
			 "'%s' is no name, or a property out of its range",
			 plan->name);
	store_failed(args, -EINVAL, STATUS_FAILED);
}

__noreturn static void create_failed(struct args *args, const struct plan *plan,
				     int error)
{
	args->store = plan->name;
	switch (-error) {
	case EEXIST:
		exists(plan);
	case EINVAL:
		refused(args, plan);
	case EPERM:
		die(STATUS_FAILED,
		    "store '%s': only root gives it to another user, or to a group that you are not in",
		    plan->name);
	case EDQUOT:
		die(STATUS_FAILED,
		    "store '%s': you have as many stores as you may: 'kvs store destroy' one",
		    plan->name);
	case ENOSPC:
		die(STATUS_FAILED,
		    "store '%s': there are as many stores as there may be: 'kvs store destroy' one",
		    plan->name);
	case EOPNOTSUPP:
		die(STATUS_FAILED, "store '%s': cannot be made: %s", plan->name,
		    failure_text(error));
	case EACCES:
		if (plan->staging_of)
			die(STATUS_FAILED,
			    "store '%s': only its owner and root make a staging store for it",
			    plan->staging_of);
	}
	store_failed(args, error, STATUS_FAILED);
}

static int create(struct args *args, const struct plan *plan)
{
	struct kvs *kvs;
	int err;

	if (!plan->staging_of)
		return kvs_store_create(plan->name, &plan->options, O_RDWR,
					NULL);
	args->store = plan->staging_of;
	kvs = store_manage(args);
	err = kvs_store_create_staging(kvs, plan->name);
	kvs_close(kvs);
	return err;
}

enum status command_store_create(struct args *args)
{
	struct kvs_store_item item;
	struct plan plan = { 0 };
	int err;

	read_options(args, &plan);
	err = create(args, &plan);
	if (err)
		create_failed(args, &plan, err);

	/* What nobody else held ended with the handle that made it. */
	if (!item_find(args, plan.name, &item))
		die(STATUS_FAILED,
		    "store '%s' ended at once with the last handle of this user namespace: keep it by 'kvs hold'",
		    plan.name);
	if (args->json)
		item_print_json(&item);
	return STATUS_DONE;
}
