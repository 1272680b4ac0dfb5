import { problemsOf, runRules } from "./support";

describe("a rule text", () => {
  it("is a list of calls, on lines of their own or apart by semicolons, with comments", () => {
    const text = [
      "# what the log is about",
      'e_set("a", "1"); e_set("b", "2")  # two on a line',
      "e_set(",
      '  "c", # inside of brackets line ends do not count',
      '  "3",',
      ")",
      'e_set("d", \\',
      '      "4")',
    ].join("\n");
    expect(runRules(text, [{}])).toEqual([{ a: "1", b: "2", c: "3", d: "4" }]);
  });

  it.each([
    [String.raw`"a\tb\n\\\"\'"`, "a\tb\n\\\"'"],
    [String.raw`'it''s'`, "its"],
    [String.raw`"\x41\u4e2d\U0001F600\101"`, "A中😀A"],
    [String.raw`"\d+\."`, String.raw`\d+\.`],
    [String.raw`r"\n" '\n' "x"`, "\\n\nx"],
    [`u"中文"`, "中文"],
    [`"""a "quoted" text"""`, 'a "quoted" text'],
    [`b"abc"`, "abc"],
    [`Rb"a\\n" bR'b'`, "a\\nb"],
    [String.raw`b"\x41\u0041\N{DIGIT ONE}\101"`, String.raw`A\u0041\N{DIGIT ONE}A`],
    [String.raw`r"\N{DIGIT ONE}"`, String.raw`\N{DIGIT ONE}`],
    ["1", "1"],
    ["-7", "-7"],
    ["0x1f", "31"],
    ["1_000", "1000"],
    ["0xff_ff", "65535"],
    ["00", "0"],
    ["01.5", "1.5"],
    ["123456789012345678901234567890", "123456789012345678901234567890"],
    ["2.0", "2.0"],
    ["1e-05", "1e-05"],
    [".5", "0.5"],
    ["True", "true"],
    ["false", "false"],
    ['["a", 1, 2.5, None, ("b",), {"k": "中"}]', '["a", 1, 2.5, null, ["b"], {"k": "中"}]'],
    ["F_TIME", "__time__"],
  ])("writes %s to a field as Python does", (literal, written) => {
    expect(runRules(`e_set("x", ${literal})`, [{}])).toEqual([{ x: written }]);
  });

  it("goes on behind a backslash that ends a line, with a comment behind it too", () => {
    const text = 'e_set("a", \\\n  "1") \\  # why\ne_set("b", \\# so\r\n "2")\n';
    expect(runRules(text, [{}])).toEqual([{ a: "1", b: "2" }]);
    expect(problemsOf('e_set("a", \\ "1")')[0]).toContain("a backslash goes on with the next line only where it ends");
  });

  it("does not write None", () => {
    expect(runRules('e_set("x", None, "y", null, "z", v("absent"))', [{ y: "1" }])).toEqual([{ y: "1" }]);
  });

  it.each([
    ['v("n") == "5"', "true"],
    ['v("n") != "5"', "false"],
    ["1 < 2 and 2 <= 2", "true"],
    ["1 < 2 < 2", "false"],
    ['not v("absent") or e_has("absent")', "true"],
    ["-(2) < 0", "true"],
  ])("knows comparisons and logic: %s", (expression, written) => {
    expect(runRules(`e_set("x", ${expression})`, [{ n: "5" }])).toEqual([{ n: "5", x: written }]);
  });

  it("tells all that is wrong at once, with line, column, the text and a caret", () => {
    const text = 'e_set("a", 1, mode="fil")\ne_sett("b", 2)\n  str_lower("x")\ne_if(e_drop(), op_add(1))\n';
    expect(problemsOf(text)).toEqual([
      [
        '1:20 error RULES_VALUE: mode must be one of fill, fill-auto, add, add-auto, overwrite, overwrite-auto, got "fil"; did you mean fill?',
        '  e_set("a", 1, mode="fil")',
        "                     ^^^^^",
      ].join("\n"),
      [
        "2:1 error RULES_UNKNOWN_NAME: e_sett is no function of the rule language; did you mean e_set?",
        '  e_sett("b", 2)',
        "  ^^^^^^",
      ].join("\n"),
      expect.stringContaining("3:3 error RULES_POSITION: str_lower gives a value, and an operation must stand here"),
      expect.stringContaining("4:6 error RULES_POSITION: e_drop is an operation, and a value must stand here"),
      expect.stringContaining("4:16 error RULES_POSITION: op_add gives a value"),
    ]);
  });

  it.each([
    ["e_set(“a”, 1)", "1:7", '“ is a full-width or typographic sign; write " instead'],
    ['e_set（"a", 1)', "1:6", "（ is a full-width or typographic sign; write ( instead"],
    ['e_set("a",\u00a01)', "1:11", "U+00A0 is a full-width or typographic sign; write a plain blank instead"],
    ["// comment", "1:1", "a comment must begin with #, got //"],
    ['e_set("a", "b)', "1:12", 'a text must end with " on its line'],
    ['e_set("a", 1', "1:1", "what opens here must be closed with )"],
    ['e_set("a", v("x") + 1)', "1:19", "+ is no operator of the rule language; use op_add(a, b)"],
    ['e_set("a", f"x")', "1:12", "use str_format or str_join"],
    ['e_set("a", uu"x")', "1:12", 'a text must begin with its quote or r, u, b, br, rb before it, got uu"; remove'],
    ["e_set('a', bU'x')", "1:12", "a text must begin with its quote or r, u, b, br, rb before it, got bU'; remove"],
    ['e_set("a", ur"x")', "1:12", "a text must begin with its quote"],
    ['e_set("a", Rf"x")', "1:12", "use str_format or str_join"],
    [String.raw`e_set("a", "b\N{EM DASH}")`, "1:14", String.raw`\N{EM DASH} names a character, which must be given by`],
    [String.raw`e_set("a", "\N")`, "1:13", String.raw`write \uHHHH, or r"..."`],
    ['e_set("a", """b\ne_set("c", 1)', "1:12", 'a text must end with """ somewhere; close it'],
    ['e_set("a", 0777)', "1:12", 'an int must not begin with 0, got 0777; write 777, or "0777"'],
    ['e_set("a", 1__0)', "1:12", "underscores of a number must stand between digits, got 1__0"],
    ['e_set("a", 1_)', "1:12", "underscores of a number must stand between digits, got 1_"],
    ["e_set(*fields)", "1:7", "arguments cannot be unpacked with *; write them one by one"],
    ['e_set("a", **fields)', "1:12", "arguments cannot be unpacked with *"],
    ['e_set("a", v("b").lower())', "1:18", "a value has no methods or members; use a function, such as str_lower(...)"],
    ['e_set("a", v("b").lower().strip("x)"))', "1:18", "use a function, such as str_lower(...)"],
    ['e_set("a", v("b")[0])', "1:18", ", or ) must stand here, got [; use op_index(value, index)"],
    ['e_set("a", "b" if 1 else "c")', "1:16", ", or ) must stand here, got if; use op_if(condition, value, other)"],
    ['e_set("a", 1 in [1])', "1:14", ", or ) must stand here, got in; use op_in(container, element)"],
    ['e_set("a", 1 constructor)', "1:14", ", or ) must stand here, got constructor\n"],
    ["level = 1", "1:7", "the rule language has no variables; write a value where it is used"],
    ['e_set("a", none)', "1:12", "none is no name of the rule language; did you mean None?"],
    ['e_kv("a", quote="")', "1:17", 'quote must be a text that is not empty, got ""'],
    ["for x in y", "1:1", "for is Python and no part of the rule language"],
    ['e_set("a", level)', "1:12", 'level is no name of the rule language; write "level" for a text'],
    ['e_set("a", F_TIM)', "1:12", "F_TIM is no name of the rule language; did you mean F_TIME?"],
    ["e_drop", "1:1", "an operation must stand here"],
    ['e_set("a", str_uuid)', "1:12", "str_uuid is a function and must be called; write str_uuid(...)"],
    ['e_set("a")', "1:1", "e_set must get a pair of arguments at least, got 1"],
    ['e_set("a", 1, "b")', "1:15", "e_set takes its arguments in pairs, got 3; add or remove one"],
    ["e_set()", "1:1", "e_set must get a pair of arguments at least, got 0"],
    ['e_csv("a")', "1:1", "e_csv must get fields; add what is missing"],
    ['e_csv("a", "b", sepp="#")', "1:17", "e_csv has no parameter sepp; did you mean sep?"],
    ['e_csv("a", "b", field="c")', "1:17", "e_csv gets field twice; keep one of the two"],
    ["e_drop(True, False)", "1:14", "e_drop takes 1 arguments at most, got 2"],
    ['e_set("a", grok("x %{IPP:a}"))', "1:20", "IPP"],
    ['e_set("a", grok("%{X:a}", extend={"Y": "b"}))', "1:18", "X"],
    ['e_set("a", regex_replace(v("b"), "(x)", r"\\2"))', "1:43", "the replacement refers to the group 2"],
    ['e_keep(e_search("a: (b"))', "1:23", "the query cannot be read: ) must stand here"],
    ['e_set("a", 1x)', "1:12", "a name must not start with a digit"],
    [String.raw`e_set("a", "\x4")`, "1:13", "must be followed by its hexadecimal digits"],
    ['e_redis_map("a")', "1:1", "e_redis_map cannot run here"],
    ['e_set("a", 1) e_set("b", 2) ]', "1:29", "a statement must end here, got ], which closes nothing; remove it"],
    ['e_set("a", 1) 2', "1:15", "a statement must end here, got 2; put the next one on a line of its own"],
    ["e_set(value, 1)", "1:7", 'value is no name of the rule language; write "value" for a text'],
    ['e_set("a", Flase)', "1:12", "Flase is no name of the rule language; did you mean False?"],
    ["e_set(key1, 1)", "1:7", 'key1 is no name of the rule language; write "key1" for a text'],
    ['e_set("a", 2 ** 3)', "1:14", "** is no operator of the rule language; use op_pow(a, b)"],
    [
      'e_set("a", 7 // 2)',
      "1:14",
      "a comment must begin with #, got //; write # instead, or op_div_floor(a, b) to divide",
    ],
    ['e_set("a", "b", ...)', "1:17", "... stands for what is left out; write that, or remove it"],
    ["e_compose(DROP, ……)", "1:17", "…… stands for what is left out; write that, or remove it"],
    ["`e_drop()`", "1:1", '"`" is no sign of the rule language; remove it'],
    ['e_keep(e_search("os=iOS"))', "1:21", "a number must stand here, got iOS; write == to compare texts"],
    ['e_if(e_has("a"), "text")', "1:18", "an operation must stand here"],
    ['e_if(!e_has("a"), DROP)', "1:6", "! is no operator of the rule language; write not before a condition"],
    [
      'e_keep(e_has("a") && e_has("b"))',
      "1:19",
      "&& is no operator of the rule language; write and between conditions",
    ],
    ['e_keep(e_has("a") || e_has("b"))', "1:19", "|| is no operator of the rule language; write or between conditions"],
    ['e_keep(e_has("a") & e_has("b"))', "1:19", "& is no operator of the rule language; write and between"],
    ['e_set("a", $b)', "1:12", '$ is no operator of the rule language; read a field with v("name")'],
    ['e_set("a", ct_int(v("b")) - 1)', "1:27", ", or ) must stand here, got -; use op_sub(a, b)"],
    ["v('b') - 1", "1:8", "a statement must end here, got -; use op_sub(a, b)"],
    ['e_set("a", v("b")++)', "1:18", "+ is no operator of the rule language; use op_add(a, b)"],
    ['e_set("a", v("b") ? 1 : 2)', "1:19", "? is no operator of the rule language; use op_if(condition, value, other)"],
    ['e_keep(v("b") =~ "x")', "1:16", "~ is no operator of the rule language; use e_match(field, pattern), or"],
    ['e_keep(v("b") <> "x")', "1:16", "a value or a call must stand here, got >; use != for <>"],
    ['e_keep(v("b") === "x")', "1:17", "a value or a call must stand here, got =; use == or != to compare"],
    ['e_set("a", os.getenv("X"))', "1:14", 'the environment is read with res_local("NAME"), not with os.getenv'],
    ['e_set("a", os.environ.get("X"))', "1:14", 'read with res_local("NAME"), not with os.environ'],
    ['e_set("a", os.environ["X"])', "1:14", 'read with res_local("NAME"), not with os.environ'],
    ['e_set("a", v("b").split(","))', "1:18", "use a function, such as str_split(...)"],
    ['e_set("a", v("b").get("c"))', "1:18", "use a function, such as dct_get(...)"],
    ['e_if e_has("a"), DROP', "1:1", "an operation must have its arguments in brackets, such as e_if(...)"],
    ['e_set("a", json_select(v("b"), "[?c > 5]"))', "1:39", "write a number between backticks, such as `5`"],
  ])("%s is refused with its place and a remedy", (text, place, message) => {
    const problems = problemsOf(text);
    expect(problems[0]).toContain(message);
    expect(problems[0].split(" ")[0]).toBe(place);
    // One mistake is one error; an argument too many may be two.
    expect(problems).toHaveLength(1);
  });

  it("quotes what stands around a mistake in a long line, and cuts what the message would repeat", () => {
    const [problem] = problemsOf(`e_set("${"x".repeat(600_000)}", ${"y".repeat(300_000)}("z"))`);
    expect(problem.length).toBeLessThan(1500);
    const [first, source, caret] = problem.split("\n");
    expect(first).toMatch(
      /^1:600011 error RULES_UNKNOWN_NAME: y{500} \.\.\. y{400,500} is no function of the rule language/,
    );
    expect(source).toMatch(/^ {2}\.\.\.x+", y+\.\.\.$/);
    expect(caret.indexOf("^")).toBe(source.indexOf("y"));
  });

  it.each([
    ['e_set("中文", none)', 16, 4],
    ['e_set("😀é́", none)', 15, 4],
    ['e_set("𠀀", none)', 14, 4],
    ["\te_set（", 8, 2],
    ['e_set("a", 中文)', 13, 4],
  ])("puts carets right behind and below wide signs: %j", (text, column, width) => {
    const [, , caret] = problemsOf(text)[0].split("\n");
    expect(caret).toBe(" ".repeat(column) + "^".repeat(width));
  });

  it("tells what is wrong with a call's arguments, and not what follows from it", () => {
    expect(problemsOf('e_regex(field, "a", "b")')).toHaveLength(1);
    expect(problemsOf('e_dict_map(dct_mak("a", "b"), field, "c")').map((one) => one.split(" ")[0])).toEqual([
      "1:12",
      "1:31",
    ]);
    expect(problemsOf('e_set("a", ......)')).toHaveLength(1);
    expect(
      problemsOf('e_if(nothing, e_sett("a", 1), other, e_kv("a", mode="no"))').map((one) => one.split(" ")[0]),
    ).toEqual(["1:6", "1:15", "1:31", "1:53"]);
  });

  it("takes a text that stands alone for a comment, with a warning", () => {
    const text = '"""Step one"""\ne_set("a", "1")\n"""Step two:\nthe rest"""\ne_set("b", "2")\n';
    expect(runRules(text, [{}])).toEqual([{ a: "1", b: "2" }]);
    expect(problemsOf(text).map((problem) => problem.split("\n")[0])).toEqual([
      "1:1 warning RULES_POSITION: a text by itself does nothing; write # before a comment",
      "3:1 warning RULES_POSITION: a text by itself does nothing; write # before a comment",
    ]);
  });

  it("goes on after a statement that cannot be read", () => {
    const problems = problemsOf('e_set("a", (1)\ne_set("b", 2\ne_sett("c")\n');
    expect(problems.map((problem) => problem.split(" ")[0])).toEqual(["1:1", "2:1", "3:1"]);
    expect(problems.at(-1)).toContain("e_sett is no function");
  });

  it.each([
    ["signs", "127.0.0.1 - - [04/Jan/2026:16:06:38 +0800] GET /a?b=c%20 HTTP/1.1 200 ~\n"],
    ["words", "what people write\n"],
    ["calls of nothing", "e_sett(1)\n"],
  ])("gives up on a long file that is no rule text: %s", (_, line) => {
    const started = performance.now();
    const problems = problemsOf(line.repeat(20_000));
    expect(performance.now() - started).toBeLessThan(2000);
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toContain("more is wrong than these 100 errors; mend them, and check again");
  });

  it("tells the error behind any number of warnings", () => {
    const problems = problemsOf(`${'e_keep("yes")\n'.repeat(150)}e_sett(1)\n`);
    expect(problems).toHaveLength(151);
    expect(problems.at(-1)).toContain("151:1 error RULES_UNKNOWN_NAME");
  });

  it("refuses brackets that are nested too deep", () => {
    const deep = `e_set("a", ${"op_not(".repeat(5000)}1${")".repeat(5000)})`;
    expect(problemsOf(deep)[0]).toContain("brackets must not be nested deeper than 200");
  });

  it("warns of what it hardly means", () => {
    expect(problemsOf('e_if(e_has("a"), KEEP, DROP)')[0]).toMatch(/^1:24 warning RULES_VALUE: .*e_if_else/);
    expect(problemsOf('e_keep("status: 200")')).toEqual([
      expect.stringMatching(/^1:8 warning RULES_VALUE: a text is always true; write e_search/),
    ]);
    expect(problemsOf('e_set("a", ct_int("x"))')).toEqual([
      expect.stringMatching(/^1:12 warning RULES_VALUE: every event that comes here fails: ct_int must get an int/),
    ]);
    expect(problemsOf('e_output("a", project="p")')[0]).toMatch(
      /^1:23 warning RULES_VALUE: project means nothing here/,
    );
    expect(problemsOf(String.raw`e_regex("a", "(x)", {r"k\1": r"\2"})`)[0]).toMatch(
      /^1:21 warning RULES_VALUE: .*no group for/,
    );
    const backtracking = problemsOf(String.raw`e_keep(e_match("a", r"(a)\1"))`, { regexEngine: "backtracking" });
    expect(backtracking[0]).toMatch(/^1:\d+ warning RULES_REGEX: /);
  });

  it.each([
    ['e_set("a" "1", v("b"))', '1:11 warning RULES_SYNTAX: two texts side by side are one; write a comma before "1"'],
    [
      'e_keep_fields("a",\n "b" "c")',
      '2:6 warning RULES_SYNTAX: two texts side by side are one; write a comma before "c"',
    ],
    [
      'e_csv("f", ["a",\n "b"\n "c"])',
      '3:2 warning RULES_SYNTAX: two texts side by side are one; write a comma before "c"',
    ],
    [
      'e_regex("a", r"(\\d+)", ["x", "y"])',
      '1:24 warning RULES_VALUE: the pattern has 1 group for 2 names, and nothing for "y"',
    ],
    [
      'e_regex("a", r"\\d+")',
      "1:14 warning RULES_VALUE: e_regex sets no field: the pattern has no group with a name; make groups",
    ],
    [
      'e_regex("a", r"(\\d+)")',
      "1:14 warning RULES_VALUE: e_regex sets no field: the pattern has no group with a name; name its groups",
    ],
    [
      'e_set("z", str_format("{} {}", v("a")))',
      "1:23 warning RULES_VALUE: every event that comes here fails: the format asks for 2 values, got 1",
    ],
    [
      'e_set("z", str_format("{1:{2}}", v("a"), 1))',
      "1:23 warning RULES_VALUE: every event that comes here fails: the format asks for 3 values, got 2",
    ],
    [
      'e_if(v("a") == 5, e_drop())',
      "1:6 warning RULES_VALUE: a field is a text, which no number equals, so that this is always false; convert it",
    ],
    [
      'e_if(500 != v("a", "b"), e_drop())',
      '1:6 warning RULES_VALUE: a field is a text, which no number equals, so that this is always true; convert it with ct_int or ct_float, or compare with "500"',
    ],
    [
      'e_if(v("a") >= 1.5, e_drop())',
      "1:6 warning RULES_VALUE: every event that comes here fails: a field is a text, which has no order with a number",
    ],
    [
      'e_set("z", regex_select(v("a"), r"(\\d)(x)", gi=2))',
      "1:48 warning RULES_VALUE: every event that comes here fails: gi must be the number of a group, and the pattern has 2, numbers 0 to 1",
    ],
    [
      'e_json("a", expand_array="no")',
      '1:26 warning RULES_VALUE: expand_array must be True or False, got "no"; it counts as True',
    ],
    ['e_json("a", expand="")', '1:20 warning RULES_VALUE: expand must be True or False, got ""; it counts as False'],
    [
      'e_search_dict_map({"a: b": "c"}, "status", "kind")',
      '1:44 warning RULES_VALUE: multi_match must be True or False, got "kind"',
    ],
  ])("warns of what the text alone shows: %s", (text, warning) => {
    const problems = problemsOf(text);
    expect(problems).toHaveLength(1);
    expect(problems[0].startsWith(warning)).toBe(true);
  });

  it.each([
    'e_set("a", "one "\n "two", "b", 1)',
    'e_regex("a", r"\\d+", "x")',
    'e_regex("a", r"\\d+", ["x", "y"])',
    'e_regex("a", r"(?P<x>\\d+)(y)?")',
    'e_set("a", str_format("{} {{}}", v("b"), "more"))',
    'e_json("a", expand_array=False, jmes_ignore_none=1)',
  ])("says nothing of %s", (text) => {
    expect(problemsOf(text)).toEqual([]);
  });

  it("takes further patterns of grok that the text gives", () => {
    expect(problemsOf('e_set("a", grok("%{X:a}", extend={"X": "b+"}))')).toEqual([]);
  });

  it("names outputs that the pipeline has", () => {
    const outputs = ["archive", "alerts"];
    expect(problemsOf('e_output("archiv")', { outputs })[0]).toContain(
      'the pipeline has no output "archiv", it has archive, alerts; did you mean archive?',
    );
    expect(problemsOf('e_coutput(name="alerts")', { outputs })).toEqual([]);
    expect(problemsOf('e_output(name=v("dynamic"))', { outputs })).toEqual([]);
  });
});
