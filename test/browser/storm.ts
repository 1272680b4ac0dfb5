import { Board } from "../../cli/page/board";
import { TailReader } from "../../cli/page/from-tail";
import { PageServer } from "../../cli/page/server";
import type { Graph } from "../../cli/graph/graph";
import type { Browser } from "playwright-core";
import { open } from "./browser";

/** Lines of a second, and seconds. */
const RATE = 1_000;
const SECONDS = 10;

export interface StormFigures {
  readonly sent: number;
  readonly shown: number;
  readonly missed: number;
  /** Milliseconds from the last line until the page shows it. */
  readonly behindMs: number;
  /** Milliseconds of a second in which the page was at work. */
  readonly busyMs: number;
  readonly longestFrameMs: number;
  readonly heapMb: number;
  /** Elements in the page, however many lines there are. */
  readonly elements: number;
}

/** A thousand lines a second for ten seconds: what the page makes of them. */
export async function storm(browser: Browser, graph: Graph, functionName: string): Promise<StormFigures> {
  const board = new Board("storm");
  const reader = new TailReader(board, graph);
  const server = await PageServer.open(board);
  const { page, complaints } = await open(browser, server.address);
  try {
    await page.getByText("live", { exact: true }).waitFor();
    const devtools = await page.context().newCDPSession(page);
    await devtools.send("Performance.enable");
    await page.evaluate(watchFrames);
    const before = await busySeconds(devtools);
    const sent = await rain(reader, functionName);
    const ended = Date.now();
    await page.getByText(`line ${sent} of the storm`).first().waitFor({ timeout: 20_000 });
    const behindMs = Date.now() - ended;
    const busy = (await busySeconds(devtools)) - before;
    const seen = await page.evaluate(readPage);
    if (complaints.length > 0) throw new Error(`the page must complain of nothing, got ${complaints.join("; ")}`);
    return { sent, behindMs, busyMs: Math.round((busy * 1000) / SECONDS), ...seen };
  } finally {
    await page.close();
    board.close();
    await server.close();
  }
}

async function rain(reader: TailReader, name: string): Promise<number> {
  const of = {
    region: "ap-guangzhou",
    namespace: "default",
    function: name,
    version: "$LATEST",
    instance: "0123456789abcdef",
  };
  const started = performance.now();
  let sent = 0;
  while (sent < RATE * SECONDS) {
    const due = Math.min(RATE * SECONDS, Math.floor(((performance.now() - started) / 1000) * RATE));
    for (; sent < due;) {
      sent++;
      const text = `line ${sent} of the storm <b onclick="alert(1)">&amp;</b> ${"x".repeat(sent % 200)}`;
      const about = {
        requestId: `r${sent >> 8}`,
        level: sent % 50 ? "info" : "error",
        stream: "stdout",
        lane: "fast",
      } as const;
      reader.take({ type: "line", ...of, ...about, seq: sent, time: Date.now() * 1000, text, lagMs: 5 });
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return sent;
}

async function busySeconds(devtools: {
  send(name: "Performance.getMetrics"): Promise<{ metrics: { name: string; value: number }[] }>;
}) {
  const { metrics } = await devtools.send("Performance.getMetrics");
  return metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN;
}

/* These run in the page, as texts: its types are not known here. */
const watchFrames = `(() => {
  let last = performance.now();
  window.longestFrame = 0;
  const frame = (now) => {
    window.longestFrame = Math.max(window.longestFrame, now - last);
    last = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
})()`;
const readPage = `(() => {
  const status = document.querySelector(".log [role=status]").textContent;
  const [shown, missed = "0"] = status.match(/[\\d,]+(?= lines| came)/g).map((text) => text.replace(/,/g, ""));
  return {
    shown: Number(shown),
    missed: Number(missed),
    longestFrameMs: Math.round(window.longestFrame),
    heapMb: Math.round(performance.memory.usedJSHeapSize / 1048576),
    elements: document.querySelectorAll("*").length,
  };
})()` as unknown as () => { shown: number; missed: number; longestFrameMs: number; heapMb: number; elements: number };
