#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# stat, stats and info: what they tell is what was done.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

# count LABEL: a number that stats tells
count() {
	kvs stats | sed -n "s/^$1: //p"
}

# counted FILE LABEL: the same of what stats told then, into COUNTED
counted() {
	while read -r COUNTED_LABEL COUNTED; do
		[ "$COUNTED_LABEL" != "$2:" ] || return
	done <"$1"
	fail "stats tells no $2"
}

# counts_more "LABEL BY..." COMMAND...: the numbers grow by that much since the
# call before
counts_more() {
	MORE=$1
	shift
	run "$@"
	kvs stats >after
	# shellcheck disable=SC2086 # labels and numbers
	set -- $MORE
	while [ $# -gt 0 ]; do
		counted before "$1"
		MORE_BEFORE=$COUNTED
		counted after "$1"
		[ $((COUNTED - MORE_BEFORE)) = "$2" ] ||
			fail "$1 went from $MORE_BEFORE to $COUNTED" \
				"instead of by $2"
		shift 2
	done
	mv after before
}

testing "stat of a missing key"
run kvs stat missing
refused 1 "kvs: missing: not found"

testing "stat of a value"
must kvs put s-value 12345 --user-flags 9
run kvs stat s-value
status_is 0
no_error
output_has '^key: s-value$'
output_has '^kind: blob$'
output_has '^length: 5$'
output_has '^version: [1-9][0-9]*$'
output_has '^charged: [1-9][0-9]*$'
output_has '^age: [0-9]*\.[0-9]\{9\} s$'
output_has '^app_version: 0$'
output_has '^user_flags: 0x9$'
output_has '^flags: 0x[0-9a-f]*$'
! grep -q '^value:' out || fail "a blob has no value here" "$(cat out)"

testing "stat of a counter"
must kvs incr s-counter -- -4
run kvs stat s-counter
output_has '^kind: counter$'
output_has '^value: -4$'
output_has '^length: 8$'

testing "stat --json"
run kvs stat s-value --json
status_is 0
no_error
json
json_names store key kind length version charged age_ns app_version \
	user_flags flags visited fetched pinned
json_is length 5
json_is user_flags 9
run kvs stat s-counter --json
json
json_names store key kind value length version charged age_ns app_version \
	user_flags flags visited fetched pinned
json_is value -4

testing "what a read leaves, and what was pinned"
must kvs put s-pinned v --pin
run kvs stat s-pinned
output_has '^fetched: no$'
output_has '^pinned: yes$'
must kvs get s-pinned
run kvs stat s-pinned --json
json
json_is fetched true
json_is visited false
json_is pinned true
must kvs put s-pinned v
run kvs stat s-pinned
output_has '^pinned: no$'
must kvs del s-pinned

testing "stat shows a key's bytes"
KEY=$(printf 'a\tb')
must kvs put "$KEY" v
run kvs stat "$KEY"
output_has '^key: a\\tb$'

testing "age grows, and a put does not begin it anew"
run kvs stat s-value --json
json
json_number age_ns
FIRST=$NUMBER
must kvs put s-value 54321
run kvs stat s-value --json
json
json_number age_ns
SECOND=$NUMBER
[ "$SECOND" -gt "$FIRST" ] || fail "age $SECOND follows $FIRST"

testing "a longer value is charged more"
SMALL=$(kvs stat s-value | sed -n 's/^charged: //p')
head -c 100000 /dev/zero >zeroes
run_on zeroes kvs put s-value -
LARGE=$(kvs stat s-value | sed -n 's/^charged: //p')
[ "$LARGE" -ge $((SMALL + 90000)) ] ||
	fail "$LARGE bytes are charged for 100000, $SMALL for 5"

testing "stats has each line of /proc/kvs"
run kvs stats
status_is 0
no_error
grep -v '^$' /proc/kvs | grep -vxFf out >differences
[ ! -s differences ] || fail "$(cat differences)"
output_has '^store: default$'
output_has '^number: 0$'

testing "each number of stats is a file of sysfs"
NUMBER=$(kvs info | sed -n 's/^number: //p')
run kvs stats
grep -v '^store:\|^number:\|^user_' out | while IFS=' ' read -r label value; do
	read -r file <"/sys/class/misc/kvs/stores/$NUMBER/${label%:}"
	[ "$file" = "$value" ] || echo "$label $value, in sysfs: $file"
done >differences 2>&1
[ ! -s differences ] || fail "$(cat differences)"
[ "$(cat "/sys/class/misc/kvs/stores/$NUMBER/name")" = default ] ||
	fail "sysfs names another store"

testing "stats --json"
run kvs stats --json
status_is 0
no_error
json
tr -d '"' <json | sed 's/=/: /' >lines
kvs stats >wanted_lines
same_bytes "what --json tells" lines wanted_lines
json_is store '"default"'
json_is entries "$(count entries)"

testing "stats counts what is done"
must kvs put s-count v
kvs stats >before
counts_more "hits 1 misses 0" kvs get s-count
counts_more "hits 0 misses 1" kvs get s-none
counts_more "puts 1 entries 0" kvs put s-count w
counts_more "puts 0 entries 0" kvs put s-count w --create
counts_more "adds 1 entries 1" kvs incr s-number
counts_more "stats 1 hits 0" kvs stat s-count
counts_more "deletes 0 entries 0" kvs del s-none
counts_more "puts 1 entries 1" kvs put s-other x
counts_more "deletes 1 entries -1" kvs del s-other
counts_more "deletes 1 entries -1" kvs del s-number

testing "stats tells what is charged to the user"
[ "$(count user_bytes)" = "$(count bytes)" ] || fail "$(kvs stats)"
[ "$(count user_entries)" = "$(count entries)" ] || fail "$(kvs stats)"
[ "$(count user_bytes)" -le "$(count user_max_bytes)" ] ||
	fail "$(kvs stats)"
STORES=$(count user_stores)
must kvs store create s-another
[ "$(count user_stores)" = $((STORES + 1)) ] || fail "$(kvs stats)"
must kvs store destroy s-another
[ "$(count user_stores)" = "$STORES" ] || fail "$(kvs stats)"

testing "info"
run kvs info
status_is 0
no_error
output_has '^store: default$'
output_has '^number: 0$'
output_has '^store_id: 0x[0-9a-f]\{16\}$'
output_has '^rights: read write count list admin$'
output_has '^max_key: 1024$'
output_has '^max_value: 1048576$'
output_has '^max_batch: 1024$'
output_has '^io_uring: yes$'

testing "info tells the caps that stats tells"
[ "$(field max_bytes)" = "$(count max_bytes)" ] || fail "max_bytes differ"
[ "$(field max_entries)" = "$(count max_entries)" ] ||
	fail "max_entries differ"
[ "$(field version)" = "$(count version)" ] || fail "versions differ"

testing "info --json"
kvs info >plain
run kvs info --json
status_is 0
no_error
json
json_names store number store_id version rights max_bytes max_entries \
	max_key max_value max_batch io_uring
json_is store_id "\"$(sed -n 's/^store_id: //p' plain)\""
json_is rights '"read write count list admin"'
json_is io_uring true

testing "a store made anew has another identity"
FIRST=$(sed -n 's/^store_id: //p' plain)
reload
SECOND=$(kvs info | sed -n 's/^store_id: //p')
[ "$FIRST" != "$SECOND" ] || fail "$FIRST twice"
[ "$(count entries)" = 0 ] || fail "$(kvs stats)"

finished
