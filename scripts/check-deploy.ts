import { fileURLToPath } from "node:url";
import { join } from "node:path";
import { checkChart, checkValues } from "./deploy/chart.ts";
import { checkDashboard, checkNames } from "./deploy/observing.ts";
import { isInstalled, run } from "./deploy/run.ts";

// Everything below deploy/, and the files at the root that deploy: each checked by what is kept for that. A tool that is not
// installed is said; with --strict it fails.

const root = fileURLToPath(new URL("../", import.meta.url));
const at = (path: string): string => join(root, path);
const isStrict = process.argv.includes("--strict");

interface Check {
  readonly what: string;
  /** The program that does it, where it is none of the development dependencies. */
  readonly by?: string;
  readonly does: () => unknown;
}

const checks: readonly Check[] = [
  {
    what: "Dockerfile and compose.yaml",
    does: () => run("npm", ["run", "--silent", "deploy:lint"], { cwd: root }),
  },
  { what: "values of the chart", does: () => checkValues(at("deploy/helm/gatehouse")) },
  {
    what: "chart, rendered",
    by: "go",
    does: () => checkChart(at("deploy/helm/gatehouse"), at("scripts/deploy/render.go")),
  },
  {
    what: "systemd unit",
    by: "systemd-analyze",
    does: () =>
      run("systemd-analyze", [
        "security",
        "--offline=true",
        "--threshold=20",
        at("deploy/systemd/gatehouse.service"),
      ]),
  },
  {
    what: "names of metrics",
    does: () =>
      checkNames(at("docs/operations.md"), [
        at("deploy/grafana/gatehouse.json"),
        at("deploy/prometheus/gatehouse.rules.yml"),
      ]),
  },
  {
    what: "alert rules",
    by: "promtool",
    does: () => {
      run("promtool", ["check", "rules", at("deploy/prometheus/gatehouse.rules.yml")]);
      run("promtool", ["test", "rules", at("deploy/prometheus/gatehouse.rules.test.yml")]);
    },
  },
  {
    what: "dashboard",
    by: "promtool",
    does: () => checkDashboard(at("deploy/grafana/gatehouse.json")),
  },
  { what: "image", does: () => run(at("scripts/try-image.sh"), []) },
];

for (const { what, by, does } of checks) {
  if (by !== undefined && !isInstalled(by)) {
    process.stdout.write(`left out: ${what} (${by} is not installed)\n`);
    if (isStrict) process.exitCode = 1;
    continue;
  }
  try {
    does();
    process.stdout.write(`fine: ${what}\n`);
  } catch (error) {
    process.exitCode = 1;
    process.stdout.write(
      `WRONG: ${what}\n${error instanceof Error ? error.message : String(error)}\n`,
    );
  }
}
