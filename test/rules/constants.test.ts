import { parseParameters } from "../../rules/check/parameters";
import { isConstantType } from "../../rules/check/constant-types";
import { FUNCTIONS } from "../../rules/functions";
import { failureOf, problemsOf } from "./support";

/** A call with a value in the place of §, a value that is wrong there, and what is said of it. */
type Case = readonly [call: string, wrong: string, message: string];

const TIME = '"2021-03-04 05:06:07"';

const REFUSED: readonly Case[] = [
  ["ct_int(v('x'), base=§)", "37", "base must be 0, or 2 to 36, got int 37"],
  ["op_round(2.5, ndigits=§)", '"2"', 'ndigits must be an int, got "2"'],
  ['op_slice("abc", start=§)', '"2"', 'start must be an int, got "2"'],
  ['op_slice("abc", end=§)', "1.5", "end must be an int, got float 1.5"],
  ['op_slice("abc", 0, 2, step=§)', "0", "step must be an int other than 0, got int 0"],
  ...[
    "dt_parse(TIME, tz=§)",
    "dt_str(TIME, tz=§)",
    "dt_parsetimestamp(TIME, tz=§)",
    "dt_now(tz=§)",
    "dt_today(tz=§)",
    "dt_fromtimestamp(1, tz=§)",
    "dt_astimezone(TIME, tz=§)",
  ].map((call): Case => [
    call,
    '"Asia/Shanhai"',
    '/Shanghai, or an offset such as +08:00, got "Asia/Shanhai"; did you',
  ]),
  ["dt_prop(TIME, prop=§)", '"Weekday"', 'tzname, got "Weekday"; did you mean weekday?'],
  ["dt_currentstamp(normalize=§)", '"floors"', "normalize must be one of floor, int, round, ceil, got"],
  ["dt_diff(TIME, TIME, normalize=§)", '"up"', 'normalize must be one of floor, int, round, ceil, got "up"'],
  ["dt_diff(TIME, TIME, unit=§)", '"month"', "unit must be one of microsecond, millisecond, second, minute"],
  ["dt_truncate(TIME, unit=§)", '"days"', 'or minutes such as 5_minute, got "days"; did you mean day?'],
  ["dt_parse(TIME, fmt=§)", '"%Y-%Y"', 'each directive once, got "%Y-%Y"; %Y stands twice'],
  ["dt_parsetimestamp(TIME, fmt=§)", '"%Y-%E"', 'each directive once, got "%Y-%E"; "%E" is no directive'],
  ["dt_strptime(TIME, fmt=§)", '"%Y-%Q"', "fmt must be a format of Python's strptime, each directive once, got"],
  ...["MO", "TU", "WE", "TH", "FR", "SA", "SU"].map((day): Case => [
    `dt_add(TIME, weekday=dt_${day}(n=§))`,
    "0",
    "n must be a whole number other than 0, got int 0",
  ]),
  ['base64_encoding("a", format=§)', '"RFC1"', "format must be one of RFC3548, RFC4648"],
  ['base64_decoding("YQ==", format=§)', '"RFC4684"', 'got "RFC4684"; did you mean RFC4648?'],
  ['md5_encoding("a", format=§)', '"bin"', "format must be one of hex, binary"],
  ['sha1_encoding("a", format=§)', '"SHA255"', 'got "SHA255"; did you mean SHA256?'],
  ['gzip_compress("a", compresslevel=§)', "10", "compresslevel must be 0 to 9, got int 10"],
  ['zlib_compress("a", compresslevel=§)', '"6"', 'compresslevel must be 0 to 9, got "6"'],
  ['gzip_compress("a", to_format=§)', '"base32"', "to_format must be one of base64, hex, raw"],
  ['zlib_compress("a", to_format=§)', "64", "to_format must be one of base64, hex, raw, got int 64"],
  ['gzip_decompress("a", from_format=§)', '"b64"', "from_format must be one of base64, hex, raw"],
  ['zlib_decompress("a", from_format=§)', '"b64"', "from_format must be one of base64, hex, raw"],
  ['gzip_decompress("a", encoding=§)', '"utf9"', "encoding must be the name of an encoding such as utf8, gbk"],
  ['zlib_decompress("a", encoding=§)', '"utf9"', "encoding must be the name of an encoding such as utf8, gbk"],
  ['crc32_encoding("a", input_format=§)', '"text"', "input_format must be one of raw, bytes, hex, base64"],
  ...["aes_encrypt", "aes_decrypt"].flatMap((name): Case[] => [
    [`${name}("a", key=§)`, '"secret"', "key must be 16, 24 or 32 bytes long, got 6 bytes"],
    [`${name}("a", "${"k".repeat(16)}", mode=§)`, '"GCM"', "mode must be one of CBC, ECB, CFB, OFB, CTR, OPENPGP"],
    [`${name}("a", "${"k".repeat(16)}", pad_style=§)`, '"pkcs5"', 'got "pkcs5"; did you mean pkcs7?'],
    [`${name}("a", "${"k".repeat(16)}", input_format=§)`, '"text"', "input_format must be one of raw, bytes, hex"],
    [`${name}("a", "${"k".repeat(16)}", output_format=§)`, '"text"', "output_format must be one of raw, bytes, hex"],
  ]),
  ['protobuf_decoding("a", "message A {}", input_format=§)', '"utf8"', "input_format must be one of base64, hex, raw"],
  ['jwt_encoding({"a": 1}, "k", algorithm=§)', '"HS265"', 'got "HS265"; did you mean HS256?'],
  ["hashids_encoding(1, min_length=§)", "2000", "min_length must be 0 to 1000, got int 2000"],
  ['hashids_decoding("a", min_length=§)', '"5"', 'min_length must be 0 to 1000, got "5"'],
  ['url_parse_qs("a=1", errors=§)', '"strikt"', 'got "strikt"; did you mean strict?'],
  ['regex_select("a", "a", mi=§)', '"0"', 'mi must be an int, got "0"'],
  ['regex_select("a", "(a)", gi=§)', '"0"', 'gi must be an int, got "0"'],
  ['regex_replace("a", "a", count=§)', '"1"', 'count must be an int, got "1"'],
  ['regex_split("a", "a", maxsplit=§)', '"1"', 'maxsplit must be an int, got "1"'],
  ["lst_insert([1], §, 2)", '"0"', 'location must be an int, got "0"'],
  ["lst_delete_at([1], §)", '"0"', 'location must be an int, got "0"'],
  ["lst_get([1], §)", '"0"', 'location must be an int, got "0"'],
  ['str_encode("a", encoding=§)', '"utf9"', 'got "utf9"; did you mean utf8?'],
  ['str_encode("a", errors=§)', '"ignor"', 'got "ignor"; did you mean ignore?'],
  ['str_replace("a", "a", count=§)', '"1"', 'count must be an int, got "1"'],
  ...["str_count", "str_endswith", "str_startswith"].flatMap((name): Case[] => [
    [`${name}("a", "a", start=§)`, '"0"', 'start must be an int, got "0"'],
    [`${name}("a", "a", end=§)`, '"0"', 'end must be an int, got "0"'],
  ]),
  ['str_find("a", "a", begin=§)', '"0"', 'begin must be an int, got "0"'],
  ['str_find("a", "a", end=§)', '"0"', 'end must be an int, got "0"'],
  ['str_rfind("a", "a", beg=§)', '"0"', 'beg must be an int, got "0"'],
  ['str_rfind("a", "a", end=§)', '"0"', 'end must be an int, got "0"'],
  ['str_split("a", sep=§)', '""', 'sep must be a text that is not empty, got ""'],
  ['str_split("a", "b", maxsplit=§)', '"1"', 'maxsplit must be an int, got "1"'],
  ['str_partition("a", §)', '""', 'substr must be a text that is not empty, got ""'],
  ['str_rpartition("a", §)', '""', 'substr must be a text that is not empty, got ""'],
  ...["str_center", "str_ljust", "str_rjust"].flatMap((name): Case[] => [
    [`${name}("a", width=§)`, '"5"', 'width must be an int, got "5"'],
    [`${name}("a", 5, fillchar=§)`, '"ab"', 'fillchar must be one character, got "ab"'],
  ]),
  ['str_zfill("a", width=§)', '"5"', 'width must be an int, got "5"'],
  ['str_expandtabs("a", tabsize=§)', '"5"', 'tabsize must be an int, got "5"'],
  ['tab_parse_csv("a,b", sep=§)', '"||"', 'sep must be one character, got "||"'],
  ['tab_parse_csv("a,b", quote=§)', '"||"', 'quote must be one character, got "||"'],
];

/** What must be a constant, or is looked at as a whole when the text is checked. */
const CHECKED_ELSEWHERE = /^(?:e_|res_)/;

const plain = (call: string): string => call.replaceAll("TIME", TIME);

describe("a constant of a closed set", () => {
  it.each(REFUSED)("is refused at its place in %s: %s", (call, wrong, message) => {
    const text = `e_set("result", ${plain(call).replace("§", wrong)})`;
    const [problem, ...others] = problemsOf(text);
    expect(others).toEqual([]);
    expect(problem).toContain(`1:${text.lastIndexOf(wrong) + 1} error RULES_VALUE: `);
    expect(problem).toContain(message);
  });

  it.each(REFUSED)("would fail for every event in %s: %s", (call, wrong) => {
    const dynamic = `v("absent", default=${wrong})`;
    expect(failureOf(`e_set("result", ${plain(call).replace("§", dynamic)})`, { x: "12" })).toMatch(/^line 1: /);
  });

  it.each([
    'dt_parse(v("t"), tz="asia/shanghai")',
    'dt_parse(v("t"), tz="UTC+8")',
    'dt_parse(v("t"), tz="")',
    'dt_parse(v("t"), tz=None)',
    'dt_diff(v("t"), v("t"), unit="hours")',
    'dt_truncate(v("t"), "5_minute")',
    'dt_truncate(v("t"), "5_minutes")',
    'dt_add(v("t"), weekday=dt_MO("-1"))',
    'sha1_encoding(v("t"), "sha256")',
    'base64_encoding(v("t"), "rfc4648")',
    'aes_encrypt(v("t"), b"0123456789abcdef", mode="cbc", pad_style="PKCS7")',
    'ct_int(v("t"), 0)',
    'str_encode(v("t"), "UTF-8")',
    'str_encode(v("t"), "latin-1", errors="xmlcharrefreplace")',
    'tab_parse_csv(v("t"), sep="", quote="")',
    'op_slice(v("t"), None, 2)',
    'gzip_compress(v("t"), compresslevel=0, to_format="HEX")',
    'jwt_decoding(v("t"), "k", algorithms=["HS256", "RS512"])',
  ])("may be written as the functions take it: %s", (call) => {
    expect(problemsOf(`e_set("x", ${call})`)).toEqual([]);
  });

  it.each([
    ['str_decode(v("t"), "utf9")', "1:31 warning RULES_VALUE: encoding must be the name of an encoding such as utf8"],
    ['dt_strftimestamp(v("t"), "%Y", tz="Mars")', "1:46 warning RULES_VALUE: tz must be a name of the IANA database"],
    ['url_parse_qs(v("t"), encoding="utf9")', "1:42 warning RULES_VALUE: encoding must be the name of an encoding"],
    ['jwt_decoding(v("t"), "k", algorithms=["HS1"])', "1:49 warning RULES_VALUE: algorithms must be one of HS256"],
  ])("is a warning where some events may do well with it: %s", (call, message) => {
    expect(problemsOf(`e_set("x", ${call})`)).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    ['e_json("a", fmt="ful")', "1:17 warning RULES_VALUE: fmt must be one of simple, full, parent, root, or a format"],
    ['e_json("a", depth=5000)', "1:19 warning RULES_VALUE: depth must be 0 to 2000, got int 5000"],
    ['e_json("a", mode="fil")', "1:18 error RULES_VALUE: mode must be one of fill, fill-auto, add"],
    ['e_syslogrfc("a", "RFC5424")', "1:18 error RULES_VALUE: rfc must be one of SYSLOGRFC3164, SYSLOGRFC5424"],
    ['e_split("a", sep=", ")', '1:18 error RULES_VALUE: sep must be one character, got ", "'],
    ['e_psv("a", "b", quote="\'\'")', "1:23 error RULES_VALUE: quote must be one character"],
    ['e_set("a", res_local("b", type="json"))', 'auto, JSON, raw, got "json"; did you mean JSON?'],
    [
      'e_set("a", res_oss_file("", bucket="b", file="c", decompress="gz"))',
      '1:62 error RULES_VALUE: decompress must be one of none, gzip, got "gz"',
    ],
  ])("is checked in operations and resources: %s", (text, message) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(message)]);
  });

  it("is known for each parameter that has a type, and tested", () => {
    const parameters = [...FUNCTIONS]
      .filter(([, definition]) => !("refused" in definition))
      .flatMap(([name, { parameters: notation }]) => {
        const { positional, keywords, rest } = parseParameters(notation);
        return [
          ...[...positional, ...keywords].map((parameter) => [name, parameter] as const),
          ...(rest?.types ?? []).map(
            (type) => [name, { names: ["rest"], type, lenient: false, optional: false }] as const,
          ),
        ];
      });
    const others = ["any", "op", "cond", "regex", "query", "jmes", "grok", "output"];
    const unknown = parameters.filter(([, { type }]) => !others.includes(type) && !isConstantType(type));
    expect(unknown).toEqual([]);

    const strict = parameters.filter(([name, { type, lenient }]) => {
      return isConstantType(type) && !lenient && !CHECKED_ELSEWHERE.test(name);
    });
    const untested = strict.filter(
      ([name, { names }]) =>
        !REFUSED.some(
          ([call, , message]) =>
            call.includes(`${name}(`) && (call.includes(`${names[0]}=§`) || message.startsWith(names[0])),
        ),
    );
    expect(untested.map(([name, { names }]) => `${name} ${names[0]}`)).toEqual([]);
  });
});

describe("what is wrong with an argument is shown at it", () => {
  it.each([
    ['e_drop_fields("a", "b(", "c")', "1:22 error RULES_REGEX: the pattern has a ("],
    ['e_rename("a", "b", "c[", "d")', "1:22 error RULES_REGEX"],
    ['e_rename("a", "b", "c", "")', "1:25 error RULES_VALUE: e_rename must get a name as the new one"],
    ['e_pack_fields("all", include="(")', "1:31 error RULES_REGEX"],
    ["e_pack_fields(5)", "1:15 error RULES_VALUE: e_pack_fields must get the name of a field"],
    ['e_set("a", 1, mode=v("m"))', "1:20 error RULES_VALUE: e_set must get a constant mode"],
    ['e_csv(5, "a,b")', "1:7 error RULES_VALUE: e_csv must get names of fields as field, got int"],
    ['e_csv("a", [1, 2])', "1:12 error RULES_VALUE: e_csv must get names of fields as fields"],
    ['e_kv("a", sep="(")', "1:15 error RULES_VALUE: e_kv must get a pattern as sep: "],
    ['e_kv_delimit("a", pair_sep="z-a")', "1:28 error RULES_VALUE: e_kv_delimit must get a pattern as pair_sep: "],
    ['e_kv_delimit("a", kv_sep="(=")', "1:26 error RULES_VALUE: e_kv_delimit must get a pattern as kv_sep: "],
    ['e_regex("a", "b", fields_info=5)', "1:31 error RULES_VALUE: e_regex must get a name, a list or a dict"],
    ['e_anchor("a", 5, "b")', "1:15 error RULES_VALUE: e_anchor must get a text with asterisks"],
    ['e_json("a", fmt="{nothing}")', "1:17 error RULES_VALUE: e_json must get a format"],
    ['e_json("a", fmt_array="{index[0]}")', "1:23 error RULES_VALUE: e_json must get a format"],
    ['e_syslogrfc("a", SYSLOGRFC5424, fields_info="b")', "1:45 error RULES_VALUE: e_syslogrfc must get a dict"],
    ['e_dict_map("[1]", "a", "b")', "1:12 error RULES_VALUE: e_dict_map must get a dict as data"],
    ['e_table_map("t", "a", "b")', "1:13 error RULES_VALUE: e_table_map must get a table"],
    ['e_table_map(tab_parse_csv("a,b"), "a", "c")', "1:40 error RULES_VALUE: e_table_map must get columns"],
    ['e_table_map(tab_parse_csv("a,b"), "c", "b")', "1:35 error RULES_VALUE: e_table_map must get columns"],
    ['e_table_map(tab_parse_csv("a,b"), "a", "b", missing=[1, 2])', "1:53 error RULES_VALUE: e_table_map must get as"],
    ['e_search_dict_map({"a:(": 1}, "b")', "1:19 error RULES_VALUE: e_search_dict_map must get queries"],
    ['e_search_table_map(tab_parse_csv("a,b"), "c", "b")', "1:42 error RULES_VALUE: e_search_table_map must get col"],
    ["e_to_metric(names=5)", "1:19 error RULES_VALUE: e_to_metric must get a name"],
    ['e_set("a", regex_replace("b", "(c)", r"x\\2"))', "1:41 error RULES_REGEX: the replacement refers to the group 2"],
    ['e_set("a", regex_select("b", 5))', "1:30 error RULES_VALUE: a text must stand here"],
    ['e_set("a", dt_add(v("t"), month=13))', "1:33 error RULES_VALUE: dt_add: month must be 1 to 12, got 13"],
    ['e_set("a", dt_add(v("t"), hour=24))', "1:32 error RULES_VALUE: dt_add: hour must be 0 to 23, got 24"],
    ['e_set("a", dt_add(v("t"), weekday="Mo"))', "1:35 error RULES_VALUE: dt_add: weekday must be such as dt_MO"],
    [
      'e_set("a", res_oss_file("ap-guangzhou", bucket="b", file="/c"))',
      '1:58 error RULES_VALUE: res_oss_file must get a file that does not begin with "/"',
    ],
    [
      'e_set("a", res_oss_file("", bucket=v("b"), file="c"))',
      "1:36 error RULES_VALUE: res_oss_file must get a bucket that depends on no event",
    ],
    [
      'e_set("a", res_oss_file("", ak_id="i", bucket="b", file="c"))',
      "1:35 error RULES_VALUE: res_oss_file must get ak_id and ak_key or none of them",
    ],
    ['e_set("a", geo_parse("1.1.1.1", keep_fields=5))', "1:45 error RULES_VALUE: geo_parse: keep_fields must be names"],
    ['e_set("a", protobuf_decoding("b", "message {"))', "1:35 error RULES_VALUE: protobuf_decoding must get a .proto"],
  ])("%s", (text, place) => {
    expect(problemsOf(text)).toEqual([expect.stringContaining(place)]);
  });
});
