import { type CosBatchSettings, readClsStreamSettings, readCosBatchSettings } from "../../../functions/settings";

const SETTINGS: CosBatchSettings = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count", check: "shape" },
  quarantine: { bucket: "logs-1250000000", region: "ap-guangzhou", prefix: "quarantine/" },
  outputs: {},
  maxLineBytes: 100,
};

function read(settings: object): CosBatchSettings {
  return readCosBatchSettings({ LOGS_SETTINGS: JSON.stringify(settings) });
}

describe("the settings of cos-batch", () => {
  it("are read as the construct wrote them", () => {
    expect(read(SETTINGS)).toEqual(SETTINGS);
  });

  it("have defaults: lines of 1 MiB, each of them parsed", () => {
    expect(read({ ...SETTINGS, maxLineBytes: undefined, processor: { type: "count" } })).toMatchObject({
      maxLineBytes: 1_048_576,
      processor: { check: "json" },
    });
  });

  it.each<[string, object]>([
    ["version must be 1, got 2", { version: 2 }],
    ['region must be a non-empty string, got ""', { region: "" }],
    ["processor must be an object, got null", { processor: null }],
    ['processor.type must be "count", "code" or "rules", got "other"', { processor: { type: "other" } }],
    ['processor.check must be "json" or "shape", got 1', { processor: { type: "count", check: 1 } }],
    ["quarantine must be an object, got nothing", { quarantine: undefined }],
    ["quarantine.bucket must be a non-empty string", { quarantine: { ...SETTINGS.quarantine, bucket: 1 } }],
    ["quarantine.prefix must end with /", { quarantine: { ...SETTINGS.quarantine, prefix: "q" } }],
    ["maxLineBytes must be a positive integer, got 0", { maxLineBytes: 0 }],
    [
      "maxUnpackRato must be the name of a setting, got an unknown one; deploy the function's code",
      { maxUnpackRato: 3 },
    ],
    ["processor.chek must be the name of a setting", { processor: { type: "count", chek: "json" } }],
    ["processor.onError must be the name of a setting", { processor: { type: "count", onError: "drop" } }],
  ])("are refused by name: %s", (message, wrong) => {
    expect(() => read({ ...SETTINGS, ...wrong })).toThrow(message);
  });

  it("are refused to the handler cls-stream where only cos-batch knows them", () => {
    const LOGS_SETTINGS = JSON.stringify({ ...SETTINGS, maxUnpackRatio: 100 });
    expect(readCosBatchSettings({ LOGS_SETTINGS })).toHaveProperty("maxUnpackRatio", 100);
    expect(() => readClsStreamSettings({ LOGS_SETTINGS })).toThrow("maxUnpackRatio must be the name of a setting");
  });

  it.each([
    [undefined, "LOGS_SETTINGS must be set, got nothing"],
    ["{", "LOGS_SETTINGS must be JSON"],
    ["[]", "LOGS_SETTINGS must be an object"],
  ])("are refused where they are no object: %s", (source, message) => {
    expect(() => readCosBatchSettings({ LOGS_SETTINGS: source })).toThrow(message);
  });
});

describe("the settings of outputs", () => {
  const cos = { type: "cos", bucket: "b-1", region: "r", prefix: "p/" };
  const hook = { type: "webhook", urlSecret: "LOGS_SECRET_URL" };
  const kafka = { type: "ckafka", brokers: ["b:9092"], topic: "t" };

  it("have defaults", () => {
    expect(read({ ...SETTINGS, outputs: { main: cos, invalid: cos, hook }, defaultOutput: "hook" })).toMatchObject({
      outputs: {
        main: { onFailure: "quarantine", maxPartBytes: 16 * 1024 * 1024 },
        hook: { format: "json", maxBatchRecords: 100 },
      },
      defaultOutput: "hook",
    });
    expect(read({ ...SETTINGS, outputs: { main: cos, invalid: cos } }).defaultOutput).toBe("main");
    expect(read({ ...SETTINGS, outputs: { invalid: cos } }).defaultOutput).toBeUndefined();
  });

  it.each<[string, object]>([
    [
      'outputs.a.type must be "cos", "cls", "webhook", "ckafka", "elasticsearch" or "otlp", got "ftp"',
      { outputs: { a: { type: "ftp" } } },
    ],
    ['outputs.a.network must be "public" or "intranet", got "vpc"', { outputs: { a: { ...cos, network: "vpc" } } }],
    ['outputs.a.prefix must end with /, got "p"', { outputs: { a: { ...cos, prefix: "p" } } }],
    ["outputs.a.maxPartBytes must be a positive integer", { outputs: { a: { ...cos, maxPartBytes: 0 } } }],
    ["outputs.a.urlSecret must be the name of a variable", { outputs: { a: { ...hook, urlSecret: "https://x" } } }],
    [
      "outputs.a.url must be the name of a setting, got an unknown one",
      { outputs: { a: { ...hook, url: "https://x" } } },
    ],
    [
      "outputs.a.passwordSecret must be given with username",
      { outputs: { a: { ...kafka, passwordSecret: "LOGS_SECRET_A" } } },
    ],
    ["outputs must have names of 1 to 64 letters", { outputs: { "a b": cos } }],
    ["defaultOutput must name an output", { outputs: { a: cos, b: cos } }],
    ["defaultOutput must name an output", { outputs: { invalid: cos }, defaultOutput: "invalid" }],
  ])("are refused by path: %s", (message, wrong) => {
    expect(() => read({ ...SETTINGS, ...wrong })).toThrow(message);
    expect(() => read({ ...SETTINGS, ...wrong })).not.toThrow("https://x");
  });

  it.each<[string, object]>([
    ["JSON lines", { type: "json" }],
    ["CSV", { type: "csv", header: true, delimiter: "\t", quote: "" }],
    ["CSV with columns", { type: "csv", header: ["a", "b"], delimiter: ";", quote: "'" }],
    ["lines", { type: "lines" }],
    ["joined lines", { type: "multiline", startPattern: "^\\d", flags: "i", maxLines: 5, maxBytes: 1024 }],
  ])("tell what lines hold: %s", (_, content) => {
    expect(read({ ...SETTINGS, content, maxUnpackRatio: 100 })).toEqual({ ...SETTINGS, content, maxUnpackRatio: 100 });
  });

  const csv = { type: "csv", header: true, delimiter: ",", quote: '"' };
  const multiline = { type: "multiline", startPattern: "a", flags: "", maxLines: 5, maxBytes: 1024 };
  it.each<[string, object]>([
    ['content.type must be "json", "json-values", "csv", "lines", "multiline" or "preset", got "xml"', { type: "xml" }],
    ["content.header must be a list that is not empty, got []", { ...csv, header: [] }],
    ['content.delimiter must be one ASCII character, got ",,"', { ...csv, delimiter: ",," }],
    ['content.quote must be empty or one ASCII character other than the delimiter, got ","', { ...csv, quote: "," }],
    ['content.startPattern must be a regular expression, got "("', { ...multiline, startPattern: "(" }],
    ['content.startPattern must be a regular expression, got "a"', { ...multiline, flags: "g" }],
    ["content.maxLines must be a positive integer, got 0", { ...multiline, maxLines: 0 }],
    ["content.maxBytes must be a positive integer, got 1.5", { ...multiline, maxBytes: 1.5 }],
  ])("are refused where they tell it wrongly: %s", (message, content) => {
    expect(() => read({ ...SETTINGS, content })).toThrow(message);
  });
});
