import { Refusal } from "../refusal";

/** A statement of a policy, with normalized lists. */
interface Statement {
  readonly effect: "allow" | "deny";
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** Services that can assume the role, in a trust policy. */
  readonly services: readonly string[];
}

/** A CAM policy, or the trust policy of a role. */
export type PolicyDocument = readonly Statement[];

/** A document that CAM would refuse, or with content that the local cloud does not evaluate. */
export class PolicyError extends Refusal {
  override readonly name = "PolicyError";

  constructor(message: string) {
    super("InvalidParameter.PolicyDocumentError", message);
  }
}

/**
 * Parses a policy document as strictly as the provider: version 2.0, `resource` a list, no `condition`, which the local
 * cloud does not evaluate. `owner` identifies the policy in errors. Fact:
 * docs/design/facts/provider.md#policies-and-roles.
 */
export function parsePolicy(text: string, owner: string): PolicyDocument {
  const document = asObject(parseJson(text, owner), owner);
  if (document.version !== "2.0") throw wrong(owner, 'version must be "2.0"', document.version);
  const statements = Array.isArray(document.statement) ? document.statement : [document.statement];
  return statements.map((statement) => parseStatement(asObject(statement, owner), owner));
}

function parseStatement(statement: Record<string, unknown>, owner: string): Statement {
  if (statement.effect !== "allow" && statement.effect !== "deny") {
    throw wrong(owner, "effect must be allow or deny", statement.effect);
  }
  if (statement.condition !== undefined) {
    throw wrong(owner, "must hold no condition, which the local cloud does not evaluate", statement.condition);
  }
  if (statement.resource !== undefined && !Array.isArray(statement.resource)) {
    throw wrong(owner, "resource must be a list", statement.resource);
  }
  const principal = statement.principal === undefined ? {} : asObject(statement.principal, owner);
  return {
    effect: statement.effect,
    actions: texts(statement.action, owner, "action"),
    resources: texts(statement.resource ?? [], owner, "resource"),
    services: texts(principal.service ?? [], owner, "principal.service"),
  };
}

/** Whether the documents allow the action on the resource. A statement that denies it overrides all that allow it. */
export function allows(documents: readonly PolicyDocument[], action: string, resource: string): boolean {
  const effects = documents
    .flat()
    .filter((statement) => statement.actions.some((pattern) => matchesAction(pattern, action)))
    .filter((statement) => statement.resources.some((pattern) => matchesResource(pattern, resource)))
    .map((statement) => statement.effect);
  return effects.includes("allow") && !effects.includes("deny");
}

/** Whether a trust policy allows the service, `scf.qcloud.com`, to assume the role. */
export function trusts(document: PolicyDocument, service: string): boolean {
  return document.some(
    (statement) =>
      statement.effect === "allow" &&
      statement.services.includes(service) &&
      statement.actions.some((pattern) => matchesAction(pattern, "sts:AssumeRole")),
  );
}

/** `name/cos:GetObject` and `cos:GetObject` are the same action. */
function matchesAction(pattern: string, action: string): boolean {
  return matchesWildcards(pattern.replace(/^name\//, ""), action);
}

/**
 * Compares `qcs:project:service:region:account:resource` segment by segment; the last can contain colons. An empty
 * region or account in the pattern means any region, and the account itself.
 */
function matchesResource(pattern: string, resource: string): boolean {
  if (pattern === "*") return true;
  const wanted = segments(pattern);
  const actual = segments(resource);
  return (
    wanted.length === 6 &&
    wanted.every((segment, index) => (segment === "" && index < 5) || matchesWildcards(segment, actual[index] ?? ""))
  );
}

function segments(resource: string): string[] {
  const parts = resource.split(":");
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(":")];
}

function matchesWildcards(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}

function parseJson(text: string, owner: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new PolicyError(`${owner}: document must be JSON: ${(error as Error).message}`);
  }
}

function asObject(value: unknown, owner: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw wrong(owner, "document must hold objects", value);
  }
  return value as Record<string, unknown>;
}

function texts(value: unknown, owner: string, name: string): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  if (list.every((entry) => typeof entry === "string")) return list;
  throw wrong(owner, `${name} must be strings`, value);
}

function wrong(owner: string, rule: string, value: unknown): PolicyError {
  return new PolicyError(`${owner}: document ${rule}, got ${JSON.stringify(value) ?? "nothing"}`);
}
