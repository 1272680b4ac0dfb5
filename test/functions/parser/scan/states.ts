import ts from "typescript";
import { openScanner, type Scanner } from "../../../../functions/parser/scan/scanner";
import { compileChanged } from "./compiled";

/** Pages of the module's own memory; what is counted lies behind them. */
const PAGES = 98;
const COUNTERS = 1 << 14;

/** A scanner that counts its states: how often it went from one branch to the next, in each mode. */
export interface CountingScanner {
  readonly scanner: Scanner;
  /** How many branches it has. */
  readonly branches: number;
  /** By the pair of branches, since they were last cleared; no more than 255. */
  readonly counters: Uint8Array;
}

/** Compiles the scanner with a counter in each branch of its sources. */
export function openCountingScanner(): CountingScanner {
  let branches = 0;
  const binary = compileChanged((file, source) => {
    const counted = withCounters(file, source, () => ++branches);
    return file === "index.ts" ? counted + COUNTER : `import { reach } from "./index";\n${counted}`;
  }, PAGES + 1);
  const scanner = openScanner(binary);
  if (!scanner) throw new Error("this machine must have WebAssembly with SIMD for this test");
  return { scanner, branches, counters: scanner.bytes.subarray(PAGES << 16, (PAGES << 16) + COUNTERS) };
}

const COUNTER = `
let lastBranch: i32 = 0;
export function reach(branch: i32): void {
  const at = ${PAGES << 16} + ((lastBranch ^ branch) & ${COUNTERS - 1});
  const count: u32 = load<u8>(at);
  if (count < 255) store<u8>(at, count + 1);
  lastBranch = branch >> 1;
}
`;

/** Branches are told by numbers that lie far from each other, so that few pairs of them share a counter. */
const SPREAD = 0x9e5;

/** A source with a call in each branch. The parser of TypeScript reads AssemblyScript, but for its decorators of functions. */
function withCounters(file: string, source: string, next: () => number): string {
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ES2022, true);
  const edits: { at: number; text: string }[] = [];
  const call = () => `reach(${(next() * SPREAD) & (COUNTERS - 1)})`;
  const put = (at: number, text: string) => void edits.push({ at, text });
  const count = (branch: ts.Statement) => {
    if (ts.isBlock(branch)) return put(branch.getStart() + 1, `${call()};`);
    put(branch.getStart(), `{${call()};`);
    put(branch.getEnd(), "}");
  };
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionDeclaration(node) && node.body) {
      const mode = node.name?.text === "scan" ? "lastBranch = mode << 12;" : "";
      put(node.body.getStart() + 1, `${mode}${call()};`);
    } else if (ts.isIfStatement(node)) {
      count(node.thenStatement);
      if (node.elseStatement && !ts.isIfStatement(node.elseStatement)) count(node.elseStatement);
    } else if (ts.isIterationStatement(node, false)) {
      count(node.statement);
    } else if (ts.isCaseOrDefaultClause(node) && node.statements.length > 0) {
      put(node.statements[0].getStart(), `${call()};`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  // The last one first, so that places stay; of those at one place the first one that was put stays in front.
  const sorted = edits.map((edit, order) => ({ ...edit, order })).sort((a, b) => b.at - a.at || b.order - a.order);
  return sorted.reduce((text, { at, text: piece }) => text.slice(0, at) + piece + text.slice(at), source);
}
