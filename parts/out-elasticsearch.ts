import { BulkDocuments } from "../functions/outputs/elasticsearch/documents";
import type { ElasticsearchPart } from "../functions/outputs/elasticsearch-part";

/** See `ElasticsearchPart`. */
export const openElasticsearch: ElasticsearchPart["openElasticsearch"] = (settings, now) =>
  new BulkDocuments(settings, now);
