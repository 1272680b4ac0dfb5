import type { OutgoingRecord } from "../records/contracts";
import type { ElasticsearchOutputSettings } from "../settings";
import { ServiceError } from "../tencent/service-error";
import { BatchedOutput } from "./batched-output";
import { notAcknowledged, PostError, postBody, readHeaderSecret } from "./body-post";
import type { OutputContext } from "./context";
import { type Documents, type ElasticsearchPart, loadElasticsearchPart } from "./elasticsearch-part";
import { PartlyTakenError, type RecordRefusal } from "./partly-taken";
import { readSecret } from "./secret";
import { targetOf, type WebhookTarget } from "./webhook-target";

/** Description of the only valid acknowledgement. */
const FORM = "a list items with the status of each record";

/** Maximum bytes of an answer per record of its request; most of it is the reason. */
const ANSWER_BYTES = 8 * 1024;

/**
 * Documents of an index or a data stream in Elasticsearch or OpenSearch. Each is created under its `log_id`, and an
 * existing one counts as accepted, so that a record that is delivered again creates no second document. The service's
 * answer for each record is evaluated: only the records that can be accepted later are sent again; permanently refused
 * records go to quarantine with the reason. A separate part, `out-elasticsearch.js`, writes and reads `_bulk`.
 */
export class ElasticsearchOutput extends BatchedOutput<unknown> {
  readonly #settings: ElasticsearchOutputSettings;
  readonly #target: WebhookTarget;
  readonly #authorization: Readonly<Record<string, string>>;
  readonly #documents: Documents;

  constructor(
    settings: ElasticsearchOutputSettings,
    context: OutputContext,
    part: ElasticsearchPart = loadElasticsearchPart(),
  ) {
    super(context, { items: settings.maxBatchRecords, bytes: settings.maxBatchBytes });
    this.#settings = settings;
    this.#documents = part.openElasticsearch(settings, context.now);
    this.#target = bulkTarget(settings.urlSecret, this.#documents.path);
    this.#authorization = authorizationOf(settings);
  }

  protected make(record: OutgoingRecord, id: string, given: OutgoingRecord) {
    return this.#documents.make(record, id, given);
  }

  protected request(items: readonly unknown[]) {
    const refused: RecordRefusal[] = [];
    let waiting = items.map((_, index) => index);
    let bytes = 0;
    const soFar = (last?: ServiceError) => new PartlyTakenError({ total: items.length, refused, waiting, bytes }, last);
    return async (signal: AbortSignal) => {
      try {
        const tried = waiting;
        const answer = await this.#post(
          tried.map((index) => items[index]),
          signal,
        );
        bytes += answer.sentBytes;
        refused.push(...answer.refused.map((one) => ({ ...one, index: tried[one.index] })));
        waiting = answer.waiting.map(({ index }) => tried[index]);
        if (waiting.length > 0) throw this.#later(answer.waiting, tried.length);
      } catch (error) {
        const isPart = waiting.length < items.length && error instanceof ServiceError;
        throw isPart ? soFar(error) : error;
      }
      if (refused.length > 0) throw soFar();
      return bytes;
    };
  }

  async #post(items: readonly unknown[], signal: AbortSignal) {
    const { urlSecret: name, compression } = this.#settings;
    const body = this.#documents.request(items);
    const answer = await postBody(this.context.connections.servers, {
      name,
      target: this.#target,
      headers: { "content-type": "application/x-ndjson", ...this.#authorization },
      body,
      compression,
      maxAnswerBytes: 64 * 1024 + items.length * ANSWER_BYTES,
      signal,
    });
    const { statusCode, sentBytes } = answer;
    const isSuccess = statusCode >= 200 && statusCode < 300;
    if (!isSuccess) {
      throw new PostError(
        { name, body },
        answer,
        this.#documents.readRefusal(answer.body.toString()),
        this.#documents.mayPass(statusCode),
      );
    }
    const read = this.#documents.readAnswer(answer.body.toString(), items.length);
    if (!read) throw notAcknowledged(name, FORM, answer.body);
    return { ...read, sentBytes };
  }

  /** Error for records that a retry can still deliver. */
  #later(waiting: readonly RecordRefusal[], tried: number): ServiceError {
    const [{ code }] = waiting;
    const text = `POST to ${this.#settings.urlSecret} left out ${waiting.length} of ${tried} records with code ${code}`;
    return new ServiceError(code, text, 503);
  }
}

/** A cluster's address, whose path (if any) is that of a proxy, with a path appended. */
function bulkTarget(name: string, below: string): WebhookTarget {
  const target = targetOf(name, readSecret(name));
  const [path] = target.path.split("?");
  return { ...target, path: `${path}${path.endsWith("/") ? "" : "/"}${below}` };
}

function authorizationOf({
  username,
  passwordSecret,
  apiKeySecret,
}: ElasticsearchOutputSettings): Record<string, string> {
  if (apiKeySecret !== undefined) return { authorization: `ApiKey ${readHeaderSecret(apiKeySecret)}` };
  if (username === undefined || passwordSecret === undefined) return {};
  const login = `${username}:${readSecret(passwordSecret)}`;
  return { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
}
