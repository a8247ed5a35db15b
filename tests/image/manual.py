#!/usr/bin/env python3
"""Compares gatewayapi-image(5) with the format as the library has it.

    tests/image/manual.py SOURCES

The manual's headings and items name every section and every word of its records; they have to be
those of lib/image/layout.h, refer to what lib/image/fields.c says, and tell its format and its
constants. The exit status is 1 after a difference.
"""
import os
import re
import sys

differences = []


def differ(where, manual, library):
    if manual == library:
        return
    if isinstance(manual, dict):
        manual, library = sorted(manual.items()), sorted(library.items())
    if isinstance(manual, list) and set(manual) != set(library):
        manual, library = ([entry for entry in mine if entry not in others]
                           for mine, others in ((manual, library), (library, manual)))
    differences.append(f"{where}: the manual has {manual!r}, the library {library!r}")


def read(top, name):
    with open(f"{top}/{name}", encoding="utf-8") as file:
        return file.read()


def without_comments(text):
    return re.sub(r"//[^\n]*", " ", re.sub(r"/\*.*?\*/", " ", text, flags=re.S))


# ---- what the library says ----------------------------------------------------------------

def number(expression, constants):
    """A sum of constants and literals."""
    total = 0
    for term in expression.split("+"):
        term = term.strip()
        total += constants[term] if term in constants else int(term.rstrip("uU"), 0)
    return total


def constants_of(text):
    """Enumerators, and macros that are numbers."""
    found = {"UINT32_MAX": 0xFFFFFFFF}
    for name, value in re.findall(r"^#define (GWAPI_\w+) +(\w+) *$", text, flags=re.M):
        if value in found or value[0].isdigit():
            found[name] = number(value, found)
    for body in re.findall(r"enum(?: \w+)? \{([^}#]*)\}", text):
        last = -1
        for entry in filter(None, (e.strip() for e in body.split(","))):
            name, _, value = (part.strip() for part in entry.partition("="))
            last = number(value, found) if value else last + 1
            found[name] = last
    return found


def sections_of(text):
    """Name: (id, required, record)."""
    table = text[text.index("#define GWAPI__IMAGE_SECTION_TABLE"):]
    table = table[:table.index("enum {")]
    return {name: (int(number_), flags == "1", record) for name, number_, flags, record in
            re.findall(r"X\((\w+), (\d+), (\d), (\w+)\)", table)}


def records_of(text):
    """Name: [(field, words)]."""
    words = {"uint32_t": 1, "gwapi__image_text": 1, "gwapi__image_range": 2}
    found = {"word": [("word", 1)], "byte": []}
    for body, name in re.findall(r"typedef struct gwapi__image_\w+ \{([^}]*)\} gwapi__image_(\w+);",
                                 text):
        found[name] = []
        for kind, field, many in re.findall(r"(\w+) (\w+)(?:\[(\d)\])?;", body):
            if kind == "char":
                found[name].append((field, int(many) // 4))
            else:
                found[name].append((field.rstrip("_"), words[kind] * int(many or 1)))
    return found


def references_of(text, constants):
    """(section, field): how the manual puts it."""
    found = {}
    for kind, section, _, field in re.findall(
            r"^    (TEXT|OPTIONAL_TEXT)\((\w+), (\w+), (\w+)\),", text, flags=re.M):
        found[section, field.rstrip("_")] = "text" if kind == "TEXT" else "text or NONE"
    shapes = {"INDEX": "index of {}", "OPTIONAL_INDEX": "index of {} or NONE",
              "RANGE": "range of {}"}
    for kind, section, _, field, of in re.findall(
            r"^    (INDEX|OPTIONAL_INDEX|RANGE)\((\w+), (\w+), (\w+), (\w+)\),", text, flags=re.M):
        found[section, field] = shapes[kind].format(of)
    for section, of in re.findall(r"^    WORD\((\w+), (\w+)\),", text, flags=re.M):
        found[section, "word"] = f"index of {of}"
    for section, field, below in re.findall(r"^    BELOW\((\w+), \w+, (\w+), ([^)]*)\),", text,
                                            flags=re.M):
        found[section, field] = f"number below {number(below, constants)}"
    for section, field in re.findall(
            r"\{GWAPI__SECTION_(\w+), WORD_OF\(\w+, (\w+)\), GWAPI__FIELD_PATH, 0\}", text):
        found[section, field] = "path"
    return found


# ---- what the manual says -----------------------------------------------------------------

def headings_of(text):
    """Heading: its items, (field, kind)."""
    found, items = {}, None
    for line in text.split("\n"):
        if line.startswith(".Ss "):
            items = found.setdefault(line[4:], [])
        elif line.startswith(".Sh "):
            items = []
        item = re.match(r"\.It Li (\w+) : No (.*)$", line)
        if item:
            items.append(item.groups())
    return found


FREE = {"number": 1, "flags": 1, "place": 1, "item": 1, "path": 1, "64-bit number": 2,
        "8 bytes": 2, "index of an earlier HOST or NONE": 1}


def words_of(kind):
    return 2 if kind.startswith("range") else FREE.get(kind, 1)


def compare_items(where, items, fields, section, references):
    differ(where, [(field, words_of(kind)) for field, kind in items], fields)
    for field, kind in items:
        reference = references.get((section, field))
        if reference is not None:
            differ(f"{where}, {field}", kind, reference)
        elif kind not in FREE:
            differ(f"{where}, {field}", kind, "nothing that it refers to")


def compare_sections(headings, sections, records, references):
    told = {}
    for heading, items in headings.items():
        parts = re.match(r"([A-Z_]+): section (\d+), (required|optional), (?:(\d+) words?|bytes)$",
                         heading)
        if parts is None:
            continue
        name, number_, required, words = parts.groups()
        told[name] = (int(number_), required == "required")
        fields = records[sections[name][2]] if name in sections else []
        differ(f"{name}, words", int(words or 0), sum(count for _, count in fields))
        compare_items(name, items, fields, name, references)
    differ("sections", told, {name: spec[:2] for name, spec in sections.items()})
    return len(told)


def main():
    top = sys.argv[1]
    layout = without_comments(read(top, "lib/image/layout.h"))
    index = without_comments(read(top, "lib/image/index.h"))
    fields = without_comments(read(top, "lib/image/fields.c"))
    public = without_comments("".join(
        read(top, f"include/gatewayapi/{name}")
        for name in sorted(os.listdir(f"{top}/include/gatewayapi")) if name.endswith(".h")))
    manual = read(top, "man/gatewayapi-image.5")
    constants = constants_of(public + layout)
    records = records_of(layout)
    references = references_of(fields, constants)
    headings = headings_of(manual)

    told = compare_sections(headings, sections_of(layout), records, references)
    compare_items("header", headings.get("Header", []), records["header"], "", {})
    compare_items("table", headings.get("Table of sections", []), records["section"], "", {})
    format_ = constants["GWAPI__IMAGE_FORMAT"]
    differ("format", re.findall(r"describes format (\d+)\.", manual.replace("\n", " ")),
           [str(format_)])
    differ("format of the header", re.findall(r"format : No number\n(\d+)\.", manual),
           [str(format_)])
    if str(constants["GWAPI__IMAGE_NONE"]) not in manual:
        differ("NONE", "another number", constants["GWAPI__IMAGE_NONE"])
    for constant in re.findall(r"UINT64_C\((0x[0-9a-f]{16})\)\n", index):
        if constant not in manual:
            differ("hashing", "not this constant", constant)
    if told < 40 or len(references) < 100:
        differ("all", told, f"more than {len(references)}")
    for difference in differences:
        print(difference)
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main())
