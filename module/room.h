/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef _KVS_ROOM_H
#define _KVS_ROOM_H

struct kvs_update;
struct kvs_value;

/**
 * kvs_room_refuse() - count a refusal by its cause
 * @update: what is refused
 * @ret: why; 0 and other reasons than room are not counted
 *
 * Return: @ret.
 */
int kvs_room_refuse(struct kvs_update *update, int ret);

/**
 * kvs_room_make() - make a fresh entry for an update
 * @update: its fresh entry, if it has one, is freed first
 * @value: the value of the entry
 *
 * Context: may sleep without @update->nowait; takes no lock.
 *
 * Where a rank is all that is wanted, and not to be had, the update does without.
 *
 * Return: 0 to try again, -ENOSPC, -EDQUOT, -ENOMEM, -EIDRM, -EBUSY where others
 * keep the store closed, -EINTR after a fatal signal, -EAGAIN where waiting might
 * help but is not allowed.
 */
int kvs_room_make(struct kvs_update *update, const struct kvs_value *value);

/**
 * kvs_room_move() - pay for the fresh entry where it is needed now
 * @update: its fresh entry was made when the store had another space
 *
 * Context: may sleep without @update->nowait.
 *
 * Return: as kvs_room_make().
 */
int kvs_room_move(struct kvs_update *update);

/**
 * kvs_room_enter() - make a place at the cap of entries
 * @update: what found none, in a store that may evict
 *
 * Return: 0 to try again, -ENOSPC.
 */
int kvs_room_enter(struct kvs_update *update);

/**
 * kvs_room_grow() - wait until the table has a place
 * @update: what found it full
 *
 * Context: may sleep without @update->nowait.
 *
 * Return: 0 to try again, -ENOMEM, -EINTR, -EAGAIN.
 */
int kvs_room_grow(struct kvs_update *update);

/**
 * kvs_room_drop() - free what an update did not use
 * @update: at its end, or to begin again
 */
void kvs_room_drop(struct kvs_update *update);

#endif /* _KVS_ROOM_H */
