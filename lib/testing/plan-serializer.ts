import { homedir } from "node:os";
import { basename } from "node:path";

/** A Jest snapshot serializer, for `expect.addSnapshotSerializer`. */
export interface SnapshotSerializer {
  /** Whether a value is a synthesized stack. */
  test(value: unknown): boolean;
  /** Returns the text of the stack for the snapshot. */
  serialize(value: unknown): string;
}

/**
 * Prints synthesized stacks (the result of `Testing.synth(stack)`) without what differs between machines and builds:
 * the framework's `//` metadata, hashes of function code, the path of the local backend, and other machine paths. Keys
 * are sorted, so a snapshot changes only when the plan changes.
 *
 * ```ts
 * expect.addSnapshotSerializer(planSerializer);
 * expect(Testing.synth(stack)).toMatchSnapshot();
 * ```
 */
export const planSerializer: SnapshotSerializer = {
  test: (value) => parsePlan(value) !== undefined,
  serialize: (value) => JSON.stringify(normalize(hideBackendFolder(parsePlan(value))), null, 2),
};

interface Plan {
  readonly terraform?: { readonly backend?: { readonly local?: { readonly path?: string } } };
  readonly resource?: object;
}

function parsePlan(value: unknown): Plan | undefined {
  if (typeof value !== "string" || !value.startsWith("{")) return undefined;
  try {
    const plan = JSON.parse(value) as Plan;
    return isObject(plan.terraform) || isObject(plan.resource) ? plan : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The framework stores state where the app was run. */
function hideBackendFolder(plan: Plan | undefined): Plan | undefined {
  const local = plan?.terraform?.backend?.local;
  if (local?.path === undefined) return plan;
  const path = `<folder>/${basename(local.path)}`;
  return { ...plan, terraform: { ...plan?.terraform, backend: { local: { ...local, path } } } };
}

function normalize(value: unknown): unknown {
  if (typeof value === "string") return hideMachine(hideHashes(value));
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value)
    .filter(([name]) => name !== "//")
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, normalize(member)]));
}

/** Assets are in a folder named after their content. A command can contain several. */
function hideHashes(text: string): string {
  return text.replace(/(?<=^|\s)(assets\/[^/\s]+\/)[0-9a-f]{16,}(?=\/)/gi, "$1<hash>");
}

/**
 * Replaces folders of this machine and user, as whole parts of a path. `/tmp` is not one of them, because functions
 * have it too.
 */
function hideMachine(text: string): string {
  return [process.cwd(), homedir()]
    .filter((folder) => folder.length > 1)
    .reduce((shown, folder) => shown.replace(wholePath(folder), "<folder>"), text);
}

function wholePath(folder: string): RegExp {
  return new RegExp(`(?<![\\w./-])${folder.replace(/[^\w/]/g, "\\$&")}(?![\\w.-])`, "g");
}
