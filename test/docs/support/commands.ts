import type { Block } from "../markdown";

/** A program in a shell block, with its arguments. */
export interface Command {
  readonly place: string;
  readonly words: readonly string[];
}

/**
 * The commands of a block, as far as a shell would run them one by one: without comments, variables and redirections.
 */
export function commandsOf({ code, page, line }: Block): Command[] {
  return code
    .replace(/\\\n/g, (joined) => " ".repeat(joined.length))
    .split("\n")
    .flatMap((text, index) =>
      text
        .replace(/(^|\s)#.*/, "")
        .split(/&&|\|\|?|;|(?<!>)&(?!>)/)
        .map((one) => ({ place: `${page}:${line + 1 + index}`, words: wordsOf(one) })),
    )
    .filter(({ words }) => words.length > 0);
}

/** Texts in backquotes that are calls of a command. */
export function inlineCommandsOf(page: string, text: string, program: RegExp): Command[] {
  return [...text.matchAll(/`([^`\n]+)`/g)]
    .filter(([, code]) => program.test(code))
    .map(({ index, 1: code }) => ({
      place: `${page}:${text.slice(0, index).split("\n").length}`,
      words: wordsOf(code),
    }));
}

function wordsOf(text: string): string[] {
  const words = text.match(/'[^']*'|"[^"]*"|[^\s"']+(?:'[^']*'|"[^"]*")?/g) ?? [];
  const start = words.findIndex((word) => !/^\w+=|^export$|^exec$/.test(word));
  return start < 0 ? [] : words.slice(start).filter((word) => !/^[<>]|^\d?>/.test(word));
}
