// SPDX-License-Identifier: GPL-2.0-only
/*
 * kvs store list: the stores that there are.
 */
#include <stdbool.h>
#include <stdio.h>

#include <kvs.h>

#include "args.h"
#include "commands.h"
#include "item.h"
#include "json.h"

static int add_row(void *list, const struct kvs_store_item *item)
{
	item_json(json_append(list), item);
	return 0;
}

/**
 * struct table - the list as a table
 * @all: with a column for the owner of the user namespace
 * @begun: the heading was printed
 */
struct table {
	bool all;
	bool begun;
};

/* Not before it is known that there is a list. */
static void print_heading(struct table *table)
{
	if (table->begun)
		return;
	table->begun = true;
	printf("number mode   owner   group ");
	if (table->all)
		printf("namespace ");
	printf("  entries        bytes    max_bytes store\n");
}

/* The name comes last: it may be longer than a column is wide. */
static int print_row(void *context, const struct kvs_store_item *item)
{
	struct table *table = context;

	print_heading(table);
	printf("%6u %4o %7u %7u ", item->store_number, item->mode, item->uid,
	       item->gid);
	if (table->all)
		printf("%9u ", item->namespace_uid);
	printf("%9llu %12llu %12llu %s", (unsigned long long)item->entries,
	       (unsigned long long)item->bytes,
	       (unsigned long long)item->max_bytes, item->name);
	if (item->flags & KVS_ITEM_STAGING)
		printf(" (staging of #%u)", item->staging_of);
	if (item->flags & KVS_ITEM_INDEX)
		printf(" (ordered)");
	if (item->flags & KVS_ITEM_EVICTS)
		printf(" (evicts)");
	putchar('\n');
	return 0;
}

static void print_table(const struct args *args, unsigned int flags)
{
	struct table table = { .all = flags & KVS_LIST_EVERYWHERE };

	item_each(args, flags, print_row, &table);
	print_heading(&table);
}

static void print_json(const struct args *args, unsigned int flags)
{
	struct json_object *object = json_new();

	item_each(args, flags, add_row, json_add_list(object, "stores"));
	json_print(object);
}

enum status command_store_list(struct args *args)
{
	static const struct option options[] = {
		{ "all", no_argument, NULL, 'a' },
		{ NULL, 0, NULL, 0 },
	};
	unsigned int flags = 0;

	while (args_next(args, options) != -1)
		flags = KVS_LIST_EVERYWHERE;
	args_want(args, 0, 0);

	if (args->json)
		print_json(args, flags);
	else
		print_table(args, flags);
	return STATUS_DONE;
}
