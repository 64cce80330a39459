/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why a request failed.
 */
#ifndef KVS_TOOL_FAILURE_H
#define KVS_TOOL_FAILURE_H

#include "message.h"

/**
 * failure_status() - the exit status that an error stands for
 * @error: negative errno of a request
 *
 * Return: STATUS_REFUSED or STATUS_FAILED.
 */
enum status failure_status(int error);

/**
 * failure_text() - cause and way out of a request that failed
 * @error: negative errno of a request
 *
 * Return: a text that continues "KEY: ".
 */
const char *failure_text(int error);

#endif /* KVS_TOOL_FAILURE_H */
