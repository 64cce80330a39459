#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# What is wrong with the file of a transaction, named by its line.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

# wrong WHAT LINES TEXT: refused with this line, of the file or of a line
wrong() {
	testing "$1"
	printf "%b" "$2" >file
	run kvs txn file
	refused 3 "kvs: file:$3"
}

wrong "an empty file" '' ' there is no condition and no operation'
wrong "comments and empty lines" '# a\n\n  \n# b\n' \
	' there is no condition and no operation'
wrong "a fourth section" 'exists a\n\n\n\nget a\n' \
	'5: there are three sections, which empty lines end'
wrong "an operation among the conditions" 'get a\n' \
	"1: 'get' is no condition: 'kvs help txn' lists them"
wrong "a condition among the operations" '\nexists a\n' \
	"2: 'exists' is no operation: 'kvs help txn' lists them"
wrong "an operation of the command line only" '\nallow a\n' \
	"2: 'allow' is no operation: 'kvs help txn' lists them"
wrong "exists without a key" 'exists\n' '1: a condition is: exists KEY'
wrong "exists with a comparison" 'exists a = 1\n' \
	'1: a condition is: exists KEY'
wrong "version without a comparison" 'version a 5\n' \
	'1: a condition is: version KEY = N'
wrong "value with two" 'value a = b c\n' '1: a condition is: value KEY = VALUE'
wrong "a comparison that there is not" 'version a >= 5\n' \
	"1: '>=' is none of =, !=, <, >"
wrong "a version that is none" 'version a = x\n' \
	"1: version 'x' is not a number from 0 on"
wrong "a negative version" 'version a = -1\n' \
	"1: version '-1' is not a number from 0 on"
wrong "a number that is none" 'number a = 1.5\n' \
	"1: number '1.5' is not an integer"
wrong "a number with a NUL" 'number a = 1\\x00\n' \
	"1: number '1\\x00' is not a number"
wrong "a value that is too long" "value a = $(repeated 65 v)\n" \
	'1: value compares at most 64 bytes: use version'
wrong "an empty key in a condition" 'exists ""\n' '1: the key is empty'
wrong "an empty key in an operation" '\nget ""\n' '2: the key is empty'
wrong "an operation without a key" '\nget\n' '2: an operand of get is missing'
wrong "a put without a value" '\nput a\n' '2: an operand of put is missing'
wrong "a put with two" '\nput a b c\n' "2: 'c' is one operand too many"
wrong "an option that there is not" '\nput a b --fast\n' \
	"2: '--fast' is not an option of put"
wrong "an option of another operation" '\nget a --create\n' \
	"2: '--create' is not an option of get"
wrong "an option without its value" '\nput a b --ttl\n' \
	"2: '--ttl' needs a value"
wrong "a time that is none" '\nput a b --ttl 90\n' \
	"2: --ttl '90' is no time such as 90s, 5m, 150ms"
wrong "--create with --replace" '\nput a b --create --replace\n' \
	'2: --create and --replace exclude each other'
wrong "--ttl with --keep-ttl" '\nput a b --ttl 1s --keep-ttl\n' \
	'2: --keep-ttl and --ttl exclude each other'
wrong "--saturate with --wrap" '\nincr a --wrap --saturate\n' \
	'2: --saturate and --wrap exclude each other'
wrong "--init with --exists" '\nincr a --init 1 --exists\n' \
	'2: --init and --exists exclude each other'
wrong "bitop --init without --create" '\nbitop a or 1 --init 1\n' \
	'2: --init is for a counter that --create makes'
wrong "a bitop that there is not" '\nbitop a nand 1\n' \
	"2: 'nand' is none of or, and, xor"
wrong "an amount that is none" '\nincr a many\n' \
	"2: BY 'many' is not an integer"
wrong "a counter that is none" '\nput a many --counter\n' \
	"2: value 'many' is not an integer"
wrong "a quote without an end" '\nget "a\n' \
	'2: a double quote does not end a word: write it as \x22'
wrong "a quote within a word" '\nget "a"b\n' \
	'2: a double quote does not end a word: write it as \x22'
wrong "no escape" '\nget a\\q\n' \
	'2: a backslash begins no escape: use \t, \n, \\ or \xHH'
wrong "half an escape" '\nget a\\x4\n' \
	'2: a backslash begins no escape: use \t, \n, \\ or \xHH'

testing "65 lines"
{
	echo
	seq 65 | sed 's/^/get /'
} >file
run kvs txn file
refused 3 "kvs: file:66: there are more than 64 conditions and operations"

testing "a key that is too long"
{
	echo
	echo "get $(repeated 1025 k)"
} >file
run kvs txn file
status_is 3
error_has '^kvs: file:.* nothing was changed: .*the key is too long'

testing "a line longer than any entry"
{
	echo
	printf 'put a '
	repeated 5000000 v
} >file
run kvs txn file
refused 3 "kvs: file:2: the line is longer than any entry can be"

testing "blanks, tabs, comments and a missing last newline do not matter"
must kvs put f-a 1
printf '# a comment\n \texists\t f-a \n# one more\n \t\n\tget  f-a' >file
run kvs txn file
status_is 0
no_error
output_has '^get	f-a	1$'

testing "a file that is not there"
run kvs txn nowhere
refused 3 "kvs: cannot open nowhere: No such file or directory"

testing "a file that cannot be read"
run kvs txn /tmp
refused 3 "kvs: /tmp: cannot read on: Is a directory"

finished
