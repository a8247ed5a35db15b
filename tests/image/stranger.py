#!/usr/bin/env python3
"""Reads images by nothing but what gatewayapi-image(5) says.

    tests/image/stranger.py IMAGE...

Of each, the two hashes are right, and every text of its tables by hash is found in them. The exit
status is 1 if something is not as the manual has it.
"""
import struct
import sys

NONE = 0xFFFFFFFF
MASK = (1 << 64) - 1
F = 0xD6E8FEB86659FD93
LAST = 0xE7037ED1A0B428DB
DOOR, NAME, HOST, SLOT, TEXT, LABEL = 3, 5, 13, 15, 49, 50
WORDS = {DOOR: 10, NAME: 4, HOST: 7, SLOT: 3}


def mixed(x):
    x = ((x ^ x >> 30) * 0xBF58476D1CE4E5B9) & MASK
    x = ((x ^ x >> 27) * 0x94D049BB133111EB) & MASK
    return x ^ x >> 31


def eights(data):
    """The numbers of eight bytes each, and that of the rest."""
    whole = len(data) // 8 * 8
    return (struct.unpack(f"<{whole // 8}Q", data[:whole]),
            int.from_bytes(data[whole:], "little"))


def summed(seed, data):
    lanes = [(seed + i * F) & MASK for i in range(4)]
    h = seed ^ len(data)
    numbers, rest = eights(data)
    four = len(data) // 32 * 4
    for at in range(0, four, 4):
        for i in range(4):
            lanes[i] = ((lanes[i] ^ numbers[at + i]) * F) & MASK
            lanes[i] ^= lanes[i] >> 32
    for number in (*lanes, *numbers[four:], rest):
        h = mixed(h ^ number)
    return h


def text_hash(data):
    h = 0x9E3779B97F4A7C15
    numbers, rest = eights(data)
    for number in numbers:
        h = ((h ^ number) * F) & MASK
        h ^= h >> 32
    h = ((h ^ (rest | 1 << 8 * (len(data) % 8))) * LAST) & MASK
    return h ^ h >> 29


def seeded(h, seed):
    h = ((h ^ (seed * LAST & MASK)) * F) & MASK
    return h ^ h >> 32


class Image:
    def __init__(self, data):
        magic, _, count, self.size, _, content, checksum = struct.unpack("<8s4I2Q", data[:40])
        assert magic == b"GWAPIMG\n"
        self.data = data[:self.size]
        assert checksum == summed(summed(0, data[:32]), self.data[40:]), "the checksum"
        self.sections = {}
        hashed = 0
        for i in range(count):
            number, _, offset, records, size, _ = struct.unpack_from("<6I", data, 40 + 24 * i)
            self.sections[number] = (offset, records)
            if number != LABEL:
                hashed = summed(mixed(hashed ^ number), data[offset:offset + records * size])
        assert content == hashed, "the content hash"

    def records(self, section):
        offset, count = self.sections[section]
        size = WORDS[section]
        return [struct.unpack_from(f"<{size}I", self.data, offset + 4 * size * i)
                for i in range(count)]

    def text(self, offset):
        at = self.sections[TEXT][0] + offset
        length = shift = 0
        while True:
            byte = self.data[at]
            at += 1
            length |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return self.data[at:at + length]


def is_found(table, text, kind, seed, fixed):
    """Is there such a place? `fixed`: the bits of a tag that are the type's, not the hash's."""
    h = seeded(text_hash(text), seed)
    tag = h & NONE & ~(fixed | 4) | kind
    at = ((h >> 32) * len(table)) >> 32
    for _ in table:
        if table[at][0] == text and table[at][1] & ~4 == tag:
            return True
        if table[at][1] & 4 == 0:
            return False
        at = (at + 1) % len(table)
    return False


def check_table(image, places, text_of, seed, fixed):
    """How many texts it has. Of a free place only the bit 4 counts."""
    table = []
    for place in places:
        free = text_of(place) == NONE
        table.append((None if free else image.text(text_of(place)), place[0]))
    for text, tag in table:
        if text is None:
            assert tag & ~4 == 0, "the tag of a free place"
        else:
            assert is_found(table, text, tag & fixed, seed, fixed), f"{text} is not found"
    return sum(text is not None for text, _ in table)


def check(path):
    with open(path, "rb") as file:
        image = Image(file.read())
    names, slots, found = image.records(NAME), image.records(SLOT), 0
    for door in image.records(DOOR):
        found += check_table(image, names[door[4]:door[4] + door[5]], lambda n: n[1], door[6], 0)
    for host in image.records(HOST):
        found += check_table(image, slots[host[0]:host[0] + host[1]], lambda s: s[1],
                             host[2] & 255, 3)
    return found


def main():
    status, found = 0, 0
    for path in sys.argv[1:]:
        try:
            found += check(path)
        except AssertionError as what:
            print(f"{path}: {what}: not as the manual says")
            status = 1
    if found < 20:
        print(f"only {found} texts in tables")
        status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
