import { isDeepStrictEqual } from "node:util";

/** What `terraform show -json` tells of a plan, as far as it is read here. */
export interface PlanDocument {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly type: string;
    readonly mode: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Readonly<Record<string, unknown>> | null;
      readonly after: Readonly<Record<string, unknown>> | null;
      readonly after_unknown: Readonly<Record<string, unknown>>;
    };
  }[];
}

/** One resource that a plan would change. */
export interface Change {
  readonly address: string;
  readonly type: string;
  readonly action: "create" | "update" | "replace" | "delete";
  /** Arguments that differ; those that the cloud will compute are left out. */
  readonly arguments: readonly string[];
}

/** The changes of a plan, those of data sources left out. */
export function changesOf(plan: PlanDocument): Change[] {
  const changes = (plan.resource_changes ?? []).filter(({ mode }) => mode === "managed");
  return changes.flatMap(({ address, type, change }) => {
    const { actions, before, after, after_unknown: unknown } = change;
    const action = actionOf(actions);
    if (action === undefined) return [];
    const names = Object.keys({ ...before, ...after }).filter((name) => unknown[name] !== true);
    const differing = names.filter((name) => !isDeepStrictEqual(before?.[name], after?.[name]));
    return [{ address, type, action, arguments: differing.sort() }];
  });
}

function actionOf(actions: readonly string[]): Change["action"] | undefined {
  if (actions.length === 2) return "replace";
  const [action] = actions;
  return action === "create" || action === "update" || action === "delete" ? action : undefined;
}

/** Throws unless the plan changes just these, each as `action type(arguments)`; arguments only of updates. */
export function expectChanges(changes: readonly Change[], expected: readonly string[]): void {
  const got = changes.map(showChange).sort();
  if (isDeepStrictEqual(got, [...expected].sort())) return;
  throw new Error(
    `the plan must change\n  ${[...expected].sort().join("\n  ")}\ngot\n  ${got.join("\n  ") || "nothing"}`,
  );
}

function showChange(change: Change): string {
  const named = change.action === "update" ? `(${change.arguments.join(", ")})` : "";
  return `${change.action} ${change.type}${named}`;
}
