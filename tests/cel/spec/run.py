#!/usr/bin/env python3
"""Holds tests/cel/celrun to the conformance suite of cel-spec.

usage: run.py [-v] CELRUN FOLDER     (FOLDER: cel-spec's tests/simple/testdata)
       run.py                        (both from the environment, as make check does: skips,
                                      exit status 77, without GWAPI_CEL_SPEC)
"""
import collections
import json
import os
import re
import subprocess
import sys

# Files of extensions that Kubernetes does not load, or about messages throughout.
SKIPPED_FILES = {
    "bindings_ext": "extension bindings is not in Kubernetes",
    "block_ext": "extension block is not in Kubernetes",
    "encoders_ext": "extension encoders is not in Kubernetes",
    "math_ext": "extension math is not in Kubernetes",
    "proto2_ext": "extension proto is not in Kubernetes",
    "enums": "protobuf messages",
    "proto2": "protobuf messages",
    "proto3": "protobuf messages",
    "wrappers": "protobuf messages",
}

# Where cel-go 0.26 as Kubernetes sets it up differs from the suite; by file/section/test.
OLD_FORMAT = "format() of Kubernetes has the older formatting"
SERVER_DIFFERS = [(re.compile(pattern + r"\Z"), reason) for pattern, reason in [
    (r"fields/quoted_map_fields/.*", "names in backticks are not enabled in Kubernetes"),
    (r"fields/qualified_identifier_resolution/map_value_repeat_key",
     "cel-go takes the last of equal keys"),
    (r"fields/map_fields/map_bad_key_type_(or_true|and_false)",
     "cel-go refuses a constant key of a wrong type when it plans"),
    (r"namespace/namespace_shadowing/comprehension_shadowing"
     r"(_disambiguation|_nesting|(_namespaced)?(_selector)?(_parse_only)?)",
     "cel-go 0.26 looks names up from the container before variables of macros"),
    (r"network_ext/ipv4/ipv4_(not_)?equals_ipv6",
     "Kubernetes refuses IPv4 addresses within IPv6"),
    (r"optionals/optionals/map_(null_entry_no_such_key|present_key_invalid_field)",
     "cel-go takes a selection from what is no map as absent"),
    (r"string_ext/format/.*scientific notation.*", OLD_FORMAT),
    (r"string_ext/format/default precision for fixed-point clause with u?int", OLD_FORMAT),
    (r"string_ext/format/(NaN|positive infinity|negative infinity) support for decimal",
     OLD_FORMAT),
    (r"string_ext/format/(positive|negative) infinity support for fixed-point", OLD_FORMAT),
    (r"string_ext/format/(list support for string|map support for string"
     r"|map support \(all key types\)|dyntype NaN/infinity support"
     r"|dyntype support for (lists|maps))", OLD_FORMAT),
    (r"string_ext/value_errors/(last)?indexof_out_of_range",
     "cel-go finds nothing behind the end of a text"),
    (r"string_ext/reverse/.*", "reverse() of texts is not in Kubernetes"),
]]

# What an answer says that leaves a test without a verdict.
BEYOND = [
    ("as the first, found", "literals of mixed types are refused by Kubernetes"),
    ("unknown time zone", "time zones by name are not supported"),
]

MESSAGES = re.compile(
    r"TestAllTypes|NestedTestAllTypes|GlobalEnum|TestRequired|cel\.expr\.conformance"
    r"|google\.protobuf\.(?!Duration\b|Timestamp\b)|\bAny\b *\{|Value *\{")


class Skip(Exception):
    pass


# ---- text format of protocol buffers --------------------------------------------------------

TOKEN = re.compile(r"""
    (?:\s|\#[^\n]*)*
    (?: (?P<string>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      | (?P<word>[-+]?[A-Za-z0-9_.][-+A-Za-z0-9_./]*)
      | (?P<mark>[-{}<>\[\]:;,/]) | $ )""", re.VERBOSE)
ESCAPE = re.compile(r"\\(?:([0-7]{1,3})|[xX]([0-9a-fA-F]{1,2})|u([0-9a-fA-F]{4})"
                    r"|U([0-9a-fA-F]{8})|(.))")
LETTERS = {"a": 7, "b": 8, "f": 12, "n": 10, "r": 13, "t": 9, "v": 11}


def unescape(text):
    out, last = bytearray(), 0
    for m in ESCAPE.finditer(text):
        out += text[last:m.start()].encode()
        last = m.end()
        octal, hexa, short, long, letter = m.groups()
        if octal or hexa:
            out.append(int(octal, 8) & 255 if octal else int(hexa, 16))
        elif short or long:
            out += chr(int(short or long, 16)).encode()
        else:
            out += bytes([LETTERS[letter]]) if letter in LETTERS else letter.encode()
    return bytes(out + text[last:].encode())


def tokens(text):
    at = 0
    while at < len(text):
        m = TOKEN.match(text, at)
        if not m:
            raise ValueError("can not read " + repr(text[at:at + 40]))
        at = m.end()
        if m.lastgroup:
            yield m.lastgroup, m.group(m.lastgroup)
        elif at < len(text):
            break


class Reader:
    """A message becomes a dict of lists by field; strings are bytes, other scalars str."""

    def __init__(self, text):
        self.tokens, self.at = list(tokens(text)), 0

    def peek(self):
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self, mark=None):
        kind, text = self.peek()
        if mark is not None and text != mark:
            raise ValueError("%r instead of %r" % (text, mark))
        self.at += 1
        return kind, text

    def skip(self, *marks):
        if self.peek()[0] == "mark" and self.peek()[1] in marks:
            self.at += 1
            return True
        return False

    def name(self):
        if not self.skip("["):
            return self.take()[1]
        name = ""
        while not self.skip("]"):
            name += self.take()[1]
        return name

    def message(self):
        fields = collections.defaultdict(list)
        while self.peek()[0] != "end" and self.peek()[1] not in ("}", ">"):
            name = self.name()
            self.skip(":")
            if self.skip("["):
                while not self.skip("]"):
                    fields[name].append(self.value())
                    self.skip(",")
            else:
                fields[name].append(self.value())
            self.skip(",", ";")
        return fields

    def value(self):
        if self.skip("{", "<"):
            inner = self.message()
            self.take()
            return inner
        kind, text = self.take()
        if kind != "string":
            return text + self.take()[1] if text == "-" else text
        out = unescape(text[1:-1])
        while self.peek()[0] == "string":
            out += unescape(self.take()[1][1:-1])
        return out


def only(message, field, default=None):
    return message[field][0] if field in message else default


# ---- values and types, as celrun writes them ------------------------------------------------

def double_text(text):
    number = float(text)
    if number != number or number in (float("inf"), float("-inf")):
        return "NaN" if number != number else "+Inf" if number > 0 else "-Inf"
    sign, digits, exponent = re.fullmatch(
        r"(-?)(\d(?:\.\d+)?)e([-+]\d+)", shortest(number)).groups()
    exponent = int(exponent)
    if exponent < -4 or exponent >= 6:
        return "%s%se%s%02d" % (sign, digits, "-" if exponent < 0 else "+", abs(exponent))
    digits = digits.replace(".", "")
    if exponent < 0:
        return sign + "0." + "0" * (-exponent - 1) + digits
    digits = digits.ljust(exponent + 1, "0")
    return sign + digits[:exponent + 1] + "." + (digits[exponent + 1:] or "0")


def shortest(number):
    for precision in range(17):
        text = "%.*e" % (precision, number)
        if float(text) == number:
            return text
    return text


def quoted(text):
    out = json.dumps(text, ensure_ascii=False)
    for c in "<>&\u2028\u2029":
        out = out.replace(c, "\\u%04x" % ord(c))
    return out


def object_value(message):
    (name, (inner,)), = message.items()
    name = name.rsplit("/", 1)[-1]
    seconds, nanos = int(only(inner, "seconds", 0)), int(only(inner, "nanos", 0))
    if name == "google.protobuf.Duration":
        return "duration(%d)" % (seconds * 10**9 + nanos)
    if name == "google.protobuf.Timestamp":
        import datetime
        when = datetime.datetime(1970, 1, 1) + datetime.timedelta(seconds=seconds)
        fraction = (".%09d" % nanos).rstrip("0") if nanos else ""
        return "timestamp(%04d%s%sZ)" % (when.year, when.strftime("-%m-%dT%H:%M:%S"), fraction)
    raise Skip("protobuf messages")


def value_text(value):
    (kind, (v,)), = value.items()
    if kind == "null_value":
        return "null"
    if kind in ("bool_value", "int64_value", "uint64_value"):
        return str(int(v, 0)) + "u" * (kind[0] == "u") if kind[0] != "b" else v
    if kind == "double_value":
        return double_text(v)
    if kind == "string_value":
        return quoted(v.decode())
    if kind == "bytes_value":
        return "b" + v.hex()
    if kind == "type_value":
        return "type(%s)" % v.decode()
    if kind == "list_value":
        return "[%s]" % ", ".join(map(value_text, v["values"]))
    if kind == "map_value":
        return "{%s}" % ", ".join(sorted(value_text(only(e, "key")) + ": " +
                                         value_text(only(e, "value")) for e in v["entries"]))
    if kind == "object_value":
        return object_value(v)
    raise Skip("protobuf messages")


def value_expr(value):
    """The value as an expression."""
    (kind, (v,)), = value.items()
    if kind in ("null_value", "bool_value", "int64_value", "uint64_value", "string_value"):
        return value_text(value)
    if kind == "double_value":
        return "double(%s)" % json.dumps(v)
    if kind == "bytes_value":
        return "b'%s'" % "".join("\\x%02x" % b for b in v)
    if kind == "list_value":
        return "[%s]" % ", ".join("dyn(%s)" % value_expr(x) for x in v["values"])
    if kind == "map_value":
        return "{%s}" % ", ".join("dyn(%s): dyn(%s)" % (value_expr(only(e, "key")),
                                                        value_expr(only(e, "value")))
                                  for e in v["entries"])
    raise Skip("variables of other types")


PRIMITIVES = {"BOOL": ("bool", "false"), "INT64": ("int", "0"), "UINT64": ("uint", "0u"),
              "DOUBLE": ("double", "0.0"), "STRING": ("string", "''"), "BYTES": ("bytes", "b''")}
KNOWN = {"DURATION": ("google.protobuf.Duration", "duration('0s')"),
         "TIMESTAMP": ("google.protobuf.Timestamp", "timestamp(0)"), "ANY": ("dyn", "dyn(0)")}


def type_of(message):
    """Its text, and an expression of that type."""
    (kind, (t,)), = message.items()
    if kind == "primitive":
        return PRIMITIVES[t]
    if kind == "null":
        return "null_type", "null"
    if kind == "dyn":
        return "dyn", "dyn(0)"
    if kind == "well_known":
        return KNOWN[t]
    if kind == "list_type":
        text, expr = type_of(only(t, "elem_type"))
        return "list(%s)" % text, "[%s].filter(x, false)" % expr
    if kind == "map_type":
        key, value = type_of(only(t, "key_type")), type_of(only(t, "value_type"))
        return "map(%s, %s)" % (key[0], value[0]), "{%s: %s}" % (key[1], value[1])
    if kind == "type":
        if not t:
            return "type", "type(dyn(0))"
        text, expr = type_of(t)
        return "type(%s)" % text, "type(%s)" % expr
    if kind == "abstract_type" and only(t, "name") == b"optional_type":
        text, expr = type_of(only(t, "parameter_types"))
        return "optional_type(%s)" % text, "optional.of(%s)" % expr
    if kind in ("wrapper", "message_type"):
        raise Skip("protobuf messages")
    raise Skip("variables of other types")


# ---- tests ----------------------------------------------------------------------------------

def variables_of(test):
    types, out = {}, []
    for declaration in test["type_env"]:
        if "function" in declaration:
            raise Skip("functions of the test's own")
        types[only(declaration, "name").decode()] = type_of(
            only(only(declaration, "ident"), "type"))
    values = {}
    for binding in test["bindings"]:
        value = only(only(binding, "value"), "value")
        if value is None:
            raise Skip("variables of other types")
        values[only(binding, "key").decode()] = value
    for name in dict.fromkeys([*types, *values]):
        text, expr = types.get(name, ("dyn", None))
        if name in values:
            expr = value_expr(values[name])
            if text == "dyn":
                expr = "dyn(%s)" % expr
        out.append({"name": name, "value": expr})
    return out


def request(test):
    """What celrun is asked, and what it should answer: (kind, text, type)."""
    expr = only(test, "expr").decode()
    if MESSAGES.search(expr) or MESSAGES.search(only(test, "container", b"").decode() + "{"):
        raise Skip("protobuf messages")
    if re.search(r"\bmath\.|\bbase64\.|\bcel\.(bind|block)|\bproto\.", expr):
        raise Skip("extensions that are not in Kubernetes")
    if "disable_macros" in test:
        raise Skip("macros can not be disabled")
    if "unknown" in test or "any_unknowns" in test:
        raise Skip("unknown values")
    asked = {"e": expr, "variables": variables_of(test)}
    if "container" in test:
        asked["container"] = only(test, "container").decode()
    if "eval_error" in test or "any_eval_errors" in test:
        return asked, ("error", None, None)
    if "typed_result" in test:
        typed = only(test, "typed_result")
        text = value_text(only(typed, "result")) if "result" in typed else None
        return asked, ("value", None if "check_only" in test else text,
                       type_of(only(typed, "deduced_type"))[0])
    return asked, ("value", value_text(only(test, "value")) if "value" in test else "true", None)


def verdict(test, expected, answer):
    kind, text, type_ = expected
    said = " ".join(answer.get("issues", [answer.get("error", "")]))
    for words, reason in BEYOND:
        if words in said:
            raise Skip(reason)
    if kind == "error":
        # There is always a check here, and what is wrong with constants is said by it, as the
        # server does.
        return "error" in answer or ("issues" in answer and (
            "disable_check" in test or "no valid argument" in said
            or "nothing can be found" in said))
    if "issues" in answer and "disable_check" in test:
        raise Skip("evaluation of what does not check")
    if type_ is not None and answer.get("type") != type_:
        return False
    return "issues" not in answer and (text is None or answer.get("value") == text)


def load(folder):
    """Every test of the suite with its file and name."""
    for name in sorted(os.listdir(folder)):
        if name.endswith(".textproto"):
            with open(os.path.join(folder, name), encoding="utf-8") as f:
                suite = Reader(f.read()).message()
            for section in suite["section"]:
                for test in section["test"]:
                    yield name[:-len(".textproto")], "%s/%s" % (
                        only(section, "name").decode(), only(test, "name").decode()), test


def choose(folder, count):
    """The tests to run; counts what is skipped."""
    for file, name, test in load(folder):
        reason = SKIPPED_FILES.get(file) or next(
            (r for pattern, r in SERVER_DIFFERS if pattern.match(file + "/" + name)), None)
        try:
            if reason:
                raise Skip(reason)
            asked, expected = request(test)
            yield file, name, test, asked, expected
        except Skip as skip:
            count[file]["skipped"] += 1
            count["skip: " + str(skip)]["skipped"] += 1


def judge(count, chosen, answers, verbose):
    failed = 0
    for (file, name, test, asked, expected), answer in zip(chosen, answers):
        try:
            passed = verdict(test, expected, answer)
            count[file]["passed" if passed else "failed"] += 1
            failed += not passed
            if not passed:
                print("FAIL %s %s: %s\n  is  %s\n  not %s" % (
                    file, name, json.dumps(asked, ensure_ascii=False),
                    json.dumps(answer, ensure_ascii=False), expected))
            elif verbose:
                print("ok   %s %s" % (file, name))
        except Skip as skip:
            count[file]["skipped"] += 1
            count["skip: " + str(skip)]["skipped"] += 1
    return failed


def main(arguments):
    verbose = "-v" in arguments
    arguments = [a for a in arguments if a != "-v"]
    folder = arguments[1] if len(arguments) > 1 else os.environ.get("GWAPI_CEL_SPEC")
    celrun = arguments[0] if arguments else os.path.join(
        os.environ.get("top_builddir", "."), "tests/cel/celrun")
    if not folder:
        print("GWAPI_CEL_SPEC does not name the folder of the suite")
        return 77
    count = collections.defaultdict(collections.Counter)
    chosen = list(choose(folder, count))
    lines = "".join(json.dumps(c[3]) + "\n" for c in chosen)
    out = subprocess.run([celrun], input=lines.encode(), stdout=subprocess.PIPE, check=True).stdout
    answers = [json.loads(line) for line in out.decode().split("\n") if line]
    if len(answers) != len(chosen):
        raise SystemExit("%d answers to %d expressions" % (len(answers), len(chosen)))
    failed = judge(count, chosen, answers, verbose)
    for title in sorted(count, key=lambda t: (t.startswith("skip"), t)):
        print("%-60s passed %4d  failed %3d  skipped %4d" % (
            title, count[title]["passed"], count[title]["failed"], count[title]["skipped"]))
    passed = sum(c["passed"] for c in count.values())
    skipped = sum(c["skipped"] for t, c in count.items() if not t.startswith("skip"))
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
