#!/usr/bin/env python3
"""Seeds faults into the fast path, one at a time, and has tests/match/agree find each.

    tests/match/faults.py BUILD [WORD...]

BUILD is a configured folder in which `make check` has built tests/match/agree. Each fault is an
edit of one file of lib/match, lib/image or lib/compile, made in a copy; the object takes the place
of the library's own. An edited header is seen by the one object that HEADERS names. With words only the faults whose names hold one of them. The exit status is 1 if a
fault was not found within 10^6 comparisons, or if an edit has nothing to be applied to any more:
then the table below is to be brought up to date.
"""
import concurrent.futures
import glob
import os
import re
import subprocess
import sys
import tempfile

MATCH, COMPILE = "lib/match/", "lib/compile/"

HEADERS = {
    MATCH + "request.h": MATCH + "predicate.c",
    "lib/image/segments.h": MATCH + "candidate.c",
}

# Name, file, then pairs of a text that stands in the file once and what takes its place. A text
# that stands there more often is followed by "@" and which of them it is, from 1.
FAULTS = [
    ("gRPC without a method", MATCH + "candidate.c",
     "lookup->service.len != 0 && lookup->grpc_method.len != 0;", "lookup->service.len != 0;"),
    ("gRPC by any HTTP method", MATCH + "candidate.c",
     'if (gwapi__str_eq(lookup->method, GWAPI__STR("POST")))', "if (true)"),
    ("gRPC: an absent part holds for nothing", MATCH + "candidate.c",
     "if (expected.offset == GWAPI__IMAGE_NONE)\n        return GWAPI__REGEX_MATCH;",
     "if (expected.offset == GWAPI__IMAGE_NONE)\n        return GWAPI__REGEX_MISS;"),
    ("gRPC: the method is not looked at", MATCH + "candidate.c",
     "return answer != GWAPI__REGEX_MATCH\n               ? answer",
     "return true\n               ? answer"),
    ("a later list takes what is worse", MATCH + "candidate.c", "if (index >= *match)",
     "if (false)"),
    ("whole paths are looked for at the wrong depth", MATCH + "candidate.c",
     "gwapi__index_depth(lookup->segments.depth)) != 0",
     "gwapi__index_depth(lookup->segments.depth)) == 0"),
    ("the shortest prefix first", MATCH + "candidate.c", "uint32_t depth = gwapi__highest_bit(depths);@2",
     "uint32_t depth = gwapi__lowest_bit(depths);"),
    ("the whole path is no prefix of itself", MATCH + "candidate.c", "(UINT32_C(2) << depth) - 1",
     "(UINT32_C(1) << depth) - 1"),
    ("patterns without a beginning are forgotten", MATCH + "candidate.c",
     "first_of(lookup, list_of(lookup->snapshot, lists->patterns), path_pattern, match)",
     "answer"),
    ("deep prefixes end within a segment", MATCH + "candidate.c",
     "(lookup->path.len == prefix.len || lookup->path.data[prefix.len] == '/')", "true"),
    ("a dot before a host makes a wildcard of it", MATCH + "host.c", "if (text.data[0] != '.')",
     "if (true)"),
    ("the widest wildcard wins", MATCH + "host.c", "i < host.len && found == NULL; i++)",
     "i < host.len; i++)"),
    ("routes without hostname are forgotten", MATCH + "host.c",
     "name != NULL ? name->host : door->any_host", "name != NULL ? name->host : GWAPI__IMAGE_NONE"),
    ("server names are not found under wildcards", MATCH + "host.c",
     "while (listener == GWAPI_NONE && gwapi__host_walk_next", "if (gwapi__host_walk_next"),
    ("a dot at the end of a host counts", MATCH + "request.c",
     "out->text[out->len - 1] == '.'", "out->text[out->len - 1] == '!'"),
    ("long hosts are case-sensitive", MATCH + "request.c",
     "word = gwapi__lower_word(gwapi__word_at(p));", "word = gwapi__word_at(p);"),
    ("the end of hosts is case-sensitive", MATCH + "request.c",
     "word = gwapi__lower_word(gwapi__index_tail(p + left, left, name.len));",
     "word = gwapi__index_tail(p + left, left, name.len);"),
    ("the port of a host counts", MATCH + "request.c",
     "received.len = (size_t)(colon - received.data);", "(void)colon;"),
    ("only the first of repeated headers", MATCH + "request.h",
     "walk->alike &= walk->alike - 1;", "walk->alike = 0;"),
    ("header names are told by length", MATCH + "request.h",
     "if (gwapi__header_is_named(header->name.data, walk->name))", "if (true)"),
    ("long header names are told by their end", MATCH + "request.h",
     "for (; at + 8 < name.len; at += 8)", "for (; false;)"),
    ("short header names are case-sensitive", MATCH + "request.h",
     "gwapi__lower_word(gwapi__rest_at(received, name.len))", "gwapi__rest_at(received, name.len)"),
    ("a segment ends within the first sixteen bytes", "lib/image/segments.h",
     "at + 16 <= size; at += 16)", "at < 16; at += 16)"),
    ("the end of a path is not looked at", "lib/image/segments.h", "if (at < size)", "if (false)"),
    ("more than four segments are forgotten", "lib/image/segments.h",
     "out->end[i] = gwapi__lowest_bit(ends);", "out->end[i] = out->end[i - 1];"),
    ("cookies are joined with commas", MATCH + "predicate.c", 'GWAPI__STR("; ")', 'GWAPI__STR(",")'),
    ("blanks around values count", MATCH + "predicate.c",
     "value = gwapi__str_trim(value);", ""),
    ("the beginning of a value is enough", MATCH + "predicate.c",
     "return expected.len == 0 ? GWAPI__REGEX_MATCH : GWAPI__REGEX_MISS;",
     "return GWAPI__REGEX_MATCH;"),
    ("an absent header holds", MATCH + "predicate.c",
     "if (!gwapi__header_walk_next(&walk, &value))\n        return GWAPI__REGEX_MISS;",
     "if (!gwapi__header_walk_next(&walk, &value))\n        return GWAPI__REGEX_MATCH;"),
    ("patterns of headers see the first value", MATCH + "predicate.c",
     "return gwapi__lookup_regex(lookup, regex, gwapi__str(lookup->text, used));\n}\n\n/* The Host",
     "return gwapi__lookup_regex(lookup, regex, value);\n}\n\n/* The Host"),
    ("escapes are two bytes", MATCH + "predicate.c", "step = 3;", "step = 2;"),
    ("names of parameters are not decoded", MATCH + "predicate.c",
     "if (decoded_equal(key, name))", "if (gwapi__str_eq(key, name))"),
    ("an absent parameter holds", MATCH + "predicate.c",
     "&value))\n        return GWAPI__REGEX_MISS;\n    if (condition->regex == GWAPI__IMAGE_NONE)",
     "&value))\n        return GWAPI__REGEX_MATCH;\n    if (condition->regex == GWAPI__IMAGE_NONE)"),
    ("the beginning of a parameter is enough", MATCH + "predicate.c", "return encoded.len == 0;",
     "return true;"),
    ("only the first condition", MATCH + "predicate.c", "i < match->conditions.count; i++)",
     "i < (match->conditions.count != 0); i++)"),
    ("HTTP methods are not looked at", MATCH + "predicate.c",
     "if (match->method.offset != GWAPI__IMAGE_NONE)", "if (false)"),
    ("an unknown address is every Gateway's", MATCH + "find.c",
     "key = (scope_key){GWAPI__SCOPE_ADDRESS, {NULL, 0}, arrival->address};", "(void)0;"),
    ("producer routes come first", MATCH + "find.c", "client.len != 0 ? search", "false ? search"),
    ("Service ports of the wrong transport", MATCH + "accept.c", "== udp)", "!= udp)"),
    ("TLSRoutes take bytes of any kind", MATCH + "accept.c",
     "return transport == GWAPI_TRANSPORT_TLS;", "return transport != GWAPI_TRANSPORT_UDP;"),
    ("the server name is not looked at", MATCH + "accept.c",
     "c->transport == GWAPI_TRANSPORT_TLS ? arrival->sni", "false ? arrival->sni"),
    ("TLSRoutes have no wildcards", MATCH + "accept.c", "while (gwapi__host_walk_next(&walk, &name))",
     "if (gwapi__host_walk_next(&walk, &name))"),
    ("no 421", MATCH + "match.c", "if (wanted == d->listener)", "if (true)"),
    ("no fall-through to wider hostnames", MATCH + "match.c", "routes = host->next;",
     "routes = GWAPI__IMAGE_NONE;"),
    ("every rule forwards", MATCH + "match.c",
     "if ((match->flags_index & GWAPI__MATCH_FORWARDS) != 0)", "if (true)"),
    ("weights of 0 get a share", MATCH + "backend.c", "if (sum > share)", "if (sum >= share)"),
    ("one mirror too many", MATCH + "backend.c", "return scale(m, denominator) < numerator;",
     "return scale(m, denominator) <= numerator;"),
    ("backends without weight count as such", MATCH + "decision.c",
     "if (b->weight == 0)\n            continue;", ";"),
    ("the wrong gRPC status", MATCH + "decision.c", "status == 404 ? 12 : 14", "14"),
    ("a filter that cannot be used is skipped", MATCH + "decision.c", "if (f->invalid != 0) {",
     "if (false) {"),
    ("redirects keep the listener's port", MATCH + "redirect.c",
     "redirect->scheme != GWAPI__SCHEME_REQUEST ? well_known",
     "redirect->scheme != GWAPI__SCHEME_REQUEST ? decision->port"),
    ("redirects show every port", MATCH + "redirect.c", "if (port != well_known)", "if (true)"),
    ("a replacement keeps its slash", MATCH + "rewrite.c",
     "replacement.len--;", ";"),
    ("a replaced prefix may leave nothing", MATCH + "rewrite.c",
     "if (out->length == start)", "if (false)"),
    ("an addition after a removal is one", MATCH + "headers.c",
     "if (op->action == GWAPI_HEADER_ADD && f.removed_before)", "if (false)"),
    ("a later set changes nothing", MATCH + "headers.c", "if (f.reset_later || (", "if ((" ),
    ("headers before method", COMPILE + "predicates.c",
     "m->key[2] = spec->method.len == 0;", "m->key[3] = spec->method.len == 0;",
     "m->key[3] = ~count_of(spec->headers, spec->header_count, true);\n    m->key[4]",
     "m->key[2] = ~count_of(spec->headers, spec->header_count, true);\n    m->key[4]"),
    ("parameters before headers", COMPILE + "predicates.c",
     "m->key[3] = ~count_of(spec->headers, spec->header_count, true);\n    m->key[4] = ~count_of(spec->query,",
     "m->key[4] = ~count_of(spec->headers, spec->header_count, true);\n    m->key[3] = ~count_of(spec->query,"),
    ("equivalent header names count twice", COMPILE + "predicates.c",
     "if (headers ? gwapi__str_eq_nocase(list[k].name, list[i].name)",
     "if (headers ? gwapi__str_eq(list[k].name, list[i].name)"),
    ("short paths first", COMPILE + "predicates.c", "0 : ~characters(spec->path)",
     "0 : characters(spec->path)"),
    ("patterns before whole paths", COMPILE + "predicates.c",
     "return GWAPI__PRECEDENCE_EXACT;", "return GWAPI__PRECEDENCE_PATTERN;",
     "case GWAPI__MATCH_REGEX:\n        return GWAPI__PRECEDENCE_PATTERN;",
     "case GWAPI__MATCH_REGEX:\n        return GWAPI__PRECEDENCE_EXACT;"),
    ("gRPC: method before service", COMPILE + "predicates.c",
     "m->key[1] = characters(spec->grpc->service);", "m->key[2] = characters(spec->grpc->service);",
     "m->key[2] = characters(spec->grpc->method);", "m->key[1] = characters(spec->grpc->method);"),
    ("namespace, then name", COMPILE + "order.c",
     "order = gwapi__order_joined(&a->meta, &b->meta);",
     "order = gwapi__order_parts(&a->meta, &b->meta);"),
    ("the newest first", COMPILE + "order.c", "return (a > b) - (a < b);",
     "return (a < b) - (a > b);"),
    ("a slash at the end of a prefix counts", COMPILE + "found.c", "path.len--;", ";"),
    ("gRPC services of every method are forgotten", COMPILE + "candidates.c",
     "? GWAPI__HOST_GRPC_SERVICE :", "? 0u :"),
    ("names of routes tell nothing", COMPILE + "names.c",
     "return own.listener != wider.listener || own.host != wider.host;",
     "return own.listener != wider.listener;"),
    ("the newer Gateway's listener", COMPILE + "doors.c",
     "order_numbers(x->gateway_rank, y->gateway_rank);",
     "order_numbers(y->gateway_rank, x->gateway_rank);"),
    ("no Gateway is told apart by address", COMPILE + "doors.c",
     "if (g->addresses[k].value.data != NULL &&", "if (k != 0 &&"),
    ("producer routes are consumers'", COMPILE + "mesh.c",
     'gwapi__str_eq(client, meta.namespace_) ? GWAPI__STR("") : client', "client"),
    ("explanations: the farthest miss", MATCH + "explain.c", "return a->failed < b->failed;",
     "return a->failed > b->failed;"),
    ("explanations: candidates in any order", MATCH + "explain.c",
     "a->step < b->step : a->entry < b->entry;", "a->step < b->step : a->entry > b->entry;"),
    ("explanations: a condition is forgotten", MATCH + "explain.c",
     "i < match->conditions.count; i++)\n        check_condition", "i + 1 < match->conditions.count; i++)\n        check_condition"),
]

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def edited(fault):
    """The text of the file with the fault in it; None if an edit does not fit."""
    with open(os.path.join(ROOT, fault[1])) as f:
        text = f.read()
    for old, new in zip(fault[2::2], fault[3::2]):
        which = re.fullmatch(r"(.*)@(\d)", old, re.S)
        old, nth = (which.group(1), int(which.group(2))) if which else (old, 0)
        count = text.count(old)
        if count == 0 or (count > 1 and nth == 0) or nth > count:
            return None
        at = -1
        for _ in range(max(nth, 1)):
            at = text.index(old, at + 1)
        text = text[:at] + new + text[at + len(old):]
    return text


def variables(build):
    with open(os.path.join(build, "Makefile")) as f:
        text = f.read()
    return lambda name: re.search(r"^%s = (.*)$" % name, text, re.M).group(1).split()


def try_fault(build, folder, fault):
    get = variables(build)
    text = edited(fault)
    if text is None:
        return "does not apply"
    number = FAULTS.index(fault)
    source = os.path.join(folder, "%d.c" % number)
    headers = os.path.join(folder, "%d.include" % number)
    if fault[1] in HEADERS:
        header = os.path.join(headers, os.path.relpath(fault[1], "lib"))
        os.makedirs(os.path.dirname(header))
        with open(header, "w") as f:
            f.write(text)
        with open(os.path.join(ROOT, HEADERS[fault[1]])) as f:
            text = f.read()
    with open(source, "w") as f:
        f.write(text)
    compiled = subprocess.run(
        get("CC") + ["-w", "-O1", "-DHAVE_CONFIG_H", "-I" + headers, "-I" + build, "-I" + ROOT + "/include",
         "-I" + build + "/include", "-I" + ROOT + "/lib", source]
        + sorted(glob.glob(build + "/tests/match/agree-*.o"))
        + [build + "/.libs/libgwapi.a"] + get("YAML_LIBS") + get("JANSSON_LIBS")
        + get("PCRE2_LIBS") + ["-lm", "-o", source[:-2]], capture_output=True, text=True)
    if compiled.returncode != 0:
        return "does not compile: " + compiled.stderr[-400:]
    try:
        run = subprocess.run([source[:-2], "--tables", "1000", "--requests", "1000"],
                             capture_output=True, errors="replace", timeout=3600)
    except subprocess.TimeoutExpired:
        return "does not end"
    os.remove(source[:-2])
    if run.returncode == 0:
        return "was not found"
    if run.returncode != 1:
        return "ended with status %d: %s" % (run.returncode, run.stderr[-200:])
    return int(re.search(r"^(\d+) comparisons", run.stdout, re.M).group(1))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    build, words = os.path.abspath(sys.argv[1]), sys.argv[2:]
    faults = [f for f in FAULTS if not words or any(w in f[0] for w in words)]
    failed = 0
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(1) as pool:
        results = pool.map(lambda f: try_fault(build, folder, f), faults)
        for fault, result in zip(faults, results):
            found = isinstance(result, int)
            failed += not found
            print("%-50s %s" % (fault[0], "found by comparison %d" % result if found else
                                "*** " + str(result)), flush=True)
    print("%d faults, %d found" % (len(faults), len(faults) - failed))
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
