/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The deadline that a command gives an entry.
 */
#ifndef KVS_TOOL_EXPIRY_H
#define KVS_TOOL_EXPIRY_H

#include <stdbool.h>
#include <stdint.h>

struct args;
struct json_object;
struct kvs;
struct kvs_request;

/* Codes for the tables of options, beside the commands' own letters. */
enum { OPTION_TTL = 512, OPTION_TTL_IF_NEW, OPTION_AT };

/**
 * struct expiry - what the options ask for; nothing at first
 * @option: the option that was given, NULL for none
 * @text: its argument
 * @if_new: it is for an entry that the command makes
 * @ttl: nanoseconds from now on, or 0
 * @moment: nanoseconds since 1970, where @ttl is 0
 * @deadline: the same by the clock of the kernel, see expiry_resolve()
 */
struct expiry {
	const char *option;
	const char *text;
	bool if_new;
	uint64_t ttl;
	int64_t moment;
	uint64_t deadline;
};

/* Takes --ttl, --ttl-if-new and --at; false for any other option. */
bool expiry_option(const struct args *args, int code, struct expiry *expiry);

/* Between the opening of the store and the first expiry_apply(). */
void expiry_resolve(const struct args *args, struct kvs *kvs,
		    struct expiry *expiry);

/* Gives the request the deadline, if there is one to give. */
void expiry_apply(const struct expiry *expiry, struct kvs_request *request);

/* The members ttl_ns and ttl, where there is a deadline. */
void expiry_json(struct json_object *object, uint64_t ttl);

#endif /* KVS_TOOL_EXPIRY_H */
