import { createHash } from "node:crypto";
import type { IConstruct } from "./framework";

/** What a service allows in a name. */
export interface NameRules {
  /** Maximum length in characters. */
  readonly maxLength: number;
  /** @default "-" */
  readonly separator?: string;
}

/**
 * Returns the default name of a physical resource: a slug of the construct's path, which begins with the stack's id,
 * and six hex digits of the path's hash. The hash keeps names of different constructs apart and the name of one
 * construct stable. The name contains only lower-case letters, digits and the separator, and begins with a letter.
 */
export function physicalName(scope: IConstruct, { maxLength, separator = "-" }: NameRules): string {
  const hash = pathHash(scope);
  const room = maxLength - hash.length - separator.length;
  const trimmed = slug(scope.node.path, separator).slice(0, room);
  return `${trimEnd(/^[a-z]/.test(trimmed) ? trimmed : `l${trimmed}`.slice(0, room), separator)}${separator}${hash}`;
}

/** Six hex digits that identify a construct's path. */
export function pathHash(scope: IConstruct): string {
  return createHash("sha256").update(scope.node.path).digest("hex").slice(0, 6);
}

/**
 * Returns the default key prefix of a construct's objects, below a prefix that all constructs of the kind share; ends
 * with `/`. An id without ASCII letters or digits leaves nothing in the slug, so a path with such an id gets the hash
 * as well.
 */
export function keyPrefix(kind: string, scope: IConstruct): string {
  const { path } = scope.node;
  const words = [slug(path), ...(isSpelled(path) ? [] : [pathHash(scope)])].filter((word) => word !== "").join("-");
  // CLS accepts prefixes of up to 256 characters.
  return `${kind}/${words.length <= 240 ? words : physicalName(scope, { maxLength: 240 })}/`;
}

/** Whether each id of a path leaves something in the slug. */
function isSpelled(path: string): boolean {
  return path.split("/").every((id) => slug(id) !== "");
}

/** Converts a path to lower-case letters and digits, with a single separator for each run of other characters. */
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
