/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One JSON object on one line, the output of --json.
 */
#ifndef KVS_TOOL_JSON_H
#define KVS_TOOL_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct json_object;

struct json_object *json_new(void);

/* Members, in the order they are added. */
void json_add_text(struct json_object *object, const char *name,
		   const char *text);
void json_add_u64(struct json_object *object, const char *name,
		  uint64_t number);
void json_add_s64(struct json_object *object, const char *name, int64_t number);
void json_add_double(struct json_object *object, const char *name,
		     double number);
void json_add_bool(struct json_object *object, const char *name, bool truth);

/* @name as a text where the bytes are UTF-8, else @name_base64. */
void json_add_bytes(struct json_object *object, const char *name,
		    const void *bytes, size_t len);

void json_add_object(struct json_object *object, const char *name,
		     struct json_object *member);

/* A member that is a list, and an object at the end of a list. */
struct json_object *json_add_list(struct json_object *object, const char *name);
struct json_object *json_append(struct json_object *list);

/* Writes the object to stdout and frees it. */
void json_print(struct json_object *object);

#endif /* KVS_TOOL_JSON_H */
