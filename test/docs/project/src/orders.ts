export const main_handler = () => Promise.resolve({ statusCode: 200, body: "ok" });
