// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <kselftest.h>

#include "control.h"
#include "histogram.h"
#include "request.h"
#include "rights.h"
#include "store.h"
#include "txn.h"

#define BLOB "rights.blob"
#define COUNTER "rights.counter"
#define MISSING "rights.missing"

#define R KVS_RIGHT_READ
#define W KVS_RIGHT_WRITE
#define C KVS_RIGHT_COUNT

#define NEWER 1000000 /* than any application version here */

/* What a request takes: all of one set, and one of another. */
struct row {
	__u16 verb;
	__u32 flags;
	__u32 all, any;
};

static const struct row rows[] = {
	{ KVS_GET, 0, R, 0 },
	{ KVS_GET, KVS_F_OFFSET, R, 0 },
	{ KVS_GET, KVS_F_IF_VERSION, R, 0 },
	{ KVS_GET, KVS_F_IF_CHANGED, R, 0 },
	{ KVS_GET, KVS_F_NO_TOUCH, R, 0 },
	{ KVS_GET, KVS_F_TTL, R | W, 0 },
	{ KVS_GET, KVS_F_TTL_ABS, R | W, 0 },
	{ KVS_GET, KVS_F_TTL | KVS_F_IF_CHANGED, R | W, 0 },
	{ KVS_PUT, 0, W, 0 },
	{ KVS_PUT, KVS_F_CREATE, W, 0 },
	{ KVS_PUT, KVS_F_REPLACE, W, 0 },
	{ KVS_PUT, KVS_F_IF_VERSION, W, 0 },
	{ KVS_PUT, KVS_F_IF_NEWER, W, 0 },
	{ KVS_PUT, KVS_F_TTL, W, 0 },
	{ KVS_PUT, KVS_F_TTL_ABS, W, 0 },
	{ KVS_PUT, KVS_F_KEEP_TTL, W, 0 },
	{ KVS_PUT, KVS_F_TTL_ONLY | KVS_F_TTL, W, 0 },
	{ KVS_PUT, KVS_F_TTL_ONLY | KVS_F_TTL_ABS, W, 0 },
	{ KVS_PUT, KVS_F_TTL_ONLY | KVS_F_TTL | KVS_F_ARGS | KVS_F_IF_EQ, R | W,
	  0 },
	{ KVS_PUT, KVS_F_APPEND, W, 0 },
	{ KVS_PUT, KVS_F_APPEND | KVS_F_CREATE, W, 0 },
	{ KVS_PUT, KVS_F_APPEND | KVS_F_IF_VERSION, W, 0 },
	{ KVS_PUT, KVS_F_APPEND | KVS_F_ARGS | KVS_F_IF_EQ, R | W, 0 },
	{ KVS_PUT, KVS_F_COUNTER, W, 0 },
	{ KVS_PUT, KVS_F_COUNTER | KVS_F_ARGS | KVS_F_RET_OLD, R | W, 0 },
	{ KVS_PUT, KVS_F_ARGS, W, 0 },
	{ KVS_PUT, KVS_F_ARGS | KVS_F_IF_VERSION, W, 0 },
	{ KVS_PUT, KVS_F_ARGS | KVS_F_IF_EQ, R | W, 0 },
	{ KVS_PUT, KVS_F_ARGS | KVS_F_IF_EQ | KVS_F_IF_VERSION, R | W, 0 },
	{ KVS_PUT, KVS_F_ARGS | KVS_F_RET_OLD, R | W, 0 },
	{ KVS_PUT, KVS_F_ARGS | KVS_F_RET_OLD | KVS_F_CREATE, R | W, 0 },
	{ KVS_PUT, KVS_F_ARGS | KVS_F_RET_OLD | KVS_F_IF_NEWER, R | W, 0 },
	{ KVS_PUT, KVS_F_ARGS | KVS_F_RET_OLD | KVS_F_IF_EQ, R | W, 0 },
	{ KVS_DELETE, 0, W, 0 },
	{ KVS_DELETE, KVS_F_IF_VERSION, W, 0 },
	{ KVS_DELETE, KVS_F_ARGS, W, 0 },
	{ KVS_DELETE, KVS_F_ARGS | KVS_F_IF_VERSION, W, 0 },
	{ KVS_DELETE, KVS_F_ARGS | KVS_F_IF_EQ, R | W, 0 },
	{ KVS_DELETE, KVS_F_ARGS | KVS_F_RET_OLD, R | W, 0 },
	{ KVS_DELETE, KVS_F_ARGS | KVS_F_RET_OLD | KVS_F_IF_VERSION, R | W, 0 },
	{ KVS_DELETE, KVS_F_ARGS | KVS_F_RET_OLD | KVS_F_IF_EQ, R | W, 0 },
	{ KVS_ADD, 0, 0, C | W },
	{ KVS_ADD, KVS_F_SATURATE, 0, C | W },
	{ KVS_ADD, KVS_F_WRAP, 0, C | W },
	{ KVS_ADD, KVS_F_ARGS, 0, C | W },
	{ KVS_ADD, KVS_F_CREATE, W, 0 },
	{ KVS_ADD, KVS_F_ARGS | KVS_F_CREATE, W, 0 },
	{ KVS_ADD, KVS_F_ARGS | KVS_F_MIN, W, 0 },
	{ KVS_ADD, KVS_F_ARGS | KVS_F_MAX, W, 0 },
	{ KVS_ADD, KVS_F_ARGS | KVS_F_MAX | KVS_F_SATURATE, W, 0 },
	{ KVS_ADD, KVS_F_TTL, W, 0 },
	{ KVS_ADD, KVS_F_TTL_ABS, W, 0 },
	{ KVS_ADD, KVS_F_TTL | KVS_F_TTL_IF_NEW, W, 0 },
	{ KVS_ADD, KVS_F_CREATE | KVS_F_TTL | KVS_F_TTL_IF_NEW, W, 0 },
	{ KVS_STAT, 0, R, 0 },
	{ KVS_XCHG, 0, R | W, 0 },
	{ KVS_XCHG, KVS_F_CREATE, R | W, 0 },
	{ KVS_XCHG, KVS_F_TTL, R | W, 0 },
	{ KVS_XCHG, KVS_F_TTL_ABS, R | W, 0 },
	{ KVS_BITOP, KVS_F_ARGS, R | W, 0 },
	{ KVS_BITOP, KVS_F_ARGS | KVS_F_CREATE, R | W, 0 },
	{ KVS_BITOP, KVS_F_ARGS | KVS_F_TTL, R | W, 0 },
	{ KVS_BITOP, KVS_F_ARGS | KVS_F_TTL_ABS, R | W, 0 },
	{ KVS_BUCKET, KVS_F_ARGS, 0, C | W },
	{ KVS_BUCKET, KVS_F_ARGS | KVS_F_CREATE, W, 0 },
	{ KVS_BUCKET, KVS_F_ARGS | KVS_F_TTL, W, 0 },
	{ KVS_BUCKET, KVS_F_ARGS | KVS_F_TTL_ABS, W, 0 },
	{ KVS_BUCKET, KVS_F_ARGS | KVS_F_TTL | KVS_F_TTL_IF_NEW, W, 0 },
	{ KVS_TOUCH, KVS_F_TTL, W, 0 },
	{ KVS_TOUCH, KVS_F_TTL_ABS, W, 0 },
	{ KVS_TOUCH, 0, W, 0 },
};

/* What no refused request may write to. */
static char buffer[64];
static __u64 blob_version;

static __u64 condition_of(__u32 flags)
{
	if (flags & KVS_F_IF_NEWER)
		return NEWER;
	return flags & KVS_F_IF_VERSION ? blob_version : 0;
}

static struct kvs_value_args value_args(__u32 flags)
{
	struct kvs_value_args args = { .size = sizeof(args),
				       .cond = condition_of(flags) };

	if (flags & KVS_F_IF_EQ) {
		args.expect = addr_of("value");
		args.expect_len = 5;
	}
	if (flags & KVS_F_RET_OLD) {
		args.old = addr_of(buffer);
		args.old_len = sizeof(buffer);
	}
	return args;
}

/* The operands of @row where it takes some. */
static __u64 operands(const struct row *row)
{
	static struct kvs_value_args value;
	static struct kvs_add_args add;
	static struct kvs_bitop_args bitop;
	static struct kvs_bucket_args bucket;

	value = value_args(row->flags);
	add = (struct kvs_add_args){ .size = sizeof(add) };
	add.min = row->flags & KVS_F_MIN ? -1000 : 0;
	add.max = row->flags & KVS_F_MAX ? 1000 : 0;
	add.initial = row->flags & KVS_F_CREATE ? 5 : 0;
	bitop = (struct kvs_bitop_args){ .size = sizeof(bitop),
					 .op = KVS_BITOP_OR };
	bucket = (struct kvs_bucket_args){
		.size = sizeof(bucket), .interval_ns = 1, .burst = 1, .cost = 1
	};
	switch (row->verb) {
	case KVS_ADD:
		return addr_of(&add);
	case KVS_BITOP:
		return addr_of(&bitop);
	case KVS_BUCKET:
		return addr_of(&bucket);
	default:
		return addr_of(&value);
	}
}

static const char *key_of(const struct row *row)
{
	if (row->flags & KVS_F_CREATE)
		return MISSING;
	switch (row->verb) {
	case KVS_PUT:
	case KVS_GET:
	case KVS_DELETE:
	case KVS_STAT:
	case KVS_TOUCH:
		return BLOB;
	default:
		return COUNTER;
	}
}

/* A request that succeeds where it is allowed. */
static struct kvs_req req_of(const struct row *row)
{
	struct kvs_req req = req_verb(row->verb, key_of(row));
	static __s64 number = 7;

	req.flags = row->flags;
	req.cond = row->flags & KVS_F_ARGS ? operands(row) :
					     condition_of(row->flags);
	if (row->flags & (KVS_F_TTL | KVS_F_TTL_ABS))
		req.ttl = 1ULL << 60;
	else if (row->verb == KVS_TOUCH)
		req.mode = KVS_TOUCH_PERSIST;
	if (row->verb == KVS_PUT && !(row->flags & KVS_F_TTL_ONLY)) {
		req.value = addr_of(&number);
		req.value_len = sizeof(number);
	}
	if (row->verb == KVS_GET) {
		req.value = addr_of(buffer);
		req.value_len = sizeof(buffer);
	}
	return req;
}

static void prepare(int owner)
{
	__s64 zero = 0;
	struct kvs_res res;

	control_request(owner, req_result(req_put_str(BLOB, "value"), &res));
	control_request(owner, req_put_counter(COUNTER, &zero));
	control_request(owner, req_delete(MISSING));
	blob_version = res.version;
	poison(buffer, sizeof(buffer));
}

static int alone(struct door *door, const struct kvs_req *req,
		 struct kvs_res *res)
{
	return door_do(door, *req, res);
}

/* Behind another one, for which it makes no difference. */
static int in_batch(struct door *door, const struct kvs_req *req,
		    struct kvs_res *res)
{
	struct kvs_res first;
	struct kvs_req reqs[] = {
		req_result((struct kvs_req){ .verb = 0xffff }, &first),
		req_result(*req, res),
	};
	struct kvs_vec vec = { .reqs = addr_of(reqs), .count = 2 };
	int ret = door_send_vec(door, &vec);

	if (ret || first.status != -EOPNOTSUPP)
		return -EBADMSG;
	return res->status;
}

/* An operation that does not run takes its rights as well. */
static int in_txn(struct door *door, const struct kvs_req *req,
		  struct kvs_res *res, int list)
{
	static struct txn txn;
	int ret;

	memset(&txn, 0, sizeof(txn));
	txn_do(&txn, list, *req);
	ret = txn_run(&txn, door);
	*res = txn.answer;
	return ret;
}

static int as_then(struct door *door, const struct kvs_req *req,
		   struct kvs_res *res)
{
	return in_txn(door, req, res, TXN_THEN);
}

static int as_else(struct door *door, const struct kvs_req *req,
		   struct kvs_res *res)
{
	return in_txn(door, req, res, TXN_ELSE);
}

static bool any_goes(const struct door *door, const struct row *row)
{
	(void)door;
	(void)row;
	return true;
}

static bool batch_goes(const struct door *door, const struct row *row)
{
	(void)row;
	return door_is_vec(door);
}

/* What a transaction takes. It needs no other carriers than the plain ones. */
static bool txn_goes(const struct door *door, const struct row *row)
{
	if (door->how)
		return false;
	switch (row->verb) {
	case KVS_GET:
		return !(row->flags & ~KVS_F_NO_TOUCH);
	case KVS_PUT:
		return !(row->flags &
			 (KVS_F_APPEND | KVS_F_TTL_ONLY | KVS_F_RET_OLD));
	case KVS_DELETE:
		return !(row->flags & KVS_F_RET_OLD);
	default:
		return row->verb != KVS_STAT && row->verb != KVS_TOUCH;
	}
}

/* The ways in which a request may come; each is refused like the others. */
static const struct form {
	const char *name;
	bool (*goes)(const struct door *door, const struct row *row);
	int (*send)(struct door *door, const struct kvs_req *req,
		    struct kvs_res *res);
} forms[] = {
	{ "alone", any_goes, alone },
	{ "in a batch", batch_goes, in_batch },
	{ "as a then", txn_goes, as_then },
	{ "as an else", txn_goes, as_else },
};

static bool row_is_allowed(const struct row *row, __u32 rights)
{
	return (rights & row->all) == row->all &&
	       (!row->any || rights & row->any);
}

/* What is refused changes nothing and tells nothing. */
static bool form_is_right(const struct form *form, const struct row *row,
			  struct door *door, int owner, __u32 rights)
{
	struct kvs_res res;
	struct kvs_req req;
	__u64 version;
	int ret;

	prepare(owner);
	version = control_version(owner);
	req = req_of(row);
	ret = form->send(door, &req, &res);
	if (row_is_allowed(row, rights))
		return !ret;
	return ret == -EACCES && is_poison(buffer, sizeof(buffer)) &&
	       is_zero(&res.flags, sizeof(res) - sizeof(res.status)) &&
	       version == control_version(owner);
}

static int wrong_forms(const struct row *row, struct door *door, int owner,
		       __u32 rights)
{
	const struct form *form;
	int wrong = 0;

	for (form = forms; form < forms + ARRAY_SIZE(forms); form++) {
		if (!form->goes(door, row) ||
		    form_is_right(form, row, door, owner, rights))
			continue;
		printf("# verb %u, flags %#x %s, rights %#x\n", row->verb,
		       row->flags, form->name, rights);
		wrong++;
	}
	return wrong;
}

/* To compare is to read, whatever is compared. */
static int wrong_compares(struct door *door, int owner, __u32 rights)
{
	static struct txn txn;
	struct kvs_compare *compare;
	int wrong = 0, want = rights & R ? 0 : -EACCES;
	__u32 target;

	prepare(owner);
	for (target = KVS_COMPARE_EXISTS; target <= KVS_COMPARE_VALUE;
	     target++) {
		memset(&txn, 0, sizeof(txn));
		compare = txn_if(&txn, BLOB, target, KVS_COMPARE_EQ, 0);
		if (target == KVS_COMPARE_VALUE) {
			compare->operand = addr_of("value");
			compare->operand_len = 5;
		}
		if (txn_run(&txn, door) == want)
			continue;
		printf("# compare %u, rights %#x\n", target, rights);
		wrong++;
	}
	return wrong;
}

int rights_wrong(struct door *door, int owner, __u32 rights)
{
	const struct row *row;
	int wrong = 0;

	for (row = rows; row < rows + ARRAY_SIZE(rows); row++)
		wrong += wrong_forms(row, door, owner, rights);
	return wrong + wrong_compares(door, owner, rights);
}

int rights_wrong_through(enum door_kind kind, unsigned int how, int owner,
			 int fd, __u32 rights)
{
	struct door door;
	int wrong;

	if (door_attach(&door, kind, how, fd))
		return -1;
	wrong = rights_wrong(&door, owner, rights);
	door_detach(&door);
	return wrong;
}

static int wrong_command(const char *name, int want, int got)
{
	if (want == got)
		return 0;
	printf("# %s: %d, not %d\n", name, got, want);
	return 1;
}

/* What needs nothing but a bound handle. */
static int wrong_questions(int fd, __u32 rights)
{
	struct kvs_store_stats stats;
	struct kvs_histogram sizes;
	struct kvs_list_item item;
	struct kvs_info info;
	struct kvs_bind bind;
	__u32 start = 0;
	int wrong = 0, same;

	wrong += wrong_command("INFO", 0, control_info(fd, &info));
	wrong += wrong_command("rights of INFO", rights, info.rights);
	wrong += wrong_command("STATS", 0, store_stats(fd, &stats));
	wrong += wrong_command("HISTOGRAM", 0,
			       histogram_take(fd, KVS_HISTOGRAM_SIZE, 0,
					      &sizes));
	wrong += wrong_command("LIST", 1, store_list(fd, 0, &item, 1, &start));
	wrong += wrong_command("BIND", -EISCONN,
			       control_bind(fd, "default", &bind));
	same = control_restrict(fd, rights);
	wrong += wrong_command("RESTRICT", 0, same < 0 ? same : 0);
	close(same);
	if (rights != KVS_RIGHT_ALL)
		wrong += wrong_command("RESTRICT to all", -EACCES,
				       control_restrict(fd, KVS_RIGHT_ALL));
	return wrong;
}

int rights_wrong_commands(int fd, __u32 rights)
{
	struct kvs_alter alter = { .set = KVS_SET_MODE, .mode = 0600 };
	bool admin = rights & KVS_RIGHT_ADMIN;
	int want = admin ? 0 : -EACCES;
	int wrong = wrong_questions(fd, rights);

	wrong += wrong_command("ALTER", want, store_alter(fd, alter));
	wrong += wrong_command("MEASURE", want, histogram_measure(fd, true));
	wrong += wrong_command("FLUSH", want, store_flush(fd));
	wrong += wrong_command("PUBLISH", want, store_publish(fd));
	wrong += wrong_command("CREATE", admin ? -EEXIST : -EACCES,
			       store_create_staging(fd, "rights.more"));
	wrong += wrong_command("DESTROY", admin ? -EBUSY : -EACCES,
			       store_destroy(fd));
	return wrong;
}
