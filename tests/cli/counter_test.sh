#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# Counters: put --counter, incr with its options, and blobs.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

MOST=9223372036854775807
LEAST=-9223372036854775808

# sum_is NUMBER COMMAND...: incr answers it
sum_is() {
	SUM=$1
	shift
	run kvs incr "$@"
	status_is 0
	output_line_is "$SUM"
	no_error
}

testing "incr makes a counter that counts from 0"
sum_is 1 n-new
sum_is 2 n-new

testing "incr by an amount"
sum_is 12 n-new 10
sum_is 9 n-new -3
sum_is 9 n-new 0
sum_is 25 n-new 0x10
sum_is 24 n-new -1

testing "get writes a counter in decimal"
value_is n-new 24
sum_is -6 n-new -30
value_is n-new -6

testing "get --raw writes its 8 bytes"
must kvs put n-raw 258 --counter
printf '\002\001\000\000\000\000\000\000' >raw
run kvs get n-raw --raw
status_is 0
output_file_is raw

testing "put --counter sets a counter"
run kvs put n-set -7 --counter
done_with
value_is n-set -7
sum_is -6 n-set

testing "put --counter from stdin"
echo 41 >number
run_on number kvs put n-stdin - --counter
done_with
sum_is 42 n-stdin

testing "put --counter makes a counter of a blob"
must kvs put n-blob text
run kvs put n-blob 5 --counter
done_with
sum_is 6 n-blob

testing "a plain put makes a blob of a counter"
run kvs put n-blob text
done_with
value_is n-blob text
run kvs incr n-blob
refused 3 "kvs: n-blob: holds a value, not a counter: 'kvs put KEY N --counter' would replace it"
value_is n-blob text

testing "8 bytes are no counter"
must kvs put n-eight 12345678
run kvs incr n-eight
refused 3 "kvs: n-eight: holds a value, not a counter: 'kvs put KEY N --counter' would replace it"

testing "--init"
sum_is 11 n-init --init 10
sum_is 12 n-init --init 10

testing "--exists"
run kvs incr n-exists --exists
refused 1 "kvs: n-exists: not found: leave out --exists to make it"
run kvs get n-exists
status_is 1
sum_is 1 n-exists
sum_is 2 n-exists --exists

testing "--max"
sum_is 3 n-max 3 --max 3
run kvs incr n-max --max 3
refused 3 "kvs: n-max: adding 1 would leave its range: use --saturate or --wrap"
value_is n-max 3

testing "--min"
sum_is 1 n-min -1 --init 2 --min 1
run kvs incr n-min -1 --init 2 --min 1
refused 3 "kvs: n-min: adding -1 would leave its range: use --saturate or --wrap"
value_is n-min 1

testing "--saturate stops at the bounds"
sum_is 5 n-saturate 100 --max 5 --saturate
sum_is -2 n-saturate -100 --min -2 --saturate

testing "--wrap goes on at the other bound"
sum_is 9 n-wrap 9 --min 0 --max 9 --wrap
sum_is 0 n-wrap 1 --min 0 --max 9 --wrap
sum_is 8 n-wrap -2 --min 0 --max 9 --wrap

testing "the ends of 64 bits"
must kvs put n-most $MOST --counter
run kvs incr n-most
refused 3 "kvs: n-most: adding 1 would leave its range: use --saturate or --wrap"
value_is n-most $MOST
sum_is $MOST n-most 5 --saturate
sum_is $LEAST n-most 1 --wrap
run kvs incr n-most $LEAST
refused 3 "kvs: n-most: adding $LEAST would leave its range: use --saturate or --wrap"
sum_is -1 n-most $MOST

testing "--json"
run kvs incr n-json 5 --json
status_is 0
no_error
json
json_names store key value applied version created limited
json_is value 5
json_is applied 5
json_is created true
json_is limited false
run kvs incr n-json 5 --max 7 --saturate --json
json
json_is value 7
json_is applied 2
json_is created false
json_is limited true
run kvs get n-json --json
json
json_is kind '"counter"'
json_is value 7
json_is length 8

testing "a counter of 64 bits in JSON"
run kvs put n-json $LEAST --counter --json
json
json_is kind '"counter"'
run kvs get n-json --json
json
json_is value $LEAST

testing "two processes lose no increment"
for process in 1 2; do
	seq 20 | while read -r _; do
		kvs incr n-race
	done >"race$process" &
done
wait
value_is n-race 40
sort -n race1 race2 | uniq | wc -l >sums
[ "$(cat sums)" -eq 40 ] || fail "$(cat sums) different sums instead of 40"

finished
