import type { CallNode, Expression } from "../language/syntax-tree";
import { call, keyword, quote } from "./text";
import type { NativeCall, NativeValue } from "./types";

/** Directives of strftime as patterns of Java's DateTimeFormatter. */
const DIRECTIVES: Readonly<Record<string, string>> = {
  Y: "yyyy",
  y: "yy",
  m: "MM",
  d: "dd",
  H: "HH",
  I: "hh",
  M: "mm",
  S: "ss",
  p: "a",
  b: "MMM",
  B: "MMMM",
  a: "EEE",
  A: "EEEE",
  j: "DDD",
  f: "SSSSSS",
  "%": "%",
};

const FORMS = "CLS reads other forms of dates than the rule language";

/** The date functions that have an equivalent in CLS. */
export function nativeDate(one: NativeCall): NativeValue {
  const { name, positional } = one.node;
  if (name === "dt_strftime" || name === "dt_str") return formatted(one, positional[0]);
  if (name === "dt_parsetimestamp") {
    const zone = one.given("tz") ? one.text("tz") : "UTC";
    one.note(FORMS);
    const milliseconds = call("dt_to_timestamp", one.value(positional[0]).text, keyword("zone", quote(zone)));
    return { text: call("op_div", milliseconds, "1000"), type: "number" };
  }
  if (one.given("tz")) one.refuse("dt_fromtimestamp with tz, whose offset CLS does not write", one.given("tz"));
  const milliseconds = call("op_mul", one.value(positional[0]).text, "1000");
  return { text: call("dt_from_timestamp", milliseconds, keyword("zone", quote("UTC"))), type: "text" };
}

/** `dt_strftime(dt_parse(v("t")), "%Y")`: CLS parses and formats a date in one call. */
function formatted(one: NativeCall, date: Expression): NativeValue {
  const isParsed = date.kind === "call" && date.name === "dt_parse" && (date as CallNode).positional.length === 1;
  const source = isParsed ? (date as CallNode).positional[0] : one.node.name === "dt_str" ? date : undefined;
  if (!source) return one.refuse(`${one.node.name} of other than dt_parse(...)`, date);
  if (one.given("tz")) one.refuse(`${one.node.name} with tz`, one.given("tz"));
  if (!one.given("fmt")) one.refuse(`${one.node.name} without a format`);
  one.note(FORMS);
  one.note("CLS turns a time with an offset into UTC before it is written");
  const format = javaFormat(one, one.text("fmt"));
  return {
    text: call("dt_str", one.value(source).text, keyword("format", quote(format)), keyword("zone", quote("UTC"))),
    type: "text",
  };
}

function javaFormat(one: NativeCall, format: string): string {
  return format.replace(/%(.)|[A-Za-z']+/g, (whole, directive: string | undefined) => {
    if (directive === undefined) return `'${whole.replaceAll("'", "''")}'`;
    return DIRECTIVES[directive] ?? one.refuse(`the directive ${whole} in a format`, one.given("fmt"));
  });
}
