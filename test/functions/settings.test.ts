import { type CosBatchSettings, readCosBatchSettings } from "../../functions/settings";

const SETTINGS: CosBatchSettings = {
  version: 1,
  region: "ap-guangzhou",
  processor: { type: "count", check: "shape" },
  quarantine: { bucket: "logs-1250000000", region: "ap-guangzhou", prefix: "quarantine/" },
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
    ['processor.type must be "count", got "other"', { processor: { type: "other" } }],
    ['processor.check must be "json" or "shape", got 1', { processor: { type: "count", check: 1 } }],
    ["quarantine must be an object, got nothing", { quarantine: undefined }],
    ["quarantine.bucket must be a non-empty string", { quarantine: { ...SETTINGS.quarantine, bucket: 1 } }],
    ["quarantine.prefix must end with /", { quarantine: { ...SETTINGS.quarantine, prefix: "q" } }],
    ["maxLineBytes must be a positive integer, got 0", { maxLineBytes: 0 }],
  ])("are refused by name: %s", (message, wrong) => {
    expect(() => read({ ...SETTINGS, ...wrong })).toThrow(message);
  });

  it.each([
    [undefined, "LOGS_SETTINGS must be set, got nothing"],
    ["{", "LOGS_SETTINGS must be JSON"],
    ["[]", "LOGS_SETTINGS must be an object"],
  ])("are refused where they are no object: %s", (source, message) => {
    expect(() => readCosBatchSettings({ LOGS_SETTINGS: source })).toThrow(message);
  });
});
