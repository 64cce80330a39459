#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# load: the file format, bad lines, what the store refuses.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

# load_of TEXT [OPTION...]: loads a file of this text, in printf's escapes
load_of() {
	# shellcheck disable=SC2059 # the bytes
	printf "$1" >file
	shift
	run kvs load file "$@"
}

# loaded N: all went well
loaded() {
	status_is 0
	output_is ''
	error_lines 1
	error_has "^loaded $1 entries in [0-9.]* s ([0-9,]*/s)\$"
}

# not_loaded LINE CAUSE: one line of three was bad, the others are there
BAD=0
not_loaded() {
	BAD=$((BAD + 1))
	load_of "before\tbad $BAD\n$1\nafter\tbad $BAD\n"
	status_is 3
	output_is ''
	{
		IFS= read -r FIRST
		IFS= read -r SECOND
		IFS= read -r THIRD
		! IFS= read -r REST || fail "and more: $REST"
	} <err
	[ "$FIRST" = "kvs: file:2: $2" ] || fail "not '$2' but:" "$FIRST"
	[ "${SECOND#loaded 2 entries in }" != "$SECOND" ] || fail "$SECOND"
	[ "$THIRD" = "kvs: file: 1 of 3 lines were not loaded: mend them and load them again" ] ||
		fail "$THIRD"
	value_is before "bad $BAD"
	value_is after "bad $BAD"
}

testing "lines of key and value"
load_of 'one\t1\ntwo\t2\n'
loaded 2
value_is one 1
value_is two 2

testing "the last line without a newline"
load_of 'one\tI\ntwo\tII'
loaded 2
value_is two II

testing "an empty file"
load_of ''
loaded 0

testing "from stdin"
printf 'one\teins\n' >file
run_on file kvs load -
loaded 1
value_is one eins

testing "from a pipe, in pieces"
cat >pieces <<'END'
#!/bin/sh
{ printf 'on'; sleep 0.1; printf 'e\tun'; sleep 0.1; printf '\ntwo\tdeux'; } |
	kvs load -
END
run sh pieces
loaded 2
value_is one un
value_is two deux

testing "an empty value"
load_of 'empty\t\n'
loaded 1
value_is empty ''

testing "escapes in values"
load_of 'escaped\ta\\tb\\nc\\\\d\\x00\\x7F\\xff\\x41\n'
loaded 1
printf 'a\tb\nc\\d\000\177\377A' >wanted_value
run kvs get escaped
output_file_is wanted_value

testing "escapes in keys"
load_of 'a\\tb\\x0a\\\\\tv\n'
loaded 1
value_is "$(printf 'a\tb\n\134')" v

testing "further tabs belong to the value"
load_of 'tabs\ta\tb\t\n'
loaded 1
value_is tabs "$(printf 'a\tb\t')"

testing "a carriage return belongs to the value"
load_of 'return\tv\r\n'
loaded 1
value_is return "$(printf 'v\r')"

testing "bytes of any sort, NUL too"
load_of 'k\377\tv\000\200\n'
loaded 1
printf 'v\000\200' >wanted_value
run kvs get "$(printf 'k\377')"
output_file_is wanted_value

testing "of two lines with one key the later counts"
load_of 'twice\tfirst\ntwice\tsecond\n'
loaded 2
value_is twice second

testing "blobs overwrite counters"
must kvs incr number
load_of 'number\ttext\n'
loaded 1
value_is number text

testing "the longest key"
KEY=$(repeated 1024 k)
load_of "$KEY\tlong\n"
loaded 1
value_is "$KEY" long

testing "the longest key, all of it escapes"
load_of "$(repeated 5120 '\\x6b')\tescaped\n"
loaded 1
value_is "$KEY" escaped

testing "the longest value"
MOST=$(kvs info | sed -n 's/^max_value: //p')
repeated "$MOST" 0123456789abcdef >longest
{ printf 'before\tv\nlong\t'; cat longest; printf '\nafter\tv\n'; } >file
run kvs load file
loaded 3
run kvs get long
output_file_is longest

testing "the longest value, all of it escapes"
{ printf 'long\t'; repeated $((4 * MOST)) '\x7a'; } >file
run kvs load file
loaded 1
repeated "$MOST" z >longest
run kvs get long
output_file_is longest

testing "a value that is a byte too long"
{ printf 'one\t1\nlong\t'; repeated $((MOST + 1)) y; printf '\ntwo\t2\n'; } >file
run kvs load file
status_is 3
error_lines 3
error_has "^kvs: file:2: the value is too long: $((MOST + 1)) bytes, at most $MOST go\$"
error_has '^loaded 2 entries '
run kvs get long
output_file_is longest

testing "a line without a tab"
not_loaded 'no tab' 'there is no tab: a line is KEY, a tab, VALUE'

testing "an empty line"
not_loaded '' 'the line is empty: a line is KEY, a tab, VALUE'

testing "an empty key"
not_loaded '\tvalue' 'the key is empty: a key has 1 to 1024 bytes'

testing "a backslash that begins no escape"
ESCAPES='a backslash begins no escape: use \t, \n, \\ or \xHH'
not_loaded 'k\t\\q' "$ESCAPES"
not_loaded "k\\t\\\\" "$ESCAPES"
not_loaded 'k\t\\x' "$ESCAPES"
not_loaded 'k\t\\x4' "$ESCAPES"
not_loaded 'k\t\\xfg' "$ESCAPES"
not_loaded 'k\\\tv' "$ESCAPES"

testing "a key that is a byte too long"
not_loaded "$(repeated 1025 k)\tv" \
	'the key is too long: 1025 bytes, at most 1024 go'

testing "each bad line is named"
load_of 'bad\none\t1\n\ntwo\t2\nbad'
status_is 3
error_lines 5
error_has '^kvs: file:1: there is no tab'
error_has '^kvs: file:3: the line is empty'
error_has '^kvs: file:5: there is no tab'
error_has '^kvs: file: 3 of 5 lines were not loaded'

testing "stdin in messages"
printf 'bad\n' >file
run_on file kvs load -
status_is 3
error_has '^kvs: stdin:1: there is no tab'

testing "--json"
load_of 'one\t1\nbad\ntwo\t2\n' --json
status_is 3
json
json_names store loaded failed seconds
json_is loaded 2
json_is failed 1
error_lines 2
load_of 'one\t1\n' --json
status_is 0
no_error
json
json_is loaded 1

testing "a file that is not there"
run kvs load nowhere
refused 3 "kvs: cannot open nowhere: No such file or directory"

testing "a directory"
run kvs load /tmp
status_is 3
error_has '^kvs: /tmp: cannot read on: Is a directory$'

testing "a line longer than any entry can be"
reload_with max_value=1000
{ printf 'one\t1\nlong\t'; repeated 300000 x; printf '\ntwo\tb\n'; } >file
run kvs load file
status_is 3
error_lines 3
error_has '^kvs: file:2: the line is longer than any entry can be$'
error_has '^loaded 2 entries '
value_is two b

testing "a line too long at the end, without newline"
{ printf 'one\t1\nlong\t'; repeated 300000 x; } >file
run kvs load file
status_is 3
error_lines 3
error_has '^kvs: file:2: the line is longer than any entry can be$'
error_has '^loaded 1 entries '

testing "what the store refuses is named by line and key"
reload_with max_entries=3
load_of 'a\t1\nb\t2\nc\t3\nd\t4\ne\t5\na\t6\n'
status_is 3
error_lines 4
FULL="the store, its pins or the module is full: delete entries, or see 'kvs store alter'"
error_has "^kvs: file:4: d: $FULL\$"
error_has "^kvs: file:5: e: $FULL\$"
error_has '^loaded 4 entries '
error_has '^kvs: file: 2 of 6 lines were not loaded'
value_is a 6

testing "a single line that the store refuses"
load_of 'd\t4\n'
status_is 3
error_has "^kvs: file:1: d: $FULL\$"

# Longer than its interval of 0.2 s on any machine, as half of the lines come
# after a pause.
testing "progress on a terminal, and only there"
reload
awk 'BEGIN { for (i = 0; i < 4000; i++) print "k" i "\t" i }' >part
on_terminal "(cat $T/part; sleep 1; cat $T/part) | kvs load -"
grep -aq '^loaded [0-9]* entries $' terminal ||
	fail "no progress:" "$(cat terminal)"
grep -aq 'loaded 8000 entries in [0-9.]* s' terminal ||
	fail "no rate:" "$(cat terminal)"

finished
