#!/usr/bin/env python3
"""Second implementation of thidua-draw/1: recompute a published draw and report everything that differs.

    python3 check_draw.py [--json] <folder | bundle.zip | vector.json>

Python's standard library only, written from the protocol and not from the other implementation. Ends with 0 when sound,
1 with findings, 2 when there is nothing to judge.

LEFT OUT, because the standard library has neither Ed25519 nor BLS12-381: whether signatures under the checkpoint
(checkpoint-signature, witnesses-missing), under files.txt, and of the beacon (beacon-invalid) are valid. Everything
else is computed here.
"""
import base64
import datetime
import gzip
import hashlib
import json
import os
import re
import struct
import sys
import unicodedata
import zipfile

LEFT_OUT = ["checkpoint-signature", "witnesses-missing", "beacon-invalid"]
CHAINS = {  # chain hash -> (time of round 1, seconds between rounds)
    "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971": (1692803367, 3),
}
HEX64 = re.compile(r"[0-9a-f]{64}")
CODE = re.compile(r"[0-9A-Z]{1,32}")
DRAW = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*(/[a-z0-9]+(-[a-z0-9]+)*)*")
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
TALLY = ["received", "eligible", "refused", "quarantined", "duplicate",
         "entriesIssued", "entriesVoided", "barred", "listed"]


# 1. Notation

def sha(data):
    return hashlib.sha256(data).digest()


def field(data):
    return struct.pack(">I", len(data)) + data


def tagged(tag, *values):
    return sha(b"".join(field(v if isinstance(v, bytes) else v.encode()) for v in (tag,) + values)).hex()


def canonical(value):
    """RFC 8785 for strings, whole numbers, booleans, null, lists and objects."""
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        value.encode()  # lone surrogates end here
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) >= 2 ** 53:
            raise ValueError("number too large")
        return str(value)
    if isinstance(value, list):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(n) + ":" + canonical(value[n]) for n in names) + "}"
    raise ValueError("no place in canonical JSON: %r" % (value,))


def document_hash(value):
    return sha(canonical(value).encode()).hex()


def seconds(instant):
    text = instant.rstrip("Z").split(".")
    whole = datetime.datetime.strptime(text[0], "%Y-%m-%dT%H:%M:%S").replace(tzinfo=datetime.timezone.utc)
    return whole.timestamp() + (float("0." + text[1]) if len(text) > 1 else 0)


# 3. Tree

def root_of(lines):
    level = [sha(b"\x00" + line) for line in lines]
    if not level:
        return sha(b"")
    while len(level) > 1:
        pairs = [sha(b"\x01" + level[i] + level[i + 1]) for i in range(0, len(level) - 1, 2)]
        level = pairs + level[len(level) - len(level) % 2:]
    return level[0]


# 5. Order

def words(seed):
    """RC4 keyed with the 64 ASCII digits, 256 bytes dropped, four bytes a word."""
    key, state, j = seed.encode(), list(range(256)), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) & 255
        state[i], state[j] = state[j], state[i]
    i = j = n = word = 0
    while True:
        i = (i + 1) & 255
        j = (j + state[i]) & 255
        state[i], state[j] = state[j], state[i]
        n += 1
        if n > 256:
            word = (word << 8) | state[(state[i] + state[j]) & 255]
            if n % 4 == 0:
                yield word
                word = 0


def order_of(method, seed, codes):
    if method == "ticket":
        return iter(sorted(range(len(codes)), key=lambda i: (sha((seed + ":" + codes[i]).encode()), codes[i])))
    return shuffled(words(seed), len(codes))


def shuffled(source, size):
    moved = {}
    for t in range(size):
        n = size - t
        fair = 2 ** 32 - 2 ** 32 % n
        word = next(source)
        while word >= fair:
            word = next(source)
        other = t + word % n
        yield moved.get(other, other)
        moved[other] = moved.get(t, t)


# 6 and 7. Walk

def walk(order, entries, places, limit, struck, won=(), wins=None):
    wins, winners, skipped = dict(wins or {}), [], []
    position = 0
    while len(winners) < len(places):
        index = next(order, None)
        if index is None:
            break
        position += 1
        code, holder = entries[index]
        reason = ("won" if code in won else "struck" if code in struck
                  else "holder-limit" if limit is not None and wins.get(holder, 0) >= limit else None)
        if reason:
            skipped.append({"position": position, "code": code, "reason": reason})
            continue
        wins[holder] = wins.get(holder, 0) + 1
        prize, place = places[len(winners)]
        winners.append({"prize": prize, "place": place, "code": code, "holder": holder, "position": position})
    return winners, skipped


# Shapes

def is_text(value, least=1):
    return isinstance(value, str) and least <= len(value) <= 1000 and unicodedata.is_normalized("NFC", value)


def is_whole(value, least=0, most=2 ** 53 - 1):
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def is_hex(value):
    return isinstance(value, str) and HEX64.fullmatch(value) is not None


def is_instant(value):
    try:
        return isinstance(value, str) and INSTANT.fullmatch(value) is not None and seconds(value) is not None
    except ValueError:
        return False


def is_source(s):
    kinds = {"drand": lambda: is_hex(s.get("chain")) and is_whole(s.get("round"), 1),
             "witness": lambda: is_text(s.get("description")) and plain_pattern(s.get("pattern")),
             "commitment": lambda: is_hex(s.get("commitment"))}
    return isinstance(s, dict) and is_text(s.get("id")) and s.get("kind") in kinds and kinds[s["kind"]]()


def plain_pattern(pattern):
    try:
        return isinstance(pattern, str) and len(pattern) <= 200 and re.compile(pattern) is not None
    except re.error:
        return False


def matches(pattern, value):
    if re.search(r"[*+}]\)*[*+{]", pattern):  # could keep this program busy for years
        return False
    return re.fullmatch(pattern, value) is not None


def are_sources(items):
    return (is_list(items, is_source, 1, 100) and len({s["id"] for s in items}) == len(items)
            and any(s["kind"] in ("drand", "witness") for s in items))


def is_list(items, shape, least=0, most=5_000_000):
    return isinstance(items, list) and least <= len(items) <= most and all(map(shape, items))


def is_prize(p):
    return (isinstance(p, dict) and is_text(p.get("id")) and is_text(p.get("name"))
            and is_whole(p.get("quantity"), 1, 2_000_000) and is_whole(p.get("value")))


def is_rules(r):
    return (isinstance(r, dict) and r.get("protocol") == "thidua-draw/1"
            and isinstance(r.get("draw"), str) and DRAW.fullmatch(r["draw"]) is not None
            and is_text(r.get("title")) and is_text(r.get("organizer"))
            and is_instant(r.get("closesAt")) and is_instant(r.get("drawsAt"))
            and r.get("method") in ("ticket", "seedrandom")
            and "winsPerHolder" in r and (r["winsPerHolder"] is None or is_whole(r["winsPerHolder"], 1))
            and is_list(r.get("prizes"), is_prize, 1, 10_000)
            and len({p["id"] for p in r["prizes"]}) == len(r["prizes"])
            and sum(p["quantity"] for p in r["prizes"]) <= 2_000_000 and are_sources(r.get("sources")))


def is_code(value):
    return isinstance(value, str) and CODE.fullmatch(value) is not None


def is_place(p):
    return isinstance(p, dict) and is_text(p.get("prize")) and is_whole(p.get("place"), 1, 2_000_000)


def is_winner(w):
    return is_place(w) and is_code(w.get("code")) and is_hex(w.get("holder")) and is_whole(w.get("position"), 1)


def is_skipped(s):
    return (isinstance(s, dict) and is_whole(s.get("position"), 1) and is_code(s.get("code"))
            and s.get("reason") in ("struck", "holder-limit", "won"))


def is_result(r):
    return (isinstance(r, dict) and r.get("protocol") == "thidua-draw/1" and is_text(r.get("draw"))
            and all(is_hex(r.get(n)) for n in ("rulesHash", "root", "seed")) and is_whole(r.get("size"))
            and is_list(r.get("winners"), is_winner) and is_list(r.get("skipped"), is_skipped))


def is_strike(s):
    return (isinstance(s, dict) and is_code(s.get("code")) and isinstance(s.get("reason"), str)
            and is_instant(s.get("at")) and is_list(s.get("by"), is_text, 0, 20))


def is_addendum(a):
    return (isinstance(a, dict) and a.get("protocol") == "thidua-draw/1" and is_text(a.get("draw"))
            and is_whole(a.get("number"), 1, 99) and is_hex(a.get("previous"))
            and is_list(a.get("strikes"), is_strike) and is_list(a.get("vacancies"), is_place, 1)
            and are_sources(a.get("sources")))


def is_value(v):
    return (isinstance(v, dict) and is_text(v.get("id")) and is_text(v.get("value")) and is_instant(v.get("recordedAt"))
            and is_list(v.get("recordedBy"), is_text, 1, 20)
            and ("round" not in v or is_whole(v["round"], 1)) and ("randomness" not in v or is_hex(v["randomness"])))


def are_values(items):
    return is_list(items, is_value, 0, 100) and len({v["id"] for v in items}) == len(items)


def is_tally(t):
    return isinstance(t, dict) and all(is_whole(t.get(n)) for n in TALLY)


def is_completeness(c):
    return (isinstance(c, dict) and is_tally(c.get("total"))
            and is_list(c.get("days"), lambda d: is_tally(d) and isinstance(d.get("day"), str))
            and is_list(c.get("digests"), lambda d: isinstance(d, dict) and is_whole(d.get("count"))))


# 9. Verify

class Check:
    def __init__(self, files):
        self.files, self.findings, self.result = files, [], None

    def add(self, code, where, published, computed):
        self.findings.append({"code": code, "where": where, "published": str(published)[:300],
                              "computed": str(computed)[:300]})

    def same(self, code, where, published, computed):
        if published != computed:
            self.add(code, where, published, computed)

    def document(self, name, code, shape, exact=False):
        data = self.files.get(name)
        if data is None:
            return self.add(code, name, "no such file", "a JSON document")
        try:
            twice = []

            def pairs(items):
                if len({n for n, _ in items}) != len(items):
                    twice.append(1)
                return dict(items)

            value = json.loads(data.decode(), object_pairs_hook=pairs)
            if twice or not shape(value) or (exact and canonical(value).encode() != data):
                raise ValueError("not of the shape of the protocol")
            return value
        except (ValueError, RecursionError, AttributeError, TypeError) as fault:
            return self.add(code, name, fault, "the shape of the protocol")

    def chains(self):
        """Chains the bundle brings along: the hash that the rules name is made from their facts."""
        known = dict(CHAINS)
        try:
            for c in json.loads(self.files.get("chains.json", b"[]")):
                facts = struct.pack(">Iq", c["period"], c["genesis_time"]) + bytes.fromhex(c["public_key"] + c["groupHash"])
                name = c["metadata"]["beaconID"]
                if sha(facts + (b"" if name == "default" else name.encode())).hex() == c["hash"]:
                    known[c["hash"]] = (c["genesis_time"], c["period"])
        except (ValueError, KeyError, TypeError, AttributeError, struct.error, RecursionError):
            pass  # a finding beacon-invalid of the others
        return known

    def run(self):
        self.known_chains = self.chains()
        rules = self.document("rules.json", "rules-malformed", is_rules, True)
        entries, lines = self.entries()
        self.root = root_of(lines).hex()
        frozen = self.checkpoint(rules, len(lines))
        self.file_list()
        self.completeness(len(lines) if "entries.csv" in self.files else None)
        strikes = self.document("strikes.json", "strike-unjustified", lambda v: is_list(v, is_strike)) or []
        values = self.document("sources.json", "source-missing", are_values) or []
        published = self.document("result.json", "result-hash", is_result, True)
        if rules:
            self.draws(rules, entries, strikes, values, published, frozen)
        return self.findings

    def entries(self):
        data = self.files.get("entries.csv")
        if data is None:
            self.add("entries-malformed", "entries.csv", "no such file", "the list of entries")
            return [], []
        if not data.endswith(b"\n"):
            self.add("entries-malformed", "entries.csv", "no line feed at the end", "a line feed")
        header, *lines = data.split(b"\n")
        if data.endswith(b"\n"):
            lines.pop()
        if header != b"code,holder":
            self.add("entries-malformed", "entries.csv line 1", header, "code,holder")
        entries, seen = [], set()
        for n, line in enumerate(lines):
            code, _, holder = line.decode("latin-1").partition(",")
            if not is_code(code) or not is_hex(holder):
                self.add("entries-malformed", "entries.csv line %d" % (n + 2), line, "<code>,<holder>")
            if code in seen:
                self.add("code-twice", "entries.csv line %d" % (n + 2), code, "each code once")
            elif entries and entries[-1][0] > code:
                self.add("entries-unsorted", "entries.csv line %d" % (n + 2), code, "ascending codes")
            seen.add(code)
            entries.append((code, holder))
        return entries, lines

    def checkpoint(self, rules, size):
        """What the freeze says; signatures are left out. Returns when enough witnesses say they saw it."""
        text = (self.files.get("checkpoint.txt") or b"").decode("utf-8", "replace")
        body = text.split("\n\n")[0].split("\n")
        if rules and len(body) == 4:
            if not body[0].endswith("/" + rules["draw"]):
                self.add("checkpoint-rules-differ", "checkpoint.txt", body[0], rules["draw"])
            else:
                if "entries.csv" in self.files:
                    root = base64.b64encode(bytes.fromhex(self.root)).decode()
                    self.same("root-differs", "checkpoint.txt", body[2], root)
                    self.same("size-differs", "checkpoint.txt", body[1], str(size))
                self.same("checkpoint-rules-differ", "checkpoint.txt", body[3], "rules " + document_hash(rules))
        keys = (self.files.get("keys.txt") or b"").decode("utf-8", "replace")
        numbers = {n: int(v) for n, v in re.findall(r"^(witnesses-needed|margin) (\d+)$", keys, re.M)}
        blobs = [base64.b64decode(b + "=" * (-len(b) % 4)) for b in re.findall(r"^— \S+ (\S+)$", text, re.M)]
        times = sorted(struct.unpack(">Q", b[4:12])[0] for b in blobs if len(b) == 76)
        needed = max(1, numbers.get("witnesses-needed", 0))
        closed = seconds(rules["closesAt"]) if rules else 0
        witnessed = times[needed - 1] if len(times) >= needed else closed
        return max(closed, witnessed) + numbers.get("margin", 600)

    def file_list(self):
        data = self.files.get("files.txt")
        if data is None:
            return
        body = data.decode("utf-8", "replace").split("\n\n")[0].split("\n")
        listed = {line[65:]: line[:64] for line in body[2:]}
        for name in sorted(set(listed) | set(self.files) - {"files.txt"}):
            actual = sha(self.files[name]).hex() if name in self.files else "no such file"
            self.same("file-differs", name, listed.get(name, "not in files.txt"), actual)

    def completeness(self, size):
        c = self.document("completeness.json", "completeness", is_completeness)
        if not c:
            return
        for name, t in [(d["day"], d) for d in c["days"]] + [("total", c["total"])]:
            self.same("completeness", name + " received", t["received"], sum(t[n] for n in TALLY[1:5]))
            self.same("completeness", name + " listed", t["listed"], t["entriesIssued"] - t["entriesVoided"] - t["barred"])
        if c["days"]:
            for n in TALLY:
                self.same("completeness", "total " + n, c["total"][n], sum(d[n] for d in c["days"]))
        if size is not None:
            self.same("completeness", "total listed", c["total"]["listed"], size)
        signed = {}
        for d in c["digests"]:
            signed[d["day"]] = signed.get(d["day"], 0) + d["count"]
        if signed:
            once = {d["day"]: d["received"] - d["duplicate"] for d in c["days"]}
            for day in set(signed) | set(once):
                self.same("completeness", day + " digest", once.get(day, 0), signed.get(day, 0))

    def sources(self, sources, values, where, draw, not_before):
        """Returns when the last source was known, or None when one has not spoken."""
        spoken, known = {v["id"]: v for v in values}, []
        for s in sources:
            v, at = spoken.get(s["id"]), "%s %s" % (where, s["id"])
            if v is None:
                self.add("source-missing", at, "nothing", "a value of kind " + s["kind"])
                known.append(None)
                continue
            due = None
            if s["kind"] == "witness":
                if not matches(s["pattern"], v["value"]):
                    self.add("source-mismatch", at, v["value"], s["pattern"])
            elif s["kind"] == "commitment":
                secret = bytes.fromhex(v["value"]) if is_hex(v["value"]) else b""
                computed = tagged("thidua-draw/1 commitment", draw, s["id"], secret)
                self.same("source-mismatch", at, s["commitment"], computed)
            elif s["chain"] in self.known_chains:
                genesis, period = self.known_chains[s["chain"]]
                due = genesis + (s["round"] - 1) * period
                if due <= not_before:
                    self.add("beacon-too-early", at, due, "after %s" % not_before)
            known.append(seconds(v["recordedAt"]) if due is None else due)
        for i in set(spoken) - {s["id"] for s in sources}:
            self.add("source-mismatch", "%s %s" % (where, i), i, "a source named in the rules")
        return None if None in known else max(known)

    def strikes(self, strikes, where, before, codes):
        seen = set()
        for s in strikes:
            faults = [(s["code"] in seen, "struck twice"), (not s["reason"].strip(), "no reason"),
                      (len(set(s["by"])) < 2, "wanted two offices"), (s["code"] not in codes, "not on the list"),
                      (before is not None and seconds(s["at"]) >= before, "after the seed was known")]
            for fault, what in faults:
                if fault:
                    self.add("strike-unjustified", "%s %s" % (where, s["code"]), s["at"], what)
            seen.add(s["code"])

    def draws(self, rules, entries, strikes, values, published, not_before):
        codes = {code for code, _ in entries}
        known = self.sources(rules["sources"], values, "sources.json", rules["draw"], not_before)
        self.strikes(strikes, "strikes.json", known, codes)
        if known is None or "entries.csv" not in self.files:
            return
        places = [(p["id"], n + 1) for p in rules["prizes"] for n in range(p["quantity"])]
        struck = {s["code"] for s in strikes}
        result = self.draw(rules, rules, values, entries, places, struck)
        self.compare(published, result, "result.json")
        self.result = result
        standing = {(w["prize"], w["place"]): w for w in result["winners"]}
        won = {w["code"] for w in result["winners"]}
        previous, number = self.files.get("result.json", b""), 0
        while any(n.startswith("replacements/%02d/" % (number + 1)) for n in self.files):
            number += 1
            where = "replacements/%02d/" % number
            a = self.document(where + "addendum.json", "replacement-chain", is_addendum, True)
            v = self.document(where + "sources.json", "source-missing", are_values) or []
            r = self.document(where + "result.json", "result-hash", is_result, True)
            if not a:
                return
            self.same("replacement-chain", where + " draw", a["draw"], rules["draw"])
            self.same("replacement-chain", where + " number", a["number"], number)
            self.same("replacement-chain", where + " previous", a["previous"], sha(previous).hex())
            vacant = [(p["prize"], p["place"]) for p in a["vacancies"]]
            for place in vacant:
                if standing.pop(place, None) is None:
                    self.add("replacement-chain", where, place, "a place that is won and not vacated yet")
            before, known = known, self.sources(a["sources"], v, where + "sources.json", rules["draw"], known)
            self.strikes(a["strikes"], where + "addendum.json", known, codes)
            if known is None:
                return
            struck = struck | {s["code"] for s in a["strikes"]}
            wins = {}
            for w in standing.values():
                wins[w["holder"]] = wins.get(w["holder"], 0) + 1
            again = self.draw(rules, a, v, entries, vacant, struck, won, wins)
            if r and r["rulesHash"] == document_hash(rules):
                again["rulesHash"] = r["rulesHash"]
            self.compare(r, again, where + "result.json")
            for w in again["winners"]:
                standing[(w["prize"], w["place"])] = w
                won.add(w["code"])
            previous = self.files.get(where + "result.json", b"")
        if any(n.startswith("replacements/") and n[13:15] > "%02d" % number for n in self.files):
            self.add("replacement-chain", "replacements", "a gap", "1, 2, 3 …")

    def draw(self, rules, document, values, entries, places, struck, won=(), wins=None):
        spoken = {v["id"]: v["value"] for v in values}
        rules_hash = document_hash(document)
        parts = [x for s in document["sources"] for x in (s["id"], spoken[s["id"]])]
        seed = tagged("thidua-draw/1 seed", bytes.fromhex(rules_hash), bytes.fromhex(self.root), str(len(entries)), *parts)
        order = order_of(rules["method"], seed, [code for code, _ in entries])
        winners, skipped = walk(order, entries, places, rules["winsPerHolder"], struck, won, wins)
        return {"protocol": "thidua-draw/1", "draw": rules["draw"], "rulesHash": rules_hash, "root": self.root,
                "size": len(entries), "seed": seed, "winners": winners, "skipped": skipped}

    def compare(self, published, computed, where):
        if not published:
            return
        for code, name in (("root-differs", "root"), ("size-differs", "size"), ("seed-differs", "seed")):
            self.same(code, where, published[name], computed[name])
        self.same("result-hash", where, sha(self.files[where]).hex(), document_hash(computed))
        order = {e["position"]: e["code"] for e in computed["winners"] + computed["skipped"]}
        for e in published["winners"] + published["skipped"]:
            self.same("order-differs", "%s position %d" % (where, e["position"]), e["code"], order.get(e["position"]))
        names = ("prize", "place", "code", "holder", "position")
        for a, b in zip(published["winners"], computed["winners"]):
            self.same("winner-differs", where, [a[n] for n in names], [b[n] for n in names])
        names = ("position", "code", "reason")
        for a, b in zip(published["skipped"], computed["skipped"]):
            self.same("skipped-differs", where, [a[n] for n in names], [b[n] for n in names])
        self.same("skipped-differs", where, len(published["skipped"]), len(computed["skipped"]))
        self.same("undrawn-differs", where, len(published["winners"]), len(computed["winners"]))


def read(path):
    if os.path.isdir(path):
        names = [os.path.join(folder, name) for folder, _, found in os.walk(path) for name in found]
        files = {os.path.relpath(name, path).replace(os.sep, "/"): open(name, "rb").read() for name in names}
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            files = {i.filename: archive.read(i) for i in archive.infolist() if not i.is_dir()}
    else:
        files = {n: t.encode() for n, t in json.load(open(path, encoding="utf-8"))["files"].items()}
    if "entries.csv.gz" in files and "entries.csv" not in files:
        files["entries.csv"] = gzip.decompress(files["entries.csv.gz"])
    return files


def main(arguments):
    as_json = "--json" in arguments
    paths = [a for a in arguments if not a.startswith("--")]
    if not paths:
        print(__doc__)
        return 2
    worst, reports = 0, {}
    for path in paths:
        try:
            files = read(path)
        except (OSError, ValueError, KeyError, zipfile.BadZipFile) as fault:
            print("cannot read %s: %s" % (path, fault), file=sys.stderr)
            return 2
        check = Check(files)
        findings = check.run()
        worst = max(worst, 1 if findings else 0)
        reports[path] = {"sound": not findings, "findings": findings, "leftOut": LEFT_OUT}
        if not as_json:
            print("%s: %s" % (path, "%d findings" % len(findings) if findings else "sound"))
            for f in findings:
                print("  %(code)s  %(where)s\n    published %(published)s\n    computed  %(computed)s" % f)
            for w in (check.result or {}).get("winners", [])[:20]:
                print("  %(prize)s %(place)d: %(code)s" % w)
            print("  left out here: " + ", ".join(LEFT_OUT))
    if as_json:
        print(json.dumps(reports))
    return worst


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
