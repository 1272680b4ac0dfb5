import { Fn, TerraformVariable, type TerraformStack } from "cdktf";
import { LogBucket, LogTopic } from "../../../lib";
import { Token } from "../../../lib/framework";

/**
 * What each prop is given, whatever its type: edge values, and values of all types. A value that the compiler would not
 * take for a prop must be refused.
 */
export interface Values {
  readonly "an empty text": "";
  readonly "a text": "some-text";
  readonly "a text with a slash": "/x";
  readonly "minus one": -1;
  readonly zero: 0;
  readonly "a fraction": 1.5;
  readonly five: 5;
  readonly "not a number": typeof NaN;
  readonly true: true;
  readonly false: false;
  readonly null: null;
  readonly "an empty list": readonly [];
  readonly "a list of an empty text": readonly [""];
  readonly "a list of zero": readonly [0];
  readonly "a list of null": readonly [null];
  readonly "an empty object": Readonly<Record<string, never>>;
  readonly "an object of null": { readonly some: null };
  readonly "an object of a number": { readonly some: 5 };
  readonly "a function": () => void;
  readonly "a date": Date;
  readonly "a topic": LogTopic;
  readonly "a bucket": LogBucket;
}

/** The same, made for a stack. */
export const VALUES: { readonly [Name in keyof Values]: (stack: TerraformStack) => Values[Name] } = {
  "an empty text": () => "",
  "a text": () => "some-text",
  "a text with a slash": () => "/x",
  "minus one": () => -1,
  zero: () => 0,
  "a fraction": () => 1.5,
  five: () => 5,
  "not a number": () => NaN,
  true: () => true,
  false: () => false,
  null: () => null,
  "an empty list": () => [],
  "a list of an empty text": () => [""],
  "a list of zero": () => [0],
  "a list of null": () => [null],
  "an empty object": () => ({}),
  "an object of null": () => ({ some: null }),
  "an object of a number": () => ({ some: 5 }),
  "a function": () => () => undefined,
  "a date": () => new Date(0),
  "a topic": (stack) => new LogTopic(stack, "Wrong"),
  "a bucket": (stack) => LogBucket.fromBucketName(stack, "Wrong", "wrong-1250000000") as LogBucket,
};

/** Values with which a prop may say the same as its default. */
export const EMPTY: readonly string[] = ["an empty text", "an empty list", "an empty object", "true", "false"];

/** How the variable that tokens are made of stands in a plan. */
export const TOKEN_MARK = "var.probe";

/** The form that TypeScript takes for anything: it is `any`. */
export const ANY_TOKEN = "a variable's value";

/** What only the plan will know, in all forms that the framework has for it. */
export const TOKENS: Readonly<Record<string, (stack: TerraformStack) => unknown>> = {
  [ANY_TOKEN]: (stack) => variable(stack).value,
  "a text token": (stack) => variable(stack).stringValue,
  "a number token": (stack) => variable(stack).numberValue,
  "a flag token": (stack) => variable(stack).booleanValue,
  "a list token": (stack) => variable(stack).listValue,
  "a list of numbers as a token": (stack) => Token.asNumberList(variable(stack).value),
  "a map token": (stack) => Token.asStringMap(variable(stack).value),
  "a merged map": (stack) => Fn.merge([variable(stack).value, { a: "b" }]),
  "a list of a token": (stack) => [variable(stack).stringValue],
  "an object of a token": (stack) => ({ some: variable(stack).stringValue }),
};

const variable = (stack: TerraformStack) => new TerraformVariable(stack, "probe", { sensitive: true });
