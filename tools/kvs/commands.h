/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands: each reads its part of the command line, does its work, writes
 * its answer and returns the status to end with.
 */
#ifndef KVS_TOOL_COMMANDS_H
#define KVS_TOOL_COMMANDS_H

#include "message.h"

struct args;

enum status command_get(struct args *args);
enum status command_put(struct args *args);
enum status command_append(struct args *args);
enum status command_del(struct args *args);
enum status command_take(struct args *args);
enum status command_incr(struct args *args);
enum status command_xchg(struct args *args);
enum status command_bitop(struct args *args);
enum status command_allow(struct args *args);
enum status command_touch(struct args *args);
enum status command_scan(struct args *args);
enum status command_count(struct args *args);
enum status command_load(struct args *args);
enum status command_stat(struct args *args);
enum status command_txn(struct args *args);
enum status command_stats(struct args *args);
enum status command_info(struct args *args);
enum status command_store(struct args *args);
enum status command_store_create(struct args *args);
enum status command_store_list(struct args *args);
enum status command_store_alter(struct args *args);
enum status command_store_measure(struct args *args);
enum status command_store_flush(struct args *args);
enum status command_store_publish(struct args *args);
enum status command_store_destroy(struct args *args);
enum status command_hold(struct args *args);
enum status command_help(struct args *args);

#endif /* KVS_TOOL_COMMANDS_H */
