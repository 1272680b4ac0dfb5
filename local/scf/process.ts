import { fork, spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import type { Duplex } from "node:stream";
import { BOOTSTRAP_SOURCE } from "./bootstrap";
import { PYTHON_BOOTSTRAP } from "./python";

/** The runtime of an instance. */
export interface Runtime {
  /** `node` or `python3`. */
  readonly binary: string;
  readonly language: "node" | "python";
}

/** Options to start the process of an instance. */
export interface ProcessOptions {
  /** File with the bootstrap's source. */
  readonly bootstrapFile: string;
  /** `index.main_handler`. */
  readonly handler: string;
  /** The unpacked code. */
  readonly codeFolder: string;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly runtime: Runtime;
  /** The time that it uses, if it is Node. */
  readonly time: "machine" | "clock";
}

/** The process of an instance, and the channel to it. */
export interface InstanceProcess {
  readonly child: ChildProcess;
  send(task: object): void;
}

/** File name and content of the bootstrap. */
export const BOOTSTRAPS: Readonly<Record<Runtime["language"], { readonly file: string; readonly source: string }>> = {
  node: { file: "bootstrap.js", source: BOOTSTRAP_SOURCE },
  python: { file: "bootstrap.py", source: PYTHON_BOOTSTRAP },
};

/** Starts the process. @param onMessage called with messages of its bootstrap */
export function startProcess(options: ProcessOptions, onMessage: (message: unknown) => void): InstanceProcess {
  return options.runtime.language === "node" ? startNode(options, onMessage) : startPython(options, onMessage);
}

function startNode(options: ProcessOptions, onMessage: (message: unknown) => void): InstanceProcess {
  const child = fork(options.bootstrapFile, [options.handler, options.time], {
    cwd: options.codeFolder,
    env: { ...options.environment },
    execPath: options.runtime.binary,
    execArgv: [`--max-old-space-size=${options.memoryMb}`],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  child.on("message", onMessage);
  return { child, send: (task) => child.connected && child.send(task) };
}

function startPython(options: ProcessOptions, onMessage: (message: unknown) => void): InstanceProcess {
  const { binary } = options.runtime;
  // Unbuffered, because SCF receives each line as it is written; without compiled files, because SCF's code folder is
  // read-only.
  const child = spawn(binary, ["-u", "-B", options.bootstrapFile, options.handler], {
    cwd: options.codeFolder,
    env: { ...options.environment },
    stdio: ["ignore", "pipe", "pipe", "pipe"],
  });
  const channel = child.stdio[3] as Duplex;
  // The exit of the process is what counts.
  channel.on("error", () => undefined);
  createInterface({ input: channel }).on("line", (line) => onMessage(JSON.parse(line)));
  return { child, send: (task) => channel.writable && channel.write(`${JSON.stringify(task)}\n`) };
}
