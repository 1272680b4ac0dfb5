import type { BoundCall, BoundNode, Definitions } from "./definition";
import { DialectError, type CallNode, type Node } from "./syntax";

/** Assigns each argument to its parameter. Throws `DialectError` for unknown functions and arguments. */
export function bindCall(call: CallNode, definitions: Definitions): BoundCall {
  const wrong = (message: string): DialectError => new DialectError(message, call.line, call.column);
  if (!Object.hasOwn(definitions, call.name)) throw wrong(`unknown function ${call.name}`);
  const definition = definitions[call.name];
  const { named: known, positional, isVariadic } = definition.parameters;
  const bound = (node: Node): BoundNode => {
    if (node.kind === "call") return bindCall(node, definitions);
    return node.kind === "items" ? { kind: "items", items: node.items.map(bound) } : node;
  };

  if (call.positional.length > positional && !isVariadic) {
    throw wrong(`${call.name} must get at most ${positional} arguments, got ${call.positional.length}`);
  }
  const named = new Map<string, BoundNode>();
  for (const [at, node] of call.positional.slice(0, positional).entries()) named.set(known[at].name, bound(node));
  for (const [name, node] of call.keywords) {
    if (!known.some((one) => one.name === name)) throw wrong(`${call.name} has no parameter ${name}`);
    if (named.has(name)) throw wrong(`${call.name} must get ${name} once`);
    named.set(name, bound(node));
  }
  const missing = known.find(({ name, isOptional }) => !isOptional && !named.has(name));
  if (missing) throw wrong(`${call.name} must get ${missing.name}`);
  const rest = call.positional.slice(positional).map(bound);
  return { kind: "bound", name: call.name, definition, named, rest, line: call.line };
}
