import { readCosBatchSettings } from "../../../functions/settings";
import { CosBatchPipeline, LogContent, PRESETS, type PresetDefinition, type PresetName } from "../../../lib";
import { onlyResource, readBack, testStack, violationsOf } from "../support/stack";

/** The content as the function's handler reads it. */
function contentOf(content: LogContent) {
  const stack = testStack();
  new CosBatchPipeline(stack, "Batch", { source: { bucket: "logs-1250000000", prefix: "in/" }, content });
  const { environment } = onlyResource(stack, "tencentcloud_scf_function") as { environment: Record<string, string> };
  return readCosBatchSettings({ LOGS_SETTINGS: readBack(environment.LOGS_SETTINGS) }).content;
}

describe("a preset", () => {
  it.each(Object.keys(PRESETS) as PresetName[])("%s is told to the handler as data", (name) => {
    const content = LogContent.preset(name);
    expect(contentOf(content)).toEqual(JSON.parse(JSON.stringify(content.settings)));
    expect(content.settings).toMatchObject({ type: "preset", name });
    // Variables have 4 KiB together.
    expect(JSON.stringify(content.settings).length).toBeLessThan(1_200);
  });

  it("keeps what it knows beside what is added, and yields where a field's type is another one", () => {
    const content = LogContent.preset("clb-access", {
      numbers: ["status"],
      times: { seen: "seconds" },
      zone: "+08:00",
      none: [""],
    });
    const { integers = [], numbers = [] } = PRESETS["clb-access"];
    expect(contentOf(content)).toMatchObject({
      integers: integers.filter((field) => field !== "status"),
      numbers: [...numbers, "status"],
      times: { time_local: "%d/%b/%Y:%H:%M:%S %z", seen: "seconds" },
      zone: "+08:00",
      none: ["-", ""],
      timestamp: "time_local",
    });
  });

  it("may be one's own, and begin with a known one", () => {
    const own = LogContent.preset({
      ...PRESETS["nginx-combined"],
      name: "edge",
      pattern: /(?<a>\d+) (?<time_local>.+)/i,
      integers: ["a"],
    });
    expect(contentOf(own)).toMatchObject({
      name: "edge",
      layout: { type: "pattern", pattern: "(?<a>\\d+) (?<time_local>.+)", flags: "i" },
      integers: ["a"],
    });
  });

  it("is refused by a name that is none, with the one that is near", () => {
    expect(violationsOf(() => LogContent.preset("cos-acces" as PresetName))).toEqual([
      [
        "LOGS_CONTENT_PRESET",
        `preset must be a definition or one of ${Object.keys(PRESETS).join(", ")}, got "cos-acces"; did you mean cos-access?`,
      ],
    ]);
  });

  it.each<[string, Partial<PresetDefinition>, string]>([
    [
      "a name with spaces",
      { name: "a b" },
      'name must have 1 to 64 letters, digits, . _ and -, got "a b"; choose another name',
    ],
    [
      "no layout",
      { json: undefined },
      "preset must have one of columns, pattern, json, container, got none; say how a record is written",
    ],
    [
      "two layouts",
      { container: true },
      "preset must have one of columns, pattern, json, container, got json and container",
    ],
    [
      "a part of another layout",
      { delimiter: ";" },
      "delimiter must be left out without columns, got it; nothing would read it",
    ],
    ["a start without a pattern", { startPattern: "^a" }, "startPattern must be left out without pattern, got it"],
    ["no columns", { json: undefined, columns: [] }, "columns must be true or names of columns, got []"],
    [
      "a column twice",
      { json: undefined, columns: ["a", "a"] },
      'columns must be true or names of columns, got ["a","a"]',
    ],
    [
      "a delimiter of two characters",
      { json: undefined, columns: ["a"], delimiter: "||" },
      'delimiter must be one ASCII character, or "auto" with columns: true, got "||"',
    ],
    [
      "a delimiter that a file without names tells",
      { json: undefined, columns: ["a"], delimiter: "auto" },
      'delimiter must be one ASCII character, or "auto"',
    ],
    [
      "the delimiter as quote",
      { json: undefined, columns: ["a"], delimiter: "|", quote: "|" },
      'quote must be empty or one ASCII character other than the delimiter, got "|"',
    ],
    [
      "an escape without a quote",
      { json: undefined, columns: ["a"], quote: "", escape: "\\" },
      "escape must be one ASCII character other than the delimiter, where there is a quote",
    ],
    [
      "more columns at least than there are",
      { json: undefined, columns: ["a"], leastColumns: 2 },
      "leastColumns must be 1 at most, got 2; there are no more columns",
    ],
    ["a field of two types", { integers: ["a"], times: { a: "iso" } }, "a must have one type, got two"],
    [
      "a type of a field that no record has",
      { json: undefined, columns: ["a", "b"], integers: ["c"] },
      "c must be a field of the records, which have a, b, got none of that name",
    ],
    [
      "a type of a group that the pattern lacks",
      { json: undefined, pattern: "(?<a>.*)", numbers: ["b"] },
      "b must be a field of the records, which have a, got none",
    ],
    [
      "a time without a date",
      { times: { t: "%H:%M:%S" } },
      'times.t must be iso, seconds, milliseconds or a format of strptime with a date, got "%H:%M:%S": it names no year',
    ],
    ["a time without a day", { times: { t: "%Y-%m" } }, 'got "%Y-%m": it names no day of the year'],
    ["a format that is none", { times: { t: "%Y-%m-%d %Q" } }, '"%Q" is no directive'],
    [
      "a zone that is none",
      { zone: "Mars" },
      'zone must be an offset or a name of the IANA database, got "Mars"; write it like +08:00',
    ],
    [
      "a timestamp that is no time",
      { timestamp: "t" },
      'timestamp must be one of times, got "t"; give that a format in times',
    ],
  ])("is refused with %s", (_, definition, message) => {
    const found = violationsOf(() => LogContent.preset({ name: "own", json: "lines", ...definition }));
    expect(found).toContainEqual(["LOGS_CONTENT_PRESET", expect.stringContaining(message)]);
  });

  it.each<[string, Partial<PresetDefinition>, string]>([
    ["a pattern without named groups", { pattern: "(a)(b)" }, "it has no named group"],
    ["a pattern that looks ahead", { pattern: "(?<a>x)(?=y)" }, "the pattern has a look-ahead"],
    ["a pattern that is none", { pattern: "(?<a>" }, "pattern must be a regular expression"],
    ["other flags", { pattern: /(?<a>x)/g }, "with no flags but i and u, got /(?<a>x)/g"],
    ["a start that matches empty lines", { pattern: "(?<a>x)", startPattern: "x*" }, "it matches empty lines"],
    [
      "a start of other flags",
      { pattern: "(?<a>x)", startPattern: /x/i },
      "startPattern must have the flags of pattern (none), got i",
    ],
  ])("is refused with %s", (_, definition, message) => {
    const found = violationsOf(() => LogContent.preset({ name: "own", ...definition }));
    expect(found).toContainEqual(["LOGS_CONTENT_PATTERN", expect.stringContaining(message)]);
  });
});
