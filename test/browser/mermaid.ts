import { deepEqual, equal } from "node:assert/strict";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { graphOf } from "../../cli/graph/draw";
import type { Graph } from "../../cli/graph/graph";
import { mermaidOf } from "../../cli/graph/mermaid";
import { readStacks } from "../../cli/graph/plan";
import { npmInstall } from "../cdktn/tree";
import type { Report } from "../deploy/report";
import { synthesize } from "../examples/support/synthesize";

/** Hundreds of packages with those that it needs: it stands in a project of its own, and not among ours. */
const VERSION = "12.3.0";

const EXAMPLES = readdirSync(join(__dirname, "../../examples")).filter((name) => name !== "ci");

/** Names that stacks may have, and that Mermaid has a meaning for. */
const HOSTILE = [
  'say "end" end',
  "a --> b",
  "x]:::external",
  "<script>alert(1)</script>",
  "%% no comment",
  "**bold** `code` _it_",
  "#quot; #35; &amp;",
  "日志/🙂\nsubgraph",
  "1. a list",
];

/** Has the real Mermaid draw what `graph` prints, of each example and of names that are chosen to break it. */
export async function drawByMermaid(browser: Browser, report: Report, folder: string): Promise<void> {
  const step = <T>(title: string, run: () => Promise<T>): Promise<T> => report.step("graph by Mermaid", title, run);
  mkdirSync(folder);
  await step("npm install", async () => {
    writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, dependencies: { mermaid: VERSION } }));
    await npmInstall(folder);
  });
  const page = await browser.newPage();
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("dialog", (dialog) => {
    complaints.push(`a dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.addScriptTag({ path: join(folder, "node_modules/mermaid/dist/mermaid.min.js") });
  await step(`draws ${EXAMPLES.length} examples`, async () => {
    for (const name of EXAMPLES) {
      await synthesize(name, join(folder, name));
      await draws(page, graphOf(readStacks(undefined, join(folder, name, "cdktf.out"))));
    }
  });
  await step(`draws ${HOSTILE.length} names that have a meaning to it, as they are`, async () => {
    for (const stacks of [["one"], ["one", 'the "other" end']]) {
      const shown = await draws(page, hostileGraph(stacks));
      deepEqual(shown.sort(), HOSTILE.map((name) => name.replace("\n", " ")).sort());
    }
  });
  equal(complaints.join(), "");
  await page.close();
}

/** Draws a graph, and returns the texts of its nodes: each node and each edge must be there once. */
async function draws(page: Page, graph: Graph): Promise<string[]> {
  const drawn = (await page.evaluate(`(async () => {
    mermaid.initialize({ startOnLoad: false, securityLevel: "strict", maxEdges: 2000 });
    const { svg } = await mermaid.render("drawing", ${JSON.stringify(mermaidOf(graph))});
    document.body.innerHTML = svg;
    const nodes = [...document.querySelectorAll("g.node")];
    return {
      nodes: nodes.map((one) => one.textContent.trim()),
      edges: document.querySelectorAll(".edgePaths path").length,
      scripts: document.body.querySelectorAll("script").length,
    };
  })()`)) as { nodes: string[]; edges: number; scripts: number };
  deepEqual(
    { nodes: drawn.nodes.length, edges: drawn.edges, scripts: drawn.scripts },
    { nodes: graph.nodes.length, edges: graph.edges.length, scripts: 0 },
  );
  return drawn.nodes;
}

/** A graph whose nodes and edges have hostile names, each node of another stack than the one before. */
function hostileGraph(stacks: readonly string[]): Graph {
  const nodes = HOSTILE.map((title, index) => ({
    id: `id ${title}`,
    title,
    name: title,
    kind: index % 2 === 0 ? ("topic" as const) : ("function" as const),
    stack: stacks[index % stacks.length] ?? "",
    isExternal: index === 0,
    details: [],
    parts: [],
  }));
  const edges = nodes.slice(1).map((node, index) => ({
    id: `edge ${index}`,
    from: nodes[index]?.id ?? "",
    to: node.id,
    kind: "ships" as const,
    label: node.title,
    details: [],
    parts: [],
  }));
  const notDrawn = HOSTILE.map((title) => ({ address: title, path: title, stack: stacks[0] ?? "", why: title }));
  return { version: 1, stacks, nodes, edges, buckets: [], roles: [], notDrawn };
}
