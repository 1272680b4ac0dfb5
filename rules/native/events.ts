import { toText } from "../run/text";
import { fieldName, optional, together } from "./arguments";
import { call, keyword, quote } from "./text";
import type { NativeSteps } from "./types";

/** A field that exists only during a statement. */
const COPY = "__split__";

/** Routing and output of events. */
export const eventSteps: NativeSteps = {
  e_drop: (one) => {
    const condition = one.given("condition");
    return [call("log_drop", condition ? one.condition(condition) : "True")];
  },
  e_keep: (one) => {
    const condition = one.given("condition");
    return condition ? [call("log_keep", one.condition(condition))] : [];
  },
  e_output: (one) => {
    for (const parameter of ["topic", "source", "tags"]) {
      const given = one.given(parameter);
      if (given) one.refuse(`e_output with ${parameter}`, given);
    }
    const name = one.constant("name") ?? one.defaultOutput;
    if (name === undefined || name === "dropped") return [call("log_drop", "True")];
    return [call("log_output", quote(toText(name)))];
  },
  e_coutput: (one) => one.refuse("e_coutput: a row cannot be copied and run on"),
  e_split: (one) => {
    const field = fieldName(one, one.given("field")!);
    const output = one.constant("output");
    const isKept = typeof output === "string" && output !== field;
    const split = (source: string): string =>
      call(
        "log_split",
        quote(source),
        keyword("sep", quote(one.text("sep"))),
        keyword("quote", quote(one.text("quote"))),
        keyword("jmes", optional(one, "jmes")),
        keyword("output", isKept ? quote(output) : undefined),
      );
    one.note("CLS keeps blanks before a part, and does not say what becomes of rows without anything to split");
    if (!isKept) return [split(field)];
    // If the parts are written to another field, CLS removes the source field, so a copy of it is split.
    const copy = call("fields_set", quote(COPY), call("v", quote(field)));
    const isEmpty = call("op_str_eq", call("v", quote(field)), quote(""));
    const isSplit = call("op_and", call("has_field", quote(field)), call("op_not", isEmpty));
    return [call("t_if", isSplit, together([copy, split(COPY), call("fields_drop", quote(COPY))]))];
  },
};
