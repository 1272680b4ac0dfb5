import { homedir, tmpdir } from "node:os";

/** A Jest snapshot serializer, as `expect.addSnapshotSerializer` takes it. */
export interface SnapshotSerializer {
  test(value: unknown): boolean;
  serialize(value: unknown): string;
}

/**
 * Prints synthesized stacks (what `Testing.synth(stack)` returns) without what differs between machines and builds:
 * the framework's `//` metadata, hashes of function code, the local backend's path and other machine paths. Keys are
 * sorted, so that a snapshot changes only when the plan does.
 *
 *     expect.addSnapshotSerializer(planSerializer);
 *     expect(Testing.synth(stack)).toMatchSnapshot();
 */
export const planSerializer: SnapshotSerializer = {
  test: (value) => parsePlan(value) !== undefined,
  serialize: (value) => JSON.stringify(normalize(parsePlan(value)), null, 2),
};

function parsePlan(value: unknown): object | undefined {
  if (typeof value !== "string" || !value.startsWith("{")) return undefined;
  try {
    const plan = JSON.parse(value) as object;
    return "terraform" in plan || "resource" in plan ? plan : undefined;
  } catch {
    return undefined;
  }
}

function normalize(value: unknown): unknown {
  if (typeof value === "string") return hideMachine(hideHashes(value));
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value)
    .filter(([name]) => name !== "//")
    .sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(members.map(([name, member]) => [name, normalize(member)]));
}

/** Assets lie in a folder that is named by their content. */
function hideHashes(text: string): string {
  return text.replace(/^(assets\/[^/]+\/)[0-9a-f]{16,}(?=\/)/i, "$1<hash>");
}

function hideMachine(text: string): string {
  return [process.cwd(), tmpdir(), homedir()]
    .filter((folder) => folder.length > 1)
    .reduce((shown, folder) => shown.split(folder).join("<folder>"), text);
}
