import type { WrittenOutput } from "../../functions/settings";
import { Checks } from "../errors";
import { isToken } from "../framework";
import { required, secret, text, texts, textThat } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import type { LogFunction } from "../scf/function";
import { addOptionalSecret, checkLogin, OUTPUT_PROPS, type IOutput, type OutputProps } from "./output";

/** Props of a {@link CkafkaOutput}. */
export interface CkafkaOutputProps extends OutputProps {
  /** Access points of the instance, each as `host:port`. Access points in a subnet require the pipeline's `vpc`. */
  readonly brokers: readonly string[];
  /** Name of the topic, not its id: 1 to 128 letters, digits, `.`, `-` and `_`. */
  readonly topic: string;
  /**
   * User for SASL/PLAIN, `<instance id>#<user>`.
   * @default no authentication
   */
  readonly username?: string;
  /**
   * The user's password. It is a secret: pass a value that only the plan knows, such as the `stringValue` of a
   * sensitive `TerraformVariable` of your stack. A literal is refused.
   * @default none
   */
  readonly password?: string;
}

const PROPS: PropTable<CkafkaOutputProps> = {
  ...OUTPUT_PROPS,
  brokers: required(texts(text), "list the instance's access points"),
  topic: required(
    textThat(
      /^[\w.-]{1,128}$/,
      "must have 1 to 128 letters, digits, ., - and _",
      "give the topic's name, not its id",
      "LOGS_CKAFKA_TOPIC",
    ),
    "name the topic",
  ),
  username: text,
  password: secret,
};

/**
 * Sends records to a CKafka topic, one message per record. Delivery is at least once. The Kafka client is in the
 * function's zip only if this output is used.
 */
export class CkafkaOutput implements IOutput {
  readonly parts = ["out-kafka.js"];
  readonly needsFields = false;

  constructor(private readonly props: CkafkaOutputProps) {}

  bind(target: LogFunction, name: string): WrittenOutput {
    const path = `outputs.${name}`;
    const checks = new Checks(target);
    const { brokers, onFailure, password, topic, username } = readProps(checks, PROPS, this.props, path);
    const isBroker = (broker: string) => isToken(broker) || /^[^\s:/]+:\d{1,5}$/.test(broker);
    checks.that(
      isToken(brokers) || (brokers.length > 0 && brokers.every(isBroker)),
      "LOGS_CKAFKA_BROKERS",
      () => `${path}.brokers must be a list of host:port, got ${JSON.stringify(brokers)}; copy an access point`,
    );
    checkLogin(checks, path, { username, password }, "LOGS_CKAFKA_USER");
    checks.throwIfAny();
    return {
      type: "ckafka",
      onFailure,
      brokers,
      topic,
      username,
      passwordSecret: addOptionalSecret(target, `${name}_password`, password),
    };
  }
}
