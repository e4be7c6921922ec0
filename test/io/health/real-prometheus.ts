import { execFileSync, spawn } from "node:child_process";
import { accessSync, constants, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { delimiter, join } from "node:path";
import { setTimeout as after } from "node:timers/promises";
import { scratchFolder } from "../../support/scratch.ts";
import { measured, samplesOf } from "./measured.ts";
import type { StandIn } from "./stand-ins.ts";

/** Whether Prometheus and its tool are installed. */
export const hasPrometheus = ["prometheus", "promtool"].every((name) =>
  (process.env["PATH"] ?? "").split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, name), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  }),
);

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        resolve(typeof address === "object" && address !== null ? address.port : 0),
      );
    });
  });

/** A Prometheus that holds what was measured. */
export async function realPrometheus(): Promise<Omit<StandIn, "asked">> {
  const folder = scratchFolder("gatehouse-prometheus-");
  const data = join(folder, "data");
  mkdirSync(data);
  const now = Date.now();
  const rows = measured.flatMap(({ name, lines }) => [
    `# TYPE ${name} gauge`,
    ...lines.flatMap((line, index) =>
      samplesOf(line, now).map(
        ({ at, value }) => `${name}{line="${index}"} ${value} ${(at / 1_000).toFixed(3)}`,
      ),
    ),
  ]);
  writeFileSync(join(folder, "measured.txt"), `${rows.join("\n")}\n# EOF\n`);
  execFileSync(
    "promtool",
    ["tsdb", "create-blocks-from", "openmetrics", join(folder, "measured.txt"), data],
    { stdio: "ignore" },
  );
  writeFileSync(join(folder, "prometheus.yml"), "global: {}\n");
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const running = spawn(
    "prometheus",
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${data}`,
      `--web.listen-address=127.0.0.1:${port}`,
      "--log.level=error",
    ],
    { stdio: "ignore" },
  );
  const deadline = Date.now() + 30_000;
  for (;;) {
    const isReady = await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isReady) break;
    if (running.exitCode !== null || Date.now() > deadline)
      throw new Error("Prometheus did not start");
    await after(50);
  }
  return {
    url,
    stop: async () => {
      const ended = new Promise((resolve) => running.once("exit", resolve));
      running.kill("SIGKILL");
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
