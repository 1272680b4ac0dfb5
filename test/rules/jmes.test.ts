import { failureOf, problemsOf, valueOf } from "./support";

describe("a JMESPath expression in a rule text", () => {
  it.each([
    ["a.", 2, "must not end here; write what . stands before"],
    ["a..b", 2, ". must not stand here in a JMESPath expression; remove it, or write what is missing before it"],
    ["a[0", 3, "must not end here; write ] for what opens at character 2"],
    ["foo[].{a: y", 11, "must not end here; write } for what opens at character 7"],
    ["a[?b=='x'", 9, "must not end here; write ] for what opens at character 2"],
    ["a | ", 4, "must not end here; write what | stands before"],
    ["a b", 2, "b must not stand here in a JMESPath expression; join names with a dot"],
    ["1a", 0, "1 must not stand here in a JMESPath expression; put a name that begins with a digit in double quotes"],
    ["a.1", 2, '1 must not stand here in a JMESPath expression; write [1] for an element, and ."1" for a key'],
    ["a['b']", 2, `'b' must not stand here in a JMESPath expression; write [0] for an element, and ."name" for a key`],
    ["a.'b'", 2, "'b' must not stand here in a JMESPath expression; write a key in double quotes"],
    ["a#b", 1, "# must not stand here in a JMESPath expression; put a name with other than letters"],
    ["a + b", 2, "+ must not stand in a JMESPath expression; JMESPath does no sums; use op_add"],
    ["a[?b=1]", 4, "= must not stand in a JMESPath expression; write == to compare"],
    ["$.a", 0, "$ must not stand in a JMESPath expression; write @ for the value itself"],
    ["'abc", 0, "a literal must be closed; write ' behind it"],
    ["a[::0]", 4, "the step of a slice must not be 0; leave it out, or write -1"],
    ["a || &b", 5, "& must stand before an argument of a function, such as sort_by(list, &key); remove it"],
    ["lenght(a)", 0, "lenght is no function of JMESPath; did you mean length?"],
    ["a.b | nothing_like_it(@)", 6, "nothing_like_it is no function of JMESPath; it has abs, avg"],
    ["length(a, b)", 0, "length must get 1 argument, got 2; remove what is too much"],
    ["sort_by(a)", 0, "sort_by must get 2 arguments, got 1; add what is missing"],
    [`a${".a".repeat(30_000)}`, 0, "must have 1000 words at most, got 60001; select in several steps"],
    [`a${" ".repeat(70_000)}`, 0, "must have 65536 characters at most, got 70001; select in several steps"],
    [`\`${"[".repeat(2_000)}${"]".repeat(2_000)}\``, 0, "a literal must not be nested deeper than 1000 levels"],
    [`${"!".repeat(5_000)}a`, 0, "must have 1000 words at most, got 5001; select in several steps"],
  ])("%s is refused at its character %i, with a remedy", (expression, offset, message) => {
    const text = `e_set("x", json_select(v("a"), r"""${expression}"""))`;
    const [problem, ...others] = problemsOf(text);
    expect(others).toEqual([]);
    expect(problem).toContain(`1:${36 + offset} error RULES_JMES: `);
    expect(problem).toContain(message);
  });

  it("must not be empty", () => {
    expect(problemsOf('e_set("x", json_select(v("a"), ""))')).toEqual([
      expect.stringContaining(
        '1:32 error RULES_VALUE: "", character 1: a JMESPath expression must not be empty; write @',
      ),
    ]);
  });
});

describe("a word that JMESPath takes for a field's name", () => {
  it.each([
    ["[?b == true].c", 7, "`true`"],
    ["[?False != a.b]", 2, "`false`"],
    ["a[?b==null || c==None]", 6, "`null`"],
    ["a == `1` && true == b", 12, "`true`"],
  ])("%s gets a hint", (expression, offset, literal) => {
    const [problem, ...others] = problemsOf(`e_json("a", jmes="${expression}", output="o")`);
    expect(others).toEqual([]);
    expect(problem).toContain(`1:${19 + offset} warning RULES_JMES: `);
    expect(problem).toContain(`is the name of a field here; write ${literal} between backticks for the value`);
  });

  it.each([
    ['[?b > "x y"]', 6, "write 'x y' for the text"],
    ['[?a == `1` && b > "5"]', 18, "write '5' for the text, or `5` for the number"],
  ])("%s, in double quotes, gets a hint", (expression, offset, remedy) => {
    const [problem, ...others] = problemsOf(`e_json("a", jmes='${expression}', output="o")`);
    expect(others).toEqual([]);
    expect(problem).toContain(`1:${19 + offset} warning RULES_JMES: "`);
    expect(problem).toContain(`is the name of a field here; ${remedy}`);
  });

  it.each([
    "[?b == `true`]",
    "[?b == 'true']",
    '"x y" == a',
    '[?b > "x y".c]',
    "true",
    "a.true == b",
    "[?b == true.c]",
    "{true: a}",
    "length(true)",
  ])("%s gets none", (expression) =>
    expect(problemsOf(`e_json("a", jmes=r"""${expression}""", output="o")`)).toEqual([]),
  );
});

describe("an expression that an event brings", () => {
  const select = 'e_set("o", json_select(v("a"), v("j")))';
  const msOf = (work: () => void): number => {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1000;
  };

  it.each([
    ["a quote that is not closed", `"${"x".repeat(60_000)}`, "a name in quotes must be closed"],
    ["many words before a fault", `${"a.".repeat(30_000)}#`, "must have 1000 words at most, got 60000"],
    ["a fault behind long words", `${`"${"x".repeat(600)}".`.repeat(100)}]`, "must not stand here"],
    ["a list that doubles", "[@,@][]|".repeat(100) + "@", "A list must have at most 1048576 items, got 2097152"],
    [
      "lists that hold a list twice, compared",
      `[\`[1]\`,\`[1]\`]|${"[[[0],[0]],[[1],[1]]]|".repeat(40)}[0]==[1]`,
      "A JMESPath expression must go through at most 33554432 items",
    ],
  ])("fails within bounds: %s", (_, j, message) => {
    let failure: string | undefined;
    const ms = msOf(() => (failure = failureOf(select, { a: "[1, 2]", j })));
    expect(failure).toContain(message);
    expect(ms).toBeLessThan(5000);
  });

  it("is compiled again where it was forgotten", () => {
    const texts = Array.from({ length: 40 }, (_, at) => `'${String(at).repeat(5000)}'`);
    for (const j of [...texts, ...texts]) {
      expect(valueOf('json_select(v("a"), v("j"))', { a: "{}", j })).toBe(j.slice(1, -1));
    }
  });
});
