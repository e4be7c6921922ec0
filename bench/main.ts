import { readdirSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import type { Row } from "./row.ts";
import { table } from "./table.ts";

/** In this order where they are named here, then whatever else lies in this folder. */
const order = ["evaluate", "calls", "intake", "burst", "storm"];
const shared = new Set(["main", "pages-history", "points", "row", "table", "world"]);

interface Part {
  readonly run: () => Promise<readonly Row[]>;
}

const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);

/** Every file of this folder that measures something: one part each, by the file's name. */
const names = readdirSync(fileURLToPath(new URL(".", import.meta.url)))
  .filter((file) => file.endsWith(".ts"))
  .map((file) => file.slice(0, -".ts".length))
  .filter((name) => !shared.has(name))
  .sort((a, b) => place(a) - place(b) || a.localeCompare(b));

/** `npm run bench -- calls burst` runs only those. */
const asked = process.argv.slice(2);
const stranger = asked.find((name) => !names.includes(name));
if (stranger !== undefined) {
  process.stderr.write(
    `bench: there is no part "${stranger}"; the parts are ${names.join(", ")}.\n`,
  );
  process.exit(2);
}

const rows: Row[] = [];
for (const name of asked.length > 0 ? names.filter((each) => asked.includes(each)) : names) {
  process.stderr.write(`${name} …\n`);
  const { run } = (await import(`./${name}.ts`)) as Part;
  const from = performance.now();
  rows.push(...(await run()).map((row) => ({ ...row, name: `${name}: ${row.name}` })));
  process.stderr.write(
    `${name}: ${Math.round((performance.now() - from) / 1000)} s, load ${(loadavg()[0] ?? 0).toFixed(1)}\n`,
  );
}
process.stdout.write(`\n${table(rows)}\n`);
