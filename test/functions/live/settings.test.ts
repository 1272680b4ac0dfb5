import { LiveSettingsError, readLiveSettings } from "../../../functions/live/settings";
import { watchedUntil, watchFlagKey, watchFlagText } from "../../../functions/live/watch-flag";

const SETTINGS = { topic: "t", bucket: "b-1250000000", region: "ap-guangzhou", handler: "index.main_handler" };

it("reads what a construct writes", () => {
  expect(readLiveSettings(JSON.stringify({ ...SETTINGS, network: "intranet" }))).toEqual({
    ...SETTINGS,
    network: "intranet",
  });
});

it.each([
  [undefined, /LOGS_LIVE must hold a JSON object, got nothing; set liveLog/],
  ["{", /LOGS_LIVE must hold a JSON object, got another text/],
  ['{"topic":"t"}', /LOGS_LIVE.bucket must be a non-empty string, got nothing/],
  [JSON.stringify({ ...SETTINGS, network: "vpc" }), /LOGS_LIVE.network must be "public" or "intranet", got "vpc"/],
  [JSON.stringify({ ...SETTINGS, topics: "t" }), /LOGS_LIVE.topics must be the name of a setting.*known are topic/],
])("refuses %j", (value, message) => {
  expect(() => readLiveSettings(value)).toThrow(LiveSettingsError);
  expect(() => readLiveSettings(value)).toThrow(message);
});

it("reads of a flag until when it holds, and of other texts nothing", () => {
  expect(watchFlagKey({ namespace: "default", function: "orders" })).toBe("live/watch/default/orders.json");
  expect(watchedUntil(watchFlagText(5))).toBe(5);
  for (const text of ["", "{}", "5", '{"until":"5"}', "<html>"]) expect(watchedUntil(text)).toBeUndefined();
});
