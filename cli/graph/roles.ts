import { jsonOf } from "./expressions";
import type { GraphNode, GraphRole, Right } from "./graph";
import { listOf, recordOf, type Resource, type Stack } from "./plan";
import type { Sketch } from "./sketch";

/**
 * Reads roles with their permissions. A role of functions is a part of them; any other is a node, whether or not it
 * belongs to the stacks. A permission that no other edge shows gets its own edge.
 */
export function drawRoles(sketch: Sketch): GraphRole[] {
  const all = attachmentsOf(sketch);
  const attachedTo = (role: Resource | undefined): Attached[] => all.filter((one) => one.role === role);
  const own = sketch.ofType("tencentcloud_cam_role").map((role) => drawOwn(sketch, role, attachedTo(role)));
  return [...own, ...drawOthers(sketch, attachedTo(undefined))];
}

function drawOwn(sketch: Sketch, role: Resource, attached: readonly Attached[]): GraphRole {
  const runs = sketch.ofType("tencentcloud_scf_function").flatMap((one) => {
    const isRun = sketch.references.one(one.arguments.role, one.stack, "tencentcloud_cam_role") === role;
    return isRun ? [sketch.nodeOf(one)].filter((node) => node !== undefined) : [];
  });
  const name = sketch.readable(role.arguments.name, role.stack);
  for (const node of runs) {
    sketch.standFor(node, role);
    sketch.setRole(node, role.key);
  }
  const holders = runs.length > 0 ? runs : [sketch.draw(role, { kind: "role", name })];
  const trusts = statementsOf(role.arguments.document).flatMap(({ principal }) =>
    Object.values(recordOf(principal)).flatMap((one) => listOf(one).map((each) => sketch.readable(each, role.stack))),
  );
  return {
    id: role.key,
    title: sketch.titleOf(role),
    name,
    stack: role.stack.name,
    trusts,
    functions: runs.map(({ id }) => id),
    ...drawAttached(sketch, holders, attached),
  };
}

/** Roles outside the stacks that the stacks refer to: their other permissions are unknown. */
function drawOthers(sketch: Sketch, attached: readonly Attached[]): GraphRole[] {
  return [...new Set(attached.map(({ roleName }) => roleName))].map((name) => {
    const its = attached.filter(({ roleName }) => roleName === name);
    const { stack } = its[0].attachment;
    const holder = sketch.add(`role ${name}`, { kind: "role", title: name, name, stack, isExternal: true });
    const role = { id: holder.id, title: name, name, stack: stack.name, trusts: [], functions: [] };
    return { ...role, ...drawAttached(sketch, [holder], its) };
  });
}

interface Attached {
  readonly attachment: Resource;
  /** Undefined if it is not in the stacks. */
  readonly role: Resource | undefined;
  readonly roleName: string;
  /** Undefined if it is not in the stacks. */
  readonly policy: Resource | undefined;
  readonly policyName: string;
}

function attachmentsOf(sketch: Sketch): Attached[] {
  const all = [
    ...sketch.ofType("tencentcloud_cam_role_policy_attachment"),
    ...sketch.ofType("tencentcloud_cam_role_policy_attachment_by_name"),
  ];
  return all.map((attachment) => {
    const { stack, arguments: given } = attachment;
    const [role, policy] = [given.role_id ?? given.role_name, given.policy_id ?? given.policy_name];
    return {
      attachment,
      role: sketch.references.one(role, stack, "tencentcloud_cam_role"),
      roleName: sketch.readable(role, stack),
      policy: sketch.references.one(policy, stack, "tencentcloud_cam_policy"),
      policyName: sketch.readable(policy, stack),
    };
  });
}

/** Adds attached policies to the holders of a role, and draws what they allow. */
function drawAttached(sketch: Sketch, holders: readonly GraphNode[], attached: readonly Attached[]) {
  const rights: Right[] = [];
  for (const { attachment, policy } of attached) {
    for (const holder of holders) {
      sketch.standFor(holder, attachment);
      if (policy) sketch.standFor(holder, policy);
    }
    if (policy) rights.push(...rightsOf(sketch, policy));
  }
  for (const holder of holders) drawRights(sketch, holder, rights);
  return { rights, policies: attached.flatMap(({ policy, policyName }) => (policy ? [] : [policyName])) };
}

function statementsOf(document: unknown): Record<string, unknown>[] {
  return typeof document === "string" ? listOf(recordOf(jsonOf(document)).statement).map(recordOf) : [];
}

function rightsOf(sketch: Sketch, { arguments: { document }, stack }: Resource): Right[] {
  return statementsOf(document).flatMap(({ effect, action, resource }) => {
    const actions = listOf(action).map(String);
    return listOf(resource).map((on) => ({
      effect: effect === "deny" ? ("deny" as const) : ("allow" as const),
      actions,
      on: sketch.readable(on, stack),
      nodes: nodesOf(sketch, String(on), stack),
    }));
  });
}

/** The nodes of a policy's resource: by its references, and within a bucket by its key. */
function nodesOf(sketch: Sketch, on: string, stack: Stack): string[] {
  const all = sketch.references.in(on, stack).map(({ resource }) => resource);
  const bucket = all.find(({ type }) => type === "tencentcloud_cos_bucket");
  if (bucket) return prefixesOf(sketch, bucket, sketch.readable(on, stack));
  return all.flatMap((resource) => sketch.nodeOf(resource)?.id ?? []);
}

function prefixesOf(sketch: Sketch, bucket: Resource, on: string): string[] {
  const key = on.split("/").slice(2).join("/").replace(/\*$/, "");
  const { prefixes = [] } = sketch.buckets.find(({ id }) => id === bucket.key) ?? {};
  const reached = prefixes.filter((id) => {
    const prefix = id.slice(bucket.key.length + 1);
    return key.startsWith(prefix) || prefix.startsWith(key);
  });
  const exact = reached.filter((id) => key.startsWith(id.slice(bucket.key.length + 1)));
  return exact.length > 0 ? exact : reached;
}

function drawRights(sketch: Sketch, from: GraphNode, rights: readonly Right[]): void {
  const open = rights.flatMap(({ nodes, actions }) =>
    nodes.filter((id) => id !== from.id && !sketch.isConnected(from.id, id)).map((id) => ({ id, actions })),
  );
  for (const id of new Set(open.map((one) => one.id))) {
    const to = sketch.nodes.find((node) => node.id === id);
    const actions = [...new Set(open.filter((one) => one.id === id).flatMap((one) => one.actions))];
    if (!to) continue;
    const label = `may ${actions[0].replace(/^name\//, "").replace(/^\w+:/, "")}${actions.length > 1 ? " …" : ""}`;
    const edge = sketch.connect({ from, to, kind: "may", label, of: [] });
    sketch.tell(edge, "actions", actions.join(", "));
  }
}
