// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "model.h"

enum draw {
	DRAW_GET,
	DRAW_STAT,
	DRAW_PUT,
	DRAW_PUT_COUNTER,
	DRAW_CREATE,
	DRAW_REPLACE,
	DRAW_PUT_IF,
	DRAW_DELETE,
	DRAW_DELETE_IF,
	DRAW_ADD,
	DRAW_ADD_CREATE,
	DRAW_KINDS,
};

static uint32_t draw(struct model *model, uint32_t below)
{
	model->random = model->random * 1664525 + 1013904223;
	return (model->random >> 8) % below;
}

void model_init(struct model *model, unsigned int owner)
{
	struct model_entry *entry;
	unsigned int i;

	memset(model, 0, sizeof(*model));
	model->random = owner;
	for (i = 0; i < MODEL_KEYS; i++) {
		entry = &model->entries[i];
		entry->key_len = snprintf(entry->key, sizeof(entry->key),
					  "stress.%u.%0*u", owner,
					  i % 4 ? 4 : 50, i);
	}
}

static void describe(char *value, uint32_t seed, uint32_t length)
{
	uint32_t i;

	for (i = 0; i < length; i++)
		value[i] = (char)(seed + i * 7 + (i >> 8));
}

/* Lengths about those at which values are kept in another way. */
static uint32_t draw_length(struct model *model)
{
	static const uint32_t about[] = { 0, 8, 64, 240, 256, 600, 1400 };

	return about[draw(model, 7)] + draw(model, 24);
}

static void draw_blob(struct model *model, struct model_op *op)
{
	op->after.kind = KVS_ENTRY_BLOB;
	op->after.length = draw_length(model);
	op->after.seed = draw(model, 1 << 20);
	op->after.number = 0;
	describe(op->value, op->after.seed, op->after.length);
}

static void draw_put(struct model *model, struct model_op *op, enum draw kind,
		     struct kvs_request *request)
{
	const struct model_entry *entry = op->entry;
	unsigned int flags = 0;

	draw_blob(model, op);
	if (kind == DRAW_CREATE) {
		flags = KVS_FLAG_CREATE;
		op->status = entry->kind ? -EEXIST : 0;
	} else if (kind != DRAW_PUT) {
		flags = kind == DRAW_REPLACE ? KVS_FLAG_REPLACE : 0;
		op->status = entry->kind ? 0 : -ENOENT;
	}
	kvs_request_put(request, entry->key, entry->key_len, op->value,
			op->after.length, flags, &op->result);
	if (kind != DRAW_PUT_IF)
		return;
	kvs_request_set_version(request, entry->version);
	if (entry->kind && draw(model, 2)) {
		kvs_request_set_version(request, entry->version - 1);
		op->status = -ESTALE;
	}
}

static void draw_put_counter(struct model *model, struct model_op *op,
			     struct kvs_request *request)
{
	op->number = draw(model, 1000);
	op->after.kind = KVS_ENTRY_COUNTER;
	op->after.length = sizeof(op->number);
	op->after.number = op->number;
	kvs_request_put(request, op->entry->key, op->entry->key_len,
			&op->number, sizeof(op->number), KVS_FLAG_COUNTER,
			&op->result);
}

static void draw_delete(struct model *model, struct model_op *op,
			enum draw kind, struct kvs_request *request)
{
	const struct model_entry *entry = op->entry;

	op->after.kind = KVS_ENTRY_NONE;
	op->status = entry->kind ? 0 : -ENOENT;
	kvs_request_delete(request, entry->key, entry->key_len, 0, &op->result);
	if (kind != DRAW_DELETE_IF)
		return;
	kvs_request_set_version(request, entry->version);
	if (entry->kind && draw(model, 2)) {
		kvs_request_set_version(request, entry->version + 1);
		op->status = -ESTALE;
	}
}

/* With a bound that the sum may pass. */
static void draw_add(struct model *model, struct model_op *op, enum draw kind,
		     struct kvs_request *request)
{
	const struct model_entry *entry = op->entry;
	unsigned int flags = KVS_FLAG_MAX;
	int64_t from = 0;

	op->number = (int64_t)draw(model, 400) - 150;
	op->limits.max = 1000;
	if (kind == DRAW_ADD_CREATE)
		flags |= KVS_FLAG_CREATE;
	if (entry->kind == KVS_ENTRY_BLOB)
		op->status = -EPROTOTYPE;
	else if (!entry->kind && kind == DRAW_ADD)
		op->status = -ENOENT;
	else if (entry->kind)
		from = entry->number;
	if (!op->status && from + op->number > op->limits.max)
		op->status = -EOVERFLOW;
	op->after.kind = KVS_ENTRY_COUNTER;
	op->after.length = sizeof(op->number);
	op->after.number = from + op->number;
	kvs_request_add(request, entry->key, entry->key_len, op->number, flags,
			&op->result);
	kvs_request_set_limits(request, &op->limits);
}

static void draw_read(struct model_op *op, enum draw kind,
		      struct kvs_request *request)
{
	const struct model_entry *entry = op->entry;

	op->changes = false;
	op->status = entry->kind ? 0 : -ENOENT;
	if (kind == DRAW_GET)
		kvs_request_get(request, entry->key, entry->key_len, op->value,
				sizeof(op->value), 0, &op->result);
	else
		kvs_request_stat(request, entry->key, entry->key_len, &op->stat,
				 &op->result);
}

void model_draw(struct model *model, unsigned int key, struct model_op *op,
		struct kvs_request *request)
{
	enum draw kind = draw(model, DRAW_KINDS);

	memset(op, 0, sizeof(*op));
	op->entry = &model->entries[key];
	op->after = *op->entry;
	op->changes = true;
	switch (kind) {
	case DRAW_GET:
	case DRAW_STAT:
		draw_read(op, kind, request);
		break;
	case DRAW_PUT_COUNTER:
		draw_put_counter(model, op, request);
		break;
	case DRAW_DELETE:
	case DRAW_DELETE_IF:
		draw_delete(model, op, kind, request);
		break;
	case DRAW_ADD:
	case DRAW_ADD_CREATE:
		draw_add(model, op, kind, request);
		break;
	default:
		draw_put(model, op, kind, request);
	}
}

/* What was read is what the model holds. */
static bool check_read(const struct model_op *op)
{
	const struct model_entry *entry = op->entry;
	const struct kvs_result *result = &op->result;
	char value[MODEL_VALUE];

	if (result->version != entry->version || result->kind != entry->kind ||
	    result->length != entry->length)
		return false;
	if (op->stat.size)
		return op->stat.version == entry->version &&
		       op->stat.length == entry->length &&
		       op->stat.number == entry->number;
	if (entry->kind == KVS_ENTRY_COUNTER)
		return result->number == entry->number &&
		       !memcmp(op->value, &entry->number, 8);
	describe(value, entry->seed, entry->length);
	return !memcmp(op->value, value, entry->length);
}

bool model_check(struct model_op *op)
{
	const struct kvs_result *result = &op->result;
	struct model_entry *entry = op->entry;

	if (result->status != op->status)
		return false;
	if (op->status == -ESTALE)
		return result->version == entry->version;
	if (op->status)
		return true;
	if (!op->changes)
		return check_read(op);
	if (result->version <= entry->version)
		return false;
	op->after.version = result->version;
	*entry = op->after;
	return entry->kind != KVS_ENTRY_COUNTER ||
	       result->number == entry->number;
}
