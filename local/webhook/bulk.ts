/** A service's answer to a request, and what it accepted of it: JSON text. */
export interface Taken {
  readonly answer: string | Uint8Array;
  readonly contentType: string;
  readonly taken: string;
}

/**
 * Handles `_bulk` requests as Elasticsearch and OpenSearch do: documents are created, and one whose id already exists
 * in its index is a conflict. Only `create` is supported.
 */
export class BulkService {
  private readonly known = new Set<string>();

  /** @param path of the request: `/access/_bulk` sets an index for documents without one */
  take(path: string, body: string): Taken {
    const segments = path.split("?")[0].split("/");
    const fallback = segments.at(-1) === "_bulk" ? decodeURIComponent(segments.at(-2) ?? "") : "";
    const lines = body.split("\n");
    const documents: string[] = [];
    const items: object[] = [];
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const { create } = JSON.parse(lines[at]) as { create: { _index?: string; _id: string } };
      const { _index = fallback, _id } = create;
      const name = JSON.stringify([_index, _id]);
      const refusal = this.known.has(name) ? CONFLICT : isObject(lines[at + 1]) ? undefined : NO_DOCUMENT;
      items.push({ create: refusal ?? { status: 201 } });
      if (refusal) continue;
      this.known.add(name);
      // Not serialized from the parsed value, which can be nested too deeply for that.
      const members = lines[at + 1].slice(lines[at + 1].indexOf("{") + 1);
      documents.push(
        `{"_index":${JSON.stringify(_index)},"_id":"${_id}"${/^\s*\}/.test(members) ? "" : ","}${members}`,
      );
    }
    return { answer: JSON.stringify({ items }), contentType: "application/json", taken: `[${documents.join(",")}]` };
  }
}

function isObject(line: string): boolean {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

const NO_DOCUMENT = { status: 400, error: { type: "mapper_parsing_exception", reason: "failed to parse" } };

const CONFLICT = {
  status: 409,
  error: { type: "version_conflict_engine_exception", reason: "version conflict, document already exists" },
};
