import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import type { Row } from "./row.ts";
import type { StoreKind } from "./store.ts";

const row = z.object({
  name: z.string(),
  budget: z.string(),
  measured: z.string(),
  kept: z.boolean().nullable(),
  values: z.record(z.string(), z.number()).optional(),
  /** Of the machine, in the minute before the row was there. */
  load: z.number(),
  node: z.string(),
  cores: z.number(),
});
export type Measured = z.infer<typeof row>;

const fileOf = (store: StoreKind): string =>
  fileURLToPath(new URL(`measured/${store}.json`, import.meta.url));

/** What was kept last over a store; empty where nothing was. */
export function measuredOver(store: StoreKind): readonly Measured[] {
  try {
    return z.array(row).parse(JSON.parse(readFileSync(fileOf(store), "utf8")));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return [];
    throw error;
  }
}

/** Keeps rows in place of those of the same name, with how busy the machine was. */
export function keep(store: StoreKind, rows: readonly Row[]): void {
  const load = Math.round((loadavg()[0] ?? 0) * 10) / 10;
  const machine = { load, node: process.version, cores: availableParallelism() };
  const fresh = rows.map((each) => ({ ...each, ...machine }));
  const names = new Set(fresh.map(({ name }) => name));
  const kept = [...measuredOver(store).filter(({ name }) => !names.has(name)), ...fresh];
  mkdirSync(fileURLToPath(new URL("measured", import.meta.url)), { recursive: true });
  writeFileSync(fileOf(store), `${JSON.stringify(kept, null, 2)}\n`);
}
