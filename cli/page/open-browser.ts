import { spawn } from "node:child_process";

/** Opens an address in the user's browser, if there is one. Otherwise users open the printed address themselves. */
export function openBrowser(address: string, platform = process.platform, environment = process.env): void {
  const isHeadless = platform === "linux" && !environment.DISPLAY && !environment.WAYLAND_DISPLAY;
  if (isHeadless || environment.CI || environment.BROWSER === "none") return;
  const [program, ...args] = PROGRAMS[platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, address], { stdio: "ignore", detached: true });
  child.on("error", () => undefined);
  child.unref();
}

const PROGRAMS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};
