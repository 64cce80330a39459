// SPDX-License-Identifier: GPL-2.0-only
/*
 * LMDB on tmpfs, so that no disk is in the way. Its values are read where they
 * lie; here they are copied, as everybody's.
 */
#include <lmdb.h>
#include <stdio.h>
#include <unistd.h>

#include "failure.h"
#include "row.h"
#include "tmpfs.h"

#define FILE_NAME TMPFS "kvs-bench.mdb"
/* Of address space: enough for whatever is put there. */
#define MAP_BYTES (1ull << 30)

static MDB_env *env;
static MDB_dbi dbi;
static MDB_txn *txn;

static void mdb_must(int err, const char *what)
{
	if (err)
		die("LMDB: %s: %s", what, mdb_strerror(err));
}

static MDB_val key_of(uint32_t key)
{
	return (MDB_val){ KEY_SIZE, (void *)deck_key(key) };
}

static void fill(void)
{
	MDB_val key, value;
	uint32_t i;

	mdb_must(mdb_txn_begin(env, NULL, 0, &txn), "begin");
	mdb_must(mdb_dbi_open(txn, NULL, 0, &dbi), "open");
	for (i = 0; i < deck.shape->entries; i++) {
		key = key_of(i);
		value = (MDB_val){ deck.shape->value_size,
				   (void *)deck_fill(0, i) };
		mdb_must(mdb_put(txn, dbi, &key, &value, MDB_APPEND), "put");
	}
	mdb_must(mdb_txn_commit(txn), "commit");
}

static void lmdb_open(void)
{
	mdb_must(mdb_env_create(&env), "create");
	mdb_must(mdb_env_set_mapsize(env, MAP_BYTES), "map size");
	mdb_must(mdb_env_open(env, FILE_NAME,
			      MDB_NOSUBDIR | MDB_NOSYNC | MDB_NORDAHEAD, 0600),
		 "open the environment");
	fill();
	mdb_must(mdb_txn_begin(env, NULL, MDB_RDONLY, &txn), "begin");
}

static void lmdb_close(void)
{
	mdb_txn_abort(txn);
	mdb_env_close(env);
	unlink(FILE_NAME);
	unlink(FILE_NAME "-lock");
}

static unsigned int get_open(const uint32_t *keys)
{
	MDB_val key = key_of(*keys), value;

	if (mdb_get(txn, dbi, &key, &value) ||
	    value.mv_size != deck.shape->value_size)
		return 1;
	memcpy(deck_value(0), value.mv_data, value.mv_size);
	return 0;
}

static unsigned int get_some(const uint32_t *keys)
{
	MDB_val key = key_of(*keys), value;

	if (deck_has(*keys))
		return get_open(keys);
	return mdb_get(txn, dbi, &key, &value) != MDB_NOTFOUND;
}

/* The cheapest way to a transaction that sees what was last written. */
static unsigned int get_fresh(const uint32_t *keys)
{
	mdb_txn_reset(txn);
	return mdb_txn_renew(txn) || get_open(keys);
}

static void lmdb_version(char *text, size_t size)
{
	int major, minor, patch;

	mdb_version(&major, &minor, &patch);
	snprintf(text, size, "%d.%d.%d", major, minor, patch);
}

#define SOME (SHAPE_PLAIN | SHAPE_SIZES | SHAPE_MANY)

static const struct row rows[] = {
	{ "lmdb_get_open", get_open, .shapes = SOME, .reads = true,
	  .tail = true },
	{ "lmdb_get_open", get_some, .shapes = SHAPE_MISSES, .reads = true },
	{ "lmdb_get_fresh", get_fresh, .shapes = SHAPE_PLAIN | SHAPE_MANY,
	  .reads = true },
	{ 0 }
};

const struct subject lmdb_subject = {
	.name = "lmdb",
	.open = lmdb_open,
	.close = lmdb_close,
	.version = lmdb_version,
	.rows = rows,
};
