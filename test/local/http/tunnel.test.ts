import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { text } from "node:stream/consumers";
import { closeClouds, start } from "../support/cloud";

afterEach(closeClouds);

async function tunnel(target: string): Promise<{ socket: Socket; answer: string }> {
  const { endpoint } = await start();
  const socket = connect(Number(new URL(endpoint).port), "127.0.0.1");
  socket.write(`CONNECT ${target} HTTP/1.1\r\nHost: ${target}\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  return { socket, answer: answer.toString() };
}

describe("a client that asks for a tunnel", () => {
  it("is answered through it as it would be without", async () => {
    const { socket, answer } = await tunnel("cls.tencentcloudapi.com:80");
    expect(answer).toMatch(/^HTTP\/1.1 200 /);
    socket.end("POST / HTTP/1.1\r\nHost: cls.tencentcloudapi.com\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    expect(await text(socket)).toContain('"Code":"AuthFailure.SignatureFailure"');
  });

  it("is told at once that there is no TLS", async () => {
    const { socket, answer } = await tunnel("cls.tencentcloudapi.com:443");
    expect(answer).toMatch(/^HTTP\/1.1 502 The local cloud speaks HTTP and no TLS/);
    socket.destroy();
  });

  it("does not keep the cloud from closing while it is open", async () => {
    const { socket } = await tunnel("cos.ap-guangzhou.myqcloud.com:80");
    const closed = once(socket, "close");
    await closeClouds();
    await closed;
  });
});
