#!/usr/bin/env node
// The command `gatehouse`: in a clone right after `npm ci`, before anything was built, and in an installed package. Runs the sources
// where they and their loader are, so that nobody gets the answer of an old build; else what was built.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const sources = fileURLToPath(new URL("../src/cli/main.ts", import.meta.url));

/** The address of the loader, or undefined where it is not installed. */
function loader() {
  try {
    return existsSync(sources) ? import.meta.resolve("tsx") : undefined;
  } catch {
    return undefined;
  }
}

const found = loader();
if (found === undefined) await import("../dist/cli/main.js");
else {
  const args = ["--conditions=source", `--import=${found}`, sources, ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code) => {
    process.exitCode = code ?? 1;
  });
}
