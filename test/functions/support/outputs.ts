import { gunzipSync } from "node:zlib";
import { Connections } from "../../../functions/outputs/connections";
import type { OutputContext } from "../../../functions/outputs/context";
import type { OutgoingRecord } from "../../../functions/records/contracts";
import { CosClient } from "../../../functions/tencent/cos-client";
import type { CosServer } from "./cos-server";

export const INPUT = { name: "cos://logs-1250000000/a.gz", path: "logs-1250000000/a.gz" };
export const QUARANTINE = { bucket: "notes-1250000000", region: "ap-guangzhou", prefix: "quarantine/" };

/** Start time of the test's invocation. */
export const NOW = 1_700_000_000_123;

/** Context of a test's output; close it with {@link closeContexts}. */
export function contextOf(overrides: Partial<OutputContext> = {}): OutputContext {
  const context = {
    cos: new CosClient(),
    connections: new Connections(),
    quarantine: QUARANTINE,
    retry: { retries: 2, baseDelayMs: 1, maxDelayMs: 2 },
    signal: new AbortController().signal,
    notesSignal: new AbortController().signal,
    endsAt: Infinity,
    requestId: "scf-1",
    now: NOW,
    output: "out",
    onFailure: "quarantine" as const,
    input: INPUT,
    hasOthers: false,
    left: [],
    stream: "",
    fail: (_: OutgoingRecord, error: unknown): void => {
      throw error;
    },
    ...overrides,
  };
  open.push(context);
  return context;
}

const open: OutputContext[] = [];

/** Call it after each test. */
export async function closeContexts(): Promise<void> {
  for (const { cos, connections, notesSignal } of open.splice(0)) {
    cos.close();
    await connections.close(notesSignal);
  }
}

/** The objects under a prefix, as `bucket/key`, unpacked if they are gzip. */
export function textsUnder(server: CosServer, prefix: string): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, content] of [...server.objects].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (!name.startsWith(prefix)) continue;
    const text = content[0] === 0x1f ? gunzipSync(content) : content;
    texts[name.slice(prefix.length)] = text.toString();
  }
  return texts;
}
