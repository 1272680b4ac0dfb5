import { CosServer, environmentOf } from "./cos-server";

/** Starts a COS for the tests of a file, a fresh one each, and sends clients to it. */
export function withCosServer(): () => CosServer {
  const before = { ...process.env };
  let server: CosServer;
  beforeEach(async () => {
    server = await CosServer.start();
    Object.assign(process.env, environmentOf(server));
  });
  afterEach(async () => {
    process.env = { ...before };
    await server.stop();
  });
  return () => server;
}
