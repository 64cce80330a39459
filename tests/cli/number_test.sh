#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# xchg, bitop and allow.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

NO_COUNTER="holds a value, not a counter: 'kvs put KEY N --counter' would replace it"

# answers NUMBER COMMAND...: that line
answers() {
	ANSWER=$1
	shift
	run "$@"
	status_is 0
	output_line_is "$ANSWER"
	no_error
}

testing "xchg sets a counter and writes what it was"
must kvs put x-number 7 --counter
answers 7 kvs xchg x-number -9
answers -9 kvs xchg x-number 0x10
value_is x-number 16

testing "xchg of a missing counter"
run kvs xchg x-new 5
refused 1 "kvs: x-new: not found: use --create to make it"
answers 0 kvs xchg x-new 5 --create
value_is x-new 5

testing "xchg of a value"
must kvs put x-blob text
run kvs xchg x-blob 5
refused 3 "kvs: x-blob: $NO_COUNTER"

testing "xchg --json"
run kvs xchg x-new 6 --json
status_is 0
json
json_names store key value old version created
json_is value 6
json_is old 5
json_is created false

testing "bitop or, and, xor"
must kvs put b-number 15 --counter
answers 255 kvs bitop b-number or 0xf0
answers 60 kvs bitop b-number and 0x3c
answers 51 kvs bitop b-number xor 0x0f
value_is b-number 51

testing "bitop under a mask"
must kvs put b-number 255 --counter
answers 252 kvs bitop b-number and 0x3c --mask 0x0f
answers 253 kvs bitop b-number xor -1 --mask 1

testing "bitop on the top bit"
must kvs put b-number 0 --counter
answers -9223372036854775808 kvs bitop b-number or 0x8000000000000000
answers -1 kvs bitop b-number or 0xffffffffffffffff

testing "bitop makes a counter"
run kvs bitop b-new or 2
refused 1 "kvs: b-new: not found: use --create to make it"
answers 3 kvs bitop b-new or 2 --create --init 1
answers 7 kvs bitop b-new or 4 --create --init 1
answers 2 kvs bitop b-zero xor 2 --create

testing "bitop of a value"
run kvs bitop x-blob or 1
refused 3 "kvs: x-blob: $NO_COUNTER"

testing "bitop --json tells the old number"
run kvs bitop b-new and 5 --json
status_is 0
json
json_names store key value old version created
json_is value 5
json_is old 7

testing "allow: the burst, then nothing"
answers allowed kvs allow a-key --rate 1/h --burst 3
answers allowed kvs allow a-key --rate 1/h --burst 3 --cost 2
run kvs allow a-key --rate 1/h --burst 3
status_is 1
error_lines 1
WAIT=$(cat out)
error_is "kvs: a-key: not allowed: wait $WAIT and ask again"
output_has '^3[0-9]\{3\}\.[0-9]*s$'

testing "what is not allowed uses nothing"
run kvs stat a-key --json
json
json_number version
VERSION=$NUMBER
run kvs allow a-key --rate 1/h --burst 3
status_is 1
run kvs stat a-key --json
json
json_is version "$VERSION"

testing "a bucket goes away by itself"
case $JSON in
*'"kind"="counter"'*'"ttl_ns"='*) ;;
*) fail "no deadline: $JSON" ;;
esac

testing "allow --json"
run kvs allow a-json --rate 1/d --burst 1 --json
status_is 0
json
json_names store key allowed wait_ns created
json_is allowed true
json_is wait_ns 0
json_is created true
run kvs allow a-json --rate 1/d --burst 1 --json
status_is 1
json
json_is allowed false
json_number wait_ns
[ "$NUMBER" -gt 86000000000000 ] || fail "wait $NUMBER"

testing "the wait is one that sleep takes, and long enough"
must kvs allow a-fast --rate 3/s --burst 1
run kvs allow a-fast --rate 3/s --burst 1
if [ "$STATUS" = 1 ]; then
	sleep "$(cat out)"
	run kvs allow a-fast --rate 3/s --burst 1
fi
status_is 0
output_line_is allowed

testing "two processes share a bucket"
for process in 1 2; do
	seq 6 | while read -r _; do
		kvs allow a-shared --rate 1/d --burst 8 2>/dev/null
	done >"allowed$process" &
done
wait
ALLOWED=$(cat allowed1 allowed2 | grep -c '^allowed$')
[ "$ALLOWED" -eq 8 ] || fail "$ALLOWED of 12 instead of 8"

testing "allow on a value"
run kvs allow x-blob --rate 1/s --burst 1
refused 3 "kvs: x-blob: $NO_COUNTER"

finished
