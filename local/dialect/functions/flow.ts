import { operation, type Definitions } from "../definition";
import { isTrue } from "../values";

/** Control flow functions. Fact: docs/design/facts/rules.md#dialect-flow. */
export const FLOW: Definitions = {
  compose: operation("*", (row, args) =>
    args.restNodes.reduce((rows, node) => rows.flatMap((one) => args.apply(node, one)), [row]),
  ),
  t_if: operation("condition function", (row, args) =>
    args.flag("condition", false) ? args.apply(args.node("function"), row) : [row],
  ),
  t_if_not: operation("condition function", (row, args) =>
    args.flag("condition", false) ? [row] : args.apply(args.node("function"), row),
  ),
  t_if_else: operation("condition function1 function2", (row, args) =>
    args.apply(args.node(args.flag("condition", false) ? "function1" : "function2"), row),
  ),
  /** Rows that match no case are discarded. */
  t_switch: operation("*", (row, args) => {
    const nodes = args.restNodes;
    for (let at = 0; at + 1 < nodes.length; at += 2) {
      if (isTrue(args.evaluate(nodes[at]))) return args.apply(nodes[at + 1], row);
    }
    return [];
  }),
};
