"""Writes python-cases.json: random patterns and texts, with what Python's re makes of them. Seeded; run it by hand."""

import json, random, re, signal, sys, warnings

warnings.simplefilter("ignore")
R = random.Random(7)
LITERALS = list("ab01 _-.,\nAk") + ["é", "中", "😀", "ſ", "K", "𝒜", "\r", "\x1c"]
QUANTIFIERS = ["*", "+", "?", "{2}", "{1,3}", "{,2}", "{2,}", "{1,20}", "{17}"]


def literal():
    return re.escape(R.choice(LITERALS))


def character_class():
    members = ["a-c", "0-9", "A-Z", "一-龥", "😀-😂", r"\d", r"\w", r"\s", r"\W", literal(), literal()]
    return "[" + R.choice(["", "", "^"]) + "".join(R.choice(members) for _ in range(R.randint(1, 3))) + "]"


def atom(depth):
    kind = R.random()
    if kind < 0.4 or depth == 0:
        return literal()
    if kind < 0.6:
        return R.choice([".", r"\d", r"\w", r"\s", r"\S", character_class()])
    if kind < 0.7:
        return R.choice(["^", "$", r"\b", r"\B", r"\A", r"\Z"])
    return R.choice(["(", "(", "(?:", "(?i:"]) + choice(depth - 1) + ")"


def piece(depth):
    part = atom(depth)
    if part in ("^", "$", r"\b", r"\B", r"\A", r"\Z") or R.random() < 0.6:
        return part
    return part + R.choice(QUANTIFIERS) + R.choice(["", "", "?"])


def choice(depth):
    return "|".join("".join(piece(depth) for _ in range(R.choice([0, 1, 1, 2, 3]))) for _ in range(R.choice([1, 1, 2, 3])))


def units(text, offset):
    return len(text[:offset].encode("utf-16-le")) // 2


def row(text, match):
    return match and [units(text, match.start()), units(text, match.end()), list(match.groups())]


def results(regex, text):
    every = [row(text, match) for match in regex.finditer(text)]
    return row(text, regex.fullmatch(text)), row(text, regex.match(text)), every, regex.sub("<>", text)


def give_up(*_):
    raise TimeoutError


def main():
    signal.signal(signal.SIGALRM, give_up)
    cases = []
    while len(cases) < int(sys.argv[1]):
        pattern = R.choice(["", "", "", "(?i)", "(?s)", "(?m)", "(?a)"]) + choice(3)
        # Nested large counts make a program that is too large to be taken.
        if pattern.count("{1,20}") + pattern.count("{17}") > 1:
            continue
        try:
            regex = re.compile(pattern)
        except re.error:
            continue
        pool = R.choice([list("ab01 _-.,Ak"), LITERALS, list("ab ")])
        text = "".join(R.choice(pool) for _ in range(R.choice([0, 3, 6, 10])))
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        try:
            case = results(regex, text)
        except TimeoutError:
            continue
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        cases.append([pattern, text, *case])
    lines = ",\n".join(json.dumps(case, ensure_ascii=True, separators=(",", ":")) for case in cases)
    with open("python-cases.json", "w") as file:
        file.write("[\n" + lines + "\n]\n")


main()
