// SPDX-License-Identifier: GPL-2.0-only
/*
 * The deadline that a command gives an entry.
 */
#include <getopt.h>
#include <time.h>

#include <kvs.h>

#include "args.h"
#include "duration.h"
#include "expiry.h"
#include "json.h"
#include "store.h"

static void read_ttl(const struct args *args, struct expiry *expiry)
{
	if (!duration_parse(expiry->text, &expiry->ttl) || !expiry->ttl ||
	    expiry->ttl == KVS_TTL_FOREVER)
		args_die(args,
			 "%s '%s' is no time above 0 such as 90s, 5m, 150ms",
			 expiry->option, expiry->text);
}

static void read_moment(const struct args *args, struct expiry *expiry)
{
	if (!moment_parse(expiry->text, &expiry->moment))
		args_die(args, "--at '%s' is no time such as 2030-01-31T18:00Z",
			 expiry->text);
}

static const char *option_name(int code)
{
	switch (code) {
	case OPTION_TTL:
		return "--ttl";
	case OPTION_TTL_IF_NEW:
		return "--ttl-if-new";
	case OPTION_AT:
		return "--at";
	default:
		return NULL;
	}
}

bool expiry_option(const struct args *args, int code, struct expiry *expiry)
{
	const char *name = option_name(code);

	if (!name)
		return false;
	if (expiry->option && expiry->option != name)
		args_die(args, "%s and %s exclude each other", expiry->option,
			 name);
	expiry->option = name;
	expiry->text = optarg;
	expiry->if_new = code == OPTION_TTL_IF_NEW;
	if (code == OPTION_AT)
		read_moment(args, expiry);
	else
		read_ttl(args, expiry);
	return true;
}

/*
 * The kernel's deadlines are by a clock that no change of the date moves. How
 * the two clocks stand to each other is asked for at the last moment.
 */
void expiry_resolve(const struct args *args, struct kvs *kvs,
		    struct expiry *expiry)
{
	struct kvs_store_info info;
	struct timespec time;
	int64_t now;

	if (!expiry->option || expiry->ttl)
		return;

	store_info(args, kvs, &info);
	clock_gettime(CLOCK_REALTIME, &time);
	now = time.tv_sec * (int64_t)NS_PER_SECOND + time.tv_nsec;
	if (expiry->moment <= now)
		args_die(args, "--at '%s' is past: 'kvs del' removes at once",
			 expiry->text);
	expiry->deadline = info.boottime + (expiry->moment - now);
}

void expiry_apply(const struct expiry *expiry, struct kvs_request *request)
{
	if (expiry->ttl)
		kvs_request_set_ttl(request, expiry->ttl);
	else if (expiry->option)
		kvs_request_set_deadline(request, expiry->deadline);
}

void expiry_json(struct json_object *object, uint64_t ttl)
{
	char text[DURATION_SIZE];

	if (ttl == KVS_TTL_FOREVER)
		return;
	duration_text(text, ttl);
	json_add_u64(object, "ttl_ns", ttl);
	json_add_text(object, "ttl", text);
}
