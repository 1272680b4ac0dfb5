import { App } from "cdktf";
import { LogStack, StoreStack } from "./app";

const app = new App();
const store = new StoreStack(app);
new LogStack(app).addDependency(store);
app.synth();
