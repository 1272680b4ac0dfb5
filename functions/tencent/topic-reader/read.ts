import type { Network } from "../../settings";
import type { Credentials } from "../credentials";

/** Next offset of each partition, by its number: where a read goes on. What is not named is read from its begin. */
export type Offsets = Readonly<Record<number, number>>;

/**
 * Where a read begins: at a time, at the oldest log that is kept, behind the newest, or where an earlier read ended. A
 * time is that of CLS's receipt for `pull`, in whole seconds, and that of the log for `search`: logs of shortly before
 * may come as well.
 */
export type ReadFrom = Date | "begin" | "end" | Offsets;

/** By which of CLS's interfaces a topic is read. `auto` pulls, and searches where pulling is denied, which it tells. */
export type ReadHow = "pull" | "search" | "auto";

/** What is to be read of a topic. */
export interface TopicRead {
  readonly from: ReadFrom;
  /** Ends the read at that time, as far as CLS has got it. @default none */
  readonly until?: Date;
  /** Whether to wait for what comes; without it, the read ends when all is read that is there. @default true */
  readonly follow?: boolean;
  /** Which logs: for `pull` a filter in CLS's processing language, for `search` a query in CQL. @default all */
  readonly query?: string;
  /**
   * Requests a second and partition while nothing waits to be read, 0.01 to 100: CLS takes 200, of all readers together.
   * What waits is read at once. @default 1
   */
  readonly perSecond?: number;
  /** @default "pull" */
  readonly how?: ReadHow;
  /** Ends the read, which then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds without an answer after which the read fails with the last error; Infinity waits for ever, and tells.
   *
   * @default Infinity
   */
  readonly patienceMs?: number;
}

/** One log of a topic. */
export interface ReadLog {
  /** Microseconds since 1970, of the log itself. */
  readonly time: number;
  /** Its fields, all of them text; an own property each, whatever its name. */
  readonly contents: Readonly<Record<string, string>>;
  readonly source?: string;
  readonly filename?: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** `<package>/<number>` of a log that was searched; CLS's identity of it. */
  readonly id?: string;
}

/** What one request brought. */
export interface ReadBatch {
  readonly kind: "logs";
  /** In CLS's order; a batch may be empty. */
  readonly logs: readonly ReadLog[];
  /** The partition that was pulled; undefined where logs were searched. */
  readonly partition?: number;
  /** Offset in the partition at which the request began; undefined where it began at a time, or logs were searched. */
  readonly offset?: number;
  /** Where a pull goes on in this partition: to be kept when the batch is done with. */
  readonly nextOffset?: number;
  /** Whether nothing more is there for now. */
  readonly end: boolean;
  /** Milliseconds from CLS's receipt of the newest log until CLS's answer, by CLS's clock; undefined where unknown. */
  readonly behindMs?: number;
}

/** What is no error and should be told: the read goes on by itself. */
export type ReadNotice = { readonly kind: "notice" } & (
  | {
      /** No usable answer: the network, a server's error, half an answer. The request is sent again until it is answered. */
      readonly notice: "disconnected";
      /** A code of CLS's, of Node's or of ours. */
      readonly code: string;
      readonly message: string;
    }
  | {
      /** Answered again, from where the read was: nothing is missed. */
      readonly notice: "reconnected";
      readonly afterMs: number;
    }
  | {
      /** CLS asks for fewer requests, and gets them. */
      readonly notice: "throttled";
      readonly code: string;
      /** Milliseconds until the next request. */
      readonly waitMs: number;
    }
  | {
      /** What stood at the offset is kept no more: the read goes on at the oldest log that is. */
      readonly notice: "lost";
      readonly partition: number;
      readonly offset: number;
      readonly message: string;
    }
  | {
      /** Partitions that were made by a split or a merge, and are read from now on; those that are read to their end. */
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

/** A topic to read, and who reads it. */
export interface TopicReaderOptions {
  readonly topicId: string;
  readonly region: string;
  /** @default "public" */
  readonly network?: Network;
  /** Called for each request, so that keys may be renewed. @default the function's role, or what the environment holds */
  readonly credentials?: () => Credentials;
  /** Milliseconds without a byte after which a request has failed. @default 10000 */
  readonly timeoutMs?: number;
}
