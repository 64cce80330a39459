#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# get, put and del: values as bytes, and what is there or not.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

testing "get of a missing key"
run kvs get missing
refused 1 "kvs: missing: not found"

testing "del of a missing key"
run kvs del missing
refused 1 "kvs: missing: not found"

testing "put says nothing, get writes the value and nothing else"
run kvs put v-simple 'back at nine'
done_with
value_is v-simple 'back at nine'

testing "put replaces the value"
must kvs put v-simple 'other'
value_is v-simple 'other'

testing "del says nothing and removes"
run kvs del v-simple
done_with
run kvs get v-simple
refused 1 "kvs: v-simple: not found"

testing "the empty value"
run kvs put v-empty ''
done_with
value_is v-empty ''

testing "every byte, from stdin"
for high in 0 1 2 3; do
	for middle in 0 1 2 3 4 5 6 7; do
		for low in 0 1 2 3 4 5 6 7; do
			# shellcheck disable=SC2059 # the escape of a byte
			printf "\\$high$middle$low"
		done
	done
done >all
run_on all kvs put v-bytes -
done_with
run kvs get v-bytes
status_is 0
output_file_is all

testing "newlines at the end of stdin are kept"
printf 'line\n\n' >lines
run_on lines kvs put v-lines -
done_with
run kvs get v-lines
status_is 0
output_file_is lines

testing "empty stdin"
run_on /dev/null kvs put v-empty2 -
done_with
value_is v-empty2 ''

testing "a value of 65537 bytes, more than get asks for at first"
head -c 65537 /dev/urandom >large
run_on large kvs put v-large -
done_with
run kvs get v-large
status_is 0
output_file_is large

testing "the longest value"
MOST=$(kvs info | sed -n 's/^max_value: //p')
head -c "$MOST" /dev/urandom >longest
run_on longest kvs put v-longest -
done_with
run kvs get v-longest
status_is 0
output_file_is longest

testing "one byte more"
{ cat longest; printf x; } >longer
run_on longer kvs put v-longest -
refused 3 "kvs: v-longest: the value is too long: 'kvs info' tells the limit"
run kvs get v-longest
output_file_is longest

testing "endless stdin is refused, too"
run_on /dev/zero kvs put v-endless -
refused 3 "kvs: v-endless: the value is too long: 'kvs info' tells the limit"

testing "a part of a value"
must kvs put v-part 0123456789
run kvs get v-part --offset 3 --length 4
done_with 3456
run kvs get v-part --offset 7
done_with 789
run kvs get v-part --length 2
done_with 01
run kvs get v-part --offset 10
done_with
run kvs get v-part --offset 4000000000 --length 0
done_with
tail -c +3 large >rest
run kvs get v-large --offset 2
output_file_is rest
run kvs get v-part --offset 8 --json
json
json_is offset 8
json_is length 10
json_is value '"89"'

testing "take writes the value and removes it"
must kvs put v-take 'only once'
run kvs take v-take
done_with 'only once'
run kvs take v-take
refused 1 "kvs: v-take: not found"
run kvs take v-large
status_is 0
output_file_is large
run kvs get v-large
status_is 1
must kvs put v-take -5 --counter
run kvs take v-take --json
json
json_names store key kind version user_flags length value
json_is kind '"counter"'
json_is value -5

testing "of two that take a key one gets it"
must kvs put v-take 'only once'
kvs take v-take >taken1 2>/dev/null &
kvs take v-take >taken2 2>/dev/null
wait
cat taken1 taken2 >taken
holds taken 'only once' || fail "$(cat taken)"

testing "append"
run kvs append v-append one
refused 1 "kvs: v-append: not found: use --create to make it"
run kvs append v-append one --create
done_with
run kvs append v-append -two
status_is 2
printf 'two\n' >two
run_on two kvs append v-append -
done_with
printf 'onetwo\n' >two
run kvs get v-append
output_file_is two
run kvs append v-append '' --json
json
json_names store key version length created
json_is length 7
json_is created false

testing "append stops at the longest value"
run kvs append v-longest x
refused 3 "kvs: v-longest: the value is too long: 'kvs info' tells the limit"
run kvs get v-longest
output_file_is longest

testing "append to a counter"
must kvs put v-number 5 --counter
run kvs append v-number x
refused 3 "kvs: v-number: is a counter: 'kvs put' makes it a value"

testing "keys are bytes"
KEY=$(printf 'a\tb\nc\\d \377')
must kvs put "$KEY" odd
value_is "$KEY" odd
run kvs del "$KEY"
done_with

testing "a message shows a key's bytes"
run kvs get "$KEY"
refused 1 'kvs: a\tb\nc\\d \xff: not found'

testing "keys around the length that travels inside a request"
for len in 31 32 33; do
	KEY=$(repeated $len "k$len-")
	must kvs put "$KEY" "$len"
	value_is "$KEY" "$len"
done

testing "the longest key"
KEY=$(repeated 1024 k)
must kvs put "$KEY" long
value_is "$KEY" long
run kvs del "$KEY"
done_with

testing "a longer key: the message cuts it"
KEY=$(repeated 1025 k)
SHOWN=$(repeated 76 k)...
for command in "get $KEY" "put $KEY v" "del $KEY" "incr $KEY" "stat $KEY"; do
	# shellcheck disable=SC2086 # a command line
	run kvs $command
	refused 3 "kvs: $SHOWN: the key is too long: 'kvs info' tells the limit"
done

testing "a newline follows the value only on a terminal"
must kvs put v-terminal shown
on_terminal "kvs get v-terminal; kvs get v-terminal"
[ "$(grep -cax shown terminal)" = 2 ] ||
	fail "the terminal got:" "$(hexdump -C terminal)"

finished
