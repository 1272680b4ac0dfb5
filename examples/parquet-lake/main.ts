import { App } from "cdktf";
import { parquetLake } from "./stack";

const app = new App();
parquetLake(app);
app.synth();
