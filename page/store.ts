import type { AlertItem, LineItem, NewsItem, NumberedItem, State, SummaryItem } from "../cli/page/items";

/** Maximum lines in the page; earlier ones can be found in CLS. */
const MAX_LINES = 20_000;
/** Maximum rows of each of the other lists. */
const MAX_ROWS = 200;

/** Parts of the store that are rendered separately, only when they change. */
export type Slice = "state" | "counts" | "lines" | "summaries" | "alerts" | "news" | "connection";

/** Which lines are shown. */
export interface LineFilter {
  readonly text: string;
  readonly function: string;
  readonly problems: boolean;
}

/** The content of the page. It receives updates continuously, and notifies views once per frame. */
export class Store {
  state: State = {};
  /** Lines that pass the filter, in order. */
  lines: LineItem[] = [];
  /**
   * Number of lines removed from the start of {@link lines} since the page was opened, so that rows keep their
   * positions.
   */
  cut = 0;
  summaries: SummaryItem[] = [];
  alerts: AlertItem[] = [];
  news: NewsItem[] = [];
  /** Number of items that arrived too fast for the page. */
  missed = 0;
  received = 0;
  connection: "connecting" | "open" | "ended" = "connecting";
  filter: LineFilter = { text: "", function: "", problems: false };
  readonly functions = new Set<string>();
  #all: LineItem[] = [];
  readonly #listeners = new Map<Slice, Set<() => void>>();
  readonly #changed = new Set<Slice>();
  #isWaiting = false;

  subscribe(slice: Slice, listener: () => void): () => void {
    const listeners = this.#listeners.get(slice) ?? new Set();
    this.#listeners.set(slice, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  takeState(state: State): void {
    const counts = { ...this.state.counts, ...state.counts };
    this.state = { ...this.state, ...state, counts };
    if (state.counts) this.#change("counts");
    if (Object.keys(state).some((name) => name !== "counts")) this.#change("state");
  }

  takeItems(items: readonly NumberedItem[]): void {
    this.received += items.length;
    for (const item of items) {
      if (item.type === "line") this.#takeLine(item);
      else if (item.type === "summary") this.summaries = latest(this.summaries, item);
      else if (item.type === "alert") this.alerts = latest(this.alerts, item);
      else this.news = latest(this.news, item);
    }
    for (const slice of ["lines", "summaries", "alerts", "news"] as const) this.#change(slice);
  }

  miss(count: number): void {
    this.missed += count;
    this.#change("lines");
  }

  connect(connection: Store["connection"]): void {
    this.connection = connection;
    this.#change("connection");
  }

  setFilter(filter: Partial<LineFilter>): void {
    this.filter = { ...this.filter, ...filter };
    this.lines = this.#all.filter((line) => this.#passes(line));
    this.cut = 0;
    this.#change("lines");
  }

  #takeLine(line: LineItem): void {
    this.functions.add(line.function);
    this.#all.push(line);
    if (this.#passes(line)) this.lines.push(line);
    // Removed in large blocks: moving the rest for each line would take most of the time.
    if (this.#all.length > MAX_LINES * 1.2) this.#all = this.#all.slice(-MAX_LINES);
    if (this.lines.length <= MAX_LINES * 1.2) return;
    this.cut += this.lines.length - MAX_LINES;
    this.lines = this.lines.slice(-MAX_LINES);
  }

  #passes(line: LineItem): boolean {
    const { text, function: name, problems } = this.filter;
    if (name !== "" && line.function !== name) return false;
    if (problems && !isProblem(line)) return false;
    return text === "" || line.text.toLowerCase().includes(text.toLowerCase());
  }

  #change(slice: Slice): void {
    this.#changed.add(slice);
    if (this.#isWaiting) return;
    this.#isWaiting = true;
    nextFrame(() => {
      this.#isWaiting = false;
      const changed = [...this.#changed];
      this.#changed.clear();
      for (const one of changed) for (const listener of this.#listeners.get(one) ?? []) listener();
    });
  }
}

/** A hidden page has no frames, but must not fall behind without limit. */
function nextFrame(work: () => void): void {
  if (document.hidden) setTimeout(work, 500);
  else requestAnimationFrame(work);
}

export function isProblem({ level, stream }: LineItem): boolean {
  return stream === "stderr" || /^(warn|error|fatal|panic)/i.test(level);
}

/** The newest first. */
function latest<T>(rows: readonly T[], row: T): T[] {
  return [row, ...rows.slice(0, MAX_ROWS - 1)];
}
