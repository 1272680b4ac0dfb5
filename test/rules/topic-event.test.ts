import { TopicEvent } from "../../rules/run/topic-event";

const RECORD = {
  __TIMESTAMP__: 1700000000123,
  __SOURCE__: "10.0.0.1",
  __TAG__: { pod: "web-1", n: 2 },
  "__TAG__.flat": "f",
  status: "200",
};

describe("an event over a record of CLS", () => {
  it("has the names of the rule language", () => {
    const event = new TopicEvent(RECORD);
    const names = ["__time__", "__source__", "__tag__:pod", "__tag__:n", "__tag__:flat", "status", "__tag__:absent"];
    expect(names.map((name) => event.get(name))).toEqual([
      "1700000000",
      "10.0.0.1",
      "web-1",
      "2",
      "f",
      "200",
      undefined,
    ]);
    expect(event.names()).toEqual(["__time__", "__source__", "__tag__:pod", "__tag__:n", "__tag__:flat", "status"]);
    expect([event.has("__tag__:pod"), event.has("__tag__:x"), event.has("__topic__")]).toEqual([true, false, false]);
    expect(event.changed).toBe(false);
  });

  it("changes the record's own", () => {
    const event = new TopicEvent(RECORD);
    event.set("__time__", "1600000000");
    event.set("__source__", "b");
    event.set("__tag__:pod", "web-2");
    event.set("__tag__:new", "1");
    event.set("__tag__:flat", "g");
    event.delete("__tag__:n");
    expect(JSON.parse(JSON.stringify(event.fields))).toEqual({
      __TIMESTAMP__: 1600000000000,
      __SOURCE__: "b",
      __TAG__: { pod: "web-2", new: "1" },
      "__TAG__.flat": "g",
      status: "200",
    });
    expect(RECORD.__TAG__).toEqual({ pod: "web-1", n: 2 });
  });

  it("loses what is deleted, and the tags with the last of them", () => {
    const event = new TopicEvent(RECORD);
    for (const name of ["__time__", "__source__", "__tag__:pod", "__tag__:n", "__tag__:flat"]) event.delete(name);
    expect(JSON.parse(JSON.stringify(event.fields))).toEqual({ status: "200" });
    expect(event.names()).toEqual(["status"]);
  });

  it("is copied before either is written to", () => {
    const event = new TopicEvent(RECORD);
    const copy = event.clone();
    copy.set("status", "500");
    event.set("__tag__:pod", "x");
    expect([event.get("status"), copy.get("status"), copy.get("__tag__:pod")]).toEqual(["200", "500", "web-1"]);
  });

  it("keeps to the names that the record has", () => {
    const event = new TopicEvent({ __time__: "1", __source__: "a" });
    event.set("__time__", "5");
    event.set("__source__", "b");
    expect(event.fields).toEqual({ __time__: "5", __source__: "b" });
    expect(new TopicEvent({ ...RECORD, __time__: "1" }).names().filter((name) => name === "__time__")).toHaveLength(1);
  });

  it("takes a thousand tags", () => {
    const event = new TopicEvent({});
    for (let at = 0; at < 1024; at++) event.set(`__tag__:t${at}`, "x");
    event.set("__tag__:t0", "y");
    expect(() => event.set("__tag__:more", "x")).toThrow("An event must get at most 1024 tags, got 1025");
    expect(event.names()).toHaveLength(1024);
  });

  it("fails on a time that is none, whoever writes it", () => {
    expect(() => new TopicEvent(RECORD).set("__time__", "noon")).toThrow(
      "__time__ must be seconds since 1970, got noon",
    );
  });
});
