import { INDEX_NAMES, type WrittenOutput } from "../../functions/settings";
import { Checks } from "../errors";
import { required, secret, text, textThat } from "../props/kinds";
import { readProps, type PropTable } from "../props/prop";
import type { LogFunction } from "../scf/function";
import { addOptionalSecret, checkLogin, type IOutput } from "./output";
import { batchBytes, batchRecords, SERVER_OUTPUT_PROPS, type ServerOutputProps } from "./server-output";

/** Props of an {@link ElasticsearchOutput}. */
export interface ElasticsearchOutputProps extends ServerOutputProps {
  /**
   * Name of the index, the alias or the data stream, in ASCII. `%Y`, `%m`, `%d` and `%H` stand for the record's time, in UTC:
   * `access-%Y.%m.%d`. A record whose time cannot be read goes to the same name with `undated` in the place of the time.
   */
  readonly index: string;
  /** User of basic authentication. @default none */
  readonly username?: string;
  /** The user's password; a secret like `url`. @default none */
  readonly password?: string;
  /** API key, as base64 of its id, a colon and the key, as the cluster shows it; a secret like `url`. @default none */
  readonly apiKey?: string;
  /** Documents of one request at most, 1 to 10000. @default 5000 */
  readonly maxBatchRecords?: number;
  /** Bytes of one request at most, before it is packed, 64 KiB to 50 MiB; a single record may be larger. @default 5 MiB */
  readonly maxBatchBytes?: number;
}

const PROPS: PropTable<ElasticsearchOutputProps> = {
  ...SERVER_OUTPUT_PROPS,
  index: required(
    textThat(INDEX_NAMES.pattern, INDEX_NAMES.rule, "choose another name", "LOGS_ELASTICSEARCH_INDEX"),
    "name the index or the data stream",
  ),
  username: text,
  password: secret,
  apiKey: secret,
  maxBatchRecords: batchRecords,
  maxBatchBytes: batchBytes,
};

/**
 * Documents of Elasticsearch or OpenSearch, created under their `log_id`: a record that is delivered again makes no second
 * document. A record that the index refuses lies in quarantine with the reason, and the others of its request arrive.
 */
export class ElasticsearchOutput implements IOutput {
  readonly parts = ["out-elasticsearch.js"];
  readonly needsFields = true;

  constructor(private readonly props: ElasticsearchOutputProps) {}

  bind(target: LogFunction, name: string): WrittenOutput {
    const path = `outputs.${name}`;
    const checks = new Checks(target);
    const props = readProps(checks, PROPS, this.props, path);
    const { apiKey, password, url, username, ...others } = props;
    checkLogin(checks, path, props, "LOGS_ELASTICSEARCH_LOGIN");
    checks
      .that(
        apiKey === undefined || (username === undefined && password === undefined),
        "LOGS_ELASTICSEARCH_LOGIN",
        () => `${path}.apiKey must be left out where username is given, got both; give one of them`,
      )
      .throwIfAny();
    return {
      type: "elasticsearch",
      ...others,
      urlSecret: target.addSecret(`${name}_url`, url),
      username,
      passwordSecret: addOptionalSecret(target, `${name}_password`, password),
      apiKeySecret: addOptionalSecret(target, `${name}_api_key`, apiKey),
    };
  }
}
