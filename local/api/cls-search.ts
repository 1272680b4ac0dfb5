import type { Found } from "../cls/search";
import { Refusal } from "../refusal";
import { action, type Action } from "./action";
import { flag, integer, optional, text, word } from "./fields";

/** The part of `SearchLog` that reads raw logs of one topic. Fact: docs/design/facts/cls-reading.md#searching. */
export const SEARCH_ACTIONS: Readonly<Record<string, Action>> = {
  SearchLog: action(
    {
      TopicId: text({ min: 1 }),
      From: integer({ min: 0 }),
      To: integer({ min: 0 }),
      QueryString: optional(text({ max: 12 * 1024 })),
      QuerySyntax: optional(integer({ min: 1, max: 1 })),
      Sort: optional(word("asc", "desc")),
      Limit: optional(integer({ min: 1, max: 1000 })),
      Offset: optional(integer({ min: 0 })),
      Context: optional(text()),
      // Format of SQL results, which are not supported here.
      UseNewAnalysis: optional(flag()),
    },
    (given, { region, services: { cls } }) => {
      const topic = cls.topicOf(given.TopicId, region);
      const { QueryString: query = "", Sort: sort = "desc", Limit: limit = 100, Offset: offset, Context } = given;
      if (/\|/.test(query)) throw new Refusal("UnsupportedOperation", "The local cloud runs no SQL.");
      const context = Context === "" ? undefined : Context;
      const asked = { from: given.From, to: given.To, query, sort, limit, offset, context };
      const { found, isOver, context: next } = cls.searches.search(topic, asked);
      return {
        Context: next,
        ListOver: isOver,
        Analysis: false,
        Results: found.map((one) => describe(one, { topicId: topic.id, topicName: topic.name })),
        ColNames: null,
        AnalysisResults: null,
        AnalysisRecords: null,
        Columns: null,
        SamplingRate: 1,
        Topics: null,
      };
    },
    { resource: ({ TopicId }: { TopicId: string }) => `topic/${TopicId}`, perSecond: 10_000 },
  ),
};

/** Times are in milliseconds here, and all fields of a log are one JSON text. */
function describe({ record, packageId, number }: Found, topic: { topicId: string; topicName: string }): object {
  return {
    Time: record.time,
    TopicId: topic.topicId,
    TopicName: topic.topicName,
    Source: record.source ?? "",
    FileName: record.filename ?? "",
    HostName: "",
    PkgId: packageId,
    PkgLogId: String(number),
    HighLights: null,
    LogJson: JSON.stringify(record.contents),
    RawLog: "",
    IndexStatus: "",
  };
}
