# Helpers that printed modules copy as they need them. Each is total: defined, without conflict, on every argument.
# A paragraph belongs to the helper whose name starts its first rule; a comment above it is copied with it.
package helpers

import future.keywords

# The value at a path of keys; null if it is not there.
get(value, path) := object.get(value, path, null) if is_object(value)

else := null

# The value, or the fallback if it is null.
default_to(value, fallback) := value if value != null

else := fallback

# The known objects of a kind in a namespace, in every namespace, or of a kind that has none.
known_in(version, kind, namespace) := [found | some found in data.inventory.namespace[namespace][version][kind]]

known_everywhere(version, kind) := [found | some found in data.inventory.namespace[_][version][kind]]

known_to_the_cluster(version, kind) := [found | some found in data.inventory.cluster[version][kind]]

# The elements of a list that are not null; none of anything else.
elems(value) := [element | some element in value; element != null] if is_array(value)

else := []

# The entries of a map whose values are not null; none of anything else.
entries(value) := {key: entry | some key, entry in value; entry != null} if is_object(value)

else := {}

# The length of a string, list or map, nulls not counted; null for anything else.
size(value) := count(value) if is_string(value)

else := count(elems(value)) if {
	is_array(value)
}

else := count(entries(value)) if {
	is_object(value)
}

else := null

# The number n of a string "n%"; null for anything else.
percent(value) := to_number(regex.replace(trim_suffix(value, "%"), "^0+([0-9])", "$1")) if matches(value, "^[0-9]{1,4}%$")

else := null

# An integer, or n hundredths of a total for a string "n%", rounded up or down; null for anything else.
scaled(value, total, up) := value if is_integer(value)

else := floor(((percent(value) * total) + 99) / 100) if {
	matches(value, "^[0-9]{1,4}%$")
	is_total(total)
	up
}

else := floor((percent(value) * total) / 100) if {
	matches(value, "^[0-9]{1,4}%$")
	is_total(total)
}

else := null

is_total(total) if {
	is_integer(total)
	total >= 0
	total <= 2147483647
}

# The port of a URL, named or usual; null for anything else.
url_port(value) := to_number(regex.replace(parts[count(parts) - 1], "^0+([0-9])", "$1")) if {
	matches(value, "^https?://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})(/.*)?$")
	parts := split(split(value, "/")[2], ":")
}

else := 443 if {
	matches(value, "^https://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(/.*)?$")
}

else := 80 if {
	matches(value, "^http://([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+\\])(/.*)?$")
}

else := null

# The whole seconds of a duration in hours, minutes and seconds; null for anything else.
seconds(value) := floor(time.parse_duration_ns(value) / 1000000000) if {
	matches(value, "^([0-9]{1,6}(\\.[0-9]{1,3})?h([0-9]{1,6}(\\.[0-9]{1,3})?m)?([0-9]{1,6}(\\.[0-9]{1,3})?s)?|[0-9]{1,6}(\\.[0-9]{1,3})?m([0-9]{1,6}(\\.[0-9]{1,3})?s)?|[0-9]{1,6}(\\.[0-9]{1,3})?s)$")
}

else := null

# The value of the last occurrence of a flag among arguments; null if there is none.
flag(arguments, name, switch) := found[count(found) - 1] if {
	found := [value |
		some i, argument in arguments
		is_flag(argument, name)
		value := flag_value(argument, array.slice(arguments, i + 1, i + 2), name, switch)
	]
	count(found) > 0
}

else := null

is_flag(argument, name) if argument == name

is_flag(argument, name) if starts_with(argument, concat("", [name, "="]))

flag_value(argument, following, name, switch) := trim_prefix(argument, concat("", [name, "="])) if argument != name

else := "true" if {
	switch
}

else := following[0] if {
	is_string(following[0])
}

else := null

# Whether a number has no fraction and is exact as a double.
is_integer(value) if {
	is_number(value)
	value == floor(value)
	abs(value) <= 9007199254740992
}

# Whether both are booleans, numbers or strings, and equal.
same(left, right) if {
	left == right
	not is_null(left)
	not is_array(left)
	not is_object(left)
}

less_than(left, right) if {
	is_number(left)
	is_number(right)
	left < right
}

at_most(left, right) if {
	is_number(left)
	is_number(right)
	left <= right
}

greater_than(left, right) if {
	is_number(left)
	is_number(right)
	left > right
}

at_least(left, right) if {
	is_number(left)
	is_number(right)
	left >= right
}

starts_with(value, text) if {
	is_string(value)
	is_string(text)
	startswith(value, text)
}

ends_with(value, text) if {
	is_string(value)
	is_string(text)
	endswith(value, text)
}

has_text(value, text) if {
	is_string(value)
	is_string(text)
	contains(value, text)
}

matches(value, pattern) if {
	is_string(value)
	regex.match(pattern, value)
}

# The amount of a Kubernetes quantity, rounded up to nano; null for anything else. Numbers keep their text, so it is exact.
quantity(value) := to_decimal(concat("", [parts[1], amount(split(concat("", [parts[2], "."]), "."), parts[3])])) if {
	grammar := "^([+-]?)([0-9]+\\.?[0-9]*|\\.[0-9]+)(n|u|m|k|M|G|T|P|E|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?$"
	parts := regex.find_all_string_submatch_n(grammar, quantity_text(value), 1)[0]
}

else := null

quantity_text(value) := value if is_string(value)

else := json.marshal(value) if {
	is_number(value)
}

else := ""

# Binary amounts stop at the largest int64. Only shifts are exact beyond 64 bits, products are not.
amount(digits, suffix) := shifted if {
	bits_of := {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
	count(trim_left(digits[0], "0")) < 20
	fraction := regex.replace(trim_right(digits[1], "0"), "^([0-9]{40})[0-9]+$", "${1}1")
	mantissa := to_decimal(concat("", [digits[0], fraction, "0"]))
	shifted := nano(json.marshal(bits.lsh(mantissa, bits_of[suffix])), count(fraction) + 1)
	to_decimal(shifted) < 9223372036854775807
}

else := "9223372036854775807" if {
	endswith(suffix, "i")
}

else := nano(concat("", digits), count(digits[1]) - power(suffix))

power(suffix) := object.get(powers, suffix, 0) if {
	powers := {"n": -9, "u": -6, "m": -3, "k": 3, "M": 6, "G": 9, "T": 12, "P": 15, "E": 18}
	not regex.match("[0-9]", suffix)
}

else := to_decimal(regex.replace(suffix, "^[eE]", ""))

# The decimal number of these digits, so many of them behind the point, rounded up to nano and bounded.
nano(digits, decimals) := "1e300" if count(trim_left(digits, "0")) - decimals > 300

else := concat("", [digits, "e", format_int(0 - decimals, 10)]) if {
	decimals <= 9
}

else := concat("", [rounded_up(concat("", ["0", digits]), max([1, (count(digits) + 10) - decimals])), "e-9"])

# The first digits, so many of them, plus one if the others are not all zeros; there is a zero in front.
rounded_up(digits, kept) := substring(digits, 0, kept) if trim_left(substring(digits, kept, -1), "0") == ""

else := concat("", [substring(low, 0, count(low) - 1), format_int(last + 1, 10), zeros]) if {
	low := trim_right(substring(digits, 0, kept), "9")
	last := to_number(substring(low, count(low) - 1, 1))
	zeros := replace(substring(digits, count(low), kept - count(low)), "9", "0")
}

# The number of a text, which may have a plus sign and leading zeros, unlike numbers in Rego.
to_decimal(text) := to_number(regex.replace(text, "^[+]?(-?)0*([0-9])", "$1$2"))

# How a value reads in a message; empty for what has no text.
text_of(value) := replace(substring(value, 0, 200), "\n", " ") if is_string(value)

else := "true" if {
	value == true
}

else := "false" if {
	value == false
}

else := format_int(value, 10) if {
	is_integer(value)
}

else := sprintf("%v", [value]) if {
	is_number(value)
	abs(value) >= 0.0001
	abs(value) < 1000000
}

else := ""
