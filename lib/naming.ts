import { createHash } from "node:crypto";
import type { IConstruct } from "./framework";

/** What a service allows in a name. */
export interface NameRules {
  /** In characters. */
  readonly maxLength: number;
  /** @default "-" */
  readonly separator?: string;
}

/**
 * The default name of a physical resource: a slug of the construct's path, with the stack's id first, and six hex
 * digits of the path, so that two constructs never share a name and one construct keeps its own. Only lower-case
 * letters, digits and the separator; begins with a letter.
 */
export function physicalName(scope: IConstruct, { maxLength, separator = "-" }: NameRules): string {
  const hash = pathHash(scope);
  const room = maxLength - hash.length - separator.length;
  const trimmed = slug(scope.node.path, separator).slice(0, room);
  return `${trimEnd(/^[a-z]/.test(trimmed) ? trimmed : `l${trimmed}`.slice(0, room), separator)}${separator}${hash}`;
}

/** Six hex digits that stand for a construct's path. */
export function pathHash(scope: IConstruct): string {
  return createHash("sha256").update(scope.node.path).digest("hex").slice(0, 6);
}

/**
 * The default key prefix of a construct's objects, below one that all of their kind share; ends with `/`. Ids that hold no
 * ASCII letter or digit leave nothing in a slug, so a path with one gets its hash.
 */
export function keyPrefix(kind: string, scope: IConstruct): string {
  const { path } = scope.node;
  const words = [slug(path), ...(isSpelled(path) ? [] : [pathHash(scope)])].filter((word) => word !== "").join("-");
  // CLS takes 256 characters of prefix.
  return `${kind}/${words.length <= 240 ? words : physicalName(scope, { maxLength: 240 })}/`;
}

/** Whether each id of a path leaves something in its slug. */
function isSpelled(path: string): boolean {
  return path.split("/").every((id) => slug(id) !== "");
}

/** Lower-case letters and digits of a path, its other characters as single separators. */
export function slug(path: string, separator = "-"): string {
  const words = path
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "");
  return words.join(separator);
}

function trimEnd(text: string, separator: string): string {
  return text.endsWith(separator) ? text.slice(0, -separator.length) : text;
}
