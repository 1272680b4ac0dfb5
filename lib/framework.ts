/**
 * The seam to the framework: the one file that imports `cdktf`, so that its fork `cdktn` can take its place under the
 * same name, and the few helpers that depend on how the framework renders text.
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

/** Whether a value is, or contains at its top level, something that only the plan or the cloud will know. */
export function isToken(value: unknown): boolean {
  return Token.isUnresolved(value);
}

/** A value with its tokens resolved, as far as synth can: references to the cloud stay `${...}`. */
export function resolved(scope: IConstruct, value: unknown): unknown {
  return Tokenization.resolve(value, { scope, resolver: new DefaultTokenResolver(new StringConcat()) });
}

/**
 * A user's text for an argument of a plan: `${` and `%{` in it reach the cloud as they are instead of being
 * interpreted by Terraform. Tokens in it are kept.
 */
export function tfText(text: string): string {
  if (!isToken(text)) return escapeTemplate(text);
  return resolveLater((context) => templateOf(text, context));
}

/**
 * A user's tags for an argument of a plan, both sides kept as {@link tfText} keeps text. A map that only the plan will
 * know, of a variable or of `Fn.merge`, stays what it is.
 */
export function tfTags(tags: Record<string, string> | undefined): Record<string, string> | undefined {
  if (tags === undefined || isToken(tags)) return tags;
  return Object.fromEntries(Object.entries(tags).map(([name, value]) => [tfText(name), tfText(value)]));
}

/**
 * One of two values by a flag: at synth, or, where only the plan will know the flag, by a conditional expression in it.
 */
export function tfChoice<Value extends string | number>(flag: boolean, yes: Value, no: Value): Value {
  if (!isToken(flag)) return flag ? yes : no;
  const choice = conditional(flag, yes, no);
  return (typeof yes === "string" ? Token.asString(choice) : Token.asNumber(choice)) as Value;
}

/** What {@link tfJson} encodes. Anything in it may be a token; `undefined` members are left out. */
export type JsonInput = unknown;

/**
 * JSON text for an argument of a plan: keys sorted, no spaces, literals as Go's encoder writes them, and each token as
 * `${jsonencode(token)}`, so that a number stays a number and quotes in a value stay inside it. Takes a function where
 * the value is complete only at synth.
 *
 * `Fn.jsonencode` would leave `${` of literals to Terraform; `JSON.stringify` would not encode tokens.
 */
export function tfJson(value: JsonInput | (() => JsonInput)): string {
  return resolveLater((context) => jsonText(typeof value === "function" ? value() : value, context));
}

/** A command that Terraform runs in the stack's folder when a resource is made, or before it goes. */
export interface Command {
  readonly when: "create" | "destroy";
  readonly command: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** What {@link KeptValues} can do beside keeping values. */
export interface KeptValuesOptions {
  /** Values whose change has the resource made anew, and its commands run: destroy, then create. */
  readonly triggersReplace?: Readonly<Record<string, string | number>>;
  readonly commands?: readonly Command[];
  /** How many there are: 0 has Terraform destroy what there is. @default one */
  readonly count?: number;
  readonly dependsOn?: ITerraformDependable[];
}

/**
 * Values that Terraform keeps in its state (`terraform_data`), so that their change can be seen. Unlike the framework's
 * `DataResource` it does not start `terraform version` at synth, which fails where Terraform is not installed.
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
 * Has `resource` replaced whenever one of `key`'s values changes: for arguments whose update the provider ignores or
 * refuses (`cls_topic.logset_id`, `cos_shipper.topic_id`, `cls_index.topic_id`, every COS trigger, ...).
 * Fact: docs/design/facts/provider.md#ignored-changes, docs/design/facts/provider.md#refused-changes.
 *
 * `replace_triggered_by` takes references to managed resources only, hence the `terraform_data`; the reference is a
 * plain string, since the framework renders a reference object there wrongly.
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

/** Adds to what a resource's lifecycle says, so that it survives what is set through the handle `.resource` later. */
export function keepLifecycle(resource: TerraformResource, lifecycle: TerraformResourceLifecycle): void {
  resource.lifecycle = { ...resource.lifecycle, ...lifecycle };
  keepWhenSet(resource);
}

/**
 * Has what a resource needs survive what its user sets through the handle `.resource`: `lifecycle`, `dependsOn` and
 * `provisioners` are plain properties, and `lifecycle = { preventDestroy: true }` would take the replacement away that the
 * provider needs, in silence. What is set from here on is added to what is there.
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

/** Makes of a property one whose value is made of what was set last; `merge` gives undefined where that is the value. */
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

/** A text with `<token>` for each token in it, as messages show it. */
export function withoutTokens(text: string): string {
  return text.replace(/[$#&]\{TfToken\[[\w:.-]+\]\}|-?\d\.\d+e\+2(?:89|98)/g, "<token>");
}

/** Length of a text in bytes, for limits that are checked before the plan is known: a token counts as 64. */
export function estimatedTextLength(text: string): number {
  return Buffer.byteLength(text.replace(TOKEN, "x".repeat(64)));
}

/** Length of a value's JSON in bytes, counted like {@link estimatedTextLength}. */
export function estimatedJsonLength(value: JsonInput): number {
  return estimatedTextLength(JSON.stringify(value));
}

/** How the framework marks a token inside a string, and a number that is a token inside one. */
const TOKEN = /\$\{TfToken\[[\w:.-]+\]\}|-?\d\.\d+e\+289/g;

/** A string whose text is known when the stack is synthesized. It is one token, so that nothing around it is escaped. */
function resolveLater(produce: (context: IResolveContext) => string): string {
  const resolvable: IResolvable = {
    creationStack: [],
    resolve: produce,
    toString: () => Token.asString(resolvable),
  };
  return Token.asString(resolvable);
}

/** `text` as a template: its own characters escaped, each token as the framework resolves it. */
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

/** A token may stand for more than text (a list has string tokens too), so a string that is one token is resolved. */
function textOrTokenJson(text: string, context: IResolveContext): string {
  const markers = text.match(TOKEN);
  if (markers?.length === 1 && markers[0] === text) return resolvedJson(context.resolve(text), context);
  return partsJson(splitTemplate(templateOf(text, context)));
}

/** What the framework resolved: strings are templates from here on, in lists too; everything else is still a value. */
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
