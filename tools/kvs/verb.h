/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The operations that a transaction can have, by their names.
 */
#ifndef KVS_TOOL_VERB_H
#define KVS_TOOL_VERB_H

struct verb;

/* Letters of the options, for struct verb.options */
#define OP_CREATE 'a'
#define OP_REPLACE 'b'
#define OP_COUNTER 'c'
#define OP_KEEP_TTL 'd'
#define OP_SATURATE 'e'
#define OP_WRAP 'f'
#define OP_EXISTS 'g'
#define OP_MIN 'h'
#define OP_MAX 'i'
#define OP_INIT 'j'
#define OP_MASK 'k'
#define OP_TTL 'l'
#define OP_USER_FLAGS 'm'
#define OP_PIN 'n'
#define OP_BIT(letter) (1U << ((letter) - 'a'))

/* NULL where there is none of that name. */
const struct verb *verb_find(const char *name);

#endif /* KVS_TOOL_VERB_H */
