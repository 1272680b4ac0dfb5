import type { Literal } from "@jmespath-community/jmespath";
import { isDict, isList, type Value } from "../run/values";
import { suggestion } from "../check/similar";
import { callFunction, FUNCTIONS } from "./functions";
import { slice, type Slice } from "./slice";
import { parseExpression, type Node } from "./syntax";
import { functionOffset, JmesError, stepOffset, tokenOffset } from "./tokens";
import { beginWork, countItems, countWork } from "./work";
import { compareValues, isEqual, isFailure, isFalse, isNumber, type Operand } from "./values";

type Evaluate = (value: Value) => Value;

/**
 * Compiles an expression to closures over the values of the rule language, so that ints, floats and the order of keys
 * are preserved. The result is undefined for a value on which the expression fails, such as `length(@)` of a number.
 *
 * @throws JmesError if the expression is not valid JMESPath
 */
export function compileExpression(expression: string): (value: Value) => Value | undefined {
  const evaluate = new Compiler(expression).compile(parseExpression(expression));
  return (value) => {
    beginWork();
    try {
      return evaluate(value);
    } catch (error) {
      if (isFailure(error)) return undefined;
      throw error;
    }
  };
}

class Compiler {
  constructor(readonly expression: string) {}

  compile(node: Node): Evaluate {
    switch (node.type) {
      case "Identity":
      case "Current":
        return (value) => value;
      case "Field":
        return (value) => (isDict(value) ? (value.get(node.name) ?? null) : null);
      case "Literal":
        return constantly(valueOf(node.value));
      case "Index":
        return (value) => (isList(value) ? (value.at(node.value) ?? null) : null);
      case "Slice":
        return this.#slice(node);
      case "Subexpression":
      case "IndexExpression":
      case "Pipe":
        return this.#chain(this.compile(node.left), this.compile(node.right));
      case "AndExpression":
      case "OrExpression":
        return this.#logical(this.compile(node.left), this.compile(node.right), node.type === "OrExpression");
      case "NotExpression":
        return this.#not(this.compile(node.child));
      case "Comparator":
        return this.#comparator(this.compile(node.left), this.compile(node.right), node.name);
      case "Flatten":
        return this.#flatten(this.compile(node.child));
      case "Projection":
        return this.#projection(this.compile(node.left), this.compile(node.right));
      case "ValueProjection":
        return this.#valueProjection(this.compile(node.left), this.compile(node.right));
      case "FilterProjection":
        return this.#filter(this.compile(node.left), this.compile(node.condition), this.compile(node.right));
      case "MultiSelectList":
        return this.#list(node.children.map((child) => this.compile(child)));
      case "MultiSelectHash":
        return this.#dict(node.children.map(({ name, value }) => [name, this.compile(value)] as const));
      case "Function":
        return this.#function(node.name, node.children);
      case "ExpressionReference":
        throw new JmesError(
          "& must stand before an argument of a function, such as sort_by(list, &key); remove it",
          tokenOffset(this.expression, "Expref"),
        );
      default:
        throw new JmesError(`${(node as { type: string }).type} is no JMESPath of the reference; leave it out`, 0);
    }
  }

  #chain(left: Evaluate, right: Evaluate): Evaluate {
    return (value) => right(left(value));
  }

  #logical(left: Evaluate, right: Evaluate, isOr: boolean): Evaluate {
    return (value) => {
      const first = left(value);
      return isFalse(first) === isOr ? right(value) : first;
    };
  }

  #not(child: Evaluate): Evaluate {
    return (value) => isFalse(child(value));
  }

  #comparator(left: Evaluate, right: Evaluate, name: Extract<Node, { type: "Comparator" }>["name"]): Evaluate {
    switch (name) {
      case "EQ":
        return (value) => isEqual(left(value), right(value));
      case "NE":
        return (value) => !isEqual(left(value), right(value));
      case "LT":
        return ordered(left, right, (order) => order < 0);
      case "LTE":
        return ordered(left, right, (order) => order <= 0);
      case "GT":
        return ordered(left, right, (order) => order > 0);
      case "GTE":
        return ordered(left, right, (order) => order >= 0);
    }
  }

  #slice({ start, stop, step }: Slice): Evaluate {
    if (step === 0) {
      throw new JmesError("the step of a slice must not be 0; leave it out, or write -1", stepOffset(this.expression));
    }
    return (value) => {
      if (!isList(value)) return null;
      countWork(value.length);
      return slice(value, { start, stop, step });
    };
  }

  #flatten(child: Evaluate): Evaluate {
    return (value) => {
      const base = child(value);
      if (!isList(base)) return null;
      countItems(base.reduce<number>((sum, item) => sum + (isList(item) ? item.length : 1), 0));
      return base.flatMap((item) => (isList(item) ? item : [item]));
    };
  }

  #projection(left: Evaluate, right: Evaluate): Evaluate {
    return (value) => {
      const base = left(value);
      return isList(base) ? projected(base, right) : null;
    };
  }

  #valueProjection(left: Evaluate, right: Evaluate): Evaluate {
    return (value) => {
      const base = left(value);
      return isDict(base) ? projected([...base.values()], right) : null;
    };
  }

  #filter(left: Evaluate, condition: Evaluate, right: Evaluate): Evaluate {
    return (value) => {
      const base = left(value);
      if (!isList(base)) return null;
      countWork(base.length);
      const wanted = base.filter((item) => !isFalse(condition(item)));
      return projected(wanted, right);
    };
  }

  #list(children: readonly Evaluate[]): Evaluate {
    return (value) => {
      countWork(children.length);
      return value === null ? null : children.map((child) => child(value));
    };
  }

  #dict(children: readonly (readonly [string, Evaluate])[]): Evaluate {
    return (value) => {
      countWork(children.length);
      return value === null ? null : new Map(children.map(([name, child]) => [name, child(value)]));
    };
  }

  #function(name: string, children: readonly Node[]): Evaluate {
    const definition = FUNCTIONS.get(name);
    if (!definition) {
      const hint = suggestion(name, FUNCTIONS.keys()) || `; it has ${[...FUNCTIONS.keys()].join(", ")}`;
      throw new JmesError(`${name} is no function of JMESPath${hint}`, functionOffset(this.expression, name));
    }
    const count = definition.parameters.length;
    const fits = definition.isVariadic ? children.length >= count : children.length === count;
    if (!fits) {
      const least = definition.isVariadic ? "at least " : "";
      const message = `${name} must get ${least}${count} argument${count === 1 ? "" : "s"}, got ${children.length}`;
      const remedy = children.length < count ? "add what is missing" : "remove what is too much";
      throw new JmesError(`${message}; ${remedy}`, functionOffset(this.expression, name));
    }
    const operands = children.map((child) => this.#operand(child));
    return (value) =>
      callFunction(
        definition,
        operands.map((operand) => operand(value)),
      );
  }

  #operand(node: Node): (value: Value) => Operand {
    if (node.type !== "ExpressionReference") return this.compile(node);
    const reference = { reference: this.compile(node.child) };
    return () => reference;
  }
}

function constantly(value: Value): Evaluate {
  return () => value;
}

/** Null if one side is neither a number nor a string; fails if the types of both sides differ. */
function ordered(left: Evaluate, right: Evaluate, test: (order: number) => boolean): Evaluate {
  return (value) => {
    const [a, b] = [left(value), right(value)];
    const isComparable = [a, b].every((side) => isNumber(side) || typeof side === "string");
    return isComparable ? test(compareValues(a, b)) : null;
  };
}

function projected(items: readonly Value[], each: Evaluate): Value {
  countItems(items.length);
  return items.map(each).filter((item) => item !== null);
}

/** A number without a fraction is an int. JavaScript parsed it, so this includes `1.0`. */
function valueOf(literal: Literal): Value {
  if (typeof literal === "number") return Number.isSafeInteger(literal) ? BigInt(literal) : literal;
  if (typeof literal !== "object" || literal === null) return literal;
  if (Array.isArray(literal)) return (literal as readonly Literal[]).map(valueOf);
  return new Map(Object.entries(literal).map(([key, item]) => [key, valueOf(item as Literal)]));
}
