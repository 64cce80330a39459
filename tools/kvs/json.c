// SPDX-License-Identifier: GPL-2.0-only
/*
 * JSON output by json-c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <json-c/json.h>

#include "encoding.h"
#include "json.h"
#include "message.h"

struct json_object *json_new(void)
{
	struct json_object *object = json_object_new_object();

	if (!object)
		die_no_memory();
	return object;
}

/* json-c answers NULL, which would be printed as null, without memory. */
static void add(struct json_object *object, const char *name,
		struct json_object *member)
{
	if (!member || json_object_object_add(object, name, member))
		die_no_memory();
}

void json_add_text(struct json_object *object, const char *name,
		   const char *text)
{
	add(object, name, json_object_new_string(text));
}

void json_add_u64(struct json_object *object, const char *name, uint64_t number)
{
	add(object, name, json_object_new_uint64(number));
}

void json_add_s64(struct json_object *object, const char *name, int64_t number)
{
	add(object, name, json_object_new_int64(number));
}

void json_add_double(struct json_object *object, const char *name,
		     double number)
{
	add(object, name, json_object_new_double(number));
}

void json_add_bool(struct json_object *object, const char *name, bool truth)
{
	add(object, name, json_object_new_boolean(truth));
}

void json_add_bytes(struct json_object *object, const char *name,
		    const void *bytes, size_t len)
{
	char encoded_name[64];
	char *encoded;

	if (is_utf8(bytes, len)) {
		add(object, name, json_object_new_string_len(bytes, (int)len));
		return;
	}

	snprintf(encoded_name, sizeof(encoded_name), "%s_base64", name);
	encoded = base64(bytes, len);
	json_add_text(object, encoded_name, encoded);
	free(encoded);
}

void json_add_object(struct json_object *object, const char *name,
		     struct json_object *member)
{
	add(object, name, member);
}

struct json_object *json_add_list(struct json_object *object, const char *name)
{
	struct json_object *list = json_object_new_array();

	add(object, name, list);
	return list;
}

struct json_object *json_append(struct json_object *list)
{
	struct json_object *object = json_new();

	if (json_object_array_add(list, object))
		die_no_memory();
	return object;
}

void json_print(struct json_object *object)
{
	int flags = JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
	const char *text = json_object_to_json_string_ext(object, flags);

	if (!text)
		die_no_memory();
	puts(text);
	json_object_put(object);
}
