/**
 * The seam to the framework. This is the only file that imports `cdktf`, so that its fork `cdktn` can replace it under
 * the same name. It also contains the few helpers that depend on how the framework renders text.
 */
import {
  DefaultTokenResolver,
  Lazy,
  StringConcat,
  Token,
  TerraformResource,
  Tokenization,
  conditional,
  type IResolvable,
  type IResolveContext,
  type ITerraformDependable,
  type TerraformResourceLifecycle,
} from "cdktf";
import type { Construct, IConstruct } from "constructs";
import { escapeTemplate, goJson, quoteTemplate, splitTemplate, type TemplatePart } from "./template";

export {
  Annotations,
  App,
  Aspects,
  AssetType,
  Fn,
  Lazy,
  TerraformAsset,
  TerraformProvider,
  TerraformResource,
  TerraformStack,
  Testing,
  Token,
  dependable,
  type IAspect,
  type IResolvable,
  type ITerraformDependable,
  type TerraformResourceLifecycle,
} from "cdktf";
export { Construct, type IConstruct } from "constructs";

/** Whether a value is, or contains at its top level, something that only the plan or the cloud knows. */
export function isToken(value: unknown): boolean {
  return Token.isUnresolved(value);
}

/** A value with its tokens resolved as far as synth can; references to the cloud stay `${...}`. */
export function resolved(scope: IConstruct, value: unknown): unknown {
  return Tokenization.resolve(value, { scope, resolver: new DefaultTokenResolver(new StringConcat()) });
}

/**
 * Prepares a user's text for an argument of a plan: `${` and `%{` reach the cloud unchanged instead of being
 * interpreted by Terraform. Tokens are kept.
 */
export function tfText(text: string): string {
  if (!isToken(text)) return escapeTemplate(text);
  return resolveLater((context) => templateOf(text, context));
}

/**
 * Prepares a user's tags for an argument of a plan: keys and values, each as in {@link tfText}. A map that only the
 * plan knows, such as that of a variable or of `Fn.merge`, stays unchanged.
 */
export function tfTags(tags: Record<string, string> | undefined): Record<string, string> | undefined {
  if (tags === undefined || isToken(tags)) return tags;
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [tfText(name), tfText(value)]));
}

/**
 * Chooses one of two values by a flag: at synth, or by a conditional expression in the plan if only the plan knows the
 * flag.
 */
export function tfChoice<Value extends string | number>(flag: boolean, yes: Value, no: Value): Value {
  if (!isToken(flag)) return flag ? yes : no;
  const choice = conditional(flag, yes, no);
  return (typeof yes === "string" ? Token.asString(choice) : Token.asNumber(choice)) as Value;
}

/** Input of {@link tfJson}. Anything in it can be a token; `undefined` members are left out. */
export type JsonInput = unknown;

/**
 * Writes JSON text for an argument of a plan: keys sorted, no spaces, literals as Go's encoder writes them, and each
 * token as `${jsonencode(token)}`, so that numbers stay numbers and quotes in values are escaped. Pass a function if
 * the value is complete only at synth.
 *
 * `Fn.jsonencode` would leave `${` in literals to Terraform; `JSON.stringify` would not encode tokens.
 */
export function tfJson(value: JsonInput | (() => JsonInput)): string {
  return resolveLater((context) => jsonText(typeof value === "function" ? value() : value, context));
}

/** A command that Terraform runs in the stack's folder after it creates a resource, or before it destroys one. */
export interface Command {
  readonly when: "create" | "destroy";
  readonly command: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Options of {@link KeptValues}. */
export interface KeptValuesOptions {
  /** A change of these values replaces the resource, and so runs its commands: first destroy, then create. */
  readonly triggersReplace?: Readonly<Record<string, string | number>>;
  readonly commands?: readonly Command[];
  /** Number of instances; 0 makes Terraform destroy an existing one. @default one */
  readonly count?: number;
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Values that Terraform keeps in its state (`terraform_data`) so that it can detect changes. Unlike the framework's
 * `DataResource`, it does not start `terraform version` at synth, which fails if Terraform is not installed.
 */
export class KeptValues extends TerraformResource {
  constructor(
    scope: Construct,
    id: string,
    private readonly input: Readonly<Record<string, string | number>>,
    private readonly options: KeptValuesOptions = {},
  ) {
    const { commands, count, dependsOn } = options;
    const provisioners = commands?.map((command) => ({ type: "local-exec" as const, ...command }));
    super(scope, id, { terraformResourceType: "terraform_data", count, dependsOn, provisioners });
    keepWhenSet(this);
  }

  protected override synthesizeAttributes(): Record<string, unknown> {
    return { input: this.input, triggers_replace: this.options.triggersReplace };
  }

  protected override synthesizeHclAttributes(): Record<string, unknown> {
    const map = (value: object) => ({ value, type: "map", isBlock: false, storageClassType: "anyMap" });
    const { triggersReplace } = this.options;
    return { input: map(this.input), ...(triggersReplace && { triggers_replace: map(triggersReplace) }) };
  }
}

/**
 * Replaces `resource` whenever one of the values in `key` changes. Use it for arguments whose update the provider
 * ignores or refuses (`cls_topic.logset_id`, `cos_shipper.topic_id`, `cls_index.topic_id`, every COS trigger, ...).
 * Fact: docs/design/facts/provider.md#ignored-changes, docs/design/facts/provider.md#refused-changes.
 *
 * `replace_triggered_by` accepts only references to managed resources, hence the `terraform_data`. The reference is a
 * plain string, because the framework renders a reference object incorrectly there.
 */
export function replaceWhenChanges(resource: TerraformResource, key: Record<string, string | number>): KeptValues {
  const kept = new KeptValues(resource, "Identity", key);
  const reference = Lazy.stringValue({
    produce: () => `${kept.terraformResourceType}.${kept.friendlyUniqueId}.output`,
  });
  const replaceTriggeredBy = [...(resource.lifecycle?.replaceTriggeredBy ?? []), reference];
  keepLifecycle(resource, { replaceTriggeredBy });
  return kept;
}

/** Adds to a resource's lifecycle in a way that survives later changes through the handle `.resource`. */
export function keepLifecycle(resource: TerraformResource, lifecycle: TerraformResourceLifecycle): void {
  resource.lifecycle = { ...resource.lifecycle, ...lifecycle };
  keepWhenSet(resource);
}

/**
 * Protects what a resource needs from changes through the handle `.resource`. `lifecycle`, `dependsOn` and
 * `provisioners` are plain properties, so that `lifecycle = { preventDestroy: true }` would silently remove the
 * replacement trigger. Values that are set from here on are added to the existing ones.
 */
function keepWhenSet(resource: TerraformResource): void {
  const { dependsOn, lifecycle, provisioners } = resource;
  onSet(resource, "lifecycle", lifecycle, (given) => lifecycle && merged(lifecycle, given));
  onSet(resource, "dependsOn", dependsOn, (given) => dependsOn && union(dependsOn, given));
  onSet(resource, "provisioners", provisioners, (given) => provisioners && union(provisioners, given));
}

function merged(
  ours: TerraformResourceLifecycle,
  theirs: TerraformResourceLifecycle | undefined,
): TerraformResourceLifecycle {
  const { replaceTriggeredBy } = ours;
  if (replaceTriggeredBy === undefined) return { ...ours, ...theirs };
  return { ...ours, ...theirs, replaceTriggeredBy: union(replaceTriggeredBy, theirs?.replaceTriggeredBy) };
}

/**
 * Turns a property into an accessor that merges the last value set with ours. If `merge` returns undefined, the last
 * value set is used unchanged.
 */
function onSet<Name extends "lifecycle" | "dependsOn" | "provisioners">(
  resource: TerraformResource,
  name: Name,
  start: TerraformResource[Name],
  merge: (given: TerraformResource[Name]) => TerraformResource[Name],
): void {
  let given = start;
  Object.defineProperty(resource, name, {
    configurable: true,
    enumerable: true,
    get: () => merge(given) ?? given,
    set: (value: TerraformResource[Name]) => {
      given = value;
    },
  });
}

function union<Item>(ours: readonly Item[], theirs: readonly Item[] = []): Item[] {
  return [...new Set([...ours, ...theirs])];
}

/** Replaces each token in a text with `<token>`, for messages. */
export function withoutTokens(text: string): string {
  return text.replace(/[$#&]\{TfToken\[[\w:.-]+\]\}|-?\d\.\d+e\+2(?:89|98)/g, "<token>");
}

/** Estimated length of a text in bytes, for limits that are checked before the plan is known: a token counts as 64. */
export function estimatedTextLength(text: string): number {
  return Buffer.byteLength(text.replace(TOKEN, "x".repeat(64)));
}

/** Estimated length of a value's JSON in bytes, counted like {@link estimatedTextLength}. */
export function estimatedJsonLength(value: JsonInput): number {
  return estimatedTextLength(JSON.stringify(value));
}

/** The framework's marker of a token inside a string, and of a number token inside a string. */
const TOKEN = /\$\{TfToken\[[\w:.-]+\]\}|-?\d\.\d+e\+289/g;

/**
 * A string whose text is known only when the stack is synthesized. The whole string is one token, so that nothing
 * around it is escaped.
 */
function resolveLater(produce: (context: IResolveContext) => string): string {
  const resolvable: IResolvable = {
    creationStack: [],
    resolve: produce,
    toString: () => Token.asString(resolvable),
  };
  return Token.asString(resolvable);
}

/** Converts `text` to a template: its characters are escaped, and each token is resolved by the framework. */
function templateOf(text: string, context: IResolveContext): string {
  let template = "";
  let position = 0;
  for (const match of text.matchAll(TOKEN)) {
    const marker = match[0];
    const token = marker.startsWith("$") ? marker : Number(marker);
    if (!isToken(token)) continue;
    const resolved = String(context.resolve(token));
    template += escapeTemplate(text.slice(position, match.index), resolved.startsWith("${")) + resolved;
    position = match.index + marker.length;
  }
  return template + escapeTemplate(text.slice(position));
}

function jsonText(value: JsonInput, context: IResolveContext): string {
  if (typeof value === "string") return textOrTokenJson(value, context);
  if (isToken(value)) return resolvedJson(context.resolve(value), context);
  if (value === null || typeof value === "number" || typeof value === "boolean") return escapeTemplate(goJson(value));
  if (Array.isArray(value)) return `[${value.map((item) => jsonText(item ?? null, context)).join(",")}]`;
  if (typeof value === "object") return objectJson(value as Record<string, JsonInput>, context);
  throw new TypeError(`JSON in a plan must be made of objects, arrays and literals, got ${typeof value}`);
}

function objectJson(value: Record<string, JsonInput>, context: IResolveContext): string {
  const members = Object.keys(value)
    .filter((name) => value[name] !== undefined)
    .sort()
    .map((name) => `${jsonText(name, context)}:${jsonText(value[name], context)}`);
  return `{${members.join(",")}}`;
}

/**
 * A token can stand for more than text (lists have string tokens too), so a string that is exactly one token is
 * resolved.
 */
function textOrTokenJson(text: string, context: IResolveContext): string {
  const markers = text.match(TOKEN);
  if (markers?.length === 1 && markers[0] === text) return resolvedJson(context.resolve(text), context);
  return partsJson(splitTemplate(templateOf(text, context)));
}

/**
 * Converts a value that the framework has resolved: its strings, including those in lists, are templates now;
 * everything else is still a value.
 */
function resolvedJson(value: unknown, context: IResolveContext): string {
  if (Array.isArray(value)) return `[${value.map((item) => resolvedJson(item, context)).join(",")}]`;
  return typeof value === "string" ? partsJson(splitTemplate(value)) : jsonText(value, context);
}

function partsJson(parts: readonly TemplatePart[]): string {
  const [first, ...others] = parts;
  if (first === undefined) return '""';
  if (others.length === 0) {
    return "text" in first ? escapeTemplate(goJson(first.text)) : `\${jsonencode(${first.expression})}`;
  }
  return `\${jsonencode(${quoteTemplate(parts)})}`;
}
