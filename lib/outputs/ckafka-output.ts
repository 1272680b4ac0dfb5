import type { WrittenOutput } from "../../functions/settings";
import { Checks } from "../errors";
import { isToken } from "../framework";
import type { LogFunction } from "../scf/function";
import { addOptionalSecret, checkOutput, type IOutput, type OutputProps } from "./output";

export interface CkafkaOutputProps extends OutputProps {
  /** Access points of the instance, `host:port` each. One in a subnet needs the pipeline's `vpc`. */
  readonly brokers: readonly string[];
  /** Name of the topic. */
  readonly topic: string;
  /**
   * User of SASL/PLAIN, `<instance id>#<user>`.
   * @default nothing is authenticated
   */
  readonly username?: string;
  /**
   * The user's password: a secret, so only a value that the plan knows and the code does not is taken, like the
   * `stringValue` of a sensitive `TerraformVariable` of your stack.
   * @default none
   */
  readonly password?: string;
}

/** Messages of a CKafka topic, one a record. Delivery is at least once. The client is in the zip only where it is used. */
export class CkafkaOutput implements IOutput {
  readonly parts = ["out-kafka.js"];
  readonly needsFields = false;

  constructor(private readonly props: CkafkaOutputProps) {}

  bind(target: LogFunction, name: string): WrittenOutput {
    const { brokers, password, topic, username } = this.props;
    const path = `outputs.${name}`;
    const isBroker = (broker: string) => isToken(broker) || /^[^\s:/]+:\d{1,5}$/.test(broker);
    checkOutput(new Checks(target), path, this.props)
      .that(
        isToken(brokers) || (brokers.length > 0 && brokers.every(isBroker)),
        "LOGS_CKAFKA_BROKERS",
        () => `${path}.brokers must be a list of host:port, got ${JSON.stringify(brokers)}; copy an access point`,
      )
      .pattern(
        `${path}.topic`,
        topic,
        /^[\w.-]{1,128}$/,
        "must have 1 to 128 letters, digits, ., - and _",
        "give the topic's name, not its id",
        "LOGS_CKAFKA_TOPIC",
      )
      .that(
        (username === undefined) === (password === undefined),
        "LOGS_CKAFKA_USER",
        () => `${path}.password must be given with username, got only one of them; give both or none`,
      )
      .secret(`${path}.password`, password)
      .throwIfAny();
    return {
      type: "ckafka",
      onFailure: this.props.onFailure,
      brokers,
      topic,
      username,
      passwordSecret: addOptionalSecret(target, `${name}_password`, password),
    };
  }
}
