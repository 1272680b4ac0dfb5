import { textOf } from "../markdown";
import { resourceRows, rightRows } from "./plan-tables";
import type { Plan } from "./run";
import type { DocumentedProp, Surface } from "./surface";
import { tokenRows } from "./token-rows";

const SECTION = /(^<!-- generated: (\w+)(?: (\w+))?(?: (\w+))? -->\n)[^]*?(^<!-- end -->$)/gm;

/** Whether a page has generated sections. */
export function hasGenerated(page: string): boolean {
  return /^<!-- generated: /m.test(textOf(page));
}

/** Generates the sections of pages between `<!-- generated: ... -->` and `<!-- end -->`. */
export class Generated {
  private readonly names: ReadonlySet<string>;

  /** @param planOf returns the plan of a page's first example */
  constructor(
    private readonly surface: Surface,
    private readonly planOf: (page: string) => Promise<Plan | undefined>,
  ) {
    this.names = new Set(surface.exportsOf("cdktf-tencent-logs").map(({ name }) => name));
  }

  /** The generated page. Tables are not aligned yet: see {@link withoutAlignment}. */
  async page(page: string): Promise<string> {
    const text = textOf(page);
    let plan: Plan | undefined;
    if (/^<!-- generated: (resources|rights)/m.test(text)) {
      plan = await this.planOf(page);
      if (!plan) throw new Error(`${page} must begin with an example that makes a plan, got none`);
    }
    return text.replace(SECTION, (_, head: string, kind: string, subject = "", option = "", end = "") => {
      return `${head}\n${this.section(kind, { page, subject, option, plan })}\n${end}`;
    });
  }

  private section(kind: string, at: { page: string; subject: string; option: string; plan?: Plan }): string {
    if (kind === "props") return this.props(at.page, at.subject, at.option === "own");
    if (kind === "tokens")
      return table(["construct", "takes tokens", "must be known at synth"], tokenRows(this.surface));
    if (kind === "resources" && at.plan) return table(["construct", "resource"], resourceRows(at.plan));
    if (kind === "rights" && at.plan) {
      const rows = rightRows(at.plan);
      return rows.length > 0 ? table(["role", "action", "on"], rows) : "None.\n";
    }
    throw new Error(`${at.page}: generated must be props NAME, resources, rights or tokens, got ${kind}`);
  }

  private props(page: string, name: string, own: boolean): string {
    const rows = this.surface.propsOf(name, { own }).map((prop) => this.propRow(page, prop));
    return table(["prop", "type", "default", "what it is"], rows);
  }

  private propRow(page: string, { name, type, isRequired, fallback, doc }: DocumentedProp): string[] {
    const undocumented = doc === "" || (!isRequired && fallback === undefined);
    if (undocumented)
      throw new Error(`${page}: the prop ${name} must have a docstring, and a @default if it may be left out`);
    return [
      `\`${name}\``,
      this.typeCell(page, type),
      isRequired ? "**required**" : defaultCell(fallback ?? ""),
      flat(doc),
    ];
  }

  /** A type with an entry in the reference links to it. */
  private typeCell(page: string, type: string): string {
    const shown = `\`${type.replace(/\|/g, "\\|")}\``;
    const name = type.match(/\b[A-Z]\w+\b/g)?.find((one) => this.names.has(one));
    if (name === undefined) return shown;
    const up = "../".repeat(page.split("/").length - 2);
    return `[${shown}](${up}api/cdktf-tencent-logs.md#${name.toLowerCase()})`;
  }
}

/** A docstring as one table cell: `{@link X}` becomes a name, line breaks become spaces. */
function flat(text: string): string {
  return text
    .replace(/\{@link ([^}\s|]+)[^}]*\}/g, "`$1`")
    .replace(/\*\\\//g, "*/")
    .replace(/\s+/g, " ")
    .replace(/(?<!\\)\|/g, "\\|")
    .trim();
}

/** A literal value is formatted as code, anything else as text. */
function defaultCell(fallback: string): string {
  const text = flat(fallback);
  return /^("[^"]*"|\[.*\]|-?[\d.]+|true|false|[A-Z]\w*\.\w+\(.*\))$/.test(text) ? `\`${text}\`` : text;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return lines.map((cells) => `| ${cells.join(" | ")} |\n`).join("");
}

/** A text with its tables unaligned, so that alignment does not matter. */
export function withoutAlignment(text: string): string {
  return text.replace(/^\|.*\|$/gm, (line) =>
    line.replace(/ +\|/g, " |").replace(/\| +/g, "| ").replace(/-{3,}/g, "---"),
  );
}
