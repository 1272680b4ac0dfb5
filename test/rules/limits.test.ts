import { parseParameters, type Parameter } from "../../rules/check/parameters";
import { FUNCTIONS } from "../../rules/functions";
import { kindOf, type Definition } from "../../rules/functions/define";
import { compileRules, RulesError } from "../../rules/run/engine";
import { Event } from "../../rules/run/event";
import * as length from "../../rules/run/length";
import { parts as built } from "./support";
import { sample, told } from "../runs";

/** Loaded from the source, so that they share the limits with the engine. */
const parts = {
  // The one with a table that only the build reads; nothing in it grows.
  load: (name: string): unknown => (name === "ua" ? built.load(name) : jest.requireActual(`../../parts/rules-${name}`)),
};

/** Limits of a size that a test can reach with all functions in a moment; npm run soak tries the real ones. */
const SMALL = { MAX_LENGTH: 4096, MAX_ITEMS: 256 };
const REAL = { MAX_LENGTH: length.MAX_LENGTH, MAX_ITEMS: length.MAX_ITEMS };

beforeAll(() => Object.assign(length, SMALL));
afterAll(() => Object.assign(length, REAL));

/** Texts below the limit, and lists and dicts, of which functions can make something beyond it. */
const EVENT = {
  large: 'é"'.repeat(1500),
  commas: ",".repeat(3000),
  escapes: "%41\\x41&amp;\t".repeat(250),
  json: `["${"x".repeat(3000)}"]`,
  dict: `{"k": "${'\\"'.repeat(1400)}"}`,
  small: "a",
  n: "2",
};
const LARGE = [
  'v("large")',
  'v("commas")',
  'v("escapes")',
  'v("json")',
  'v("dict")',
  'str_encode(v("large"))',
  'op_mul(lst_make(v("large")), 200)',
  'dct_make("a", v("large"), v("large"), "b")',
];
const OTHERS = ['v("small")', 'ct_int(v("n"))', '"{}{}{}"'];

/** Calls with something large at one place and something else at all others. */
function callsOf(name: string, definition: Definition): readonly string[] {
  const { positional, rest } = parseParameters(definition.parameters);
  const slots: readonly Pick<Parameter, "type">[] = [
    ...positional.filter(({ optional }, at) => !optional || at < 3),
    ...(rest ? [...rest.types, ...rest.types].map((type) => ({ type })) : []),
  ];
  return slots.flatMap(({ type }, place) =>
    type === "op"
      ? []
      : LARGE.flatMap((large) =>
          OTHERS.map((other) => {
            const values = slots.map((slot, at) =>
              slot.type === "op" ? 'e_set("o", "1")' : at === place ? large : other,
            );
            return `${name}(${values.join(", ")})`;
          }),
        ),
  );
}

let tried = 0;
afterAll(() => console.info(told(`limits: ${tried} calls`)));

const available = [...FUNCTIONS].filter(([name, definition]) => !("refused" in definition) && !name.startsWith("res_"));

it.each(available)("%s makes nothing beyond the limits, and fails by their names", (name, definition) => {
  const isOperation = kindOf(definition) === "operation";
  for (const call of sample(callsOf(name, definition), 16)) {
    tried++;
    const outcome = outcomeOf(isOperation ? call : `e_set("o", ${call})`);
    if (outcome === undefined) continue;
    const { emitted, failure } = outcome;
    // A fault of ours would come under its class's name.
    expect(failure ?? "").not.toMatch(/^line \d+: \w*Error: /);
    for (const { event } of emitted) {
      for (const value of Object.values(event.fields))
        expect(String(value).length).toBeLessThanOrEqual(SMALL.MAX_LENGTH);
    }
  }
});

/** What becomes of the event; nothing where the text is refused. */
function outcomeOf(text: string) {
  try {
    return compileRules(text, { parts, environment: {} }).run(new Event(EVENT));
  } catch (error) {
    if (error instanceof RulesError) return undefined;
    throw error;
  }
}
