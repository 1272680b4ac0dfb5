/** What a service answers to a request, and what it took of it: JSON text. */
export interface Taken {
  readonly answer: string | Uint8Array;
  readonly contentType: string;
  readonly taken: string;
}

/**
 * Takes the requests of `_bulk` as Elasticsearch and OpenSearch do: documents are created, and one whose id its index has already
 * is a conflict. Only `create` is known.
 */
export class BulkService {
  private readonly known = new Set<string>();

  /** @param path of the request: `/access/_bulk` names an index for the documents that name none */
  take(path: string, body: string): Taken {
    const segments = path.split("?")[0].split("/");
    const fallback = segments.at(-1) === "_bulk" ? decodeURIComponent(segments.at(-2) ?? "") : "";
    const lines = body.split("\n");
    const documents: object[] = [];
    const items: object[] = [];
    for (let at = 0; at + 1 < lines.length; at += 2) {
      const { create } = JSON.parse(lines[at]) as { create: { _index?: string; _id: string } };
      const { _index = fallback, _id } = create;
      const name = JSON.stringify([_index, _id]);
      const isNew = !this.known.has(name);
      this.known.add(name);
      if (isNew) documents.push({ _index, _id, ...(JSON.parse(lines[at + 1]) as object) });
      items.push({ create: isNew ? { status: 201 } : CONFLICT });
    }
    return { answer: JSON.stringify({ items }), contentType: "application/json", taken: JSON.stringify(documents) };
  }
}

const CONFLICT = {
  status: 409,
  error: { type: "version_conflict_engine_exception", reason: "version conflict, document already exists" },
};
