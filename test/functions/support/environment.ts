import { CosServer, environmentOf } from "./cos-server";

/** Starts COS for the tests of a file, new for each test, and directs clients to it. */
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
