# SPDX-License-Identifier: GPL-2.0-only
#
# Reads one JSON object on one line whose members are strings, integers,
# decimals and truth values, and prints each as NAME=VALUE, as they are written.
# Fails on anything else.

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
	take("object", "\\{ *")
	do {
		name = take("name", string)
		if (name in seen)
			fail("other name")
		seen[name] = 1
		take("colon", " *: *")
		print name "=" take("value", value)
	} while (take("comma or brace", " *[,}] *") ~ /,/)
	if (rest != "")
		fail("end of the object")
}

END {
	if (!failed && NR != 1) {
		print "not JSON: " NR " lines"
		exit 1
	}
}
