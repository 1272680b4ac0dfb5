import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { LineItem } from "../cli/page/items";
import { isProblem } from "./store";
import { useSlice } from "./use-slice";
import { clock, numberText } from "./words";

/** Height of a row in pixels, as in the styles. */
const ROW = 20;
/** Number of rows that are rendered above and below the visible ones. */
const SPARE = 10;

/** The functions' live logs. Only visible rows are rendered, however many there are. */
export function Log() {
  const store = useSlice("lines", "connection");
  const scroller = useRef<HTMLDivElement>(null);
  const [follows, setFollows] = useState(true);
  /** Number of the selected line, among all since the page was opened. */
  const [chosen, setChosen] = useState<number>();
  const [, setScroll] = useState(0);
  const { lines, cut, filter } = store;
  const cutBefore = useRef(cut);

  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (follows) element.scrollTop = lines.length * ROW;
    else if (cut > cutBefore.current) element.scrollTop -= (cut - cutBefore.current) * ROW;
    cutBefore.current = cut;
  });

  const element = scroller.current;
  const height = element?.clientHeight ?? 300;
  const top = follows ? Math.max(0, lines.length * ROW - height) : (element?.scrollTop ?? 0);
  const first = Math.max(0, Math.floor(top / ROW) - SPARE);
  const last = Math.min(lines.length, Math.ceil((top + height) / ROW) + SPARE);

  const scrolled = (): void => {
    if (!element) return;
    const isAtEnd = element.scrollTop + element.clientHeight >= element.scrollHeight - ROW;
    setFollows(isAtEnd);
    if (!isAtEnd) setScroll(element.scrollTop);
  };
  const choose = (at: number): void => {
    const index = Math.min(lines.length - 1, Math.max(0, at));
    setFollows(false);
    setChosen(index + cut);
    if (!element) return;
    const y = index * ROW;
    if (y < element.scrollTop) element.scrollTop = y;
    else if (y + ROW > element.scrollTop + element.clientHeight) element.scrollTop = y + ROW - element.clientHeight;
    setScroll(element.scrollTop);
  };
  const key = (event: KeyboardEvent): void => {
    const at = chosen === undefined ? lines.length : chosen - cut;
    if (event.key === "ArrowUp") choose(at - 1);
    else if (event.key === "ArrowDown") choose(at + 1);
    else if (event.key === "End" || event.key === "Escape") {
      setChosen(undefined);
      setFollows(true);
    } else return;
    event.preventDefault();
  };
  const line = chosen === undefined ? undefined : lines[chosen - cut];

  return (
    <section class="log" aria-label="Log">
      <div class="bar">
        <h2>Log</h2>
        <label>
          <span class="hidden">Lines that contain</span>
          <input
            type="search"
            placeholder="Lines that contain…"
            value={filter.text}
            onInput={(event) => store.setFilter({ text: event.currentTarget.value })}
          />
        </label>
        <label>
          <span class="hidden">Function</span>
          <select
            value={filter.function}
            onChange={(event) => store.setFilter({ function: event.currentTarget.value })}
          >
            <option value="">all functions</option>
            {[...store.functions].sort().map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        <label class="check">
          <input
            type="checkbox"
            checked={filter.problems}
            onChange={(event) => store.setFilter({ problems: event.currentTarget.checked })}
          />
          problems only
        </label>
        <span class="hint" role="status">
          {numberText(lines.length + cut)} lines
          {store.missed > 0 && `, ${numberText(store.missed)} arrived too fast and are not shown`}
        </span>
        <button type="button" aria-pressed={follows} class={follows ? "on" : ""} onClick={() => setFollows(!follows)}>
          {follows ? "Following" : "Follow"}
        </button>
      </div>
      <div
        class="rows"
        ref={scroller}
        role="listbox"
        tabIndex={0}
        aria-label="Lines: arrow keys choose one, End follows the newest"
        aria-activedescendant={line ? "chosen-line" : undefined}
        onScroll={scrolled}
        onKeyDown={key}
      >
        <Sized height={lines.length * ROW}>
          {lines.slice(first, last).map((one, index) => (
            <Row
              key={first + index + cut}
              line={one}
              top={(first + index) * ROW}
              isChosen={first + index + cut === chosen}
              choose={() => choose(first + index)}
            />
          ))}
        </Sized>
        {lines.length === 0 && <p class="empty">No lines yet.</p>}
      </div>
      {line && (
        <div class="whole" aria-live="polite">
          <p class="hint">
            {new Date(line.time).toISOString()} · {line.function}
            {line.requestId && ` · request ${line.requestId}`}
            {line.level && ` · ${line.level}`}
          </p>
          <pre>{pretty(line.text)}</pre>
        </div>
      )}
    </section>
  );
}

/** As high as all rows would be. Set by script, because the content security policy does not allow inline styles. */
function Sized({ height, children }: { height: number; children: ComponentChildren }) {
  const self = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (self.current) self.current.style.height = `${height}px`;
  }, [height]);
  return (
    <div class="sized" ref={self} role="presentation">
      {children}
    </div>
  );
}

interface RowProps {
  readonly line: LineItem;
  readonly top: number;
  readonly isChosen: boolean;
  readonly choose: () => void;
}

function Row({ line, top, isChosen, choose }: RowProps) {
  const self = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (self.current) self.current.style.transform = `translateY(${top}px)`;
  }, [top]);
  const level = /^(error|fatal|panic)/i.test(line.level) ? "bad" : isProblem(line) ? "odd" : "";
  return (
    <div
      class={`row ${level}`}
      ref={self}
      role="option"
      id={isChosen ? "chosen-line" : undefined}
      aria-selected={isChosen}
      onClick={choose}
    >
      <span class="time">{clock(line.time, true)}</span>
      <span class="function">{line.function}</span>
      <span class="level">{line.isLate ? "late" : line.level}</span>
      <span class="text">{line.text}</span>
    </div>
  );
}

/** JSON that fills a line is easier to read on several. */
function pretty(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
