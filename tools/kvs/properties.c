// SPDX-License-Identifier: GPL-2.0-only
/*
 * The properties of a store, as options.
 */
#include <string.h>

#include <kvs.h>

#include "args.h"
#include "number.h"
#include "properties.h"

/* The number that is no user: chown() takes it for "leave as it is". */
#define MOST_ID (UINT32_MAX - 1)

/* What the ABI can carry; the store has its own opinion. */
#define MOST_BYTES INT64_MAX

static uint64_t read_size(const struct args *args, const char *what,
			  uint64_t most)
{
	const char *wrong;
	uint64_t bytes;

	wrong = number_size(optarg, most, &bytes);
	if (wrong)
		args_die(args, "%s '%s' %s", what, optarg, wrong);
	return bytes;
}

static uint32_t read_mode(const struct args *args)
{
	const char *wrong;
	uint32_t mode;

	wrong = number_mode(optarg, &mode);
	if (wrong)
		args_die(args, "--mode '%s' %s", optarg, wrong);
	return mode;
}

static uint32_t read_policy(const struct args *args)
{
	if (!strcmp(optarg, "evict"))
		return KVS_AT_CAP_EVICT;
	if (strcmp(optarg, "reject"))
		args_die(args, "--policy '%s' is not reject or evict", optarg);
	return KVS_AT_CAP_REJECT;
}

void properties_option(const struct args *args, int code,
		       struct kvs_store_options *options)
{
	switch (code) {
	case OPTION_MODE:
		options->mode = read_mode(args);
		options->set |= KVS_OPTION_MODE;
		break;
	case OPTION_OWNER:
		options->uid = args_u64(args, "--owner", optarg, MOST_ID);
		options->set |= KVS_OPTION_UID;
		break;
	case OPTION_GROUP:
		options->gid = args_u64(args, "--group", optarg, MOST_ID);
		options->set |= KVS_OPTION_GID;
		break;
	case OPTION_MAX_BYTES:
		options->max_bytes = read_size(args, "--max-bytes", MOST_BYTES);
		options->set |= KVS_OPTION_MAX_BYTES;
		break;
	case OPTION_MAX_ENTRIES:
		options->max_entries =
			args_u64(args, "--max-entries", optarg, INT64_MAX);
		options->set |= KVS_OPTION_MAX_ENTRIES;
		break;
	case OPTION_MAX_VALUE:
		options->max_value = read_size(args, "--max-value", UINT32_MAX);
		options->set |= KVS_OPTION_MAX_VALUE;
		break;
	case OPTION_MAX_PINNED:
		options->max_pinned =
			read_size(args, "--max-pinned", MOST_BYTES);
		options->set |= KVS_OPTION_MAX_PINNED;
		break;
	case OPTION_POLICY:
		options->policy = read_policy(args);
		options->set |= KVS_OPTION_POLICY;
		break;
	}
}
