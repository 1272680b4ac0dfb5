import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Folder of the installed package that contains a file, by its path below the root. */
const PACKAGE_FOLDER = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//;

/** Files with the terms under which a package can be redistributed. */
const TERMS = /^(licen[sc]e|notice|copying|copyright)(\.(md|txt))?$/i;

/**
 * Notices to distribute with a bundle: the name, source and licence of every package whose code or data is in it,
 * according to esbuild. Empty if all of it is ours. A package without a licence text fails the build.
 *
 * @param metafile of a build with one output
 */
export function noticesOf(root, metafile) {
  const [{ inputs }] = Object.values(metafile.outputs);
  const used = Object.keys(inputs).filter((path) => inputs[path].bytesInOutput > 0);
  const folders = new Set(used.map((path) => PACKAGE_FOLDER.exec(path)?.[1]).filter((folder) => folder !== undefined));
  return [...folders].map((folder) => noticeOf(root, folder));
}

function noticeOf(root, folder) {
  const manifest = JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8"));
  const { name, repository, version } = manifest;
  // The older form of the field is a list.
  const license = manifest.license ?? manifest.licenses?.map(({ type }) => type).join(", ");
  const files = readdirSync(join(root, folder)).filter((file) => TERMS.test(file));
  if (files.length === 0) throw new Error(`${name} must have a file with its licence to be bundled, got none`);
  const terms = files.sort().map((file) => readFileSync(join(root, folder, file), "utf8").trim());
  // Some packages only name the licence, which requires its text to be distributed.
  const isWhole = license !== "Apache-2.0" || terms.some((text) => text.includes("END OF TERMS AND CONDITIONS"));
  if (!isWhole) terms.push(readFileSync(join(root, "scripts/licenses/Apache-2.0.txt"), "utf8").trimEnd());
  return { name, version, license, source: sourceOf(name, repository), terms };
}

/** Where the source is available, which some licences (MPL-2.0) require to be stated. */
function sourceOf(name, repository) {
  const given = typeof repository === "string" ? repository : repository?.url;
  const path = /([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(given ?? "")?.[1];
  if (path === undefined) throw new Error(`${name} must say where its source is to be bundled, got ${given}`);
  return `https://github.com/${path}`;
}

const TITLE = [
  "Packages of others that are part of this code. They were bundled and minified, and",
  "their data was turned into JSON; nothing else of them was changed. Their sources",
  "are at the addresses below.",
].join("\n");

/** The text of notices, each package once; the same on every machine. */
export function noticeText(notices) {
  const sections = new Map(notices.map((notice) => [`${notice.name} ${notice.version}`, notice]));
  const texts = [...sections.keys()].sort().map((title) => {
    const { license, source, terms } = sections.get(title);
    return [`${title} (${license})`, source, "", terms.join("\n\n")].join("\n");
  });
  return `${[TITLE, ...texts].join(`\n\n${"-".repeat(80)}\n\n`)}\n`;
}
