import { findBrowser } from "./find-browser.ts";

/** Without a browser nothing can be looked at: that is said in one line, and is no failure here (`.ci/run` counts it as one). */
export function setup(): void {
  if (findBrowser() !== null) return;
  process.stdout.write(
    "no browser was found: the pages were not tested in one (install chromium, or set CHROMIUM to its path)\n",
  );
  process.exit(0);
}
