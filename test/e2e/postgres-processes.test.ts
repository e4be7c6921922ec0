import { describe, expect, it } from "vitest";
import { makeToken } from "#flow/sign-in/api-tokens.ts";
import { verifyAudit } from "#io/database/audit/verify.ts";
import { openRecords } from "#io/database/store/open-for-reading.ts";
import { openStore } from "#io/database/store/open-store.ts";
import { Simulator } from "@gatehouse/github-simulator";
import { onServer, withPostgres } from "../support/postgres.ts";
import { newRepo, open, theRun, turnsGreen, writesTo } from "./fault-world.ts";
import { until } from "./harness.ts";
import { newSite, startProcess } from "../support/gate-process.ts";
import { startRealGate } from "./real-gate.ts";
import { send } from "./send.ts";
import { patience } from "../support/patience.ts";

// Real processes over one PostgreSQL database.

describe("processes over PostgreSQL", () => {
  it(
    "end with one line and 2 or 1 where the database cannot be used",
    async () => {
      const site = newSite();
      const sim = await Simulator.start({
        appId: 7,
        publicKeyPem: site.publicKey,
        webhookSecret: site.secret,
      });
      try {
        for (const [url, code, line] of [
          ["postgres://gate:hunter2@db", 2, /DATABASE_URL: names no database/],
          ["postgres://gate:hunter2@127.0.0.1:1/gatehouse", 1, /DATABASE_URL: .*nobody listens/],
        ] as const) {
          const started = startProcess(sim, site, { env: { DATABASE_URL: url } });
          await expect(started).rejects.toThrow(new RegExp(`exited with ${code}: gatehouse: `));
          await expect(started).rejects.toThrow(line);
          await expect(started).rejects.not.toThrow(/hunter2/);
        }
      } finally {
        await sim.stop();
        site.remove();
      }
    },
    60_000 * patience,
  );

  withPostgres((server) => {
    it(
      "F7: one that is killed in the middle of its work is taken over from in five seconds, nothing lost and nothing doubled",
      async () => {
        const url = await server().newDatabase();
        const real = await startRealGate({ process: { env: { DATABASE_URL: url } } });
        try {
          const other = await real.beside();
          const { sim } = real;
          sim.webhook({ url: `${real.gate.url}/api/github/webhooks` });
          const repo = newRepo(sim, "halved");
          sim.setLatency(60);
          const pulls = Array.from({ length: 12 }, (_, n) => open(sim, repo, { head: `h-${n}` }));
          for (const { number } of pulls) sim.review({ repo, number, by: "bob", state: "approve" });
          await until(
            "a few answers",
            () => writesTo(sim, repo),
            (count) => count >= 3,
          );
          await real.gate.kill("SIGKILL");
          const from = Date.now();
          sim.webhook({ url: `${other.url}/api/github/webhooks` });
          const dead = `%:${real.gate.pid}:%`;
          const seen = await until(
            "the dead process's leases to be taken over",
            async () => ({
              held: await onServer(
                url,
                `select key from queue where state = 'leased' and owner like '${dead}'`,
              ),
              after: Date.now() - from,
            }),
            ({ held }) => held.length === 0,
          );
          expect(seen.after).toBeLessThan(5000);
          await Promise.all(pulls.map(({ headSha }) => turnsGreen(sim, repo, headSha, 40_000)));
          for (const { headSha } of pulls) theRun(sim, repo, headSha);
          const records = await openRecords(url);
          expect(await verifyAudit(records)).toMatchObject({ kind: "ok" });
          await records.close();
        } finally {
          await real.stop();
        }
      },
      120_000 * patience,
    );

    it(
      "callers of the gate that one of them holds are answered by what another decided",
      async () => {
        const url = await server().newDatabase();
        const real = await startRealGate({ process: { env: { DATABASE_URL: url } } });
        try {
          const { sim } = real;
          sim.webhook({ url: `${real.gate.url}/api/github/webhooks` });
          const repo = newRepo(
            sim,
            "asked",
            "version: 1\nrules:\n  - name: tested\n    applies_to: deployment\n    require: { checks: { names: [unit], app: ci } }\n",
          );
          const { sha } = sim.commit({ repo, files: { "src/b.ts": "1\n" }, author: "ada" });
          const store = await openStore({ url });
          const { token } = await makeToken(
            store.tokens,
            { now: Date.now },
            {
              purpose: "api",
              name: "jenkins",
              repositories: [repo],
              environments: [],
              createdBy: "test",
              lastsMs: 3_600_000,
            },
          );
          await store.close();
          const ask = async (at: string, environment: string, wait: number) => {
            const response = await fetch(`${at}/api/v1/gate?wait=${wait}`, {
              method: "POST",
              headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
              body: JSON.stringify({ repository: repo, sha, environment }),
            });
            const { decision } = (await response.json()) as { readonly decision?: string };
            return decision ?? `status ${response.status}`;
          };
          const environments = ["a", "b", "c", "d", "e", "f"];
          for (const environment of environments)
            expect(await ask(real.gate.url, environment, 0)).toBe("hold");
          const other = await real.beside();
          const held = environments.map((environment) => ask(other.url, environment, 60));
          // Each is asked a second time, and judged for that by either process.
          await until(
            "the questions to be judged",
            () =>
              onServer(
                url,
                "select 1 from deployments where (question::json->'judged'->>'ask')::int = 2",
              ),
            (judged) => judged.length === environments.length,
            30_000,
          );
          const from = Date.now();
          sim.checkRun({
            repo,
            sha,
            name: "unit",
            app: "ci",
            status: "completed",
            conclusion: "success",
          });
          expect(await Promise.all(held)).toEqual(environments.map(() => "allow"));
          // Well before anybody looks anyway.
          expect(Date.now() - from).toBeLessThan(20_000);
        } finally {
          await real.stop();
        }
      },
      120_000 * patience,
    );

    it(
      "F20: a server that is gone is told once, takes no delivery, and is gone on with when it is back",
      async () => {
        const url = await server().newDatabase();
        const real = await startRealGate({ process: { env: { DATABASE_URL: url } } });
        const put = (): Promise<number> =>
          send({
            url: real.gate.url,
            secret: real.site.secret,
            event: "issues",
            payload: { at: Math.random() },
          });
        try {
          expect(await put()).toBe(202);
          server().halt();
          try {
            expect(await put()).toBe(503);
            const answer = await fetch(`${real.gate.url}/readyz`);
            expect(answer.status).toBe(503);
            expect(await answer.text()).not.toContain(String(server().port));
            expect(await put()).toBe(503);
            await new Promise((resolve) => setTimeout(resolve, 1_500));
          } finally {
            server().resume();
          }
          await until("deliveries to be taken again", put, (status) => status === 202);
          const lines = real.gate.output().split("\n");
          expect(lines.filter((line) => line.includes('"level":"error"'))).toEqual([
            expect.stringMatching(/PostgreSQL server cannot be reached/),
          ]);
          expect(lines.filter((line) => line.includes("the database is back"))).toHaveLength(1);
        } finally {
          await real.stop();
        }
      },
      60_000 * patience,
    );
  });
});
