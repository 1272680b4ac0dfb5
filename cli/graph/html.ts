import { createHash } from "node:crypto";
import { builtFile } from "../../lib/packaging/built-files";
import { drawingOf, escaped, markup } from "./drawing";
import type { Graph, GraphRole } from "./graph";
import { countsOf } from "./mermaid";

/**
 * The graph as one standalone HTML file: no network access, and no script except its own, which a content security
 * policy enforces. It contains the picture, which is also visible without a script.
 */
export function htmlOf(graph: Graph): string {
  const [style, script] = ["page/file.css", "page/file.js"].map((file) =>
    Buffer.from(builtFile(file)).toString("utf8"),
  );
  const policy = `default-src 'none'; style-src ${hash(style)}; script-src ${hash(script)}; base-uri 'none'; form-action 'none'`;
  const names = graph.stacks.join(", ");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${escaped(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(names)}: logs</title>
<style>${style}</style>
</head>
<body>
<header>
<h1>${escaped(graph.stacks.length > 1 ? "Stacks" : "Stack")} ${escaped(names)}</h1>
<p class="hint">${escaped(countsOf(graph))}</p>
<div class="tools" role="toolbar" aria-label="Zoom"><button type="button" id="zoom-out" aria-label="Zoom out">−</button><button type="button" id="zoom-in" aria-label="Zoom in">+</button><button type="button" id="fit">Show all</button></div>
</header>
<main>
<div id="canvas" class="canvas">${markup(drawingOf(graph))}</div>
<aside id="details" class="details" aria-label="Details" aria-live="polite"></aside>
</main>
<footer>
${rolesHtml(graph.roles)}
${notDrawnHtml(graph)}
</footer>
<script type="application/json" id="graph-data">${JSON.stringify(graph).replace(/</g, "\\u003c")}</script>
<script>${script}</script>
</body>
</html>
`;
}

function hash(content: string): string {
  return `'sha256-${createHash("sha256").update(content).digest("base64")}'`;
}

function rolesHtml(roles: readonly GraphRole[]): string {
  const rows = roles.flatMap(({ title, rights, policies }) => [
    ...rights.map(({ effect, actions, on }) => [title, `${effect === "deny" ? "not: " : ""}${actions.join(", ")}`, on]),
    ...policies.map((name) => [title, `policy ${name}`, "as the policy defines"]),
  ]);
  return tableHtml(`Roles and their permissions (${roles.length})`, ["role", "actions", "on"], rows);
}

function notDrawnHtml({ notDrawn }: Graph): string {
  const rows = notDrawn.map(({ path, address, why }) => [path, address, why]);
  return tableHtml(`Not drawn (${rows.length})`, ["construct", "resource", "why"], rows);
}

function tableHtml(title: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const cells = (row: readonly string[], tag: string): string =>
    row.map((cell) => `<${tag}>${escaped(cell)}</${tag.split(" ")[0]}>`).join("");
  const body = rows.map((row) => `<tr>${cells(row, "td")}</tr>`).join("\n");
  return `<details><summary>${escaped(title)}</summary><div class="wide"><table>
<thead><tr>${cells(head, 'th scope="col"')}</tr></thead>
<tbody>${body}</tbody></table></div></details>`;
}
