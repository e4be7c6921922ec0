import { readdirSync } from "node:fs";
import { loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import type { Row } from "./row.ts";
import { closeBenchStore, openBenchStore } from "./store.ts";
import { keep } from "./measured.ts";
import { table } from "./table.ts";

/** In this order where they are named here, then whatever else lies in this folder. */
const order = ["evaluate", "calls", "intake", "burst", "storm"];
/** What stands on the database, and is measured over PostgreSQL where nothing else is asked for. */
const ofTheStore = ["intake", "burst", "storm", "deployments", "units", "processes"];
const shared = new Set([
  "main",
  "measured",
  "pages-history",
  "points",
  "row",
  "store",
  "table",
  "world",
]);

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

/** `npm run bench -- calls burst` runs only those; `--store postgres` over a server of its own; `--keep` keeps them for docs/scale.md. */
const { values, positionals: asked } = parseArgs({
  options: {
    store: { type: "string", default: "file" },
    keep: { type: "boolean", default: false },
  },
  allowPositionals: true,
});
const { store } = values;
if (store !== "file" && store !== "postgres") {
  process.stderr.write("bench: --store is file or postgres.\n");
  process.exit(2);
}
const stranger = asked.find((name) => !names.includes(name));
if (stranger !== undefined) {
  process.stderr.write(
    `bench: there is no part "${stranger}"; the parts are ${names.join(", ")}.\n`,
  );
  process.exit(2);
}

const chosen =
  asked.length > 0
    ? names.filter((each) => asked.includes(each))
    : names.filter((each) => store === "file" || ofTheStore.includes(each));
const rows: Row[] = [];
await openBenchStore(store);
try {
  for (const name of chosen) {
    process.stderr.write(`${name} …\n`);
    const { run } = (await import(`./${name}.ts`)) as Part;
    const from = performance.now();
    const where = store === "file" ? "" : `, ${store}`;
    rows.push(...(await run()).map((row) => ({ ...row, name: `${name}${where}: ${row.name}` })));
    process.stderr.write(
      `${name}: ${Math.round((performance.now() - from) / 1000)} s, load ${(loadavg()[0] ?? 0).toFixed(1)}\n`,
    );
  }
} finally {
  await closeBenchStore();
}
process.stdout.write(`\n${table(rows)}\n`);
if (values.keep) keep(store, rows);
