import { refuse } from "../errors";
import type { IGrantee } from "../cam/grantee";
import type { IConstruct } from "../framework";
import type { ILogFunction } from "../scf/event-source";
import { Invocations } from "./invocations";

/** A function that a topic's records reach, at once or as files. */
interface ReadClaim {
  readonly scope: IConstruct;
  readonly target: ILogFunction;
}

/** Somebody that may write records to a topic. */
interface WriteClaim {
  readonly scope: IConstruct;
  readonly writer: IGrantee;
}

/** What an app does with one topic: refused at synth is what would run for ever, a topic that feeds itself, by one function or by several. */
export class TopicTraffic {
  /** The traffic of a topic, shared by all constructs of an app that name it. */
  static of(scope: IConstruct, topicId: string): TopicTraffic {
    const topics = TRAFFIC.get(scope.node.root) ?? new Map<string, TopicTraffic>();
    TRAFFIC.set(scope.node.root, topics);
    const traffic = topics.get(topicId) ?? new TopicTraffic(topicId);
    topics.set(topicId, traffic);
    return traffic;
  }

  private readonly reads: ReadClaim[] = [];
  private readonly writes: WriteClaim[] = [];
  private readonly loggers: ILogFunction[] = [];

  private constructor(private readonly topicId: string) {}

  addRead(read: ReadClaim): void {
    if (read.target.logTopic?.topicId === this.topicId) {
      refuse(
        read.scope,
        "LOGS_SELF_LOG",
        `logTopic must not be the topic that the function reads, got the same for both; ` +
          `each invocation's log would invoke it again, give the function another topic`,
      );
    }
    for (const write of this.writes) noteRecords(read.scope, read, write);
    for (const logger of this.loggers) Invocations.of(read.scope).add(read.scope, logger, read.target);
    this.reads.push(read);
  }

  addWrite(write: WriteClaim): void {
    for (const read of this.reads) noteRecords(write.scope, read, write);
    this.writes.push(write);
  }

  /** A function whose own log goes to the topic. */
  addLogger(logger: ILogFunction): void {
    for (const { target } of this.reads) Invocations.of(logger).add(logger, logger, target);
    this.loggers.push(logger);
  }
}

const TRAFFIC = new WeakMap<IConstruct, Map<string, TopicTraffic>>();

function noteRecords(scope: IConstruct, { target }: ReadClaim, { writer }: WriteClaim): void {
  if (writer !== target && writer !== target.role) return Invocations.of(scope).add(scope, writer, target);
  refuse(
    scope,
    "LOGS_SELF_TOPIC",
    `topic that a function writes to must not be the one that it reads, got the same for both; ` +
      `it would be invoked by its own records, write to another topic`,
  );
}
