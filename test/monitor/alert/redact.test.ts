import fc from "fast-check";
import { redacted } from "../../../monitor/alert/redact";
import { alertOf, NOW } from "./support";

const SECRET = "s3cr3t-value-0042";

function around(line: string, names = ["token", "authorization"]): string {
  const sample = { at: NOW, fields: [], around: [line] };
  return redacted(alertOf({ sample }), names).sample?.around[0] as string;
}

describe("what is to be masked", () => {
  it("is masked in the sample and the group by its name, large or small", () => {
    const alert = alertOf({
      group: [["Token", SECRET]],
      sample: {
        at: NOW,
        fields: [
          ["token", SECRET],
          ["path", "/a"],
        ],
        around: [],
      },
    });
    const { group, sample } = redacted(alert, ["token"]);
    expect(group).toEqual([["Token", "***"]]);
    expect(sample?.fields).toEqual([
      ["token", "***"],
      ["path", "/a"],
    ]);
  });

  it("is masked wherever else it stands, once the sample told it", () => {
    const sample = {
      at: NOW,
      fields: [
        ["token", SECRET],
        ["url", `/x?t=${SECRET}`],
      ] as [string, string][],
      around: [SECRET],
    };
    const alert = redacted(alertOf({ sample, words: `failed for ${SECRET}` }), ["token"]);
    expect(JSON.stringify(alert)).not.toContain(SECRET);
    expect(alert.words).toBe("failed for ***");
  });

  it.each([
    ["JSON", `{"a":1,"token":"${SECRET}","b":2}`, '{"a":1,"token":"***","b":2}'],
    ["JSON with spaces", `{ "token" : "${SECRET}" }`, '{ "token" : "***" }'],
    ["JSON whose value holds a quote", `{"token":"a\\"${SECRET}","b":2}`, '{"token":"***","b":2}'],
    ["a number in JSON", '{"token":1234567,"b":2}', '{"token":***,"b":2}'],
    ["an object in JSON", `{"token":{"a":["]","${SECRET}"]},"b":2}`, '{"token":***,"b":2}'],
    [
      "JSON within JSON",
      `{"m":"{\\"token\\":\\"${SECRET}\\",\\"b\\":2}"}`,
      '{"m":"{\\"token\\":\\"***\\",\\"b\\":2}"}',
    ],
    ["a query", `GET /a?token=${SECRET}&b=2 200`, "GET /a?token=***&b=2 200"],
    ["logfmt", `a=1 token="${SECRET} x" b=2`, 'a=1 token="***" b=2'],
    ["a header", `authorization: Bearer ${SECRET}`, "authorization: ***"],
    ["a header among others", `Authorization: Bearer ${SECRET}, host: a`, "Authorization: ***, host: a"],
    ["an end that never comes", `{"token":"${SECRET}`, '{"token":"***"'],
    ["no value", "token=", "token="],
    ["another name that holds it", "mytoken=abcd tokens=efgh", "mytoken=abcd tokens=efgh"],
  ])("is masked in a line before the matched one: %s", (_, line, expected) => {
    expect(around(line)).toBe(expected);
  });

  it("never lets a value through that stands behind its name, however its text is written", () => {
    const secret = fc.stringMatching(/^[a-z0-9]{8,20}$/);
    const form = fc.constantFrom(
      (value: string) => JSON.stringify({ token: value }),
      (value: string) => JSON.stringify({ m: JSON.stringify({ deep: { token: value } }) }),
      (value: string) => JSON.stringify({ token: [value, { x: value }] }),
      (value: string) => `token=${value}`,
      (value: string) => `token: ${value}`,
      (value: string) => `{'token': '${value}'}`,
    );
    fc.assert(
      fc.property(secret, form, fc.string(), (value, write, before) => {
        expect(around(`${before} ${write(value)}`)).not.toContain(value);
      }),
    );
  });

  it("takes time that grows with the text alone", () => {
    for (const piece of ["\\", "token", 'token"', "token:", "token: \\", "{", 'token:{"', " "]) {
      const startedAt = performance.now();
      around(piece.repeat(Math.ceil(400_000 / piece.length)));
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    }
  });
});
