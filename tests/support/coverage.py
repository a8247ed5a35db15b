#!/usr/bin/env python3
"""Line and branch coverage of the library's rooms, from a build with --enable-coverage that ran its tests.

    coverage.py BUILD [--room NAME]... [--missing] [--least ROOM=LINES,BRANCHES]...

Prints a table by room, with --missing also each line and branch that no test took. Exits with 1
if a room has less than --least asks for, in percent. Nothing is excluded; counts are gcc's.
"""
import argparse
import collections
import glob
import gzip
import json
import os
import subprocess
import sys
import tempfile


TOPS = "lib", "openssl"


def room_of(source):
    """lib/ROOM/…, or the second library, a room of its own."""
    parts = source.split("/")
    return parts[1] if parts[0] == "lib" else parts[0]


def read(build):
    """{source: {line: [count, {(position): taken}]}}, merged over the objects of the libraries."""
    files = collections.defaultdict(dict)
    objects = [os.path.abspath(os.path.join(folder, name))
               for top in TOPS for folder, _, names in os.walk(f"{build}/{top}")
               for name in names if name.endswith(".gcda")]
    with tempfile.TemporaryDirectory() as work:
        for gcda in objects:
            subprocess.run(["gcov", "--json-format", "-b", "-c", gcda], cwd=work, check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            for name in glob.glob(f"{work}/*.gcov.json.gz"):
                with gzip.open(name, "rt") as f:
                    merge(files, json.load(f))
                os.remove(name)
    return files


def merge(files, report):
    for f in report["files"]:
        name = f["file"]
        at = max(name.find(f"{top}/") for top in TOPS)
        if at < 0 or name.startswith("/usr"):
            continue
        source = files[name[at:]]
        for line in f["lines"]:
            entry = source.setdefault(line["line_number"], [0, {}])
            entry[0] += line["count"]
            key = line.get("function_name", "") if name.endswith(".h") else ""
            for i, branch in enumerate(line["branches"]):
                # A header's inline function is compiled into many objects: taken in one is taken.
                entry[1][key, i] = entry[1].get((key, i), 0) + branch["count"]


def percent(part, whole):
    return 100.0 if whole == 0 else 100.0 * part / whole


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("build")
    arguments.add_argument("--room", action="append", default=[])
    arguments.add_argument("--missing", action="store_true")
    arguments.add_argument("--least", action="append", default=[])
    given = arguments.parse_args()
    files = read(given.build)
    rooms = collections.defaultdict(lambda: [0, 0, 0, 0])
    for name in sorted(files):
        room = room_of(name)
        if given.room and room not in given.room:
            continue
        counts = [0, 0, 0, 0]
        for number in sorted(files[name]):
            taken, branches = files[name][number]
            counts[0] += taken != 0
            counts[1] += 1
            counts[2] += sum(b != 0 for b in branches.values())
            counts[3] += len(branches)
            missed = [i for (_, i), b in sorted(branches.items()) if b == 0]
            if given.missing and taken == 0:
                print(f"{name}:{number}: not run")
            elif given.missing and missed:
                print(f"{name}:{number}: branch {', '.join(map(str, missed))} of {len(branches)} not taken")
        rooms[room] = [a + b for a, b in zip(rooms[room], counts)]
    if not rooms:
        sys.exit("no counts: configure with --enable-coverage and run the tests first")
    least = {r: tuple(map(float, v.split(","))) for r, v in (x.split("=") for x in given.least)}
    status = 0
    print(f"{'room':10} {'lines':>7} {'run':>8} {'branches':>9} {'taken':>8}")
    for room, (run, lines, taken, branches) in sorted(rooms.items()):
        by_line, by_branch = percent(run, lines), percent(taken, branches)
        wanted = least.get(room, (0, 0))
        enough = by_line >= wanted[0] and by_branch >= wanted[1]
        status = status or not enough
        print(f"{room:10} {lines:7} {by_line:7.2f}% {branches:9} {by_branch:7.2f}%"
              f"{'' if enough else '  too little'}")
    sys.exit(int(status))


if __name__ == "__main__":
    main()
