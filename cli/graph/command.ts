import { writeFileSync } from "node:fs";
import type { Console } from "../../terminal/console";
import { readArguments } from "../../terminal/flags";
import { UsageError, UserError } from "../../terminal/user-error";
import { graphOf } from "./draw";
import { htmlOf } from "./html";
import { countsOf, mermaidOf } from "./mermaid";
import { readStacks } from "./plan";

const USAGE = `Usage: tencent-logs graph [STACK|FILE] [FLAGS]

Shows how logs flow through a synthesized stack: topics, shippers, deliveries, buckets with their prefixes, functions with
their outputs, monitors with their receivers, alarms, and roles with their permissions. It reads only plans: no key is needed,
and the cloud is not contacted. Without STACK, all stacks of cdktf.out are drawn together; FILE is a plan, cdk.tf.json.

Prints a Mermaid flowchart, which GitHub and GitLab draw in a Markdown page between \`\`\`mermaid and \`\`\`. What is not drawn is
listed at its end, with the reason.

  --html FILE       writes a self-contained HTML file to open in a browser; - for stdout
  --json            writes the graph as JSON, for programs: docs/graph.md
  --out FOLDER      output folder of cdktf synth (default: cdktf.out)

Examples:
  tencent-logs graph logs
  tencent-logs graph logs --html logs.html
  tencent-logs graph --json | jq '.notDrawn'
`;

/** `tencent-logs graph`. Returns the exit status. */
export async function graph(args: readonly string[], console: Console): Promise<number> {
  const { values, positionals } = readArguments(args, {
    html: { type: "string" },
    json: { type: "boolean" },
    out: { type: "string", default: "cdktf.out" },
    help: { type: "boolean", short: "h" },
  });
  if (values.help) {
    console.stdout.write(USAGE);
    return 0;
  }
  if (positionals.length > 1)
    throw new UsageError(`STACK must be given once, got ${positionals.join(" ")}; see --help`);
  if (values.json && values.html !== undefined) {
    throw new UsageError("one of --json and --html must be given, got both; see --help");
  }
  const drawn = graphOf(readStacks(positionals[0], values.out));
  if (values.json) console.stdout.write(`${JSON.stringify(drawn, null, 2)}\n`);
  else if (values.html === "-") console.stdout.write(htmlOf(drawn));
  else if (values.html !== undefined) {
    write(values.html, htmlOf(drawn));
    console.stderr.write(`${values.html}: ${countsOf(drawn)}; not drawn: ${drawn.notDrawn.length}\n`);
  } else console.stdout.write(mermaidOf(drawn));
  return 0;
}

function write(file: string, content: string): void {
  try {
    writeFileSync(file, content);
  } catch (error) {
    throw new UserError(
      `--html must be a file that can be written, got ${file}: ${(error as NodeJS.ErrnoException).code}`,
    );
  }
}
