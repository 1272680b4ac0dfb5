/** What SCF hands over for a request to the function's URL. */
interface Request {
  readonly httpMethod: string;
  readonly path: string;
  readonly body: string;
}

interface Order {
  readonly id: number;
  readonly items: readonly string[];
}

let accepted = 0;

/** Takes an order, `POST /orders`: a line for each thing it does, as one prints them while developing. */
export async function main_handler({ body, httpMethod, path }: Request): Promise<object> {
  console.log(`${httpMethod} ${path}`);
  const order = JSON.parse(body) as Order;
  if (order.items.length === 0) {
    console.warn(`order ${order.id} has no items`);
    return { statusCode: 400, body: "no items" };
  }
  for (const item of order.items) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    console.log(JSON.stringify({ level: "info", message: "reserved", order: order.id, item }));
  }
  accepted += 1;
  console.log(`order ${order.id} accepted, ${accepted} by this instance`);
  return { statusCode: 201, body: JSON.stringify({ accepted: order.id }) };
}
