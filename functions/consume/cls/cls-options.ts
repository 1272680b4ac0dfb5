import type { Credentials } from "../../tencent/credentials";
import type { Network } from "../../settings";
import type { ConsumedTopic, LostChoice, MemberEvent, Start } from "../member";

/** Options of a member of one of CLS's own consumer groups. All topics belong to one logset. */
export interface ClsMemberOptions {
  readonly topics: readonly ConsumedTopic[];
  readonly region: string;
  readonly logsetId: string;
  /** Letters, digits, `-` and `_`; the first is not a digit. */
  readonly group: string;
  /** Must be unique in the group. */
  readonly consumer: string;
  /** Called for each request, so that keys can be renewed; temporary keys include a token. */
  readonly credentials: () => Credentials;
  /** @default "public" */
  readonly network?: Network;
  /** Seconds without a heartbeat after which CLS assigns our partitions to other members. @default 6 */
  readonly sessionSeconds?: number;
  /** Where a group without a position begins. @default "end" */
  readonly start?: Start;
  /** @default "begin" */
  readonly onLost?: LostChoice;
  /** Reads only what CLS received before this time, and ends when all of it is committed, by any member. */
  readonly until?: Date;
  /** Requests per second and partition while no records are waiting, 0.01 to 100. @default 1 */
  readonly perSecond?: number;
  /** Milliseconds without progress, while there is more to read, after which the member fails. @default 60000 */
  readonly stallMs?: number;
  /** Milliseconds between two checks of the partitions and their lag. @default 5000, with `until` 1000 */
  readonly lookMs?: number;
  /** Milliseconds between two checks for missing topics. @default 60000 */
  readonly absentMs?: number;
  /** Milliseconds by which CLS can be late with the last logs before `until`. @default 5000 */
  readonly lateMs?: number;
  /** Timeout of a request in milliseconds. @default 10000 */
  readonly timeoutMs?: number;
  /** Receives the member's events. The member continues when it resolves: a hole is reported before the position moves. */
  readonly tell: (event: MemberEvent) => Promise<void> | void;
  /** Positions that this process committed in earlier runs of the member, by partition. */
  readonly known?: Map<string, number>;
}
