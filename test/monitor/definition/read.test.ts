import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { problemText, readDefinition, type MonitorFile } from "../../../monitor";
import { rulePartsIn } from "../../../functions/runtime/loader";
import { checkRules } from "../../../rules";

const SAMPLE = parse(readFileSync(join(__dirname, "../errors.yaml"), "utf8")) as Definition;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- cases change it at any depth
type Definition = Record<string, any>;

const parts = rulePartsIn(join(__dirname, "../../../dist/parts"));
const options = { checkRules: (text: string) => checkRules(text, { parts, outputs: [] }).problems };

/** The sample with a change. */
function changed(change: (definition: Definition) => void): Definition {
  const copy = structuredClone(SAMPLE);
  change(copy);
  return copy;
}

function problemsOf(change: (definition: Definition) => void): string[] {
  return readDefinition(changed(change), options).problems.map(problemText);
}

function fileOf(definition: unknown): MonitorFile {
  const { file, problems } = readDefinition(definition, options);
  expect(problems.map(problemText)).toEqual([]);
  return file as MonitorFile;
}

describe("readDefinition", () => {
  it("reads the sample, defaults filled in", () => {
    expect(fileOf(SAMPLE)).toMatchObject({
      monitors: [
        {
          name: "Errors",
          sources: ["guangzhou", "singapore"],
          match: {
            any: [
              { field: "status", pattern: { source: "^5\\d\\d$", flags: "" } },
              { text: { source: "OutOfMemory|panic:", flags: "" } },
              { field: "request_time", compare: ">=", value: 3 },
            ],
          },
          group: ["service", "status"],
          windowMs: 600_000,
          maxGroups: 1000,
          missing: { forMs: 900_000 },
          severity: "critical",
          labels: { app: "shop" },
          routes: [
            { to: ["oncall"], fallback: "mail" },
            { to: ["seaTeam"], labels: { team: "sea" } },
          ],
          quiet: [{ days: ["sat", "sun"], fromMinute: 1320, toMinute: 480, zone: "Asia/Shanghai" }],
          mute: [{ group: { service: "billing" }, until: Date.UTC(2099, 11, 24) }],
          sample: { fields: ["method", "path", "status"], around: 3, redact: ["password"] },
        },
        {
          name: "SlowPayments",
          rules: expect.stringContaining("e_keep"),
          threshold: { count: 20, withinMs: 60_000 },
          severity: "warning",
          routes: [{ to: ["oncall", "mail"] }],
          sample: { around: 0, redact: [] },
        },
      ],
      sources: {
        guangzhou: { form: "pull", labels: {} },
        singapore: { form: "push", region: "ap-singapore", labels: { team: "sea" } },
      },
      receivers: {
        oncall: { format: "wecom", urlVariable: "ONCALL_URL" },
        mail: { format: "json", urlVariable: "MAIL_URL", maxPerMinute: 6 },
      },
      state: { type: "cos", bucket: "logs-1250000000", region: "ap-guangzhou", prefix: "monitor/" },
      heartbeat: { to: "deadman", everyMs: 300_000 },
    });
  });

  it("takes regular expressions of JavaScript's, numbers, several fields of one condition, and fields of any name", () => {
    const { monitors } = fileOf(
      changed(({ monitors: [first] }) => {
        first.match = { status: 500, message: /out of memory/i, not: { fields: { text: "ignore", any: "< 1e3" } } };
      }),
    );
    expect(monitors[0].match).toEqual({
      all: [
        { field: "status", compare: "=", value: 500 },
        { field: "message", pattern: { source: "out of memory", flags: "i" } },
        {
          not: {
            all: [
              { field: "text", pattern: { source: "ignore", flags: "" } },
              { field: "any", compare: "<", value: 1000 },
            ],
          },
        },
      ],
    });
  });

  it("takes what it would write itself: patterns with flags, memory, a moment in a zone by its name", () => {
    const { monitors, state } = fileOf(
      changed((definition) => {
        definition.monitors[0].match = { text: { pattern: "panic", flags: "i" } };
        definition.monitors[0].mute[0] = { until: "2026-07-01 08:30", zone: "America/New_York" };
        definition.state = "memory";
      }),
    );
    expect(monitors[0].match).toEqual({ text: { source: "panic", flags: "i" } });
    expect(monitors[0].mute).toEqual([{ group: {}, until: Date.UTC(2026, 6, 1, 12, 30) }]);
    expect(state).toEqual({ type: "memory" });
  });

  it.each([
    ["that is there twice, east of Greenwich", "2026-10-25T02:30", "Europe/Berlin", "2026-10-25T00:30Z"],
    ["that is there twice, at Greenwich", "2026-10-25T01:30", "Europe/London", "2026-10-25T00:30Z"],
    ["that is there twice, west of it", "2026-11-01T01:30", "America/New_York", "2026-11-01T05:30Z"],
    ["after it, once", "2026-10-25T03:00", "Europe/Berlin", "2026-10-25T02:00Z"],
    ["that clocks leap over, east", "2026-03-29T02:30", "Europe/Berlin", "2026-03-29T01:30Z"],
    ["that clocks leap over, west", "2026-03-08T02:30", "America/New_York", "2026-03-08T07:30Z"],
    ["far east", "2026-12-24T08:00", "Pacific/Kiritimati", "2026-12-23T18:00Z"],
  ])("takes a local time %s", (_, until, zone, moment) => {
    const { monitors } = fileOf(changed((definition) => (definition.monitors[0].mute[0] = { until, zone })));
    expect(new Date(monitors[0].mute[0].until)).toEqual(new Date(moment));
  });

  it.each(["=> 3", "== 503", "> 3s", "<> 3", ">= 3 and < 5", ">3,5", "!== 3", "~ 5"])(
    "refuses %s, which would be a pattern that matches nothing",
    (written) => {
      const problems = problemsOf((d) => (d.monitors[0].match = { request_time: written }));
      expect(problems).toEqual([
        `monitors[0].match.request_time must compare with one number by <, <=, >, >=, = or !=, if it is no pattern, ` +
          `got "${written}"; write it like ">= 3", several of them in all, and a pattern that begins so as { pattern: ... }`,
      ]);
    },
  );

  it("takes what begins like a comparison as a pattern, where it is said to be one or no number follows", () => {
    const match = { path: "=>", html: "<html>", code: { pattern: "== 503" } };
    const { monitors } = fileOf(changed((definition) => (definition.monitors[0].match = match)));
    expect(monitors[0].match).toMatchObject({
      all: [{ pattern: { source: "=>" } }, { pattern: { source: "<html>" } }, { pattern: { source: "== 503" } }],
    });
  });

  it.each<[string, (definition: Definition) => void, string]>([
    [
      "a key that nobody knows, with the one that was meant",
      (d) => (d.monitors[0].treshold = {}),
      "monitors[0].treshold must be a key that is known here, got another; did you mean threshold?",
    ],
    [
      "a pattern outside the linear engine",
      (d) => (d.monitors[0].match.any[0].status = "(?!5)\\d+"),
      'monitors[0].match.any[0].status must be a regular expression that runs in linear time, got "(?!5)\\\\d+"; ' +
        "the pattern has a look-ahead or look-behind, which no engine matches in linear time",
    ],
    [
      "a pattern that is none",
      (d) => (d.monitors[0].match.any[1].text = "a(b"),
      'monitors[0].match.any[1].text must be a regular expression that runs in linear time, got "a(b"; ' +
        "correct it: Unterminated group",
    ],
    [
      "flags that mean nothing here",
      (d) => (d.monitors[0].match.any[1].text = /^a$/m),
      'monitors[0].match.any[1].text must have no flags but i and u, got "m"; ' +
        "leave the others out: a pattern looks at one value, and ^ and $ are its ends",
    ],
    [
      "a condition without conditions",
      (d) => (d.monitors[0].match = { any: [] }),
      "monitors[0].match.any must be a list of conditions that is not empty, got []; write each as an item of its own",
    ],
    [
      "a receiver nobody routes to",
      (d) => (d.receivers.pager = { url: { env: "PAGER_URL" } }),
      'receivers.pager must be told by a monitor, got "pager"; name it in alert of a monitor, or take it away',
    ],
    [
      "a route to nobody",
      (d) => (d.monitors[0].alert.to = "oncal"),
      'monitors[0].alert.to must be the name of a receiver, got "oncal"; did you mean oncall?',
    ],
    [
      "an alert that reaches nobody",
      (d) => {
        delete d.monitors[0].alert.to;
        delete d.monitors[0].alert.fallback;
      },
      "monitors[0].alert must lead every alert to somebody, got nobody for guangzhou; add to, or a route that its labels fit",
    ],
    [
      "a route whose labels no source carries",
      (d) => (d.monitors[0].alert.also[0].labels = { team: "see" }),
      'monitors[0].alert.also[0].labels must be labels that an alert of this monitor carries, got {"team":"see"}; ' +
        "correct them, or add them to the monitor or to one of its sources",
    ],
    [
      "two monitors with one name",
      (d) => (d.monitors[1].name = "Errors"),
      'monitors[1].name must be the name of one monitor only, got "Errors"; rename one of them',
    ],
    [
      "a window that is not longer than records wait",
      (d) => (d.monitors[0].window = "3s"),
      'monitors[0].window must be longer than records wait, which is 3s, got "3s"; ' +
        "write a longer one: a group would be over before its next records can come",
    ],
    [
      "a length of time without a unit",
      (d) => (d.monitors[0].window = 600),
      "monitors[0].window must be a length of time from 1s to 30d, got 600; write it like 90s, 10m or 1h30m",
    ],
    [
      "a record topic that is a source",
      (d) => (d.records.topic = d.sources.singapore.topic),
      "records.topic must be none of the sources, and singapore is it, got " +
        '"11111111-aaaa-4bbb-8ccc-000000000002"; give alerts a topic that nothing watches: each alert would be the ' +
        "reason for the next",
    ],
    [
      "two sources of one topic",
      (d) => (d.sources.guangzhou.topic = d.sources.singapore.topic),
      'sources.singapore.topic must be a topic of its own, and guangzhou has it, got "11111111-aaaa-4bbb-8ccc-000000000002"; ' +
        "take one of them away: what matched would be told twice",
    ],
    [
      "a zone that is none",
      (d) => (d.monitors[0].quiet[0].zone = "Asia/Shangai"),
      'monitors[0].quiet[0].zone must be a time zone by its name, got "Asia/Shangai"; write it like Asia/Shanghai',
    ],
    [
      "a day that is none",
      (d) => (d.monitors[0].mute[0].until = "2026-02-30T08:00Z"),
      'monitors[0].mute[0].until must be a date and a time of day, got "2026-02-30T08:00Z"; correct the date',
    ],
    [
      "a moment in no zone",
      (d) => (d.monitors[0].mute[0].until = "2026-02-28T08:00"),
      'monitors[0].mute[0].until must be in a time zone, by an offset or by zone, got "2026-02-28T08:00"; ' +
        "add zone, like Asia/Shanghai",
    ],
    [
      "a mute by a field that is no group's",
      (d) => (d.monitors[0].mute[0].group = { servise: "billing" }),
      'monitors[0].mute[0].group.servise must be a field of group, which has service, status, got "servise"; did you mean service?',
    ],
    [
      "an address that is written out, which it does not repeat",
      (d) => (d.receivers.oncall.url = "https://example.com/secret"),
      "receivers.oncall.url must name the variable that holds it, since it is a secret, got a text; write it like " +
        "{ env: ONCALL_URL }",
    ],
    [
      "a source that nobody watches",
      (d) => (d.monitors[0].sources = ["guangzhou"]) && (d.monitors[0].alert.also[0].labels = { source: "guangzhou" }),
      'sources.singapore must be watched by a monitor, got "singapore"; name it in sources of one, or take it away',
    ],
    [
      "a source that is pulled without its logset",
      (d) => delete d.sources.guangzhou.logset,
      "sources.guangzhou must have logset, since it is pulled, got nothing; add the id of the topic's logset",
    ],
    [
      "a filter of CLS's for a source that is delivered",
      (d) => (d.sources.singapore.query = "log_drop()"),
      'sources.singapore.query must be left out where the form is push, got "log_drop()"; leave it out: a delivery has no filter, and match says what is looked for',
    ],
    [
      "a monitor that looks for nothing",
      (d) => delete d.monitors[1].rules,
      "monitors[1] must have match, rules or missing, got nothing; say what it looks for",
    ],
    [
      "both match and rules",
      (d) => (d.monitors[1].match = { status: "5" }),
      "monitors[1].rules must be left out beside match, got both; say all in one of them",
    ],
    [
      "a label that every alert has",
      (d) => (d.monitors[0].labels.region = "x"),
      'monitors[0].labels.region must be none of source and region, got "region"; rename it: every alert has that label already',
    ],
    [
      "a source that is watched twice",
      (d) => (d.monitors[0].sources = ["singapore", "guangzhou", "singapore"]),
      'monitors[0].sources[2] must name a source once, got "singapore"; leave the second out',
    ],
    ["no state", (d) => delete d.state, "state must be given, got nothing; add it"],
  ])("refuses %s", (_, change, message) => {
    expect(problemsOf(change)).toEqual([message]);
  });

  it("tells all that is wrong at once", () => {
    const problems = problemsOf((d) => {
      d.monitors[0].match.any[0].status = "(";
      d.monitors[0].windw = "10m";
      d.monitors[1].alert.to = ["nobody", "mail"];
      d.sources.singapore.topic = "";
      d.receivers.oncall.format = "wechat";
      d.state = "disk";
    });
    expect(problems.map((text) => text.split(" ")[0]).sort()).toEqual([
      "monitors[0].match.any[0].status",
      "monitors[0].windw",
      "monitors[1].alert.to",
      "receivers.oncall.format",
      "sources.singapore.topic",
      "state",
    ]);
  });

  it("says where in a pattern, and where in a rule text", () => {
    const { problems } = readDefinition(
      changed((d) => {
        d.monitors[0].match.any[1].text = "panic:(?=x)";
        d.monitors[1].rules = 'e_keep(e_search("status: 5"))\ne_sett("a", 1)\n';
      }),
      options,
    );
    expect(problems).toMatchObject([
      { path: ["monitors", 0, "match", "any", 1, "text"], span: { start: 6, end: 7 } },
      { path: ["monitors", 1, "rules"], span: { start: 30, end: 36 }, remedy: expect.stringContaining("e_set") },
    ]);
  });

  it("takes what only the plan will know for topics and buckets, and for nothing else", () => {
    const isUnresolved = (value: unknown) => typeof value === "string" && value.startsWith("${");
    const definition = changed((d) => {
      d.sources.singapore.topic = "${topic.id}";
      d.state.bucket = "${bucket.name}";
    });
    expect(readDefinition(definition, { isUnresolved }).problems).toEqual([]);
    definition.monitors[0].match.any[1].text = "${var.pattern}";
    expect(readDefinition(definition, { isUnresolved }).problems.map(problemText)).toEqual([
      "monitors[0].match.any[1].text must be known when the definition is written, got a token; write the value itself",
    ]);
  });

  it.each([null, 7, "text", [], { monitors: {} }, { monitors: [null, 1], sources: [], receivers: 1, state: null }])(
    "never throws: %j",
    (definition) => {
      expect(readDefinition(definition, options).problems.length).toBeGreaterThan(0);
    },
  );
});
