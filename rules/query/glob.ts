import { firstIn } from "../python/occurrence";
import { ANY, ONE, type Glob } from "./tree";

/** Whether a text contains a match of the glob. `*` alone matches every text. */
export function holdsGlob(glob: Glob): (text: string) => boolean {
  if (glob.length === 0) return () => true;
  if (glob.length === 1 && typeof glob[0] === "string") {
    const [plain] = glob;
    return (text) => firstIn(text, plain) !== -1;
  }
  return match([ANY, ...glob, ANY]);
}

/** Whether the whole text matches the glob. */
export function isGlob(glob: Glob): (text: string) => boolean {
  if (glob.length === 0) return (text) => text === "";
  if (glob.length === 1 && typeof glob[0] === "string") {
    const [plain] = glob;
    return (text) => text === plain;
  }
  return match(glob);
}

/**
 * Matches run by run between the `*`. Each run takes the first position that fits, which is never worse than a later
 * one, so the work is limited to text times glob.
 */
function match(glob: Glob): (text: string) => boolean {
  const runs: (string | typeof ONE)[][] = [[]];
  for (const piece of glob) {
    if (piece === ANY) runs.push([]);
    else runs.at(-1)!.push(piece);
  }
  return (text) => {
    const [head, ...rest] = runs;
    let at = matchRun(text, 0, head);
    if (at === -1) return false;
    if (rest.length === 0) return at === text.length;
    for (const run of rest.slice(0, -1)) {
      at = findRun(text, at, run);
      if (at === -1) return false;
    }
    return endsWithRun(text, at, rest.at(-1)!);
  };
}

/** End of the run that starts here; -1 if it does not match. */
function matchRun(text: string, start: number, run: readonly (string | typeof ONE)[]): number {
  let at = start;
  for (const piece of run) {
    if (piece === ONE) {
      if (at >= text.length) return -1;
      at += widthAt(text, at);
    } else if (text.startsWith(piece as string, at)) at += (piece as string).length;
    else return -1;
  }
  return at;
}

function findRun(text: string, from: number, run: readonly (string | typeof ONE)[]): number {
  if (run.length === 0) return from;
  for (let start = from; start <= text.length; start += Math.max(1, widthAt(text, start))) {
    if (typeof run[0] === "string") {
      start = firstIn(text, run[0], start);
      if (start === -1) return -1;
    }
    const end = matchRun(text, start, run);
    if (end !== -1) return end;
  }
  return -1;
}

function endsWithRun(text: string, from: number, run: readonly (string | typeof ONE)[]): boolean {
  let end = text.length;
  for (const piece of [...run].reverse()) {
    if (piece === ONE) {
      if (end <= 0) return false;
      end -= end > 1 && isPair(text, end - 2) ? 2 : 1;
    } else if (text.endsWith(piece as string, end)) end -= (piece as string).length;
    else return false;
  }
  return end >= from;
}

/** Number of units of the character at a position. */
function widthAt(text: string, at: number): number {
  return isPair(text, at) ? 2 : 1;
}

function isPair(text: string, at: number): boolean {
  return text.codePointAt(at)! > 0xffff;
}
