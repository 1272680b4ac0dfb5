import type { BoundCall, Step } from "../../run/implementation";
import { writer, type Mode } from "../../run/mode";
import { fail, isTrue } from "../../run/values";
import { columnNames, fieldNames, optionsOf, quoted } from "../common/options";

/** A name in `fields` whose value is discarded. */
const DISCARDED = "*";

/** Extracts the text between literals: `User = *; Severity = *;`. */
export function anchored(call: BoundCall): Step {
  const source = optionsOf(call, ["field"], ({ field }) => fieldNames("e_anchor", "field", field));
  const settings = optionsOf(call, ["anchor_rules", "fields", "restrict"], ({ anchor_rules, fields, restrict }) => {
    if (typeof anchor_rules !== "string") {
      fail(`e_anchor must get a text with asterisks as anchor_rules, got ${quoted(anchor_rules)}`, "anchor_rules");
    }
    return {
      anchors: anchor_rules.split("*"),
      names: columnNames("e_anchor", "fields", fields),
      restrict: isTrue(restrict),
    };
  });
  const write = writer(call.constant("mode") as Mode);

  return (event, run) => {
    const { anchors, names, restrict } = settings(event, run);
    for (const field of source(event, run)) {
      const text = event.get(field);
      const values = text === undefined ? undefined : between(text, anchors);
      if (!values || (restrict && values.length !== names.length)) continue;
      const count = Math.min(values.length, names.length);
      for (let index = 0; index < count; index++) {
        if (names[index] !== DISCARDED) write(event, names[index], values[index]);
      }
    }
    return event;
  };
}

/** The texts between anchors, each as short as possible; if the last anchor is empty, the rest of the text. */
function between(text: string, anchors: readonly string[]): string[] | undefined {
  const values: string[] = [];
  let end = text.indexOf(anchors[0]);
  if (end < 0) return undefined;
  end += anchors[0].length;
  for (let index = 1; index < anchors.length; index++) {
    const anchor = anchors[index];
    const isRest = anchor === "" && index === anchors.length - 1;
    const start = isRest ? text.length : text.indexOf(anchor, end);
    if (start < 0) return undefined;
    values.push(text.slice(end, start));
    end = start + anchor.length;
  }
  return values;
}
