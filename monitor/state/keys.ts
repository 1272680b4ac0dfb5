import { createRequire } from "node:module";

/** Keys below the prefix of the state, as listed in docs/design/monitor-state.md. */
export const CLAIMS = "claims/";
export const COUNTS = "counts/";
export const HEAD = "sweep/head";
export const MARKS = "sweep/marks/";

/** Maximum length of a position that is used in a key unchanged. COS keys have at most 850 bytes. */
const MAX_POSITION = 200;

/** Key that identifies a group among all monitors. @param group its values; undefined for groups beyond `maxGroups` */
export function groupKey(monitor: string, group: readonly string[] | undefined): string {
  return `${monitor}/${group === undefined ? "others" : hash(JSON.stringify(group), 32)}`;
}

export function claimKey(group: string, epoch: number): string {
  return `${CLAIMS}${group}/${epoch}`;
}

/** Group and epoch of a claim's key. */
export function claimOf(key: string): { readonly group: string; readonly epoch: number } {
  const cut = key.lastIndexOf("/");
  return { group: key.slice(CLAIMS.length, cut), epoch: Number(key.slice(cut + 1)) };
}

/** @param counts by group: two contents of one position must not overwrite each other */
export function countKey(source: string, position: string, counts: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(counts).sort(([one], [other]) => (one < other ? -1 : 1));
  return `${COUNTS}${source}/${inKey(position)}~${hash(JSON.stringify(sorted), 12)}`;
}

export function markKey(source: string, position: string): string {
  return `summed/${source}/${inKey(position)}`;
}

export const seenKey = (source: string): string => `seen/${source}`;
export const mutedKey = (group: string): string => `muted/${group}`;
export const turnKey = (sweep: number): string => `sweep/turn/${sweep}`;
export const ledgerKey = (sweep: number): string => `sweep/ledger/${sweep}`;
export const marksKey = (sweep: number): string => `${MARKS}${sweep}`;

function inKey(position: string): string {
  const text = encodeURIComponent(position);
  return text.length > MAX_POSITION ? hash(position, 40) : text;
}

const load = createRequire(__filename);

function hash(text: string, digits: number): string {
  // Loaded at first use: loading takes a fifth of a cold start, and most deliveries match nothing.
  const { createHash } = load("node:crypto") as typeof import("node:crypto");
  return createHash("sha256").update(text).digest("hex").slice(0, digits);
}
