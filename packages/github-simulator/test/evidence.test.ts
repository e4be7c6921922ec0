import { fromBuffer } from "yauzl";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { writeZip } from "../src/git/zip.ts";
import type { Simulator } from "../src/simulator.ts";
import { ask, at, startSimulator, token } from "./client.ts";

const repo = "acme/shop";

describe("evidence", () => {
  let sim: Simulator;
  let as: string;

  beforeEach(async () => {
    sim = await startSimulator();
    const { installationId } = sim.org({ login: "acme" });
    sim.repo({ name: repo, files: { "a.ts": "1\n" } });
    as = await token(sim, installationId ?? 0);
  });
  afterEach(() => sim.stop());

  const get = async (path: string): Promise<[number, unknown]> => {
    const { status, body } = await ask(sim, "GET", `/repos/${repo}/${path}`, { as });
    return [status, body];
  };
  const said = async (path: string): Promise<unknown[]> => {
    const [status, body] = await get(path);
    return [status, at(body, "message")];
  };

  it.each([
    { scanner: "codeScanning", path: "code-scanning/alerts", status: 403 },
    { scanner: "dependabot", path: "dependabot/alerts", status: 403 },
    { scanner: "dependencyGraph", path: "dependency-graph/compare/main...main", status: 403 },
    { scanner: "secretScanning", path: "secret-scanning/alerts", status: 404 },
  ])("of $scanner that is off is refused, not empty", async ({ scanner, path, status }) => {
    sim.scanning({ repo, [scanner]: false });
    expect((await said(path))[0]).toBe(status);
  });

  it("tells a scanner that never ran from one that found nothing", async () => {
    expect(await said("code-scanning/alerts")).toEqual([404, "no analysis found"]);
    sim.codeScan({ repo });
    expect(await get("code-scanning/alerts")).toEqual([200, []]);
  });

  it("keeps the alerts of a pull request and of the default branch apart", async () => {
    const { number } = sim.openPull({ repo, files: { "b.ts": "1\n" } });
    sim.codeScan({ repo, findings: [{ rule: "old", path: "a.ts" }] });
    sim.codeScan({
      repo,
      ref: `refs/pull/${number}/merge`,
      findings: [{ rule: "new", path: "b.ts", securitySeverity: "critical" }],
    });
    const rules = async (query: string): Promise<unknown> => {
      const [, body] = await get(`code-scanning/alerts?${query}`);
      return Array.isArray(body) ? body.map((alert: unknown) => at(alert, "rule", "id")) : body;
    };
    expect(await rules("")).toEqual(["old"]);
    expect(await rules(`ref=refs/pull/${number}/merge`)).toEqual(["new"]);
    expect(await rules(`pr=${number}&state=open`)).toEqual(["new"]);
    sim.codeScan({ repo, ref: `refs/pull/${number}/merge` });
    expect(await rules(`pr=${number}&state=open`)).toEqual([]);
    expect(await rules(`pr=${number}&state=fixed`)).toEqual(["new"]);
  });

  it("names who dismissed an alert", async () => {
    const { alerts } = sim.codeScan({ repo, findings: [{ rule: "xss", path: "a.ts" }] });
    sim.dismissCodeAlert({ repo, number: alerts[0] ?? 0, by: "ada", reason: "used in tests" });
    expect((await get("code-scanning/alerts/1"))[1]).toMatchObject({
      state: "dismissed",
      dismissed_by: { login: "ada" },
      dismissed_reason: "used in tests",
    });
  });

  it("pages Dependabot alerts by cursor only", async () => {
    for (const name of ["a", "b", "c"])
      sim.dependabotAlert({ repo, package: name, severity: "high" });
    expect((await said("dependabot/alerts?page=2"))[0]).toBe(400);
    const first = await ask(sim, "GET", `/repos/${repo}/dependabot/alerts?per_page=2`, { as });
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1] ?? "";
    expect(
      at(
        (await ask(sim, "GET", next.slice(sim.url.length), { as })).body,
        0,
        "dependency",
        "package",
        "name",
      ),
    ).toBe("a");
  });

  it("hides secrets where asked to", async () => {
    sim.secretAlert({ repo, secret: "hunter2", locations: [{ path: "a.ts", sha: "main" }] });
    expect(JSON.stringify((await get("secret-scanning/alerts"))[1])).toContain("hunter2");
    expect(JSON.stringify((await get("secret-scanning/alerts?hide_secret=true"))[1])).not.toContain(
      "hunter2",
    );
  });

  it("reviews the dependencies of the range that was named, or of any that ends there", async () => {
    const { headSha } = sim.openPull({ repo, files: { "package-lock.json": "{}\n" } });
    sim.dependencyChanges({
      repo,
      head: headSha,
      changes: [{ name: "left-pad", version: "1.0.0", license: "WTFPL" }],
    });
    expect((await get(`dependency-graph/compare/main...${headSha}`))[1]).toMatchObject([
      { name: "left-pad", license: "WTFPL", change_type: "added" },
    ]);
    expect((await get("dependency-graph/compare/main...main"))[1]).toEqual([]);
  });

  it("has no attestation for an artifact that nobody signed", async () => {
    sim.attestation({ repo, digest: "sha256:aa", bundle: { mediaType: "x" } });
    expect((await get("attestations/sha256:aa"))[1]).toMatchObject({
      attestations: [{ bundle: { mediaType: "x" } }],
    });
    expect((await said("attestations/sha256:bb"))[0]).toBe(404);
  });

  it("is packed so that others can unpack it", async () => {
    const zip = writeZip([
      { name: "lcov.info", content: Buffer.from("TN:\n") },
      { name: "dir/ü.txt", content: Buffer.from("hi") },
    ]);
    const names = await new Promise<string[]>((resolve, reject) => {
      fromBuffer(zip, { lazyEntries: false }, (error, file) => {
        if (error !== null) return reject(error);
        const found: string[] = [];
        file.on("entry", (entry: { fileName: string; uncompressedSize: number }) =>
          found.push(`${entry.fileName}:${entry.uncompressedSize}`),
        );
        file.on("end", () => resolve(found));
        file.on("error", reject);
      });
    });
    expect(names).toEqual(["lcov.info:4", "dir/ü.txt:2"]);
  });
});
