/** The rule language, for functions/, lib/ and cli/. Its dialect for CLS's own data processing is in `native/`. */
export { positionAt, renderAt, renderProblem, type Problem, type Span } from "./check/problem";
export { mostSimilar, suggestion } from "./check/similar";
export { FUNCTIONS, type FunctionName, type OperationName } from "./functions";
export { kindOf } from "./functions/define";
export { all, either, type FieldLiteral, type Literal, type Needed, type TextLiteral } from "./literals/literal";
export type { Idle } from "./literals/idle";
export { needsOfField, needsOfPattern } from "./literals/needs";
export { needsOfName, needsOfTexts, needsOfValue } from "./literals/pieces";
export { type Condition, needsOfQuery } from "./literals/query";
export { requiredLiterals, type RequiredLiterals, type RequiredText } from "./regex/required";
export { compileRegex } from "./regex/compile";
export { type Regex, RegexError } from "./regex/regex";
export {
  checkRules,
  compileRules,
  RulesError,
  type Emitted,
  type Rules,
  type RulesOptions,
  type RulesResult,
} from "./run/engine";
export { Changes } from "./run/changes";
export { Event } from "./run/event";
export type { Parts } from "./run/parts";
export { TopicEvent } from "./run/topic-event";
