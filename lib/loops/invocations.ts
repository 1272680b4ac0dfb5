import type { IGrantee } from "../cam/grantee";
import { refuse } from "../errors";
import type { IConstruct } from "../framework";
import type { ILogFunction } from "../scf/event-source";

/**
 * Which functions of an app invoke which others, by what they write or log: a circle of them would run for ever, like one
 * that invokes itself, and is refused at synth.
 */
export class Invocations {
  /** Those of the app that a construct belongs to. */
  static of(scope: IConstruct): Invocations {
    const known = APPS.get(scope.node.root) ?? new Invocations();
    APPS.set(scope.node.root, known);
    return known;
  }

  private readonly targets = new Map<IGrantee, Set<ILogFunction>>();

  private constructor() {}

  /** Notes that what `writer` writes invokes `target`. */
  add(scope: IConstruct, writer: IGrantee, target: ILogFunction): void {
    const targets = this.targets.get(writer) ?? new Set();
    this.targets.set(writer, targets.add(target));
    const circle = this.path(target, writer, new Set());
    if (circle === undefined) return;
    refuse(
      scope,
      "LOGS_CIRCLE",
      `outputs must not lead back to where they come from, got ${circle.map(({ node }) => node.path).join(" -> ")} -> ` +
        `${circle[0].node.path}; each would invoke the next for ever, write to something that none of them reads`,
    );
  }

  /** The functions from one to that which writes as `writer`, where there is such a way. */
  private path(from: ILogFunction, writer: IGrantee, seen: Set<ILogFunction>): ILogFunction[] | undefined {
    if (from === writer || from.role === writer) return [from];
    seen.add(from);
    for (const next of [from, from.role].flatMap((grantee) => [...(this.targets.get(grantee) ?? [])])) {
      const rest = seen.has(next) ? undefined : this.path(next, writer, seen);
      if (rest !== undefined) return [from, ...rest];
    }
    return undefined;
  }
}

const APPS = new WeakMap<IConstruct, Invocations>();
