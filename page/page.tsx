/** The live page of `tail --open` and `dev --open`. */
import { render } from "preact";
import { useEffect, useState } from "preact/hooks";
import { listen } from "./connection";
import { Log } from "./log";
import { Alerts, News, Quarantine, Summaries } from "./panels";
import { Picture } from "./picture";
import { Store } from "./store";
import { Trial } from "./trial";
import { StoreContext, useSlice } from "./use-slice";
import { numberText } from "./words";

const CONNECTION = {
  connecting: "connection lost; reconnecting",
  open: "live",
  ended: "the command has ended",
} as const;

function Header() {
  const { state, connection } = useSlice("state", "connection");
  const { title = "tencent-logs" } = state;
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <header>
      <h1>{title}</h1>
      <p class={`connection ${connection}`} role="status">
        {CONNECTION[connection]}
      </p>
    </header>
  );
}

const PANELS = [
  { id: "summaries", title: "Invocations", panel: Summaries },
  { id: "quarantine", title: "Quarantine", panel: Quarantine },
  { id: "alerts", title: "Alerts", panel: Alerts },
  { id: "news", title: "News", panel: News },
  { id: "trial", title: "Try a line", panel: Trial },
] as const;

function Panels() {
  const store = useSlice("state", "alerts", "news");
  const [shown, setShown] = useState<string>("summaries");
  const noteCount = (store.state.notes?.length ?? 0) + (store.state.moreNotes ?? 0);
  const counts: Readonly<Record<string, number>> = { quarantine: noteCount, alerts: store.alerts.length };
  const key = (event: KeyboardEvent): void => {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1 };
    const step = steps[event.key];
    if (step === undefined) return;
    const at = PANELS.findIndex(({ id }) => id === shown);
    const next = PANELS[(at + step + PANELS.length) % PANELS.length].id;
    setShown(next);
    document.getElementById(`tab-${next}`)?.focus();
    event.preventDefault();
  };
  return (
    <section class="panels" aria-label="What happened">
      <div role="tablist" aria-label="What happened" onKeyDown={key}>
        {PANELS.map(({ id, title }) => (
          <button
            key={id}
            type="button"
            role="tab"
            id={`tab-${id}`}
            aria-selected={id === shown}
            aria-controls={`panel-${id}`}
            tabIndex={id === shown ? 0 : -1}
            onClick={() => setShown(id)}
          >
            {title}
            {(counts[id] ?? 0) > 0 && <span class="count">{numberText(counts[id])}</span>}
          </button>
        ))}
      </div>
      {PANELS.map(({ id, panel: Panel }) => (
        <div
          key={id}
          role="tabpanel"
          id={`panel-${id}`}
          aria-labelledby={`tab-${id}`}
          hidden={id !== shown}
          tabIndex={0}
        >
          {id === shown && <Panel />}
        </div>
      ))}
    </section>
  );
}

const store = new Store();
// The secret in the address is used up; it should not be visible, nor in the browser history.
history.replaceState(null, "", "/");
render(
  <StoreContext.Provider value={store}>
    <Header />
    <main>
      <Picture />
      <Log />
      <Panels />
    </main>
  </StoreContext.Provider>,
  document.getElementById("page") as HTMLElement,
);
listen(store);
