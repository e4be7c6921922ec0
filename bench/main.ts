import { run as burst } from "./burst.ts";
import { run as calls } from "./calls.ts";
import { run as intake } from "./intake.ts";
import type { Row } from "./row.ts";

/** Parts by name: `npm run bench -- calls burst` runs only those. */
const parts: Readonly<Record<string, () => Promise<readonly Row[]>>> = { calls, intake, burst };

const wanted = process.argv.slice(2);
for (const [name, run] of Object.entries(parts)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  process.stdout.write(`\n${name}\n`);
  for (const row of await run()) {
    process.stdout.write(`  ${row.kept === null ? " " : row.kept ? "✔" : "✖"} ${row.name.padEnd(70)} ${row.measured.padEnd(48)} (${row.budget})\n`);
  }
}
