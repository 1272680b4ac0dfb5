import type { Network } from "../../settings";
import type { Credentials } from "../credentials";

/** Next offset of each partition by number, where a read continues. Others are read from their beginning. */
export type Offsets = Readonly<Record<number, number>>;

/**
 * Where a read begins: at a time, at the oldest retained log, after the newest, or where an earlier read ended. For `pull`,
 * a time is that of CLS's receipt, in whole seconds; for `search`, it is that of the log. Slightly older logs can be
 * included.
 */
export type ReadFrom = Date | "begin" | "end" | Offsets;

/** The CLS interface for reading a topic. `auto` pulls, and if pulling is denied, reports it and searches. */
export type ReadHow = "pull" | "search" | "auto";

/** What to read of a topic. */
export interface TopicRead {
  readonly from: ReadFrom;
  /** Ends the read at that time, as far as CLS has received logs. @default none */
  readonly until?: Date;
  /** Whether to wait for new logs; otherwise the read ends when all existing ones are read. @default true */
  readonly follow?: boolean;
  /** Selects logs: for `pull` a filter in CLS's processing language, for `search` a query in CQL. @default all */
  readonly query?: string;
  /**
   * Requests per second and partition while no logs are waiting, 0.01 to 100: CLS accepts 200, of all readers together.
   * Waiting logs are read at once. @default 1
   */
  readonly perSecond?: number;
  /** @default "pull" */
  readonly how?: ReadHow;
  /** Ends the read, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds without an answer after which the read fails with the last error; with Infinity it waits forever, and
   * reports this.
   *
   * @default Infinity
   */
  readonly patienceMs?: number;
}

/** One log of a topic. */
export interface ReadLog {
  /** The log's own time, in microseconds since 1970. */
  readonly time: number;
  /** All of its fields, as text; each is an own property, whatever its name. */
  readonly contents: Readonly<Record<string, string>>;
  readonly source?: string;
  readonly filename?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** `<package>/<number>` of a log that was found by a search; CLS's id of it. */
  readonly id?: string;
}

/** The result of one request. */
export interface ReadBatch {
  readonly kind: "logs";
  /** In CLS's order; can be empty. */
  readonly logs: readonly ReadLog[];
  /** The partition that was pulled; undefined for a search. */
  readonly partition?: number;
  /** Offset in the partition at which the request began; undefined for a search, or if it began at a time. */
  readonly offset?: number;
  /** Where the next pull of this partition continues; store it when the batch is handled. */
  readonly nextOffset?: number;
  /** Whether there is nothing more for now. */
  readonly end: boolean;
  /** Milliseconds from CLS's receipt of the newest log to its answer, by CLS's clock; undefined if unknown. */
  readonly behindMs?: number;
}

/** A notice, not an error: the read continues by itself. */
export type ReadNotice = { readonly kind: "notice" } & (
  | {
      /** No usable answer: a network failure, a server error, an incomplete answer. Retried until it is answered. */
      readonly notice: "disconnected";
      /** A code of CLS, of Node, or of this project. */
      readonly code: string;
      readonly message: string;
    }
  | {
      /** Answered again; the read continues where it was, and nothing is missed. */
      readonly notice: "reconnected";
      readonly afterMs: number;
    }
  | {
      /** CLS throttles, and requests are slowed. */
      readonly notice: "throttled";
      readonly code: string;
      /** Milliseconds until the next request. */
      readonly waitMs: number;
    }
  | {
      /** The logs at the offset are no longer retained: the read continues at the oldest retained log. */
      readonly notice: "lost";
      readonly partition: number;
      readonly offset: number;
      readonly message: string;
    }
  | {
      /** Partitions created by a split or a merge, which are read from now on, and those that were read to their end. */
      readonly notice: "partitions";
      readonly added: readonly number[];
      readonly ended: readonly number[];
    }
  | {
      /** Pulling is denied, so logs are searched: they come later, and only from topics with an index. */
      readonly notice: "searching";
      readonly code: string;
      readonly message: string;
    }
);

/** What a read yields. */
export type ReadEvent = ReadBatch | ReadNotice;

/** A topic to read, and the access to it. */
export interface TopicReaderOptions {
  readonly topicId: string;
  readonly region: string;
  /** @default "public" */
  readonly network?: Network;
  /** Called for each request, so that keys can be renewed. @default the function's role, or the environment variables */
  readonly credentials?: () => Credentials;
  /** Milliseconds without a byte after which a request has failed. @default 10000 */
  readonly timeoutMs?: number;
}
