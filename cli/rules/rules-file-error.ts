import type { RulesError } from "../../rules";
import { UserError } from "../../terminal/user-error";

/** A rule text that cannot run, reported in full on several lines. */
export class RulesFileError extends UserError {
  override readonly name = "RulesFileError";
  override readonly severalLines = true;

  constructor(file: string, { message, problems }: RulesError) {
    const lines = message.split("\n").map((line) => (line.startsWith(" ") ? line : `${file}:${line}`));
    super(`${lines.join("\n")}\n${problems.length} ${problems.length === 1 ? "error" : "errors"}`);
  }
}
