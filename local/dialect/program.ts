import { bindCall } from "./bind";
import { Args, type BoundCall } from "./definition";
import { DEFINITIONS } from "./functions";
import { parseDialect } from "./parser";
import { Row } from "./row";
import type { Destination } from "./run";
import { DialectError } from "./syntax";
import { RowFailure } from "./values";

/** A row that is output. */
export interface Output {
  readonly destination: Destination;
  readonly row: Row;
}

/** Result for one row. */
export interface RowResult {
  readonly outputs: readonly Output[];
  /** Rows that reached the end without an output. */
  readonly rest: readonly Row[];
  /** Why the row was dropped, if a statement failed; rows derived from it are dropped too. */
  readonly failure?: string;
}

export interface RunOptions {
  /** Milliseconds since 1970. @default the machine's clock */
  readonly now?: () => number;
  /** Variables of the task. */
  readonly variables?: ReadonlyMap<string, string>;
}

/** A text in CLS's data processing language, as documented, ready to run. */
export class Program {
  private readonly statements: readonly BoundCall[];

  /** @throws DialectError for the first error in the text */
  constructor(text: string) {
    this.statements = parseDialect(text).map((call) => {
      const bound = bindCall(call, DEFINITIONS);
      if (bound.definition.kind === "operation") return bound;
      throw new DialectError(`a statement must give a log, ${call.name} gives a value`, call.line, call.column);
    });
  }

  /** Whether the text outputs rows itself; otherwise all rows go to the task's only target. */
  get hasOutputs(): boolean {
    return this.statements.some(outputs);
  }

  run(
    fields: Readonly<Record<string, unknown>>,
    { now = Date.now, variables = new Map() }: RunOptions = {},
  ): RowResult {
    const emitted: Output[] = [];
    const run = {
      now,
      variables,
      emit: (destination: Destination, row: Row) => void emitted.push({ destination, row }),
    };
    let rows = [Row.of(fields)];
    for (const statement of this.statements) {
      try {
        rows = rows.flatMap((row) => runStatement(statement, row, run));
      } catch (error) {
        if (!(error instanceof RowFailure)) throw error;
        return { outputs: [], rest: [], failure: `line ${statement.line}: ${error.message}` };
      }
    }
    return { outputs: emitted, rest: rows };
  }
}

function runStatement(statement: BoundCall, row: Row, run: ConstructorParameters<typeof Args>[2]): Row[] {
  return statement.definition.kind === "operation"
    ? statement.definition.run(row, new Args(statement, row, run))
    : [row];
}

function outputs(call: BoundCall): boolean {
  if (call.name === "log_output" || call.name === "log_auto_output") return true;
  return [...call.named.values(), ...call.rest].some((node) => node.kind === "bound" && outputs(node));
}
