#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# kvs txn: conditions, then, else, all or nothing.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

# txn LINES [OPTION...]: printf's escapes for \n and \\
txn() {
	printf "%b" "$1" >file
	shift
	run kvs txn file "$@"
}

# output_lines_are LINES: the same
output_lines_are() {
	printf "%b" "$1" >wanted
	same_bytes output out wanted
}

# then_is LINES: the second section was done, with these answers
then_is() {
	status_is 0
	no_error
	output_lines_are "then\n$1"
}

# else_is LINE KEY LINES: the third was, for the sake of this line
else_is() {
	status_is 1
	error_is "kvs: file:$1: $2: the condition does not hold"
	output_lines_are "else\n$3"
}

version_of() {
	kvs stat "$1" | sed -n 's/^version: //p'
}

testing "operations without conditions"
txn '\nput t-a 1\nput t-b "two words"\nincr t-n 5\n'
status_is 0
no_error
value_is t-a 1
value_is t-b 'two words'
value_is t-n 5

testing "all changes have one version"
A=$(version_of t-a)
B=$(version_of t-b)
N=$(version_of t-n)
[ "$A $A" = "$B $N" ] || fail "$A $B $N"

testing "answers"
must kvs incr t-x 3 --init 4
txn '\nget t-a\nget t-n\nxchg t-x -1\nbitop t-bits or 6 --create\nincr t-more\n'
then_is 'get\tt-a\t1\nget\tt-n\t5\nxchg\tt-x\t7\nbitop\tt-bits\t6\nincr\tt-more\t1\n'
value_is t-x -1

testing "of what is not there there is no answer"
txn '\nget t-none\ndel t-none2\nget t-a\n'
then_is 'get\tt-none\ndel\tt-none2\nget\tt-a\t1\n'
txn '\nget t-none\nget t-a\n' --json
status_is 0
json
json_is 'operations[0].found' false
json_is 'operations[1].found' true

testing "the answer of a change is its version"
txn '\nput t-a 2\ndel t-b\n'
status_is 0
A=$(version_of t-a)
[ "$(sed -n 's/^put\tt-a\t//p' out)" = "$A" ] || fail "$A" "$(cat out)"
[ "$(sed -n 's/^del\tt-b\t//p' out)" = "$A" ] || fail "$A" "$(cat out)"

testing "each condition"
must kvs put t-a abc
must kvs put t-n -3 --counter
V=$(version_of t-a)
for line in "exists t-a" "absent t-none" "version t-a = $V" \
	"version t-a > $((V - 1))" "version t-a < $((V + 1))" \
	"version t-none = 0" "version t-none < 1" \
	"version t-a != 1" "number t-n = -3" "number t-n < 0" \
	"number t-n > -4" "number t-n != 3" "value t-a = abc" \
	"value t-a < abd" "value t-a > ab" "value t-a != abcd" \
	"value t-a < abcd"; do
	txn "$line\n\nget t-a\n\nput t-wrong 1\n"
	then_is 'get\tt-a\tabc\n'
done
for line in "absent t-a" "exists t-none" "version t-a != $V" \
	"version t-a < $V" "version t-none > 0" "number t-n > -3" "number t-n = 3" \
	"value t-a = ab" "value t-a > abc" "value t-a < abc"; do
	txn "$line\n\nput t-wrong 1\n\nget t-a\n"
	# shellcheck disable=SC2086 # words
	set -- $line
	else_is 1 "$2" 'get\tt-a\tabc\n'
done

testing "a key that is not there has no number and no value"
for line in "number t-none = 0" "number t-none < 5" \
	"number t-none != 5" "value t-none = \"\"" "value t-none != x"; do
	txn "$line\n\nput t-wrong 1\n\n"
	else_is 1 t-none ''
done
txn 'number t-a = 0\n\nput t-wrong 1\n\n'
else_is 1 t-a ''
run kvs get t-wrong
refused 1 "kvs: t-wrong: not found"

testing "the first condition that does not hold is named"
txn '# three of them\nexists t-a\nnumber t-n = 7\nabsent t-a\n\n\n'
else_is 3 t-n ''

testing "both sides do something"
txn 'exists t-lock\n\ndel t-lock\n\nput t-lock me\nincr t-tries\n'
status_is 1
output_has '^incr	t-tries	1$'
value_is t-lock me
txn 'exists t-lock\n\ndel t-lock\n\nput t-lock me\nincr t-tries\n'
status_is 0
run kvs get t-lock
refused 1 "kvs: t-lock: not found"

testing "conditions alone"
txn 'exists t-a\n'
then_is ''
txn 'exists t-none\n'
else_is 1 t-none ''

testing "one operation that fails undoes all"
txn '\nput t-a changed\nput t-new 1\nput t-none 5 --replace\n'
refused 3 "kvs: file:4: nothing was changed: t-none: not found"
txn '\nput t-a changed\nincr t-none --exists\n'
refused 3 "kvs: file:3: nothing was changed: t-none: not found"
txn '\nput t-new 1\nincr t-a\n'
status_is 3
error_has "^kvs: file:3: nothing was changed: t-a: holds a value, not a counter"
txn '\nincr t-n 5 --max 0\nput t-new 1\n'
status_is 3
error_has '^kvs: file:2: nothing was changed: t-n: '
txn 'absent t-a\n\n\nput t-new 1\nput t-a 2 --create\n'
status_is 3
error_has '^kvs: file:5: nothing was changed: t-a: exists already'
value_is t-a abc
value_is t-n -3
run kvs get t-new
refused 1 "kvs: t-new: not found"

testing "two operations with one key"
txn '\nput t-a changed\nput t-new 1\nget t-a\n'
refused 3 "kvs: file: nothing was changed: options contradict each other, or two operations have one key"
txn 'exists t-none\n\nput t-a changed\n\nget t-a\n'
else_is 1 t-none 'get\tt-a\tabc\n'
value_is t-a abc

testing "at the cap of entries nothing is changed"
must kvs store create t-small --max-entries 2
txn '\nput a 1\nput b 2\nput c 3\n' --store t-small
status_is 3
error_has '^kvs: file:[234]: nothing was changed: [abc]: the store, its pins or the module is full: '
run kvs get a --store t-small
refused 1 "kvs: a: not found"
txn '\nput a 1\nput b 2\n' --store t-small
status_is 0
# Room for what is put is had before anything is deleted.
txn '\ndel a\nput c 3\n' --store t-small
status_is 3
error_has '^kvs: file:3: nothing was changed: c: the store, its pins or the module is full: '
run kvs get a --store t-small
done_with 1
txn '\ndel a\nput b 3\n' --store t-small
status_is 0
txn '\nput c 3\n' --store t-small
status_is 0

testing "options of operations"
txn '\nput t-ttl v --ttl 5m --user-flags 9\nput t-cnt -7 --counter\nincr t-min --init 5 --min 3 --ttl 1h\nput t-dash "--ttl"\n'
status_is 0
run kvs get t-ttl --json
json
json_is user_flags 9
grep -q '"ttl_ns"=29[0-9]*$' json || fail "$(cat json)"
value_is t-cnt -7
value_is t-min 6
value_is t-dash --ttl
txn '\nput t-ttl w --keep-ttl\nput t-min 5\nput t-cnt 8 --replace\n'
status_is 0
run kvs get t-ttl --json
json
grep -q '"ttl_ns"=2[0-9]*$' json || fail "$(cat json)"
run kvs stat t-min
! grep -q '^ttl:' out || fail "$(cat out)"
txn '\nput t-min 5 --pin\n'
status_is 0
run kvs stat t-min
output_has '^pinned: yes$'

testing "bytes of any kind"
txn '\nput "k \\x00\\t" "a\\n\\x22\\\\ b"\nput t-empty ""\n'
status_is 0
value_is t-empty ''
txn 'value "k\\x20\\x00\\t" = "a\\n\\x22\\\\ b"\n\nget "k \\x00\\t"\n'
then_is 'get\tk \\x00\\t\ta\\n"\\\\ b\n'

testing "values longer than is asked for at first"
repeated 300000 x >large
run_on large kvs put t-large -
{
	printf 'then\nget\tt-a\tabc\nget\tt-large\t'
	cat large
	printf '\n'
} >wanted_large
txn '\nget t-a\nget t-large\n'
output_file_is wanted_large

testing "standard input"
printf 'exists t-a\n\nget t-a\n' >file
run_on file kvs txn -
then_is 'get\tt-a\tabc\n'
printf 'absent t-a\n' >file
run_on file kvs txn -
status_is 1
error_is "kvs: stdin:1: t-a: the condition does not hold"

testing "--json"
txn 'exists t-a\n\nget t-a\nincr t-ttl\n' --json
status_is 3
output_is ''
must kvs put t-lock2 v
txn 'exists t-a\n\nget t-a\nincr t-n 13\ndel t-lock2\n' --json
status_is 0
no_error
json
json_is store '"default"'
json_is succeeded true
json_is 'operations[0].operation' '"get"'
json_is 'operations[0].key' '"t-a"'
json_is 'operations[0].kind' '"blob"'
json_is 'operations[0].value' '"abc"'
json_is 'operations[1].value' 10
json_number version
json_is 'operations[1].version' "$NUMBER"
json_is 'operations[2].version' "$NUMBER"
txn 'exists t-a\nabsent t-a\n\n\n' --json
status_is 1
json
json_names store succeeded version failed_line operations
json_is succeeded false
json_is failed_line 2
json_is operations '[]'

testing "rights"
chmod 755 "$T"
must kvs store create t-read --mode 0644
must kvs put key v --store t-read
chmod 666 /dev/kvs
printf '\nget key\n' >file
run_as kvs kvs txn "$T/file" --store t-read
then_is 'get\tkey\tv\n'
printf '\nput key w\n' >file
run_as kvs kvs txn "$T/file" --store t-read
status_is 3
error_has "nothing was changed: .*permission denied by the store"
chmod 600 /dev/kvs

testing "many at once lose nothing"
must kvs put t-from 300 --counter
must kvs put t-to 0 --counter
printf 'number t-from > 0\n\nincr t-from -1\nincr t-to\n' >move
for _ in 1 2 3; do
	for _ in $(seq 50); do
		kvs txn move >/dev/null
	done &
done
wait
value_is t-from 150
value_is t-to 150

finished
