import type { Plan, Resource } from "./run";

/** What the plan of a page's example holds beside what the example is about. */
const OF_FIXTURES = /^(Topic|Errors|Requests|Guangzhou|Sg|Bucket|Lake|Operators|Live|Orders|Batch|Stream|tencentcloud)(\/|$)/;

interface Placed {
  readonly type: string;
  readonly id: string;
  /** Path of its construct below the stack. */
  readonly path: string;
  readonly resource: Resource;
}

function placedIn({ resource = {} }: Plan): Placed[] {
  return Object.entries(resource)
    .flatMap(([type, all]) => Object.entries(all).map(([id, one]) => ({ type, id, path: pathOf(one), resource: one })))
    .sort((one, other) => (one.path < other.path ? -1 : 1));
}

function pathOf(resource: Resource): string {
  return (resource["//"]?.metadata.path ?? "").replace(/^[^/]+\//, "").replace(/\/Resource$/, "");
}

/** What an example makes: each resource, where it hangs in the tree of constructs. */
export function resourceRows(plan: Plan): string[][] {
  return placedIn(plan)
    .filter(({ path }) => !OF_FIXTURES.test(path))
    .map(({ type, path }) => [`\`${path}\``, `\`${type}\``]);
}

interface Statement {
  readonly effect: string;
  readonly action: readonly string[];
  readonly resource: readonly string[];
}

/** What the roles of an example may do: action and resource of each statement. */
export function rightRows(plan: Plan): string[][] {
  const placed = placedIn(plan);
  const policies = placed.filter(({ type, path }) => type === "tencentcloud_cam_policy" && !OF_FIXTURES.test(path));
  return policies.flatMap(({ resource }) => {
    const { statement } = JSON.parse(withoutCalls(String(resource.document))) as { statement: Statement[] };
    return statement.map(({ action, resource: on }) => [
      action.map((one) => `\`${one}\``).join(", "),
      on.map((one) => `\`${readable(one, placed)}\``).join(", "),
    ]);
  });
}

/** `${jsonencode("a${b}c")}` stands for the text in it. */
function withoutCalls(document: string): string {
  return document.replace(/\$\{jsonencode\(((?:"(?:[^"\\]|\\.)*"|[^()])*)\)\}/g, (_, text: string) =>
    text.startsWith('"') ? text : JSON.stringify(`\${${text}}`),
  );
}

/** References as people would name what they refer to. */
function readable(name: string, placed: readonly Placed[]): string {
  return name.replace(/\$\{([^}]+)\}/g, (_, reference: string) => {
    const [type, id] = reference.split(".");
    if (type === "data") return reference.endsWith("app_id") ? "<appid>" : "<uin>";
    const found = placed.find((one) => one.type === type && one.id === id);
    return `<${found?.path ?? reference}>`;
  });
}
