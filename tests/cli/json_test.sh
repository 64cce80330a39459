#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
#
# --json: values and keys that are UTF-8 and that are not.

TESTS=$(cd "$(dirname "$0")" && pwd)
. "$TESTS/lib.sh"

# value_in_json OCTALS NAME WANTED: how a value of these bytes is written
value_in_json() {
	# shellcheck disable=SC2059 # the bytes
	printf "$1" >bytes
	run_on bytes kvs put j-value -
	run kvs get j-value --json
	status_is 0
	no_error
	json
	json_names store key kind version app_version user_flags length "$2"
	json_is "$2" "$3"
}

testing "a text"
value_in_json 'plain text' value '"plain text"'
json_is store '"default"'
json_is key '"j-value"'
json_is kind '"blob"'
json_is length 10

testing "the empty value"
value_in_json '' value '""'
json_is length 0

testing "quotes, backslashes, slashes"
value_in_json '"a\\b/c' value '"\"a\\b/c"'

testing "control characters and NUL"
value_in_json '\000\001\t\n\037' value '"\u0000\u0001\t\n\u001f"'

testing "UTF-8 of 2, 3 and 4 bytes"
value_in_json '\303\244 \342\202\254 \360\235\204\236' value \
	"$(printf '"\303\244 \342\202\254 \360\235\204\236"')"

testing "the ends of UTF-8"
value_in_json '\302\200\337\277' value "$(printf '"\302\200\337\277"')"
value_in_json '\340\240\200\357\277\277' value \
	"$(printf '"\340\240\200\357\277\277"')"
value_in_json '\360\220\200\200\364\217\277\277' value \
	"$(printf '"\360\220\200\200\364\217\277\277"')"

testing "a byte that begins nothing"
value_in_json '\377' value_base64 '"/w=="'
value_in_json 'ab\200' value_base64 '"YWKA"'

testing "overlong forms"
value_in_json '\300\200' value_base64 '"wIA="'
value_in_json '\340\237\277' value_base64 '"4J+/"'
value_in_json '\360\217\277\277' value_base64 '"8I+/vw=="'

testing "surrogates, and beyond U+10FFFF"
value_in_json '\355\240\200' value_base64 '"7aCA"'
value_in_json '\364\220\200\200' value_base64 '"9JCAgA=="'

testing "cut off in the middle"
value_in_json 'a\342\202' value_base64 '"YeKC"'
value_in_json '\360\235\204' value_base64 '"8J2E"'
value_in_json '\303(' value_base64 '"wyg="'

testing "base64 of each length is that of base64"
for len in 1 2 3 57 1000; do
	{ printf '\377'; head -c "$len" /dev/urandom; } >bytes
	run_on bytes kvs put j-value -
	run kvs get j-value --json
	json
	json_is value_base64 "\"$(base64 bytes | tr -d '\n')\""
done

testing "a key that is not UTF-8"
KEY=$(printf 'k\377')
must kvs put "$KEY" v
run kvs get "$KEY" --json
json
json_names store key_base64 kind version app_version user_flags length value
json_is key_base64 '"a/8="'

testing "put"
run kvs put j-put v --json
status_is 0
no_error
json
json_names store key kind version created
json_is created true
json_is kind '"blob"'
run kvs put j-put w --json
json
json_is created false
json_number version
VERSION=$NUMBER

testing "get tells the version that put told"
run kvs get j-put --json
json
json_is version "$VERSION"

testing "del tells a version above it"
run kvs del j-put --json
status_is 0
json
json_names store key version
json_number version
[ "$NUMBER" -gt "$VERSION" ] ||
	fail "$(cat json) does not follow $VERSION"

testing "a failure writes no JSON"
run kvs get j-missing --json
refused 1 "kvs: j-missing: not found"

testing "a large value"
head -c 300000 /dev/urandom >bytes
run_on bytes kvs put j-value -
run kvs get j-value --json
status_is 0
sed -n 's/.*"value_base64": "\([^"]*\)".*/\1/p' out | base64 -d >decoded
same_bytes "what value_base64 holds" decoded bytes

finished
