import type { Event } from "../run/event";
import { sharedText } from "../run/shared-text";
import { parseFloating } from "../python/numbers";
import type { Regex } from "../regex/regex";
import { RegexError } from "../regex/regex";
import { holdsGlob, isGlob } from "./glob";
import { parseQuery } from "./parse";
import { QueryError, type Comparison, type Query, type Term } from "./tree";

/** Whether an event matches. */
export type Predicate = (event: Event) => boolean;

/**
 * Compiles a query of `e_search` to a function. Every test of an absent field is false.
 *
 * @throws QueryError with the position of the error, also within a pattern
 */
export function compileQuery(text: string, regex: (pattern: string) => Regex): Predicate {
  return compile(parseQuery(text), regex);
}

function compile(query: Query, regex: (pattern: string) => Regex): Predicate {
  switch (query.kind) {
    case "not": {
      const operand = compile(query.operand, regex);
      return (event) => !operand(event);
    }
    case "or": {
      const operands = query.operands.map((operand) => compile(operand, regex));
      return (event) => operands.some((operand) => operand(event));
    }
    case "and": {
      const operands = query.operands.map((operand) => compile(operand, regex));
      return (event) => operands.every((operand) => operand(event));
    }
    default:
      return compileTerm(query, regex);
  }
}

function compileTerm(term: Term, regex: (pattern: string) => Regex): Predicate {
  switch (term.kind) {
    case "text": {
      const holds = holdsGlob(term.value);
      return (event) => event.names().some((name) => holds(event.look(name)!));
    }
    case "holds":
      return testOf(term.field, holdsGlob(term.value));
    case "equals":
      return testOf(term.field, isGlob(term.value));
    case "matches": {
      const pattern = compilePattern(term, regex);
      return testOf(term.field, (value) => pattern.test(value));
    }
    case "range":
      return numberTest(term.field, (value) => value >= term.least && value <= term.most);
    case "compares":
      return numberTest(term.field, COMPARE[term.operator](term.value));
  }
}

const COMPARE: Record<Comparison, (wanted: number) => (value: number) => boolean> = {
  ">": (wanted) => (value) => value > wanted,
  ">=": (wanted) => (value) => value >= wanted,
  "<": (wanted) => (value) => value < wanted,
  "<=": (wanted) => (value) => value <= wanted,
  "=": (wanted) => (value) => value === wanted,
};

function testOf(field: string, test: (value: string) => boolean): Predicate {
  const name = sharedText(field);
  return (event) => {
    const value = event.look(name);
    return value !== undefined && test(value);
  };
}

function numberTest(field: string, test: (value: number) => boolean): Predicate {
  return testOf(field, (value) => {
    const number = parseFloating(value);
    return number !== undefined && !Number.isNaN(number) && test(number);
  });
}

function compilePattern({ pattern, offset }: Extract<Term, { kind: "matches" }>, regex: (pattern: string) => Regex) {
  try {
    return regex(pattern);
  } catch (error) {
    if (!(error instanceof RegexError)) throw error;
    throw new QueryError(error.remedied, offset + error.offset);
  }
}
