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
   * Name of the index, alias or data stream: 1 to 200 ASCII characters, without capitals. `%Y`, `%m`, `%d` and `%H`
   * stand for the record's time in UTC: `access-%Y.%m.%d`. If a record's time cannot be read, `undated` takes the place
   * of the time.
   */
  readonly index: string;
  /** User for basic authentication. @default none */
  readonly username?: string;
  /** The user's password; a secret like `url`. @default none */
  readonly password?: string;
  /** API key as the cluster shows it: base64 of its id, a colon and the key. A secret like `url`. @default none */
  readonly apiKey?: string;
  /** Maximum documents per request, 1 to 10000. @default 5000 */
  readonly maxBatchRecords?: number;
  /** Maximum bytes per request before compression, 64 KiB to 50 MiB. A single record can be larger. @default 5 MiB */
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
 * Writes documents to Elasticsearch or OpenSearch, with `log_id` as their id: a record that is delivered again creates
 * no second document. A record that the index refuses goes to quarantine with the reason; the other records of the
 * request are indexed.
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
