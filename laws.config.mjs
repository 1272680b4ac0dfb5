/**
 * The laws of the house: which room may import what, judged by the file that an import leads to, types included.
 * `npm run lint` reads this file as dependency-cruiser's; `test/laws.test.ts` proves each law.
 */

/** Every room: what stands in none of them, a law cannot speak of. */
const ROOMS =
  "(functions|rules|monitor|parts|lib|deploy|local|cli|page|terminal|examples|provider|test|bench|scripts)/";

/** What a room may import: files of ours, by their paths, and packages, by their names. Its own files always. */
const MAY_IMPORT = [
  { room: "functions/", files: ["rules/(?!native/)", "monitor/"] },
  { room: "rules/", packages: ["@jmespath-community/jmespath"] },
  // Patterns, and what they need, without the language, which only functions with rule texts carry: see "rules by their index".
  { room: "monitor/", files: ["rules/(index|regex/javascript|literals/(literal|needs)|check/similar)\\.ts$"] },
  {
    room: "parts/",
    files: ["functions/", "rules/(?!native/)"],
    packages: ["entities", "fzstd", "hashids", "kafkajs", "mmdb-lib", "protobufjs", "sax", "uap-core"],
  },
  {
    room: "lib/",
    except: "(testing/|framework\\.ts$)",
    files: [
      "functions/(settings/|live/(settings|watch-flag)\\.ts|invocation/summary\\.ts|runtime/loader\\.ts)",
      "rules/",
      "monitor/",
      "provider/",
    ],
    packages: ["constructs", "fflate", "@cdktf/provider-tencentcloud"],
  },
  // The seam to the framework.
  { room: "lib/framework\\.ts", files: ["lib/"], packages: ["constructs", "cdktf"] },
  {
    // Of the command what runs the cases of rules and monitors: the same file passes or fails in both alike.
    room: "lib/testing/",
    files: [
      "lib/",
      "local/",
      "rules/index\\.ts$",
      "functions/(settings/|invocation/summary\\.ts|runtime/loader\\.ts)",
      "cli/(cases-beside|rules/(cases|rules-file|test)|monitor/(cases|definition-file|test))\\.ts$",
    ],
    packages: ["constructs"],
  },
  { room: "deploy/", files: ["functions/(tencent/|runtime/checked-json\\.ts)"] },
  // The oracle: it knows nothing of what it proves, and of no command line.
  { room: "local/", packages: ["fflate"] },
  {
    room: "cli/",
    except: "(dev|local)/",
    // Of constructs only the names of the account's roles: a table, which `doctor` looks for.
    files: ["terminal/", "functions/", "rules/", "monitor/", "lib/packaging/", "lib/cam/service-roles\\.ts$"],
    packages: ["yaml"],
  },
  // What runs a user's stack: it sees the local cloud through its index, as from outside.
  { room: "cli/(dev|local)/", files: ["cli/", "terminal/", "functions/", "rules/", "local/index\\.ts$"] },
  // What a browser runs: types, and what makes texts of them. It never sees Node.
  { room: "page/", files: ["cli/graph/(graph|words|drawing)\\.ts$", "cli/page/items\\.ts$"], packages: ["preact"] },
  // What a typing error was likely meant to be: a file that imports nothing.
  { room: "terminal/", files: ["rules/check/similar\\.ts$"] },
  // By the package's name, so that they can be copied out.
  { room: "examples/", packages: ["cdktf", "constructs", "cdktf-tencent-logs"] },
  { room: "provider/", packages: ["@cdktf/commons", "@cdktf/provider-generator"] },
];

const LAWS = [
  ...MAY_IMPORT.map(lawOfRoom),
  {
    name: "rules by their index",
    comment:
      "rules/ is used through rules/index.ts; what is for compile time only, through rules/native. Three files stand alone: " +
      "rules/regex/javascript.ts, the bounded engine of patterns, which handlers hold without the language, " +
      "rules/literals/needs.ts, what such patterns need, which the part that masks holds likewise, and " +
      "rules/check/similar.ts, which finds near names, so that an error of a command line does not wait for the engine.",
    from: { path: "^(functions|lib|cli)/" },
    to: {
      path: "^rules/",
      pathNot: "^rules/(index\.ts$|native/|regex/javascript\.ts$|literals/needs\.ts$|check/similar\.ts$)",
    },
  },
  {
    name: "monitor by its index",
    comment: "monitor/ is used through monitor/index.ts.",
    from: { path: "^(functions|lib|cli)/" },
    to: { path: "^monitor/", pathNot: "^monitor/index\\.ts$" },
  },
  {
    name: "cls/ and cos/ below scf/",
    comment: "Topics and buckets stand without functions.",
    from: { path: "^lib/(cls|cos)/" },
    to: { path: "^lib/scf/" },
  },
  {
    name: "examples apart",
    comment: "An example is copied out alone.",
    from: { path: "^examples/([^/]+)/" },
    to: { path: "^examples/", pathNot: "^examples/$1/" },
  },
  {
    name: "no circle",
    comment: "Files that import each other, values or types, can only be read together.",
    from: {},
    to: { circular: true },
  },
];

function lawOfRoom({ room, except, files = [], packages = [] }) {
  const allowed = [room, ...files, ...packages.map(folderOf)];
  return {
    name: `what ${room} may import`,
    comment: `Besides its own files: ${[...files, ...packages].join(", ") || "nothing"}.`,
    from: { path: `^${room}`, ...(except && { pathNot: `^${room}${except}` }) },
    to: { path: `^(${ROOMS}|dist/|node_modules/)`, pathNot: allowed.map((path) => `^${path}`) },
  };
}

/** Our own package is found as it was built. */
function folderOf(name) {
  return name === "cdktf-tencent-logs" ? "dist/" : `node_modules/${name}/`;
}

export default {
  forbidden: LAWS.map((law) => ({ severity: "error", ...law })),
  options: {
    tsPreCompilationDeps: true,
    doNotFollow: { path: ["(^|/)node_modules/", "^dist/", "^provider/(src|lib)/"] },
    exclude: { path: ["^cdktf\\.out/", "^coverage/", "^tools/"] },
    enhancedResolveOptions: { extensions: [".ts", ".js", ".mjs"] },
  },
};
