import type { Credentials } from "../../tencent/credentials";
import type { Network } from "../../settings";
import type { ConsumedTopic, LostChoice, MemberEvent, Start } from "../member";

/** How a member of CLS's own consumer groups is set up. All topics are of one logset. */
export interface ClsMemberOptions {
  readonly topics: readonly ConsumedTopic[];
  readonly region: string;
  readonly logsetId: string;
  /** Letters, digits, `-` and `_`, the first no digit. */
  readonly group: string;
  /** Unlike that of any other process in the group. */
  readonly consumer: string;
  /** Called for each request, so that keys may be renewed; temporary ones have a token. */
  readonly credentials: () => Credentials;
  /** @default "public" */
  readonly network?: Network;
  /** Seconds of silence after which CLS gives our partitions to others. @default 6 */
  readonly sessionSeconds?: number;
  /** For a group without a position. @default "end" */
  readonly start?: Start;
  /** @default "begin" */
  readonly onLost?: LostChoice;
  /** Reads only what CLS got before this time, and ends when all of that is committed, by whichever member. */
  readonly until?: Date;
  /** Requests a second and partition while nothing waits, 0.01 to 100. @default 1 */
  readonly perSecond?: number;
  /** Milliseconds without progress, while there is more to read, after which the member fails. @default 60000 */
  readonly stallMs?: number;
  /** Milliseconds between two looks at partitions and at how far each is behind. @default 5000, with `until` 1000 */
  readonly lookMs?: number;
  /** Milliseconds between two looks for topics that are not there. @default 60000 */
  readonly absentMs?: number;
  /** Milliseconds by which CLS may be late with the last logs before `until`. @default 5000 */
  readonly lateMs?: number;
  /** Milliseconds that an answer may take. @default 10000 */
  readonly timeoutMs?: number;
  /** Resolves when it may go on: a hole is told before the position moves. */
  readonly tell: (event: MemberEvent) => Promise<void> | void;
  /** What this process has committed in earlier lives of the member, by partition. */
  readonly known?: Map<string, number>;
}
