import type { Plan, Resource } from "./run";

interface Placed {
  readonly type: string;
  readonly id: string;
  /** Path of its construct below the stack. */
  readonly path: string;
  readonly resource: Resource;
}

/** All resources of a plan, in path order. */
function placedIn({ resource = {} }: Plan): Placed[] {
  return Object.entries(resource)
    .flatMap(([type, all]) => Object.entries(all).map(([id, one]) => ({ type, id, path: pathOf(one), resource: one })))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

function pathOf(resource: Resource): string {
  return (resource["//"]?.metadata.path ?? "").replace(/^[^/]+\//, "").replace(/\/Resource$/, "");
}

function isOfExample({ given }: Plan, path: string): boolean {
  return !given.has(path.split("/")[0]);
}

/** Resources of an example, with their positions in the construct tree. */
export function resourceRows(plan: Plan): string[][] {
  return placedIn(plan)
    .filter(({ path }) => isOfExample(plan, path))
    .map(({ type, path }) => [`\`${path}\``, `\`${type}\``]);
}

interface Statement {
  readonly effect: string;
  readonly action: readonly string[];
  readonly resource: readonly string[];
}

/** Permissions of an example's roles: role, action and resource of each statement. */
export function rightRows(plan: Plan): string[][] {
  const placed = placedIn(plan);
  const policies = placed.filter(({ type }) => type === "tencentcloud_cam_policy");
  return policies.flatMap(({ resource, path }) => {
    const { statement } = JSON.parse(withoutCalls(String(resource.document))) as { statement: Statement[] };
    return statement.map(({ action, resource: on }) => [
      `\`${path.replace(/\/Policy$/, "")}\``,
      action.map((one) => `\`${one}\``).join(", "),
      on.map((one) => `\`${readable(one, placed)}\``).join(", "),
    ]);
  });
}

/** Replaces `${jsonencode("a${b}c")}` by the text in it. */
function withoutCalls(document: string): string {
  return document.replace(/\$\{jsonencode\(((?:"(?:[^"\\]|\\.)*"|[^()])*)\)\}/g, (_, text: string) =>
    text.startsWith('"') ? text : JSON.stringify(`\${${text}}`),
  );
}

/** Replaces references by readable names. */
function readable(name: string, placed: readonly Placed[]): string {
  return name.replace(/\$\{([^}]+)\}/g, (_, reference: string) => {
    const [type, id] = reference.split(".");
    if (type === "data") return reference.endsWith("app_id") ? "<appid>" : "<uin>";
    const found = placed.find((one) => one.type === type && one.id === id);
    return `<${found?.path ?? reference}>`;
  });
}
