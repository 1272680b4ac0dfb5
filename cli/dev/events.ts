/**
 * What happens in a session of `tencent-logs dev`, as typed events, and what a session can be asked to do. The terminal is one
 * reader, the live page another; `--json` writes each event as a line. Fields and types are added, and never renamed.
 */

/** An event as readers get it. */
export type DevEvent = Happening & {
  /** Counts from 1 in a session, without gaps: what a reader that was away asks for again. */
  readonly seq: number;
  /** Milliseconds since 1970, on the machine's clock. */
  readonly time: number;
};

/** What can happen. */
export type Happening =
  | Synthesizing
  | Synthesized
  | SynthFailed
  | Deployed
  | DeployFailed
  | Received
  | Shipped
  | ShipFailed
  | Delivered
  | Stored
  | Removed
  | Invoked
  | Finished
  | LogWritten
  | Quarantined
  | Released
  | WebhookCalled
  | Told;

/** The app is being run: at the start, and after a change. */
export interface Synthesizing {
  readonly type: "synthesizing";
  /** Files that changed, below the project's folder; empty at the start. */
  readonly changed: readonly string[];
}

export interface Synthesized {
  readonly type: "synthesized";
  readonly stacks: readonly string[];
  readonly ms: number;
  /** What the app wrote meanwhile, if anything: its own words, and warnings. */
  readonly output?: string;
}

/** The app failed: what is deployed stays as it was. */
export interface SynthFailed {
  readonly type: "synth-failed";
  /** What the app wrote, in several lines. */
  readonly message: string;
  readonly ms: number;
}

/** All stacks are deployed. */
export interface Deployed {
  readonly type: "deployed";
  /** Milliseconds of the deployment alone. */
  readonly ms: number;
  /** Milliseconds since the change was seen, or since the session began: the app's run too. */
  readonly sinceChangeMs: number;
  /** Folders of the stacks, `<outdir>/stacks/<name>`, from which a graph can be read. */
  readonly stackFolders: readonly string[];
  /** What differs from before; all, at the first time. What is missing here was kept with its records and objects. */
  readonly changes: readonly Change[];
  /** What a stack holds that matters for the log, to find an event's name in a plan. */
  readonly resources: readonly DeployedResource[];
  /** Addresses that were left out, since no log passes through them. */
  readonly ignored: readonly string[];
  /** Addresses of the URLs of functions, by the functions' names. */
  readonly urls: Readonly<Record<string, string>>;
}

export interface Change {
  readonly stack: string;
  /** `type.name`, as in the plan. */
  readonly address: string;
  readonly action: "made" | "changed" | "replaced" | "removed";
}

export interface DeployedResource {
  readonly stack: string;
  readonly address: string;
  readonly kind: "topic" | "bucket" | "function" | "shipper" | "role";
  /** As events name it: a topic's, a shipper's, a function's, a role's name; a bucket's with its APPID. */
  readonly name: string;
  readonly region: string;
}

/** The local cloud refused the plan: the message names the resource's address. What was deployed until then stays. */
export interface DeployFailed {
  readonly type: "deploy-failed";
  readonly message: string;
}

/** Where something is: names can be the same in two regions. */
interface Place {
  readonly region: string;
}

/** Records came into a topic. */
export interface Received extends Place {
  readonly type: "received";
  readonly topic: string;
  readonly topicId: string;
  readonly records: number;
  /** Who sent them: this session (`--feed`, a command); SCF, as the log of a function; or else something in the cloud. */
  readonly from: "session" | "function-log" | "cloud";
}

/** A shipper has stored a file. */
export interface Shipped extends Place {
  readonly type: "shipped";
  readonly shipper: string;
  readonly topic: string;
  readonly bucket: string;
  readonly key: string;
  readonly records: number;
  readonly bytes: number;
}

export interface ShipFailed extends Place {
  readonly type: "ship-failed";
  readonly shipper: string;
  readonly topic: string;
  readonly bucket: string;
  readonly key: string;
  readonly records: number;
  readonly message: string;
}

/** CLS has handed a batch of records to a function. */
export interface Delivered extends Place {
  readonly type: "delivered";
  readonly topic: string;
  readonly function: string;
  readonly records: number;
}

/** An object was stored by something else than a shipper, and is no note of quarantine: a function's output, or the user's. */
export interface Stored extends Place {
  readonly type: "stored";
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
}

/** An object was removed that is no note. */
export interface Removed extends Place {
  readonly type: "removed";
  readonly bucket: string;
  readonly key: string;
}

/** A function begins to run. */
export interface Invoked extends Place {
  readonly type: "invoked";
  readonly function: string;
  readonly requestId: string;
  /** What raised the event: `cos://bucket/key`, `cls://topic`, `timer://name`, `api`. */
  readonly source: string;
  /** 1 for the first run, more for a retry. */
  readonly attempt: number;
}

export interface Finished extends Place {
  readonly type: "finished";
  readonly function: string;
  readonly requestId: string;
  readonly source: string;
  readonly attempt: number;
  readonly ms: number;
  readonly memoryMb: number;
  /** What it returned; of a pipeline, its summary (docs/outputs.md). */
  readonly result?: unknown;
  /** Why it failed, in one line; with what the code threw, in several. */
  readonly error?: { readonly message: string; readonly stack?: string };
  /** Whether it failed, and will not be run again. */
  readonly givenUp: boolean;
}

/** A line that a function wrote, as it does so. */
export interface LogWritten extends Place {
  readonly type: "log";
  readonly function: string;
  readonly requestId: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** A note was written about what could not be read or delivered. */
export interface Quarantined extends Place {
  readonly type: "quarantined";
  readonly bucket: string;
  /** The note's key. */
  readonly key: string;
  /** What the note is about, and why: a URL of COS, an event, a batch; the reason's code. */
  readonly about?: string;
  readonly reason?: string;
}

/** A note is gone: another try succeeded. */
export interface Released extends Place {
  readonly type: "released";
  readonly bucket: string;
  readonly key: string;
}

/** A webhook whose address the stack takes from a variable was called; a stand-in on loopback took it. */
export interface WebhookCalled {
  readonly type: "webhook";
  /** Name of the variable. */
  readonly variable: string;
  /** Texts of the alerts that the body holds; empty where it holds records. */
  readonly alerts: readonly string[];
  /** Body, cut to 16 KiB. */
  readonly body: string;
}

/** Something to know, in a sentence, that is none of the above: a file that cannot be read, a command that is wrong. */
export interface Told {
  readonly type: "told";
  readonly level: "info" | "error";
  readonly text: string;
}

/** What a session offers to its readers: its events, and what it can be asked to do. */
export interface DevSource {
  /**
   * Calls the listener with each event from now on, and before with those after `after` that are still kept (the last 5,000).
   * Returns what ends it.
   *
   * @param after sequence number of the last event that the reader has; 0 for all that is kept
   */
  subscribe(listener: (event: DevEvent) => void, after?: number): () => void;
  /** Sequence number of the first event that is kept: a reader that asks for an earlier one has missed some. */
  readonly firstSeq: number;
  /** Sends lines into a topic, and lets the time pass that CLS waits. @param topic name or id @throws UserError */
  feed(topic: string, lines: Iterable<string> | AsyncIterable<string>): Promise<void>;
  /** Has the function that wrote a note try again. @throws UserError */
  replay(note: { readonly bucket: string; readonly key: string }): Promise<void>;
  /** Calls a function with an event, and waits for its end, which is an event too. @throws UserError */
  call(functionName: string, event: unknown): Promise<void>;
}
