# SPDX-License-Identifier: GPL-2.0-only
#
# Reads one JSON object on one line whose members are strings, integers,
# decimals, truth values and lists of such objects, and prints each as
# NAME=VALUE, as they are written; those of a list as LIST[0].NAME=VALUE, and an
# empty list as LIST=[]. Fails on anything else.

function fail(why) {
	print "not JSON: no " why " at: " rest
	failed = 1
	exit 1
}

function take(what, regex,   taken) {
	if (!match(rest, "^(" regex ")"))
		fail(what)
	taken = substr(rest, 1, RLENGTH)
	rest = substr(rest, RLENGTH + 1)
	return taken
}

# The object whose members are named with prefix before them
function object(prefix,   name, more) {
	take("object", "\\{ *")
	do {
		name = take("name", string)
		name = prefix substr(name, 2, length(name) - 2)
		if (name in seen)
			fail("other name")
		seen[name] = 1
		take("colon", " *: *")
		if (rest ~ /^\[/)
			list(name)
		else
			print "\"" name "\"=" take("value", value)
		more = take("comma or brace", " *[,}] *")
	} while (more ~ /,/)
}

function list(name,   i, more) {
	take("list", "\\[ *")
	if (rest ~ /^\]/) {
		take("end of the list", "\\] *")
		print "\"" name "\"=[]"
		return
	}
	i = 0
	do {
		object(name "[" i++ "].")
		more = take("comma or bracket", " *[],] *")
	} while (more ~ /,/)
}

BEGIN {
	hex = "[0-9a-fA-F]"
	string = "\"([^\"\\\\\001-\037]|\\\\([\"\\\\/bfnrt]|u" hex hex hex hex "))*\""
	number = "-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?"
	value = string "|" number "|true|false"
}

{
	rest = $0
	if (NR > 1)
		fail("end of the line")
	object("")
	if (rest != "")
		fail("end of the object")
}

END {
	if (!failed && NR != 1) {
		print "not JSON: " NR " lines"
		exit 1
	}
}
