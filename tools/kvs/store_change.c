// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs store alter, measure, flush, publish, destroy: what is done to a store as a whole;
 * and kvs store, which finds the command of the second word.
 */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "failure.h"
#include "help.h"
#include "item.h"
#include "json.h"
#include "properties.h"
#include "store.h"

/* The operand takes the place of --store. */
static struct kvs *open_operand(struct args *args)
{
	args_want(args, 1, 1);
	args->store = args->operands[0];
	if (!args->store[0])
		args_die(args, "the name of the store is empty");
	return store_manage(args);
}

__noreturn static void change_failed(const struct args *args, int error)
{
	const char *name = store_name(args);

	if (error == -EACCES)
		die(STATUS_FAILED,
		    "store '%s': only its owner and root may do that: 'kvs store list' tells who that is",
		    name);
	die(STATUS_FAILED, "store '%s': %s", name, failure_text(error));
}

static void print_json(const struct args *args, const uint64_t *version)
{
	struct json_object *object;

	if (!args->json)
		return;
	object = json_new();
	json_add_text(object, "store", store_name(args));
	if (version)
		json_add_u64(object, "version", *version);
	json_print(object);
}

__noreturn static void alter_failed(const struct args *args, int error)
{
	const char *name = store_name(args);

	switch (-error) {
	case EINVAL:
		die(STATUS_FAILED,
		    "store '%s': a property is out of its range, or it is a staging store: alter its store then",
		    name);
	case EPERM:
		die(STATUS_FAILED,
		    "store '%s': only root gives it to another user, or to a group that you are not in",
		    name);
	default:
		change_failed(args, error);
	}
}

enum status command_store_alter(struct args *args)
{
	static const struct option options[] = {
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
	struct kvs_store_options wanted = { 0 };
	struct kvs_store_item item;
	struct kvs *kvs;
	int code, err;

	while ((code = args_next(args, options)) != -1)
		properties_option(args, code, &wanted);
	args_want(args, 1, 1);
	if (!wanted.set)
		args_die(args, "there is nothing to change");

	kvs = open_operand(args);
	err = kvs_store_alter(kvs, &wanted);
	if (err)
		alter_failed(args, err);
	if (args->json && item_find(args, args->store, &item))
		item_print_json(&item);
	kvs_close(kvs);
	return STATUS_DONE;
}

enum status command_store_measure(struct args *args)
{
	const char *word;
	struct kvs *kvs;
	int err;

	args_read(args);
	args_want(args, 2, 2);
	word = args->operands[1];
	if (strcmp(word, "on") && strcmp(word, "off"))
		args_die(args, "'%s' is neither on nor off", word);
	args->count = 1;

	kvs = open_operand(args);
	err = kvs_store_measure(kvs, !strcmp(word, "on"));
	kvs_close(kvs);
	if (err)
		change_failed(args, err);
	print_json(args, NULL);
	return STATUS_DONE;
}

enum status command_store_flush(struct args *args)
{
	uint64_t version;
	struct kvs *kvs;
	int err;

	args_read(args);
	kvs = open_operand(args);
	err = kvs_store_flush(kvs, &version);
	kvs_close(kvs);
	if (err)
		change_failed(args, err);
	print_json(args, &version);
	return STATUS_DONE;
}

enum status command_store_publish(struct args *args)
{
	uint64_t version;
	struct kvs *kvs;
	int err;

	args_read(args);
	kvs = open_operand(args);
	err = kvs_store_publish(kvs, &version);
	kvs_close(kvs);
	if (err == -ENOENT)
		die(STATUS_REFUSED,
		    "store '%s' has no staging store: 'kvs store create NAME --staging-of %s' makes one",
		    args->store, args->store);
	if (err)
		change_failed(args, err);
	print_json(args, &version);
	return STATUS_DONE;
}

__noreturn static void destroy_failed(const struct args *args, int error)
{
	const char *name = store_name(args);

	switch (-error) {
	case EBUSY:
		die(STATUS_FAILED,
		    "store '%s' has a staging store: destroy that first", name);
	case EPERM:
		die(STATUS_FAILED,
		    "store '%s' stays: 'kvs store flush %s' empties it", name,
		    name);
	default:
		change_failed(args, error);
	}
}

enum status command_store_destroy(struct args *args)
{
	struct kvs *kvs;
	int err;

	args_read(args);
	kvs = open_operand(args);
	err = kvs_store_destroy(kvs);
	kvs_close(kvs);
	if (err)
		destroy_failed(args, err);
	print_json(args, NULL);
	return STATUS_DONE;
}

enum status command_store(struct args *args)
{
	static const struct option options[] = { { NULL, 0, NULL, 0 } };
	const struct command *command;
	const char *word;

	args_option(args, options);
	if (optind == args->argc)
		args_die(args, "an operand is missing");
	word = args->argv[optind];
	command = command_find_two("store", word);
	if (!command)
		args_die(args, "there is no 'kvs store %s'", word);
	args_begin(args, command, args->argc - optind, args->argv + optind);
	return command->run(args);
}
