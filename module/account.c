// SPDX-License-Identifier: GPL-2.0-only
/*
 * What entries cost. Bytes are charged before they are allocated and given back
 * when they are really free, so that the sum never passes the cap, with one
 * exception: a write that shrinks a value must allocate before it can free, and
 * must work at the cap. It may pass it by KVS_WAITING_MAX in all, until the
 * grace period that frees its predecessor. Entries of a user are counted alike;
 * there the exception is a write that replaces an entry of the same user.
 */
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/sched/signal.h>

#include "account.h"
#include "limits.h"

/*
 * Not even a table that grew meanwhile stands in the way of writes that give
 * back as much as they take.
 */
static s64 kvs_account_overhead(struct kvs_account *account,
				const struct kvs_room *room)
{
	if (room->shrinks || room->evicted)
		return 0;
	return atomic64_read(&account->tables);
}

static bool kvs_account_try_bytes(struct kvs_account *account,
				  const struct kvs_room *room)
{
	u64 limit = READ_ONCE(account->max_bytes);
	u64 overhead = kvs_account_overhead(account, room);
	s64 bytes = atomic64_read(&account->bytes);

	if (room->shrinks)
		limit += KVS_WAITING_MAX;
	do {
		if (bytes + overhead + room->bytes > limit)
			return false;
	} while (!atomic64_try_cmpxchg(&account->bytes, &bytes,
				       bytes + room->bytes));
	return true;
}

static bool kvs_account_try(struct kvs_account *account,
			    const struct kvs_room *room)
{
	if (!kvs_account_try_bytes(account, room))
		return false;
	if (!room->enters || kvs_account_enter(account))
		return true;
	/* It takes the place of another one. */
	if (room->own) {
		atomic64_inc(&account->entries);
		return true;
	}
	kvs_account_uncharge(account, room->bytes);
	return false;
}

static bool kvs_account_may_enter(struct kvs_account *account,
				  const struct kvs_room *room)
{
	s64 waiting = atomic64_read(&account->waiting_entries);
	s64 live = atomic64_read(&account->entries) - waiting;

	return !room->enters || room->own ||
	       live < (s64)READ_ONCE(account->max_entries);
}

/*
 * Would there be room if nothing waited for a grace period? Bytes leave
 * @waiting last, so that at worst this hopes for what is there already.
 */
static bool kvs_account_may_fit(struct kvs_account *account,
				const struct kvs_room *room)
{
	s64 waiting = atomic64_read(&account->waiting);
	s64 live = atomic64_read(&account->bytes) - waiting;
	s64 need = kvs_account_overhead(account, room) + room->bytes;

	if (atomic_read(room->draining))
		return true;
	return waiting > 0 &&
	       live + need <= (s64)READ_ONCE(account->max_bytes) &&
	       kvs_account_may_enter(account, room);
}

s64 kvs_account_excess(struct kvs_account *account, u64 reserve)
{
	s64 waiting = atomic64_read(&account->waiting);
	s64 live = atomic64_read(&account->bytes) - waiting;
	u64 max = READ_ONCE(account->max_bytes);

	return live + atomic64_read(&account->tables) -
	       (s64)(max - min(max, reserve));
}

/*
 * Return: 0 with the room charged, the account's refusal if no grace period can
 * help, -EAGAIN if one may.
 */
static int kvs_account_admit(struct kvs_account *account,
			     const struct kvs_room *room)
{
	if (kvs_account_crowded(account))
		return -EAGAIN;
	if (kvs_account_try(account, room))
		return 0;
	if (kvs_account_may_fit(account, room))
		return -EAGAIN;
	/* The last grace period may have ended between the two looks. */
	return kvs_account_try(account, room) ? 0 : account->refusal;
}

struct kvs_wait {
	struct kvs_account *account;
	const struct kvs_room *room;
	bool starves;
	int ret;
};

static bool kvs_wait_over(struct kvs_wait *wait)
{
	if (!wait->starves && atomic_read(&wait->account->starving))
		wait->ret = -EAGAIN;
	else
		wait->ret = kvs_account_admit(wait->account, wait->room);
	return wait->ret != -EAGAIN;
}

/* Return: as wait_event_killable_timeout(). */
static long kvs_wait_for(struct kvs_wait *wait, long patience)
{
	return wait_event_killable_timeout(wait->account->freed,
					   kvs_wait_over(wait), patience);
}

static long kvs_wait_first(struct kvs_wait *wait, long patience)
{
	struct kvs_account *account = wait->account;

	wait->starves = true;
	atomic_inc(&account->starving);
	patience = kvs_wait_for(wait, patience);
	/* Those who let it go first may try again. */
	if (atomic_dec_and_test(&account->starving))
		wake_up_all(&account->freed);
	return patience;
}

static long kvs_wait(struct kvs_wait *wait, long patience)
{
	long soon = min_t(long, patience, msecs_to_jiffies(KVS_STARVE_MS));
	long left;

	if (!wait->account->fair)
		return kvs_wait_for(wait, patience);
	left = kvs_wait_for(wait, soon);
	if (left)
		return left < 0 ? left : patience - soon + left;
	return kvs_wait_first(wait, patience - soon);
}

int kvs_account_charge(struct kvs_account *account, const struct kvs_room *room)
{
	struct kvs_wait wait = { .account = account, .room = room };
	long left;

	if (kvs_wait_over(&wait) || room->nowait)
		return wait.ret;
	left = kvs_wait(&wait, *room->patience);
	if (left < 0)
		return -EINTR;
	*room->patience = left;
	/* Others may keep it crowded for ever; that alone refuses nobody. */
	if (wait.ret == -EAGAIN)
		return kvs_account_try(account, room) ? 0 : account->refusal;
	return wait.ret;
}

static void kvs_account_wake(struct work_struct *work)
{
	struct kvs_account *account =
		container_of(work, struct kvs_account, wake);

	wake_up_all(&account->freed);
}

void kvs_account_init(struct kvs_account *account)
{
	init_waitqueue_head(&account->freed);
	INIT_WORK(&account->wake, kvs_account_wake);
}

void kvs_account_exit(struct kvs_account *account)
{
	cancel_work_sync(&account->wake);
}
