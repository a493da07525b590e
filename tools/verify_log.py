#!/usr/bin/env python3
"""Reads a district's log and its receipts by docs/format.md alone: shares no code with Qipan.

  verify_log.py log DISTRICT.db          every batch hashed again; prints how many facts and the root
  verify_log.py batches FILE             the same of batches in a file, each behind its number of bytes
  verify_log.py receipt FILE [--key K]   checks a receipt; prints what it tells, as JSON
  verify_log.py vectors FILE             the test vectors of docs/format.md
"""
import base64
import hashlib
import json
import sqlite3
import sys

AUDIENCES = ["everybody", "party", "internal", "sensitive"]


class Unreadable(Exception):
    pass


class Reader:
    """Unsigned LEB128 numbers, zigzag for signed ones, texts with their length before them; one encoding a value."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def raw(self, count):
        if self.at + count > len(self.data):
            raise Unreadable("ends too early")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self):
        value = shift = 0
        while True:
            byte = self.raw(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if byte == 0 and shift > 0:
                    raise Unreadable("a number with needless bytes")
                if value >= 1 << 64:
                    raise Unreadable("a number of more than 64 bits")
                return value
            shift += 7
            if shift > 63:
                raise Unreadable("a number of more than 64 bits")

    def signed(self):
        value = self.number()
        return (value >> 1) ^ -(value & 1)

    def flag(self):
        value = self.number()
        if value > 1:
            raise Unreadable("a flag that is neither 0 nor 1")
        return value == 1

    def text(self):
        return self.raw(self.number())

    def name(self):
        data = self.text()
        if len(data) > 256:
            raise Unreadable("a name of more than 256 bytes")
        return data.decode()

    def audience(self, parts):
        """Audiences rise, so that each has one part."""
        audience = self.number()
        if audience >= len(AUDIENCES) or (parts and audience <= parts[-1][0]):
            raise Unreadable("audiences that do not rise")
        return audience

    def count(self, least, most):
        count = self.number()
        if not least <= count <= most:
            raise Unreadable(f"{count} of what there are {least} to {most}")
        return count

    def end(self):
        if self.at != len(self.data):
            raise Unreadable("bytes behind its end")


def number_bytes(value):
    out = bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def text_bytes(text):
    return number_bytes(len(text)) + text


def zigzag(value):
    return value << 1 if value >= 0 else (-value << 1) - 1


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def commitment(salt, data):
    return sha256(b"\x02", salt, data)


def leaf(header, head, said, parts):
    told = b"".join(number_bytes(audience) + hash_ for audience, hash_ in parts)
    said = b"\x00" if said is None else b"\x01" + said
    return sha256(b"\x00", header, head, said, number_bytes(len(parts)), told)


def root(leaves):
    """RFC 6962 section 2.1, by the stack of full subtrees."""
    if not leaves:
        return sha256()
    stack = []
    for one in leaves:
        stack.append((1, one))
        while len(stack) > 1 and stack[-1][0] == stack[-2][0]:
            (size, right), (_, left) = stack.pop(), stack.pop()
            stack.append((2 * size, sha256(b"\x01", left, right)))
    hash_ = stack.pop()[1]
    while stack:
        hash_ = sha256(b"\x01", stack.pop()[1], hash_)
    return hash_


def read_head(reader):
    """Returns what it says and the bytes themselves, which are hashed."""
    begin = reader.at
    head = {"at": reader.signed()}
    if reader.flag():
        head["occurred"] = reader.signed()
    for name in ("actor", "kind", "key"):
        head[name] = reader.name()
    head["digest"] = reader.text().hex()
    if len(head["digest"]) not in (0, 64):
        raise Unreadable("a digest of another length")
    cause = reader.number()
    if cause:
        head["cause"] = cause - 1
    head["answer"] = reader.text().decode()
    return head, reader.data[begin : reader.at]


def leaves_of(data):
    """The first position of a batch, its leaves in order, its removed parts and those that it tells to be redacted, as (position, audience)."""
    reader = Reader(data)
    if reader.raw(4) != b"QPB2":
        raise Unreadable("no batch of format 2")
    first, leaves, removed, redacted = reader.number(), [], [], []
    for _ in range(reader.count(1, 1 << 20)):
        head, head_bytes = read_head(reader)
        form = reader.count(0, 2)
        said = None if form == 0 else reader.text() if form == 1 else reader.raw(32)
        count = reader.number()
        salts = [reader.raw(16) for _ in range(count)]
        seed = reader.raw(16) if count == 0 else None

        def salt(index):
            if seed is not None:
                return sha256(seed, number_bytes(index))[:16]
            if index >= count:
                raise Unreadable("fewer salts than parts")
            return salts[index]

        facts, position, index, whole, told = reader.count(1, 1000), first + len(leaves), 1, True, []
        for i in range(facts):
            kind, version, subject = reader.name().encode(), reader.count(1, 1 << 64), reader.name().encode()
            parts = []
            for _ in range(reader.count(1, 4)):
                audience = reader.audience(parts)
                if reader.flag():
                    whole = False
                    parts.append((audience, reader.raw(32)))
                    removed.append((position + i, AUDIENCES[audience]))
                    if seed is not None or salt(index) != bytes(16):
                        raise Unreadable("the salt of a removed part")
                else:
                    data = reader.text()
                    parts.append((audience, commitment(salt(index), data)))
                    if kind == b"district.redacted":
                        redaction = json.loads(data)
                        redacted.append((redaction["position"], redaction["part"]))
                index += 1
            header = b"qipan-fact-2" + b"".join(
                map(number_bytes, (position + i, position, zigzag(head["at"]), facts))
            )
            told.append((header + text_bytes(kind) + number_bytes(version) + text_bytes(subject), parts))
        if form and (form == 2) == whole:
            raise Unreadable("what was said beside a part that was removed, or nothing removed but that")
        if form == 2 and salt(index) != bytes(16):
            raise Unreadable("the salt of what was said and removed")
        if form == 1:
            said = commitment(salt(index), said)
        if seed is None and (index + (form > 0) != count or whole):
            raise Unreadable("other salts than there are parts, or no part removed")
        leaves += [leaf(header, commitment(salt(0), head_bytes), said, parts) for header, parts in told]
    reader.end()
    return first, leaves, removed, redacted


def check_batches(batches):
    leaves, removed, redacted = [], [], []
    for data in batches:
        first, more, gone, told = leaves_of(data)
        if first != len(leaves):
            raise Unreadable(f"batch {first} does not begin where the one before ends")
        leaves += more
        removed += gone
        redacted += told
    if not set(removed) <= set(redacted):
        raise Unreadable("a part is removed and no redaction says why")
    return leaves, removed


def found(leaves, removed):
    return {"facts": len(leaves), "root": base64.b64encode(root(leaves)).decode(), "removed": removed}


def check_file(path):
    reader, batches = Reader(open(path, "rb").read()), []
    while reader.at < len(reader.data):
        batches.append(reader.text())
    return found(*check_batches(batches))


def check_log(path):
    database = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    rows = database.execute("SELECT first, bytes FROM log_batches ORDER BY first").fetchall()
    leaves, removed = check_batches(data for _, data in rows)
    if any(Reader(data[4:]).number() != first for first, data in rows):
        raise Unreadable("a batch stands at another position than its own")
    stored = b"".join(row[0] for row in database.execute("SELECT hashes FROM log_tiles WHERE level=0 ORDER BY tile"))
    if stored != b"".join(leaves):
        raise Unreadable("the leaves of the tree are others than those of the batches")
    return found(leaves, removed)


# Ed25519 as RFC 8032 section 5.1 says it, for verifying only.
P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)


def point_from(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    if y >= P:
        raise Unreadable("no point of the curve")
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and sign):
        raise Unreadable("no point of the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


def add(a, b):
    p, q = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    r, s = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = q - p, s - r, s + r, q + p
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(count, point):
    result = (0, 1, 1, 0)
    while count:
        if count & 1:
            result = add(result, point)
        point = add(point, point)
        count >>= 1
    return result


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = point_from(BASE_Y.to_bytes(32, "little"))


def is_signed(public, message, signature):
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or s >= L:
        return False
    key, r = point_from(public), point_from(signature[:32])
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    a, b = times(s, BASE), add(r, times(h, key))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0


def key_from(text):
    name, id_, raw = text.split("+", 2)
    raw = base64.b64decode(raw, validate=True)
    if len(raw) != 33 or raw[0] != 1 or sha256(name.encode() + b"\n" + raw)[:4].hex() != id_:
        raise Unreadable("no verifier key of Ed25519")
    return name, raw[1:], bytes.fromhex(id_)


def open_checkpoint(note, key_text):
    """C2SP tlog-checkpoint in a signed note: origin, size and root."""
    name, public, id_ = key_from(key_text)
    body, _, signatures = note.rpartition("\n\n")
    body += "\n"
    for line in signatures.splitlines():
        dash, signer, signature = line.split(" ")
        raw = base64.b64decode(signature, validate=True)
        if dash == "\u2014" and signer == name and raw[:4] == id_ and is_signed(public, body.encode(), raw[4:]):
            origin, size, root_ = body.splitlines()[:3]
            if origin != name:
                raise Unreadable("a checkpoint of another log")
            return int(size), base64.b64decode(root_, validate=True)
    raise Unreadable("no signature of " + key_text)


def root_from(index, size, leaf_, proof):
    """RFC 9162 section 2.1.3.2."""
    if index >= size:
        raise Unreadable("an index behind the end of the log")
    node, last, hash_ = index, size - 1, leaf_
    for one in proof:
        if last == 0:
            raise Unreadable("a proof that is too long")
        if node & 1 or node == last:
            hash_ = sha256(b"\x01", one, hash_)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            hash_ = sha256(b"\x01", hash_, one)
        node, last = node >> 1, last >> 1
    if last:
        raise Unreadable("a proof that is too short")
    return hash_


def read_told(reader):
    """What a leaf commits to: told with its salt, or the commitment alone."""
    if reader.flag():
        salt, data = reader.raw(16), reader.text()
        return commitment(salt, data), data
    return reader.raw(32), None


def check_receipt(text, trusted=None):
    lines = text.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1" or not lines[1].startswith("extra ") or not lines[2].startswith("index "):
        raise Unreadable("no tlog-proof with an extra line")
    end = lines.index("", 3)
    proof = [base64.b64decode(line, validate=True) for line in lines[3:end]]
    reader = Reader(base64.b64decode(lines[1][6:], validate=True))
    key, header = reader.text().decode(), reader.text()
    head_hash, head_bytes = read_told(reader)
    said_hash, said_bytes = read_told(reader) if reader.flag() else (None, None)
    parts, body, withheld = [], {}, []
    for _ in range(reader.count(1, 4)):
        audience = reader.audience(parts)
        hash_, data = read_told(reader)
        parts.append((audience, hash_))
        if data is None:
            withheld.append(AUDIENCES[audience])
        elif data[:1] == b"{":
            merge(body, json.loads(data, parse_float=str))
        else:
            body["block"] = data.hex()
    reader.end()
    size, root_ = open_checkpoint("\n".join(lines[end + 1 :]), trusted or key)
    index = int(lines[2][6:])
    if root_from(index, size, leaf(header, head_hash, said_hash, parts), proof) != root_:
        raise Unreadable("a proof that leads to another root")
    told = Reader(header)
    if told.raw(12) != b"qipan-fact-2" or told.number() != index:
        raise Unreadable("the header of another fact")
    told.number()
    result = {"position": index, "at": told.signed()}
    told.count(1, 1000)
    result["kind"], result["version"], result["subject"] = told.name(), told.count(1, 1 << 64), told.name()
    told.end()
    if head_bytes is not None:
        head = Reader(head_bytes)
        result["command"] = read_head(head)[0]
        head.end()
        if result["command"]["at"] != result["at"]:
            raise Unreadable("the head of another command")
    if said_bytes is not None:
        said = Reader(said_bytes)
        result["said"] = {"from_facts": [said.number() for _ in range(said.count(0, 1001))]}
        rest = said.text().decode()
        said.end()
        result["said"]["besides"] = json.loads(rest) if rest else {}
    return {**result, "body": body, "withheld": withheld, "size": size, "key": trusted or key, "key_trusted": trusted is not None}


def merge(into, more):
    for name, value in more.items():
        if isinstance(into.get(name), dict) and isinstance(value, dict):
            merge(into[name], value)
        else:
            into[name] = value


def check_vectors(path):
    for one in json.load(open(path, encoding="utf-8"))["batches"]:
        first, leaves, removed, _ = leaves_of(bytes.fromhex(one["bytes"]))
        assert first == one["first"], one["title"]
        assert [leaf_.hex() for leaf_ in leaves] == one["leaves"], one["title"]
        assert [list(pair) for pair in removed] == one["removed"], one["title"]
    for one in json.load(open(path, encoding="utf-8"))["refused"]:
        try:
            leaves_of(bytes.fromhex(one["bytes"]))
        except Unreadable:
            continue
        raise AssertionError(one["title"])
    return {"vectors": "hold"}


def main(words):
    if len(words) < 2 or words[0] not in ("log", "batches", "receipt", "vectors"):
        sys.exit(__doc__)
    try:
        if words[0] == "log":
            result = check_log(words[1])
        elif words[0] == "batches":
            result = check_file(words[1])
        elif words[0] == "vectors":
            result = check_vectors(words[1])
        else:
            if len(words) not in (2, 4) or (len(words) == 4 and words[2] != "--key"):
                sys.exit(__doc__)
            trusted = words[3] if len(words) == 4 else None
            result = check_receipt(open(words[1], encoding="utf-8").read(), trusted)
    except (Unreadable, ValueError, IndexError) as problem:
        sys.exit(f"{words[1]}: {problem}")
    print(json.dumps(result, ensure_ascii=False))


if __name__ == "__main__":
    main(sys.argv[1:])
