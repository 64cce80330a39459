// SPDX-License-Identifier: GPL-2.0-only
/*
 * Stores as the list of them has them.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "args.h"
#include "item.h"
#include "json.h"
#include "store.h"

/**
 * struct search - a store that is looked for
 * @name: its name, or '#' and its number
 * @item: where to put it
 */
struct search {
	const char *name;
	struct kvs_store_item *item;
};

static int compare(void *context, const struct kvs_store_item *item)
{
	const struct search *search = context;
	char number[16];

	snprintf(number, sizeof(number), "#%u", item->store_number);
	if (strcmp(search->name, item->name) && strcmp(search->name, number))
		return 0;
	*search->item = *item;
	return 1;
}

static int list(const struct args *args, unsigned int flags,
		kvs_store_fn *found, void *context)
{
	int ret = kvs_store_list(flags, found, context);

	if (ret == -EPERM && flags)
		die(STATUS_FAILED,
		    "permission denied: only root of the host lists all user namespaces; leave out --all");
	if (ret == -EACCES || ret == -EPERM)
		die(STATUS_FAILED,
		    "/dev/kvs: permission denied: become root, or load the module with mode= and gid=");
	if (ret < 0)
		store_failed(args, ret, STATUS_FAILED);
	return ret;
}

void item_each(const struct args *args, unsigned int flags, kvs_store_fn *found,
	       void *context)
{
	list(args, flags, found, context);
}

bool item_find(const struct args *args, const char *name,
	       struct kvs_store_item *item)
{
	struct search search = { .name = name, .item = item };
	unsigned int flags = name[0] == '#' ? KVS_LIST_EVERYWHERE : 0;

	return list(args, flags, compare, &search);
}

void item_json(struct json_object *object, const struct kvs_store_item *item)
{
	char text[24];

	json_add_text(object, "store", item->name);
	json_add_u64(object, "number", item->store_number);
	/* A random 64-bit number: most readers of JSON would round it. */
	snprintf(text, sizeof(text), "0x%016llx",
		 (unsigned long long)item->store_id);
	json_add_text(object, "store_id", text);
	if (item->flags & KVS_ITEM_STAGING)
		json_add_u64(object, "staging_of", item->staging_of);
	json_add_bool(object, "index", item->flags & KVS_ITEM_INDEX);
	snprintf(text, sizeof(text), "%04o", item->mode);
	json_add_text(object, "mode", text);
	json_add_u64(object, "owner", item->uid);
	json_add_u64(object, "group", item->gid);
	json_add_u64(object, "namespace_owner", item->namespace_uid);
	json_add_u64(object, "entries", item->entries);
	json_add_u64(object, "bytes", item->bytes);
	json_add_u64(object, "max_entries", item->max_entries);
	json_add_u64(object, "max_bytes", item->max_bytes);
	json_add_u64(object, "max_value", item->max_value);
	json_add_text(object, "policy",
		      item->flags & KVS_ITEM_EVICTS ? "evict" : "reject");
}

void item_print_json(const struct kvs_store_item *item)
{
	struct json_object *object = json_new();

	item_json(object, item);
	json_print(object);
}
