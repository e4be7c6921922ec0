import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { z } from "zod";
import { run } from "./run.ts";

const dashboard = z.object({
  panels: z.array(
    z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) }),
  ),
});

const questionsIn = (file: string): readonly string[] =>
  dashboard
    .parse(JSON.parse(readFileSync(file, "utf8")))
    .panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));

/** Every metric that the dashboard and the alerts ask for is one that operations.md lists; Node's and the process's own aside. */
export function checkNames(documents: string, files: readonly string[]): void {
  const listed = new Set(
    [...readFileSync(documents, "utf8").matchAll(/^\| `(gatehouse_\w+)` \|/gm)].map(
      ([, name]) => name,
    ),
  );
  for (const file of files)
    for (const [name] of readFileSync(file, "utf8").matchAll(/\bgatehouse_[a-z0-9_]+/g)) {
      const metric = name.replace(/_(?:bucket|sum|count)$/, "");
      const isOwn = /^gatehouse_(?:nodejs|process)_/.test(name);
      if (!isOwn && !listed.has(name) && !listed.has(metric))
        throw new Error(`${file}: ${name} is measured nowhere`);
    }
}

/** The dashboard's questions are PromQL, as far as promtool can tell without a server. */
export function checkDashboard(file: string): void {
  const rules = questionsIn(file).map((expr, index) => ({
    record: `question:${index}`,
    expr: expr.replaceAll("$__rate_interval", "5m"),
  }));
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-dashboard-"));
  try {
    const path = join(folder, "rules.yml");
    writeFileSync(path, stringify({ groups: [{ name: "dashboard", rules }] }));
    run("promtool", ["check", "rules", path]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
