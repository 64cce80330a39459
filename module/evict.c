// SPDX-License-Identifier: GPL-2.0-only
/*
 * Eviction by SIEVE. Entries stand in the order in which their keys came, and a
 * hand goes from the oldest to the newest and begins again. A hit sets a bit and
 * moves nothing. Where room is wanted the hand passes entries that were visited,
 * clears their bit, and takes the first that was not; after KVS_EVICT_PASSES it
 * takes the one it is at.
 *
 * States of an entry here:
 *
 *   no rank   made in a store that rejects, where it costs nothing; never listed.
 *             A change gives it one if there is room for that, and is made in
 *             its place otherwise
 *   unlisted  has a rank, and is fresh, pinned, or dead
 *   listed    from its publication until it leaves the table
 *   chosen    listed still, the hand is past it. Whoever chose it dropped the
 *             lock of the list, stays under rcu_read_lock(), which keeps the
 *             memory, and takes the stripe of the entry with no other lock held.
 *             It is removed only if it is not dead by then; a replacement stands
 *             in its place, behind the hand
 *
 * A list does not own entries: whoever removes one from the table, by the one
 * removal path, takes it out of the list under the same stripe. The end of a
 * space frees all of its entries; nobody looks at its list then: changes are
 * shut out, and the shrinker has lost it a grace period before.
 *
 * Locks: a list's is a leaf, taken under a stripe by those who insert, replace
 * and remove, and alone by those who choose. A GET takes none.
 *
 * Who makes room (room.c) does so before the stripe of its own key is taken, for
 * bytes at the caps of store, user and module, for a place at the cap of
 * entries, and in all for at most KVS_EVICT_VICTIMS a call. Evicted bytes stay
 * charged until their grace period is over, so that no cap is ever passed for
 * them: a charge waits for grace periods as it waits for those of other removed
 * entries. So that few have to wait, who was charged evicts a little ahead for
 * the next one, more where charges had to wait lately (kvs_ledger_pace()); no
 * more while so much waits that charges do. When nothing can be evicted the errno
 * is what a store that rejects gives: ENOSPC, or EDQUOT for a user, who can have
 * only entries evicted that it pays for, by a hand that leaves the other one where
 * it is. From a store that is closed nothing is evicted: who needs room there waits
 * until it is open. Nothing is evicted for what gets no room all the same: what is
 * larger than a cap, or has no patience left to wait for the grace period.
 *
 * Memory pressure of the whole machine comes through the shrinker, which may be
 * called in the middle of any allocation: it tries the locks of lists and
 * stripes, and leaves what it does not get; what is taken below a stripe is a
 * leaf, held by nobody for long and never across an allocation. What it evicts
 * counts as freed at once, and comes a grace period later. So that not all is
 * evicted before the first of it has come, no more is while a certain part of the
 * machine's memory is on its way, and who reclaims for itself waits for that.
 * When nothing is left to reclaim, the OOM killer asks before it chooses: what is
 * on its way is waited for, a bounded time, instead of somebody's death.
 * A memcg at its own limit does not call it: its allocations end in ENOMEM, and
 * others keep what they have.
 */
#include <linux/container_of.h>
#include <linux/errno.h>
#include <linux/hash.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>

#include "compat/shrinker.h"
#include "evict.h"
#include "limits.h"
#include "payer.h"
#include "quota.h"

static DEFINE_SPINLOCK(kvs_evicts_lock); /* protects the list of lists */
static LIST_HEAD(kvs_evicts);
static struct shrinker *kvs_evict_shrinker;

static bool kvs_evict_is_for(const struct kvs_entry *entry)
{
	return entry->shape & KVS_SHAPE_RANK && !kvs_entry_is_pinned(entry);
}

static bool kvs_evict_lists(const struct kvs_evict *evict,
			    struct kvs_entry *entry)
{
	return evict->newest == entry || kvs_entry_rank(entry)->newer;
}

/* The neighbours, or the ends, point to @to. */
static void kvs_evict_point(struct kvs_evict *evict,
			    const struct kvs_rank *rank,
			    struct kvs_entry *newer, struct kvs_entry *older)
{
	lockdep_assert_held(&evict->lock);
	if (rank->newer)
		kvs_entry_rank(rank->newer)->older = older;
	else
		evict->newest = older;
	if (rank->older)
		kvs_entry_rank(rank->older)->newer = newer;
	else
		evict->oldest = newer;
}

static void kvs_evict_insert(struct kvs_evict *evict, struct kvs_entry *entry)
{
	struct kvs_rank *rank = kvs_entry_rank(entry);

	rank->newer = NULL;
	rank->older = evict->newest;
	kvs_evict_point(evict, rank, entry, entry);
	WRITE_ONCE(evict->count, evict->count + 1);
}

static void kvs_evict_remove(struct kvs_evict *evict, struct kvs_entry *entry)
{
	struct kvs_rank *rank = kvs_entry_rank(entry);

	if (evict->hand == entry)
		evict->hand = rank->newer;
	if (evict->search == entry)
		evict->search = rank->newer;
	kvs_evict_point(evict, rank, rank->newer, rank->older);
	*rank = (struct kvs_rank){};
	WRITE_ONCE(evict->count, evict->count - 1);
}

static void kvs_evict_exchange(struct kvs_evict *evict, struct kvs_entry *old,
			       struct kvs_entry *fresh)
{
	struct kvs_rank *rank = kvs_entry_rank(old);

	if (evict->hand == old)
		evict->hand = fresh;
	if (evict->search == old)
		evict->search = fresh;
	kvs_evict_point(evict, rank, fresh, fresh);
	*kvs_entry_rank(fresh) = *rank;
	*rank = (struct kvs_rank){};
}

void kvs_evict_add(struct kvs_evict *evict, struct kvs_entry *entry)
{
	if (!kvs_evict_is_for(entry))
		return;
	spin_lock(&evict->lock);
	kvs_evict_insert(evict, entry);
	spin_unlock(&evict->lock);
}

void kvs_evict_forget(struct kvs_evict *evict, struct kvs_entry *entry)
{
	if (!kvs_evict_is_for(entry))
		return;
	spin_lock(&evict->lock);
	if (kvs_evict_lists(evict, entry))
		kvs_evict_remove(evict, entry);
	spin_unlock(&evict->lock);
}

void kvs_evict_replace(struct kvs_evict *evict, struct kvs_entry *old,
		       struct kvs_entry *fresh)
{
	kvs_entry_inherit(fresh, old);
	if (!kvs_evict_is_for(fresh)) {
		kvs_evict_forget(evict, old);
	} else if (!kvs_evict_is_for(old)) {
		kvs_evict_add(evict, fresh);
	} else {
		spin_lock(&evict->lock);
		kvs_evict_exchange(evict, old, fresh);
		spin_unlock(&evict->lock);
	}
}

/* The entry under a hand, which goes on. */
static struct kvs_entry *kvs_evict_step(struct kvs_evict *evict,
					struct kvs_entry **hand)
{
	struct kvs_entry *entry = *hand ?: evict->oldest;

	lockdep_assert_held(&evict->lock);
	if (entry)
		*hand = kvs_entry_rank(entry)->newer;
	return entry;
}

/* A hash may be that of another key: then that is spared, too. */
static bool kvs_evict_suits(const struct kvs_evict_wish *wish,
			    const struct kvs_entry *entry)
{
	u32 i;

	for (i = 0; i < wish->spared_count; i++) {
		if (wish->spared[i] == entry->hash)
			return false;
	}
	return !wish->quota || kvs_entry_payer(entry)->quota == wish->quota;
}

/* What does not suit is passed as it is. */
static struct kvs_entry *kvs_evict_choose(struct kvs_evict *evict,
					  const struct kvs_evict_wish *wish)
{
	struct kvs_entry **hand = wish->quota ? &evict->search : &evict->hand;
	struct kvs_evict_budget *budget = wish->budget;
	struct kvs_entry *entry;

	while ((entry = kvs_evict_step(evict, hand))) {
		bool visited = READ_ONCE(entry->shape) & KVS_SHAPE_VISITED;
		bool suits = kvs_evict_suits(wish, entry);

		if (suits && (!visited || budget->passed >= KVS_EVICT_PASSES))
			break;
		if (budget->passed >= 2 * KVS_EVICT_PASSES)
			return NULL;
		budget->passed++;
		if (suits)
			kvs_entry_unvisit(entry);
	}
	return entry;
}

static struct kvs_entry *kvs_evict_pick(struct kvs_evict *evict,
					const struct kvs_evict_wish *wish)
{
	struct kvs_entry *entry;

	if (!wish->try)
		spin_lock(&evict->lock);
	else if (!spin_trylock(&evict->lock))
		return NULL;
	entry = kvs_evict_choose(evict, wish);
	spin_unlock(&evict->lock);
	return entry;
}

u64 kvs_evict_once(struct kvs_evict *evict, const struct kvs_evict_wish *wish)
{
	struct kvs_evict_budget *budget = wish->budget;
	struct kvs_entry *entry;
	u64 bytes = 0;

	if (!READ_ONCE(*evict->enabled))
		return 0;
	/* One that is dead by now was chosen in vain. */
	while (!bytes && budget->taken < KVS_EVICT_VICTIMS) {
		entry = kvs_evict_pick(evict, wish);
		if (!entry)
			break;
		budget->taken++;
		bytes = evict->take(evict, entry, wish->try);
	}
	budget->bytes += bytes;
	return bytes;
}

void kvs_evict_init(struct kvs_evict *evict, kvs_evict_take_fn *take,
		    const bool *enabled)
{
	spin_lock_init(&evict->lock);
	evict->take = take;
	evict->enabled = enabled;
	spin_lock(&kvs_evicts_lock);
	list_add_tail_rcu(&evict->link, &kvs_evicts);
	spin_unlock(&kvs_evicts_lock);
}

void kvs_evict_stop(struct kvs_evict *evict)
{
	spin_lock(&kvs_evicts_lock);
	list_del_rcu(&evict->link);
	spin_unlock(&kvs_evicts_lock);
}

static unsigned long kvs_evict_count_of(const struct kvs_evict *evict)
{
	return READ_ONCE(*evict->enabled) ? READ_ONCE(evict->count) : 0;
}

static unsigned long kvs_evict_count_all(void)
{
	struct kvs_evict *evict;
	unsigned long count = 0;

	list_for_each_entry_rcu(evict, &kvs_evicts, link)
		count += kvs_evict_count_of(evict);
	return count;
}

static unsigned long kvs_evict_count(struct shrinker *shrinker,
				     struct shrink_control *sc)
{
	unsigned long count;

	rcu_read_lock();
	count = kvs_evict_count_all();
	rcu_read_unlock();
	return count ?: SHRINK_EMPTY;
}

/* Return: how many were evicted. */
static unsigned long kvs_evict_some(struct kvs_evict *evict,
				    const struct kvs_evict_wish *wish,
				    unsigned long most, u64 *bytes)
{
	unsigned long n;

	for (n = 0; n < most; n++) {
		u64 more = kvs_evict_once(evict, wish);

		if (!more)
			break;
		*bytes += more;
	}
	return n;
}

/* Bytes, evicted or removed otherwise, that a grace period gives back. */
static s64 kvs_evict_in_flight(void)
{
	return atomic64_read(&kvs_quota_total.account.waiting);
}

static s64 kvs_evict_most_in_flight(void)
{
	return (s64)(totalram_pages() >> KVS_EVICT_FLIGHT_SHIFT) << PAGE_SHIFT;
}

/*
 * Looks again and again: what would wake it needs a worker, and that perhaps
 * memory. Context: holds no lock of ours; whoever reclaims may sleep.
 *
 * Return: bytes that came back.
 */
static u64 kvs_evict_await(s64 enough)
{
	const unsigned long end =
		jiffies + msecs_to_jiffies(KVS_EVICT_AWAIT_MS);
	const s64 before = kvs_evict_in_flight();
	s64 now = before;

	while (now > enough && time_before(jiffies, end) &&
	       !fatal_signal_pending(current)) {
		schedule_timeout_uninterruptible(1);
		now = kvs_evict_in_flight();
	}
	return max(before - now, 0LL);
}

/*
 * Each gives by what it has: as if the entries of all lists stood in a row, and
 * every (total / nr_to_scan)-th were taken, from another one on each time.
 */
static unsigned long kvs_evict_share(struct shrink_control *sc)
{
	static u32 turn; /* two who count at a time do no harm */
	struct kvs_evict_budget budget = {};
	const struct kvs_evict_wish wish = { .budget = &budget, .try = true };
	struct kvs_evict *evict;
	unsigned long done = 0;
	u64 total, due, bytes = 0;

	rcu_read_lock();
	total = max(kvs_evict_count_all(), 1UL);
	due = mul_u64_u32_shr(total, hash_32(READ_ONCE(turn), 32), 32);
	WRITE_ONCE(turn, READ_ONCE(turn) + 1);
	list_for_each_entry_rcu(evict, &kvs_evicts, link) {
		due += (u64)sc->nr_to_scan * kvs_evict_count_of(evict);
		done += kvs_evict_some(evict, &wish, div64_u64(due, total),
				       &bytes);
		div64_u64_rem(due, total, &due);
	}
	rcu_read_unlock();
	kvs_shrinker_reclaimed(bytes >> PAGE_SHIFT);
	sc->nr_scanned = max(done, 1UL);
	return done ?: SHRINK_STOP;
}

/*
 * What is on its way may be much at all times, by one who replaces large values
 * without an end: of all who reclaim one a second waits for it.
 */
static bool kvs_evict_may_stall(void)
{
	static unsigned long last = INITIAL_JIFFIES - HZ;
	unsigned long then = READ_ONCE(last);

	return time_after_eq(jiffies, then + HZ) &&
	       cmpxchg(&last, then, jiffies) == then;
}

static unsigned long kvs_evict_scan(struct shrinker *shrinker,
				    struct shrink_control *sc)
{
	const s64 most = kvs_evict_most_in_flight();

	if (kvs_evict_in_flight() <= most)
		return kvs_evict_share(sc);
	/* kswapd has others to ask; who waited looks whether it is enough. */
	if (!current_is_kswapd() && kvs_evict_may_stall())
		kvs_evict_await(most / 2);
	return SHRINK_STOP;
}

/* Not for a memcg at its limit: that does not ask. */
static int kvs_evict_oom(struct notifier_block *block, unsigned long unused,
			 void *freed)
{
	/* Under the lock of the OOM killer. */
	static unsigned long last = INITIAL_JIFFIES - HZ;
	u64 bytes = kvs_evict_await(0);
	unsigned long left;

	rcu_read_lock();
	left = kvs_evict_count_all();
	rcu_read_unlock();
	/*
	 * So little helps nobody. Where nothing is left to evict it is what
	 * writers replace, who must not put it off for ever.
	 */
	if (bytes < KVS_EVICT_WORTH ||
	    (!left && time_before(jiffies, last + HZ)))
		return NOTIFY_OK;
	last = jiffies;
	*(unsigned long *)freed += bytes >> PAGE_SHIFT;
	return NOTIFY_OK;
}

static struct notifier_block kvs_evict_oom_block = {
	.notifier_call = kvs_evict_oom,
};

int kvs_evict_start(void)
{
	struct shrinker *shrinker;

	shrinker = kvs_shrinker_register(kvs_evict_count, kvs_evict_scan,
					 KVS_EVICT_VICTIMS);
	if (!shrinker)
		return -ENOMEM;
	kvs_evict_shrinker = shrinker;
	/* It never fails. */
	return register_oom_notifier(&kvs_evict_oom_block);
}

void kvs_evict_exit(void)
{
	unregister_oom_notifier(&kvs_evict_oom_block);
	kvs_shrinker_unregister(kvs_evict_shrinker);
}
