/** What `npm start` calls: orders by its URL, payments by the API. */

/** A call of a function. */
export interface Call {
  readonly function: string;
  /** Where it is a request to the function's URL. */
  readonly request?: { readonly method: string; readonly path: string };
  /** The body of the request, else the event. */
  readonly event: unknown;
}

/** Two minutes of a shop's life, in a few seconds. */
export function calls(): readonly Call[] {
  const order = (id: number, ...items: string[]): Call => ({
    function: "orders",
    request: { method: "POST", path: "/orders" },
    event: { id, items },
  });
  const payment = (id: number, card: string): Call => ({ function: "payments", event: { order: id, card } });
  return [
    order(7, "tea", "cup"),
    payment(7, "fine"),
    order(8),
    order(9, "lamp 灯"),
    payment(9, "stolen"),
    order(10, "pot", "tea", "cup"),
    payment(10, "slow"),
  ];
}
