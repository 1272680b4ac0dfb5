import { checkGrok, implementations, PATTERNS } from "../../parts/rules-grok";
import { compileRegex } from "../../rules/regex/compile";
import type { Value } from "../../rules/run/values";

const { pure } = implementations.grok as unknown as {
  pure: (pattern: string, escape: Value, extend: Value) => string;
};

/** The fields that `e_regex(field, grok(...))` would extract. */
function fields(text: string, pattern: string, escape: Value = false, extend: Value = null): Record<string, string> {
  const regex = compileRegex(pure(pattern, escape, extend));
  const match = regex.search(text);
  return Object.fromEntries(
    Array.from(regex.groupNames, ([name, group]) => [name, match?.groups[group - 1]] as const).filter(
      (entry): entry is readonly [string, string] => entry[1] !== undefined,
    ),
  );
}

it(`compiles all ${PATTERNS.size} patterns in the linear engine`, () => {
  for (const name of PATTERNS.keys()) expect(() => compileRegex(pure(`%{${name}}`, false, null))).not.toThrow();
});

it.each([
  [
    "%{TIMESTAMP_ISO8601:t} %{LOGLEVEL:l}",
    "at 2024-02-03T04:05:06.7+08:00 WARN",
    { t: "2024-02-03T04:05:06.7+08:00", l: "WARN" },
  ],
  ["%{IP:a} %{NUMBER:n:float}", "fe80::1 -3.5", { a: "fe80::1", n: "-3.5" }],
  ["%{URI:u}", "see https://u:p@h.example:8443/a/b?c=d.", { u: "https://u:p@h.example:8443/a/b?c=d.", port: "8443" }],
  ["%{EXTRACTJSON}", 'x {"a": [1, {"b": "}"}], "c": null} y', { json: '{"a": [1, {"b": "}"}], "c": null}' }],
  ["%{QS:q}", String.raw`say "a \"b\" c"`, { q: String.raw`"a \"b\" c"` }],
  ["%{JAVASTACKTRACEPART}", "\tat a.b.C.run(C.java:7)", { class: "a.b.C", method: "run", file: "C.java", line: "7" }],
  [
    "%{RT_FLOW3}",
    "RT_FLOW_SESSION_DENY: session denied 1.1.1.1/1->2.2.2.2/2 dns 17(0) p trust dmz ",
    {
      event: "RT_FLOW_SESSION_DENY",
      "src-ip": "1.1.1.1",
      "src-port": "1",
      "dst-ip": "2.2.2.2",
      "dst-port": "2",
      service: "dns",
      "protocol-id": "17",
      "policy-name": "p",
      "from-zone": "trust",
      "to-zone": "dmz",
    },
  ],
])("%s finds the fields", (pattern, text, expected) => {
  expect(fields(text, pattern)).toEqual(expected);
});

it("takes the last of fields with one name, and escapes what stands between the patterns", () => {
  expect(fields("Jan 2 03:04:05 h cron[9]: (root) ran", "%{SYSLOGBASE} (%{USER:program}) ran", true)).toMatchObject({
    timestamp: "Jan 2 03:04:05",
    program: "root",
    pid: "9",
  });
});

it("takes further patterns, which may be made of the others", () => {
  const extend = new Map<Value, Value>([["ORDER", "%{WORD}-%{POSINT}"]]);
  expect(fields("got AB-12", "%{ORDER:id}", false, extend)).toEqual({ id: "AB-12" });
});

it("refuses patterns that it does not know, and those made of themselves", () => {
  expect(checkGrok("a %{NOPE:x}")).toEqual({
    message: expect.stringContaining("no grok pattern NOPE") as string,
    offset: 2,
  });
  expect(checkGrok("%{IP:x}")).toBeUndefined();
  expect(checkGrok("%{IP:x}", "{}{}")?.message).toContain("JSON must have the end of the text");
  const circle = new Map<Value, Value>([
    ["A", "%{B}"],
    ["B", "%{A}"],
  ]);
  expect(checkGrok("%{A}", circle)?.message).toContain("made of itself");
  const doubling = new Map<Value, Value>(
    Array.from({ length: 40 }, (_, at) => [`D${at}`, `%{D${at + 1}}%{D${at + 1}}`]),
  );
  expect(checkGrok("%{D0}", new Map([...doubling, ["D40", "x"]]))?.message).toContain("longer than");
});
