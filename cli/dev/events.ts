/**
 * Typed events of a `tencent-logs dev` session, and its commands. They are read by the terminal and the live page;
 * `--json` writes each event as a line. Fields and types can be added, but are never renamed.
 */

/** An event as readers receive it. */
export type DevEvent = Happening & {
  /** Counts from 1 in a session, without gaps; a reader requests missed events by it. */
  readonly seq: number;
  /** Milliseconds since 1970, on the machine's clock. */
  readonly time: number;
};

/** The kinds of events. */
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
  /** Changed files, relative to the project's folder; empty at the start. */
  readonly changed: readonly string[];
}

export interface Synthesized {
  readonly type: "synthesized";
  readonly stacks: readonly string[];
  readonly ms: number;
  /** Output of the app, if any, including warnings. */
  readonly output?: string;
}

/** The app failed; deployed resources stay unchanged. */
export interface SynthFailed {
  readonly type: "synth-failed";
  /** Output of the app, on several lines. */
  readonly message: string;
  readonly ms: number;
}

/** All stacks are deployed. */
export interface Deployed {
  readonly type: "deployed";
  /** Duration of the deployment only, in milliseconds. */
  readonly ms: number;
  /** Milliseconds since the change was detected, or since the session began, including the app's run. */
  readonly sinceChangeMs: number;
  /** Folders of the stacks, `<outdir>/stacks/<name>`, from which a graph can be read. */
  readonly stackFolders: readonly string[];
  /**
   * Differences from before; everything at the first time. Unlisted resources were kept with their records and objects.
   */
  readonly changes: readonly Change[];
  /** Resources that matter for logs, to find the names of events in a plan. */
  readonly resources: readonly DeployedResource[];
  /** Addresses that were left out, because they are irrelevant for logs. */
  readonly ignored: readonly string[];
  /** Function URLs by function name. */
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
  /** As in events: the name of a topic, shipper, function or role, or of a bucket including its APPID. */
  readonly name: string;
  readonly region: string;
}

/**
 * The local cloud refused the plan: the message contains the resource's address. Resources deployed until then stay.
 */
export interface DeployFailed {
  readonly type: "deploy-failed";
  readonly message: string;
}

/** Region of something, because two regions can have the same name. */
interface Place {
  readonly region: string;
}

/** A topic received records. */
export interface Received extends Place {
  readonly type: "received";
  readonly topic: string;
  readonly topicId: string;
  readonly records: number;
  /** The sender: this session (`--feed`, a command); SCF, for the log of a function; or something else in the cloud. */
  readonly from: "session" | "function-log" | "cloud";
}

/** A shipper stored a file. */
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

/** CLS delivered a batch of records to a function. */
export interface Delivered extends Place {
  readonly type: "delivered";
  readonly topic: string;
  readonly function: string;
  readonly records: number;
}

/** An object was stored, neither by a shipper nor as a note in quarantine: by a function's output, or by the user. */
export interface Stored extends Place {
  readonly type: "stored";
  readonly bucket: string;
  readonly key: string;
  readonly bytes: number;
}

/** An object other than a note was removed. */
export interface Removed extends Place {
  readonly type: "removed";
  readonly bucket: string;
  readonly key: string;
}

/** A function starts to run. */
export interface Invoked extends Place {
  readonly type: "invoked";
  readonly function: string;
  readonly requestId: string;
  /** Origin of the event: `cos://bucket/key`, `cls://topic`, `timer://name`, `api`. */
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
  /** Return value; for a pipeline, its summary (docs/outputs.md). */
  readonly result?: unknown;
  /** Why it failed, on one line; with the code's error, on several. */
  readonly error?: { readonly message: string; readonly stack?: string };
  /** Whether it failed, and will not be retried. */
  readonly givenUp: boolean;
}

/** A line that a function wrote, reported while it runs. */
export interface LogWritten extends Place {
  readonly type: "log";
  readonly function: string;
  readonly requestId: string;
  readonly stream: "stdout" | "stderr";
  readonly text: string;
}

/** A note was written about something that could not be read or delivered. */
export interface Quarantined extends Place {
  readonly type: "quarantined";
  readonly bucket: string;
  /** The note's key. */
  readonly key: string;
  /** The note's subject: a URL of COS, an event, a batch; with the code of the reason. */
  readonly about?: string;
  readonly reason?: string;
}

/** A note was removed: a retry succeeded. */
export interface Released extends Place {
  readonly type: "released";
  readonly bucket: string;
  readonly key: string;
}

/** A webhook was called whose address the stack reads from a variable; a stand-in on loopback accepted it. */
export interface WebhookCalled {
  readonly type: "webhook";
  /** Name of the variable. */
  readonly variable: string;
  /** Texts of the alerts in the body; empty if it contains records. */
  readonly alerts: readonly string[];
  /** Body, truncated to 16 KiB. */
  readonly body: string;
}

/** Other information, in a sentence: an unreadable file, a wrong command. */
export interface Told {
  readonly type: "told";
  readonly level: "info" | "error";
  readonly text: string;
}

/** Interface of a session for its readers: its events, and its commands. */
export interface DevSource {
  /**
   * Calls the listener first with the stored events after `after` (at most the last 5,000), then with each new event.
   * Returns a function that ends it.
   *
   * @param after sequence number of the last event that the reader has; 0 for all stored ones
   */
  subscribe(listener: (event: DevEvent) => void, after?: number): () => void;
  /** Sequence number of the first stored event: a reader that requests an earlier one has missed some. */
  readonly firstSeq: number;
  /** Sends lines to a topic, and advances the time by CLS's wait. @param topic name or id @throws UserError */
  feed(topic: string, lines: Iterable<string> | AsyncIterable<string>): Promise<void>;
  /** Lets the function that wrote a note retry. @throws UserError */
  replay(note: { readonly bucket: string; readonly key: string }): Promise<void>;
  /** Calls a function with an event, and waits for its end, which is also an event. @throws UserError */
  call(functionName: string, event: unknown): Promise<void>;
}
