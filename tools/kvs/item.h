/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Stores as the list of them has them.
 */
#ifndef KVS_TOOL_ITEM_H
#define KVS_TOOL_ITEM_H

#include <stdbool.h>

#include <kvs.h>

struct args;
struct json_object;

/**
 * item_find() - look for a store in the list
 * @name: its name, or '#' and its number
 * @item: out: what the list has of it
 *
 * It takes no right in the store. The program ends where there is no list.
 *
 * Return: whether it is there.
 */
bool item_find(const struct args *args, const char *name,
	       struct kvs_store_item *item);

/* Calls @found for each store; the program ends where there is no list. */
void item_each(const struct args *args, unsigned int flags, kvs_store_fn *found,
	       void *context);

/* Adds what is known of it as members. */
void item_json(struct json_object *object, const struct kvs_store_item *item);

/* Writes it as one JSON object. */
void item_print_json(const struct kvs_store_item *item);

#endif /* KVS_TOOL_ITEM_H */
