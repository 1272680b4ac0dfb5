import { gzipSync } from "node:zlib";
import { runCosBatch } from "../../../../../functions/handlers/cos-batch/cos-batch";
import type { ScfContext } from "../../../../../functions/invocation/deadline";
import type { Summary } from "../../../../../functions/invocation/summary";
import type { QuarantineNote } from "../../../../../functions/quarantine/objects";
import type { CosBatchSettings } from "../../../../../functions/settings";
import { CREDENTIALS, type CosServer, type Fault, type SeenRequest } from "../../../support/cos-server";
import { withCosServer } from "../../../support/environment";
import { cosEvent, cosRecord, UPLOADER_SIGNATURE } from "../../../support/events";

export const BUCKET = "logs-1250000000";
export const SETTINGS: CosBatchSettings = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count", check: "json" },
  quarantine: { bucket: BUCKET, region: "ap-guangzhou", prefix: "quarantine/" },
  maxLineBytes: 1000,
};
export const RETRY = { retries: 2, baseDelayMs: 1, maxDelayMs: 2 };
export const LINES = '{"a":1}\nbroken\n\n{"b":2}\n';
export const COUNTS = { lines: 4, records: 2, invalid: 1, dropped: 0 };

/** State of the tests in a file. */
export interface Invocations {
  readonly server: () => CosServer;
  /** Output of the function. */
  readonly stdout: string[];
  readonly stderr: string[];
  /** Stores an object; returns its bytes. */
  put(key: string, content?: string | Buffer): Buffer;
  noteOf(key: string): QuarantineNote | undefined;
  run(keys: string[], context?: ScfContext, settings?: CosBatchSettings): Promise<Summary>;
  /** Sets faults of requests that read an object, except those for notes. */
  faultAtGet(fault: (request: SeenRequest, earlier: number) => Fault | undefined): void;
  /** The only logged summary. */
  logged(): Summary;
}

/**
 * Invocations of the handler against COS on loopback, new for each test of a file. None of them is allowed to write a
 * secret.
 */
export function withInvocations(): Invocations {
  const server = withCosServer();
  const stdout: string[] = [];
  const stderr: string[] = [];
  beforeEach(() => {
    stdout.length = 0;
    stderr.length = 0;
    jest.spyOn(console, "log").mockImplementation((line: string) => void stdout.push(line));
    jest.spyOn(console, "error").mockImplementation((line: string) => void stderr.push(line));
  });
  afterEach(() => {
    jest.restoreAllMocks();
    expectNoSecrets();
  });

  /** Checked after each test, even a failed one. */
  function expectNoSecrets(): void {
    const notes = [...server().objects]
      .filter(([name]) => name.includes("/quarantine/"))
      .map(([, note]) => String(note));
    const seen = [...stdout, ...stderr, ...notes].join("\n");
    const uploader = UPLOADER_SIGNATURE.split("&").map((part) => part.split("=")[1]);
    for (const secret of [...Object.values(CREDENTIALS), ...uploader, "q-sign"]) expect(seen).not.toContain(secret);
    expect(seen).not.toContain('"a":1');
    expect(seen).not.toContain("broken");
  }

  return {
    server,
    stdout,
    stderr,
    put: (key, content = gzipSync(LINES)) => {
      const object = Buffer.from(content);
      server().objects.set(`${BUCKET}/${key}`, object);
      return object;
    },
    noteOf: (key) => {
      const note = server().objects.get(`${BUCKET}/quarantine/${BUCKET}/${key}.json`);
      return note && (JSON.parse(String(note)) as QuarantineNote);
    },
    run: (keys, context = {}, settings = SETTINGS) =>
      runCosBatch(cosEvent(...keys.map((key) => cosRecord(BUCKET, key))), context, settings, RETRY),
    faultAtGet: (fault) => {
      server().fault = (request, earlier) => (request.method === "GET" ? fault(request, earlier) : undefined);
    },
    logged: () => {
      expect(stdout).toHaveLength(1);
      return JSON.parse(stdout[0]) as Summary;
    },
  };
}
