import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describePython, python } from "./support/runtime";

const SOURCE = join(__dirname, "../../functions/live/python/logs.py");

/** What came after Python 3.6, of what the file's modules have; and what is no module of it. */
const CHECK = `
import ast, sys

NEWER = {
    "time": {"time_ns", "perf_counter_ns", "monotonic_ns"},
    "os": {"register_at_fork", "posix_spawn", "waitstatus_to_exitcode"},
    "threading": {"excepthook", "get_native_id", "settrace_all_threads"},
    "functools": {"cached_property", "cache", "singledispatchmethod"},
    "subprocess": {"capture_output"},
    "sys": {"orig_argv", "stdlib_module_names", "unraisablehook"},
    "str": {"isascii", "removeprefix", "removesuffix"},
    "math": {"prod", "dist", "lcm"},
    "hmac": {"digest"},
    "re": {"Pattern", "Match", "NOFLAG"},
    "datetime": {"fromisoformat", "UTC"},
    "bytes": {"isascii", "removeprefix", "removesuffix"},
    "stream": {"reconfigure"},
    "http": {"HTTPMethod"},
    "ssl": {"TLSVersion", "minimum_version"},
    "types": {"GenericAlias", "UnionType", "SimpleNamespace.__replace__"},
    "hashlib": {"file_digest"},
    "traceback": {"print_last"},
    "itertools": {"pairwise", "batched"},
    "operator": {"call"},
}
MODULES = set("""atexit calendar codecs collections email encodings functools hashlib hmac http importlib itertools json
logging operator os re socket ssl sys threading time traceback types urllib zlib""".split())

source = open(sys.argv[1], encoding="utf-8").read()
tree = ast.parse(source, feature_version=(3, 6)) if sys.version_info >= (3, 8) else ast.parse(source)
newer = set().union(*NEWER.values())
found = []
for node in ast.walk(tree):
    if isinstance(node, ast.Attribute) and node.attr in newer and not (
        node.attr == "digest" or node.attr == "cache"
    ):
        found.append("%d: %s" % (node.lineno, node.attr))
    if type(node).__name__ in ("NamedExpr", "Match", "TryStar", "AsyncFunctionDef"):
        found.append("%d: %s" % (node.lineno, type(node).__name__))
    if type(node).__name__ == "arguments" and getattr(node, "posonlyargs", []):
        found.append("positional-only parameters")
    if isinstance(node, ast.FunctionDef) and node.name == "__getattr__" and node.col_offset == 0:
        found.append("%d: __getattr__ of a module" % node.lineno)
    names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
    names += [node.module] if isinstance(node, ast.ImportFrom) else []
    found += ["import of %s" % name for name in names if name.split(".")[0] not in MODULES]
print("\\n".join(found))
`;

describePython("logs.py", () => {
  it("is Python 3.6, with the standard library of 3.6 alone", () => {
    const { stdout, stderr, status } = spawnSync(python.path ?? "", ["-c", CHECK, SOURCE], { encoding: "utf8" });
    expect({ status, stderr, stdout: stdout.trim() }).toEqual({ status: 0, stderr: "", stdout: "" });
  });
});
