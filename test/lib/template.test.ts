import { escapeTemplate, goJson, quoteTemplate, splitTemplate } from "../../lib/template";

describe("escapeTemplate", () => {
  it.each([
    ["plain $ and % {}", "plain $ and % {}"],
    ["${a} %{b}", "$${a} %%{b}"],
    ["$${a}", "$$${a}"],
  ])("writes %j as %j", (text, escaped) => {
    expect(escapeTemplate(text)).toBe(escaped);
  });

  it("makes dollars before an expression an expression of their own", () => {
    expect(escapeTemplate("cost: $", true)).toBe('cost: ${"$"}');
    expect(escapeTemplate("cost: ", true)).toBe("cost: ");
  });
});

describe("splitTemplate", () => {
  it("takes text and expressions apart, with braces and quotes inside of them", () => {
    expect(splitTemplate('a $${x} ${f({k = "}"})}${"q \\" ${g}"}%%{y}')).toEqual([
      { text: "a ${x} " },
      { expression: 'f({k = "}"})' },
      { expression: '"q \\" ${g}"' },
      { text: "%{y}" },
    ]);
  });

  it.each([
    ["${a", /close every \$\{/],
    ['${"a}', /close every quote/],
  ])("refuses %j, which never ends", (template, message) => {
    expect(() => splitTemplate(template)).toThrow(message);
  });
});

describe("texts of 64 KiB", () => {
  const BYTES = 64 * 1024;

  it.each(["$", "%", "${", "%{", "$$", "$x", '"', "\\", "{", "<", "a"])(
    "take no longer than their length: %j",
    (unit) => {
      const text = unit.repeat(BYTES / unit.length);
      const started = performance.now();
      const escaped = escapeTemplate(`${text}x`, true) + escapeTemplate(text, true);
      const parts = splitTemplate(escapeTemplate(text));
      quoteTemplate([...parts, { expression: "a.b" }]);
      goJson(text);
      expect(escaped.length).toBeGreaterThan(2 * BYTES);
      // A pattern that goes back over a run takes some seconds.
      expect(performance.now() - started).toBeLessThan(1_500);
    },
  );
});

describe("quoteTemplate", () => {
  it("writes text as HCL does, and expressions as they are", () => {
    expect(quoteTemplate([{ text: '"\\\n\b ${x} $' }, { expression: "a.b" }, { text: "%{y}" }])).toBe(
      '"\\"\\\\\\n\\u0008 $${x} ${"$"}${a.b}%%{y}"',
    );
  });
});

describe("goJson", () => {
  it.each<[string | number | boolean | null, string]>([
    ["<a&b>\u2028", '"\\u003ca\\u0026b\\u003e\\u2028"'],
    [1.5, "1.5"],
    [true, "true"],
    [null, "null"],
  ])("writes %j as Go's encoder does", (literal, text) => {
    expect(goJson(literal)).toBe(text);
  });
});
