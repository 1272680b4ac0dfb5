import { gunzipSync } from "node:zlib";
import { BulkService } from "../../../local/webhook/bulk";
import { takeLogs } from "../../../local/webhook/otlp";
import type { TestServer } from "./http-server";

/**
 * Makes a server accept records like search clusters at paths that end with `_bulk`, and like collectors at others.
 *
 * @returns what it has accepted, in the local cloud's format: a JSON list for each request
 */
export function takeRecords(server: TestServer): string[] {
  const bulk = new BulkService();
  const all: string[] = [];
  server.answer = ({ url, headers, body: sent }) => {
    const body = headers["content-encoding"] === "gzip" ? gunzipSync(sent) : sent;
    const isBulk = url.split("?")[0].endsWith("/_bulk");
    const { answer, contentType, taken } = isBulk
      ? bulk.take(url, body.toString())
      : takeLogs(headers["content-type"] ?? "", body);
    all.push(taken);
    return { headers: { "content-type": contentType }, body: answer.toString() };
  };
  return all;
}
