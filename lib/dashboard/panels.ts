import { failureQuery, type OutputNumber, type SummaryColumn, summaryQuery, TIME_COLUMN } from "./summary-query";

/** A chart of a dashboard, in the form of CLS's API. Fact: docs/design/facts/provider.md#dashboard. */
export interface Panel {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly type: "graph";
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly target: {
    readonly RegionId: number;
    readonly LogsetId: string;
    readonly TopicId: string;
    readonly Query: string;
    readonly ChartAxis: { readonly xAxisKey: string };
  };
}

/** The data that the charts search. */
export interface PanelSource {
  readonly functionName: string;
  readonly outputNames: readonly string[];
  readonly regionId: number;
  readonly logsetId: string;
  readonly topicId: string;
  /** Minutes per row of a result. */
  readonly minutes: number;
}

interface Chart {
  readonly title: string;
  readonly description: string;
  readonly query: string;
}

/** Columns of the grid, which two charts share, and rows of a chart. */
const [WIDTH, HEIGHT] = [12, 8];

/** The charts of a pipeline, two next to each other. */
export function panelsOf(source: PanelSource): Panel[] {
  const { logsetId: LogsetId, regionId: RegionId, topicId: TopicId } = source;
  return chartsOf(source).map(({ query: Query, ...chart }, index) => ({
    // Stable between synths.
    id: `chart-${index + 1}`,
    ...chart,
    type: "graph",
    gridPos: { x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT, w: WIDTH, h: HEIGHT },
    target: { RegionId, LogsetId, TopicId, Query, ChartAxis: { xAxisKey: TIME_COLUMN } },
  }));
}

function chartsOf({ functionName, minutes, outputNames }: PanelSource): Chart[] {
  const query = (columns: Readonly<Record<string, SummaryColumn>>): string =>
    summaryQuery(functionName, columns, minutes);
  const ofOutputs = (field: OutputNumber) =>
    Object.fromEntries(outputNames.map((output) => [output, { number: { output, field } }]));
  const charts: Chart[] = [
    {
      title: "Records",
      description: "Records that were read, and those that the processor sent nowhere",
      query: query({ records: { number: "records" }, dropped: { number: "dropped" } }),
    },
    {
      title: "Invalid",
      description: "Lines that are no records, and records on which the processor failed",
      query: query({
        invalid: { number: "invalid" },
        failed: { number: "failed" },
        "not UTF-8": { number: "invalidUtf8" },
      }),
    },
    {
      title: "Quarantined",
      description: "Objects or events that were left to a note: see docs/quarantine.md",
      query: query({ quarantined: { number: "quarantined" }, retries: { number: "retries" } }),
    },
    {
      title: "Failed invocations",
      description: "Invocations that SCF counts as failed; it delivers their events again",
      query: failureQuery(functionName, minutes),
    },
    {
      title: "Time",
      description: "Milliseconds of an invocation",
      query: query({ average: { number: "ms", of: "avg" }, longest: { number: "ms", of: "max" } }),
    },
    {
      title: "Delay",
      description:
        "Milliseconds from when an object was stored, or the last log of an event was written, until all was at the outputs",
      query: query({ average: { number: "delayMs", of: "avg" }, longest: { number: "delayMs", of: "max" } }),
    },
    {
      title: "Bytes",
      description: "Bytes of the input as it is stored, and objects or events that were read to their end",
      query: query({ bytes: { number: "bytes" }, objects: { number: "objects" } }),
    },
  ];
  if (outputNames.length === 0) return charts;
  return [
    ...charts,
    {
      title: "Records by output",
      description: "Records that each output has written",
      query: query(ofOutputs("records")),
    },
    {
      title: "Quarantined by output",
      description: "Records that an output could not deliver",
      query: query(ofOutputs("quarantined")),
    },
  ];
}
