import type { Expression } from "../language/syntax-tree";
import { compileRegex } from "../regex/compile";
import { toText } from "../run/text";
import { fieldName, java_, pairs } from "./arguments";
import { bool, call, keyword, quote } from "./text";
import type { NativeCall, NativeSteps } from "./types";

/** Assigning, dropping and renaming fields. */
export const fieldSteps: NativeSteps = {
  e_drop_fields: (one) => [call("fields_drop", ...names(one))],
  e_keep_fields: (one) => [call("fields_keep", ...names(one))],
  e_rename: (one) => {
    refuseChains(one);
    return pairs(one.rest).map(([from, to]) => {
      const [field, name] = [fieldName(one, from), quote(fieldName(one, to))];
      const isPattern = one.flag("regex") && isRegex(field);
      const pattern = isPattern ? java_(one, from) : field;
      return call("fields_rename", quote(pattern), name, isPattern ? keyword("regex", "True") : undefined);
    });
  },
  e_pack_fields: (one) => {
    const exclude = one.constant("exclude");
    one.note("CLS writes JSON without blanks");
    return [
      call(
        "fields_pack",
        quote(fieldName(one, one.given("output_field")!)),
        keyword("include", quote(one.text("include"))),
        keyword("exclude", typeof exclude === "string" ? quote(exclude) : undefined),
        keyword("drop_packed", bool(one.flag("drop_packed"))),
      ),
    ];
  },
  e_set: (one) => {
    const mode = keyword("mode", quote(one.text("mode")));
    return pairs(one.rest).flatMap(([key, value]) => {
      const constant = one.isConstant(value) ? one.constantOf(value, "value") : undefined;
      if (constant === null) return [];
      // CLS formats constants that are not strings in its own way.
      const text = constant === undefined ? one.value(value).text : quote(toText(constant));
      const set = [call("fields_set", quote(fieldName(one, key)), text, mode)];
      // None, from an absent field, is not assigned.
      const absent = fieldOf(one, value);
      return absent === undefined ? set : [call("t_if", call("has_field", quote(absent)), ...set)];
    });
  },
};

/** CLS renames pair by pair, so a field that already has its new name would be renamed again. */
function refuseChains(one: NativeCall): void {
  const given: string[] = [];
  for (const [from, to] of pairs(one.rest)) {
    const name = fieldName(one, from);
    const pattern = one.flag("regex") && isRegex(name) ? compileRegex(name) : undefined;
    const again = given.find((earlier) => pattern?.testFull(earlier) ?? earlier === name);
    if (again !== undefined) {
      one.refuse(`e_rename that renames ${again}, the new name of a pair before it; rename one after the other`, from);
    }
    given.push(fieldName(one, to));
  }
}

/** Names to drop or keep: patterns for whole names, unless specified otherwise. */
function names(one: NativeCall): (string | undefined)[] {
  const fields = one.rest.map((name) => fieldName(one, name));
  const isPattern = one.flag("regex") && fields.some(isRegex);
  if (!isPattern) return fields.map(quote);
  return [...one.rest.map((name) => quote(java_(one, name))), keyword("regex", "True")];
}

function isRegex(name: string): boolean {
  return /[\\^$.|?*+()[\]{}]/.test(name);
}

/** The field whose absence makes a value None: `v` of one field, without a default. */
function fieldOf(one: NativeCall, value: Expression): string | undefined {
  if (value.kind !== "call" || value.name !== "v" || value.positional.length !== 1) return undefined;
  return value.keywords.length > 0 ? undefined : fieldName(one, value.positional[0]);
}
