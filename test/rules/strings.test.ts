import { STRING } from "../../rules/functions/string";
import type { Value } from "../../rules/run/values";
import { failureOf, problemsOf, resultOf, valueOf, type Row } from "./support";

const EVENT: Row = {
  path: "/var/log/nginx/access.log",
  lines: "one\r\ntwo\n\nthree\u2028four",
  face: "x😀y😀z",
  mixed: "  Tabs\tand  spaces \n",
  greek: "ΟΔΥΣΣΕΥΣ ΣΑΣ",
  left: `1, "two, 2", 3`,
  right: "a;b;c;d",
  escaped: "name=\\xe4\\xbd\\xa0 \\xff",
  logstash: `{ 'a' => 1 b => ["x", y] "c" => { "d" => true } } # end`,
};

describe("the functions of texts", () => {
  it.each([
    [`str_format("{}-{:>5}|{:<4}|{:^5}", "a", "b", "c", "d")`, "a-    b|c   |  d  "],
    [`str_format("{1}{0!r}{1!a}", "é", "ü")`, "ü'é''\\xfc'"],
    [
      `str_format("{:08.3f} {:+,} {:#x} {:e}", 3.14159, 1234567, 255, 12345.678)`,
      "0003.142 +1,234,567 0xff 1.234568e+04",
    ],
    [`str_format("{:.{}%} {:{}{}5}", 0.1234, 1, 7, "*", "^")`, "12.3% **7**"],
    [`str_format("{0[k]}{0[n][1]} {{}}", {"k": "v", "n": [1, 2]})`, "v2 {}"],
    [`str_format("{} {} {}", None, True, 2.0)`, "None True 2.0"],
    [`str_format("{:b} {:o} {:X} {:c} {:_}", 5, 8, 255, 128512, 1000000)`, "101 10 FF 😀 1_000_000"],
    [`str_format("{:g} {:g} {:G} {:n}", 1e10, 0.0001, 1e-10, 7)`, "1e+10 0.0001 1E-10 7"],
    [`str_format("{} {}", ["a", 1.0], {"k": None})`, "['a', 1.0] {'k': None}"],
    [`str_join("-", "a", 1, 2.0, v("path"))`, "a-1-2.0-/var/log/nginx/access.log"],
    [`str_join(",", ["a", "b"])`, "a,b"],
    [`str_join("x")`, ""],
    [`str_zip(v("left"), v("right"), combine_sep="=", rparse=(";", '"'))`, `1=a,"two, 2=b",3=c`],
    [`str_zip("[1, null]", "x,y", sep="|")`, "1#x|#y"],
    [`str_zip("a b,c", "x,y", sep=" ", quote="'")`, "'a b#x' c#y"],
    [`str_zip(v("none"), "a")`, undefined],
    [`str_decode(str_encode("中文ñ", "gbk"), "gbk")`, "中文"],
    [`bin2hex(str_encode("中文", "gbk"))`, "d6d0cec4"],
    [`bin2hex(str_encode("é😀", "gb18030"))`, "a8a69439fc36"],
    [`bin2hex(str_encode("aé", "utf-16"))`, "fffe6100e900"],
    [`str_encode("a中", "ascii", "xmlcharrefreplace")`, "a&#20013;"],
    [`str_encode("a中", "latin-1", errors="replace")`, "a?"],
    [`str_encode("a中", "ASCII")`, "a"],
    [`str_decode(b"a\\xe4\\xbd", "utf8")`, "a"],
    [`str_decode(b"a\\xe4\\xbdb\\xff", "utf-8", "replace")`, "a\ufffdb\ufffd"],
    [`str_decode(b"caf\\xe9", "latin1")`, "café"],
    [`str_decode(b"\\xa4\\xa4\\xa4\\xe5", "big5")`, "中文"],
    [`str_decode(b"\\x93\\xfa\\x96{", "cp932", "strict")`, "日本"],
    [`str_decode(b"\\xe6A", "cp1251", "strict")`, "жA"],
    [`str_decode(b"\\xffA", "euc-kr", "replace")`, "\ufffdA"],
    [`str_decode(v("path"))`, "/var/log/nginx/access.log"],
    [`str_hex_escape_encode(v("escaped"))`, "name=你 \\xff"],
    [`str_sort("banana😀Z")`, "Zaaabnn😀"],
    [`str_sort("ba", reverse=True)`, "ba"],
    [`str_reverse(v("face"))`, "z😀y😀x"],
    [`str_replace(v("path"), "/", ".", 2)`, ".var.log/nginx/access.log"],
    [`str_replace("aaa", "a")`, ""],
    [`str_replace("ab", "", "-")`, "-a-b-"],
    [`str_replace("a$b", "$", "$&")`, "a$&b"],
    [`str_translate(v("face"), "x😀", "1!")`, "1!y!z"],
    [`str_strip(v("mixed"))`, "Tabs\tand  spaces"],
    [`str_strip("xyaxy", "yx")`, "a"],
    [`str_lstrip("😀😀a😀", "😀")`, "a😀"],
    [`str_rstrip(v("mixed"))`, "  Tabs\tand  spaces"],
    [`str_lower(v("greek"))`, "οδυσσευς σας"],
    [`str_upper("straße")`, "STRASSE"],
    [`str_title("they're ǆ ßa")`, "They'Re ǅ Ssa"],
    [`str_capitalize("ǆΑΣ")`, "ǅας"],
    [`str_swapcase("Hello Wörld")`, "hELLO wÖRLD"],
    [`str_count("banana", "an")`, "2"],
    [`str_count(v("face"), "😀", 2)`, "1"],
    [`str_count("abc", "")`, "4"],
    [`str_find(v("face"), "😀", 2)`, "3"],
    [`str_find("abc", "z")`, "-1"],
    [`str_find(v("path"), "log", begin=5, end=op_neg(4))`, "5"],
    [`str_rfind(v("path"), "log")`, "22"],
    [`str_rfind("abc", "")`, "3"],
    [`str_endswith(v("path"), ".log")`, "true"],
    [`str_endswith(v("path"), (".txt", ".log"))`, "true"],
    [`str_startswith(v("path"), "var", 1)`, "true"],
    [`str_startswith("abc", "", 4)`, "false"],
    [`str_split(v("mixed"))`, `["Tabs", "and", "spaces"]`],
    [`str_split(v("mixed"), None, 1)`, `["Tabs", "and  spaces \\n"]`],
    [`str_split(v("path"), "/", maxsplit=2)`, `["", "var", "log/nginx/access.log"]`],
    [`str_split("", ",")`, `[""]`],
    [`str_splitlines(v("lines"))`, `["one", "two", "", "three", "four"]`],
    [`str_splitlines("a\\r\\nb\\n", True)`, `["a\\r\\n", "b\\n"]`],
    [`str_partition(v("path"), "/log")`, `["/var", "/log", "/nginx/access.log"]`],
    [`str_partition("abc", "z")`, `["abc", "", ""]`],
    [`str_rpartition(v("path"), ".")`, `["/var/log/nginx/access", ".", "log"]`],
    [`str_center("ab", 5, "*")`, "**ab*"],
    [`str_center("abc", 6, "*")`, "*abc**"],
    [`str_ljust("😀", 3, fillchar="-")`, "😀--"],
    [`str_rjust("abc", 2)`, "abc"],
    [`str_zfill("-42", 6)`, "-00042"],
    [`str_expandtabs("a\\tbcd\\n\\te", 4)`, "a   bcd\n    e"],
    [`str_expandtabs("a\\tb")`, "a       b"],
    [`str_isalnum("a1é½")`, "true"],
    [`str_isalnum("")`, "false"],
    [`str_isalpha("aé中")`, "true"],
    [`str_isalpha("a1")`, "false"],
    [`str_isascii("")`, "true"],
    [`str_isascii("é")`, "false"],
    [`str_isdecimal("٣")`, "true"],
    [`str_isdecimal("²")`, "false"],
    [`str_isdigit("²①")`, "true"],
    [`str_isdigit("½")`, "false"],
    [`str_isidentifier("größe_1")`, "true"],
    [`str_isidentifier("1a")`, "false"],
    [`str_islower("a1é")`, "true"],
    [`str_islower("123")`, "false"],
    [`str_isnumeric("½万")`, "true"],
    [`str_isnumeric("1.5")`, "false"],
    [`str_isprintable("a b")`, "true"],
    [`str_isprintable("a\\n")`, "false"],
    [`str_isspace("\\u3000\\x1c")`, "true"],
    [`str_isspace("")`, "false"],
    [`str_istitle("They'Re Here")`, "true"],
    [`str_istitle("ABc")`, "false"],
    [`str_isupper("A1É")`, "true"],
    [`str_isupper("ǅ")`, "false"],
    [`str_regex_escape("a.b*c_d-e f")`, "a\\.b\\*c_d\\-e\\ f"],
    [`str_logstash_config_normalize(v("logstash"))`, `{ "a" : 1, "b" : ["x", "y"], "c" : { "d" : true } } `],
    [`str_logstash_config_normalize('{"a": "b => c"}')`, `{"a": "b => c"}`],
    [`str_lower(["A", None])`, `["a", null]`],
    [`str_upper(v("none"))`, "NONE"],
  ])("%s gives %s", (expression, expected) => {
    expect(valueOf(expression, EVENT)).toBe(expected);
  });

  it.each([
    [`str_format("{} {}", 1)`, "a value for each field, got 1 values"],
    [`str_format("{:d}", "5")`, `A str has no format "d"`],
    [`str_format("{:.2f}", v("path"))`, `A str has no format "f"`],
    [`str_format("{:.2}", 5)`, "no precision"],
    [`str_format("{0[9]}", "abc")`, "must be within its 3 items, got 9"],
    [`str_format("{:>99999999}", 5)`, "str_format: A text must have at most 16777216 characters"],
    [`str_format("{:x}", 2.5)`, `A float has no format "x"`],
    [`str_format("{:5}", [1])`, "A list has no format"],
    [`str_zip("a", "b", sep="||")`, "str_zip must get one character as sep"],
    [`str_zip("a\\nb", "b")`, "str_zip must get a JSON list or one row of CSV"],
    [`str_zip("a", "b", lparse=(",",))`, "must have a separator and a quote"],
    [`str_encode("中", "ascii", "strict")`, "ascii has no character U+4E2D"],
    [
      `str_encode("a", v("no", default="utf9"))`,
      `must be one of utf8, ascii, latin1, utf-16, gbk, gb18030, got "utf9"`,
    ],
    [`str_decode(b"\\xff", "utf8", "strict")`, "no text in utf8, at 0xff"],
    [`str_decode(b"a", "utf8", "never")`, "must be one of strict, ignore"],
    [`str_translate("abc", "ab", "x")`, "two sets of one length"],
    [`str_split("abc", v("no", default=""))`, "The separator of str_split must not be empty"],
    [`str_partition("abc", v("no", default=""))`, "The separator of str_partition must not be empty"],
    [`str_rpartition("abc", v("no", default=""))`, "The separator of str_rpartition must not be empty"],
    [`str_center("a", 5, v("no", default="ab"))`, "str_center must fill with one character"],
    [`str_ljust("a", v("no", default="5"))`, `The width of str_ljust must be an int, got str "5"`],
    [`str_rjust("a", 1000000000)`, "str_rjust: A text must have at most"],
    [`str_zfill("a", v("no", default=5.0))`, "The width of str_zfill must be an int"],
    [`str_expandtabs("\\t", 1000000000)`, "str_expandtabs: A text must have at most"],
    [`str_find("a", "a", v("no", default="0"))`, "The start of str_find must be an int"],
    [`str_replace("a", "a", "b", v("no", default=1.5))`, "The count of str_replace must be an int"],
  ])("%s fails: %s", (expression, reason) => {
    expect(failureOf(`e_set("result", ${expression})`, EVENT)).toContain(reason);
  });

  it.each([
    [`str_format("{0.__class__}", 5)`, "must not ask for attributes"],
    [`str_format("{name}", 5)`, `got "name"`],
    [`str_format("{} {0}", 5)`, "all have numbers, or none"],
    [`str_format("{", 5)`, "must end with }, at 0"],
    [`str_format("}", 5)`, "must have } twice"],
    [`str_format("{!x}", 5)`, "must be !r, !s or !a, got !x"],
    [`str_format("{:{:{}}}", 5, 6, 7)`, "nested deeper than two levels"],
  ])("the checker knows that %s cannot work: %s", (expression, reason) => {
    expect(problemsOf(`e_set("result", ${expression})`)).toEqual([expect.stringContaining(reason)]);
  });

  it("str_uuid gives another UUID each time, in capitals if wanted", () => {
    const [first, second] = [valueOf("str_uuid()"), valueOf("str_uuid(lower=False)")];
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(second).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
    expect(second!.toLowerCase()).not.toBe(first);
  });

  it("no text is too long for them", () => {
    const long = "aΣ \t'\"=>{,".repeat(20_000);
    const start = Date.now();
    for (const name of Object.keys(STRING.functions)) {
      if (!/^str_(?!format|uuid|encode|decode|zip|join)/.test(name)) continue;
      expect([name, resultOf(name, [long, ...argumentsOf(name)]) !== undefined]).toEqual([name, true]);
    }
    expect(Date.now() - start).toBeLessThan(20_000);
  });
});

/** What a function of texts needs beside the text. */
function argumentsOf(name: string): Value[] {
  if (/center|just|zfill/.test(name)) return [600_000n];
  if (/replace|translate/.test(name)) return ["aΣ", "bc"];
  return /count|find|with|partition/.test(name) ? ["'\"=>{,x"] : [];
}

describe("texts of Python in bulk", () => {
  let seed = 3;
  const random = (below: number) => (seed = (seed * 1103515245 + 12345) % 2147483648) % below;
  const characters = Array.from("aB ,;\t\n中é😀ß");
  const text = (most = 8) => Array.from({ length: random(most) }, () => characters[random(characters.length)]).join("");
  const call = (name: string, ...values: Value[]) => resultOf(name, values);

  it("what is cut at separators and joined with them is the text again", () => {
    for (let round = 0; round < 500; round++) {
      const [one, separator] = [text(), text(2) || ","];
      expect(call("str_join", separator, [call("str_split", one, separator)])).toBe(one);
      expect((call("str_partition", one, separator) as string[]).join("")).toBe(one);
      expect((call("str_rpartition", one, separator) as string[]).join("")).toBe(one);
      expect((call("str_splitlines", one, true) as string[]).join("")).toBe(one);
      expect(call("str_replace", one, separator, "x")).toBe(one.replaceAll(separator, "x"));
    }
  });

  it.each(["utf8", "utf-16", "utf-16-be", "gb18030"])(
    "what is encoded in %s is the text again, once decoded",
    (name) => {
      for (let round = 0; round < 500; round++) {
        const one = text() + String.fromCodePoint(random(0xd800), 0xe000 + random(0x2000), 0x10000 + random(0x100000));
        expect(call("str_decode", call("str_encode", one, name, "strict"), name, "strict")).toBe(one);
      }
    },
  );

  it("a position that is found holds the text, and no earlier one does", () => {
    for (let round = 0; round < 500; round++) {
      const [one, part] = [text(12), text(2)];
      const points = Array.from(one);
      const holds = (at: number) => points.slice(at).join("").startsWith(part);
      const at = Number(call("str_find", one, part));
      expect(at).toBe(part === "" ? 0 : points.findIndex((_, index) => holds(index)));
      const last =
        points
          .map((_, index) => index)
          .filter(holds)
          .pop() ?? -1;
      expect(Number(call("str_rfind", one, part))).toBe(part === "" ? points.length : last);
    }
  });
});
