import { useState } from "preact/hooks";
import type { Note } from "../cli/page/items";
import { ask } from "./connection";
import { useSlice } from "./use-slice";
import { clock, numberText } from "./words";

/** The last invocations, with their results. */
export function Summaries() {
  const { summaries } = useSlice("summaries");
  if (summaries.length === 0) return <p class="empty">No invocations yet.</p>;
  return (
    <div class="wide">
      <table>
        <thead>
          <tr>
            <th scope="col">time</th>
            <th scope="col">function</th>
            <th scope="col">outcome</th>
            <th scope="col">ms</th>
            <th scope="col">result</th>
          </tr>
        </thead>
        <tbody>
          {summaries.map((one) => (
            <tr key={`${one.requestId} ${one.time}`} class={one.ok ? "" : "bad"}>
              <td>{clock(one.time)}</td>
              <td>{one.function}</td>
              <td>{one.ok ? "ok" : "failed"}</td>
              <td>{one.ms === undefined ? "" : numberText(Math.round(one.ms))}</td>
              <td>{one.error ?? countsText(one.counts)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function countsText(counts: Readonly<Record<string, number>> = {}): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${numberText(count)}`)
    .join(", ");
}

/** What a panel cannot show, and why. */
function Remarks({ of }: { readonly of: readonly string[] }) {
  return (
    <>
      {of.map((text) => (
        <p key={text} class="remark">
          {text}
        </p>
      ))}
    </>
  );
}

/** Notes on what could not be read or delivered. */
export function Quarantine() {
  const { notes = [], moreNotes = 0, actions, remarks } = useSlice("state").state;
  const [told, setTold] = useState("");
  const [busy, setBusy] = useState("");
  const replay = async (note: Note): Promise<void> => {
    setBusy(note.key);
    setTold("");
    try {
      await ask("/replay", { bucket: note.bucket, key: note.key });
      setTold(`${note.about || note.key} was replayed.`);
    } catch (error) {
      setTold(`It was not replayed: ${(error as Error).message}`);
    }
    setBusy("");
  };
  return (
    <div>
      <p role="status">{told}</p>
      <Remarks of={remarks?.quarantine ?? []} />
      {notes.length === 0 && <p class="empty">No notes found in quarantine.</p>}
      <ul class="cards">
        {notes.map((note) => (
          <li key={`${note.bucket}/${note.key}`}>
            <div>
              <strong>{note.about || note.key}</strong>
              <p class="bad">{note.reason}</p>
              <p class="name">
                {note.bucket}/{note.key}
              </p>
            </div>
            {actions?.replay && (
              <button type="button" disabled={busy !== ""} onClick={() => void replay(note)}>
                {busy === note.key ? "Replaying…" : "Replay"}
              </button>
            )}
          </li>
        ))}
      </ul>
      {moreNotes > 0 && <p class="hint">{numberText(moreNotes)} older notes are not listed.</p>}
    </div>
  );
}

/** Alerts that were sent. */
export function Alerts() {
  const { alerts, state } = useSlice("alerts", "state");
  return (
    <div>
      <Remarks of={state.remarks?.alerts ?? []} />
      {alerts.length === 0 && <p class="empty">No alerts yet.</p>}
      <ul class="cards">
        {alerts.map((alert, index) => (
          <li key={`${alert.time} ${index}`}>
            <div>
              <p class="hint">
                {clock(alert.time)} · {alert.to}
              </p>
              <pre>{alert.text}</pre>
            </div>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Other events. */
export function News() {
  const { news } = useSlice("news");
  if (news.length === 0) return <p class="empty">No news yet.</p>;
  return (
    <ul class="cards">
      {news.map((one, index) => (
        <li key={`${one.time} ${index}`}>
          <div>
            <p class="hint">{clock(one.time)}</p>
            <pre class={one.level === "error" ? "bad" : ""}>{one.text}</pre>
          </div>
        </li>
      ))}
    </ul>
  );
}
