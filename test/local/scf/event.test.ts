import { closeClouds, deploy } from "../support/cloud";
import { BUCKET } from "../support/plan";

afterEach(closeClouds);

test("an event has the shape of captured ones: key as it is, URL encoded, both regions", async () => {
  const cloud = await deploy();
  await cloud.bucket(BUCKET).put("cls/中 a+b%20!'(1).gz", "hello", { "content-type": "text/plain" });
  await cloud.settled();
  expect(cloud.invocations[0]?.result).toEqual({
    Records: [
      {
        cos: {
          cosSchemaVersion: "1.0",
          cosNotificationId: "unkown",
          cosBucket: {
            appid: "1250000000",
            name: "logs",
            region: "gz",
            cosRegion: "ap-guangzhou",
            s3Region: "ap-guangzhou",
          },
          cosObject: {
            key: "/1250000000/logs/cls/中 a+b%20!'(1).gz",
            url: "http://logs-1250000000.cos.ap-guangzhou.myqcloud.com/cls/%E4%B8%AD%20a%2Bb%2520%21%27%281%29.gz",
            size: 5,
            vid: "",
            meta: {
              "Content-Type": "text/plain",
              ETag: '"5d41402abc4b2a76b9719d911017c592"',
              "x-cos-request-id": expect.stringMatching(/^[0-9a-f]{24}$/),
              "x-cos-storage-class": "Standard",
            },
          },
        },
        event: {
          eventName: "cos:ObjectCreated:Put",
          eventVersion: "1.0",
          eventSource: "qcs::cos",
          eventTime: 1767225600,
          eventQueue: "qcs:0:scf:ap-guangzhou:appid/1250000000:default.batch.$DEFAULT",
          reqid: 0,
          reservedInfo: "",
          requestParameters: {
            requestSourceIP: "127.0.0.1",
            requestHeaders: { Authorization: expect.stringMatching(/^q-sign-algorithm=sha1&q-ak=AKID/) },
          },
        },
      },
    ],
  });
});
