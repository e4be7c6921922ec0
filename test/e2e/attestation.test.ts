import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startGatehouse } from "../../src/compose.ts";
import {
  sigstoreInstance,
  type Signing,
  type SigstoreInstance,
} from "../support/sigstore-instance.ts";
import {
  checkSays,
  inProduction,
  isHeld,
  isRejected,
  issuesOf,
  knock,
  newShop,
  opens,
  ruled,
  type Asked,
} from "./deployments-world.ts";
import { appId, calm, runGatehouse, type Gatehouse } from "./harness.ts";
import { listenToWire } from "./wire.ts";
import { patience } from "../support/patience.ts";

/** Through the whole product: artifacts of a deploying run, signed by a Sigstore instance of the test's own. */
const wire = listenToWire();
let gatehouse: Gatehouse;
let sim: Gatehouse["sim"];
let sigstore: SigstoreInstance;

beforeAll(async () => {
  sigstore = await sigstoreInstance({ kind: "private" });
  gatehouse = await runGatehouse({
    skipsWaits: true,
    simulator: { onExchange: wire.onExchange },
    settings: { trustedRoots: `${sigstore.trustedRoot}\n` },
  });
  sim = gatehouse.sim;
});
afterAll(async () => {
  expect(wire.problems()).toEqual([]);
  await gatehouse.stop();
});

const signed = ruled([
  inProduction(
    "provenance",
    "attestation: { subject: shop.tgz, signer_workflow: .github/workflows/deploy.yml }",
  ),
]);

/** A deployment that waits because nothing is attested yet. */
async function waiting(name: string): Promise<{ readonly asked: Asked; readonly digest: string }> {
  const repo = newShop(sim, name, signed);
  const asked = knock(sim, repo);
  const { digest } = sim.artifact({
    repo,
    run: asked.run,
    name: "shop.tgz",
    files: { "shop.tgz": name },
  });
  await isHeld(sim, asked, /No (?:artifact shop\.tgz|provenance of shop\.tgz)/);
  return { asked, digest };
}

/** Answers the attestation's id. */
async function attest(
  { repo, sha }: Asked,
  digest: string,
  over: Partial<Signing> = {},
): Promise<number> {
  const repositoryId = sim.world.repoNames.get(repo) ?? 0;
  const bundle = await sigstore.sign({
    digest,
    server: sim.url,
    issuer: `${sim.url}/_services/token`,
    repository: repo,
    repositoryId,
    commit: sha,
    workflow: `${repo}/.github/workflows/deploy.yml@refs/heads/main`,
    ...over,
  });
  const { id } = sim.attestation({ repo, digest, bundle });
  // A job of the run ends: that wakes the gate.
  sim.workflowRun({
    repo,
    sha,
    event: "push",
    path: ".github/workflows/attest.yml",
    jobs: ["attest"],
  });
  return id;
}

describe("provenance at a door", () => {
  it(
    "opens it once the artifact of the deploying run is attested, and says who signed",
    { timeout: 60_000 * patience },
    async () => {
      const { asked, digest } = await waiting("attested");
      await attest(asked, digest);
      await opens(sim, asked, 30_000);
      const check = await checkSays(
        sim,
        asked,
        "production",
        ({ conclusion }) => conclusion === "success",
      );
      expect(check.summary).toContain("1 artifact attested");
    },
  );

  it(
    "withdrawn from what runs, it turns the check red again and opens one issue",
    { timeout: 90_000 * patience },
    async () => {
      const { asked, digest } = await waiting("withdrawn");
      const id = await attest(asked, digest);
      await opens(sim, asked, 30_000);
      sim.finishDeployment({ repo: asked.repo, deployment: asked.id });
      await calm(gatehouse);
      sim.withdrawAttestation({ repo: asked.repo, id });
      // Nobody tells of it: it is seen when the repository is compared with GitHub.
      await gatehouse.restart();
      const red = await checkSays(
        sim,
        asked,
        "production",
        ({ conclusion }) => conclusion === "failure",
      );
      expect(red.title).toBe(
        "Runs in production, and would not be let through: An attestation was withdrawn",
      );
      await gatehouse.restart();
      await calm(gatehouse);
      expect(issuesOf(sim, asked.repo)).toMatchObject([
        { title: expect.stringMatching(/runs in production, and must not stay/) },
      ]);
      // Given back, it stands again.
      await attest(asked, digest);
      await checkSays(sim, asked, "production", ({ conclusion }) => conclusion === "success");
    },
  );

  it.each<[string, Partial<Signing>, RegExp]>([
    ["of another commit", { commit: "c".repeat(40) }, /made of ccccccc/],
    [
      "by another workflow",
      { workflow: "mallory/shop/.github/workflows/deploy.yml@refs/heads/main" },
      /signed by mallory/,
    ],
  ])(
    "rejects provenance %s, and names it",
    { timeout: 60_000 * patience },
    async (what, over, why) => {
      const { asked, digest } = await waiting(what.replaceAll(" ", "-"));
      await attest(asked, digest, over);
      const door = await isRejected(sim, asked);
      expect(door.verdicts[0]?.comment).toMatch(why);
    },
  );

  it("holds without the permission, and says which", { timeout: 60_000 * patience }, async () => {
    sim.org({ login: "poor", members: ["dave"], install: false });
    sim.repo({ name: "poor/shop", files: { ".github/gatehouse.yml": signed } });
    sim.collaborator({ repo: "poor/shop", login: "dave", role: "write" });
    sim.environment({ repo: "poor/shop", name: "production", gate: true });
    sim.installApp({
      account: "poor",
      permissions: {
        actions: "read",
        checks: "write",
        contents: "read",
        deployments: "write",
        issues: "write",
        members: "read",
        metadata: "read",
        pull_requests: "read",
        statuses: "read",
      },
    });
    sim.workflowRun({
      repo: "poor/shop",
      sha: "main",
      event: "push",
      path: ".github/workflows/build.yml",
      jobs: ["build"],
      artifacts: { "shop.tgz": { "shop.tgz": "x" } },
    });
    await isHeld(sim, knock(sim, "poor/shop"), /attestations: read/);
  });

  it("does not start with a trusted root that is none", async () => {
    const app = {
      appId,
      privateKey: gatehouse.settings.app?.privateKey ?? "",
      webhookSecrets: [gatehouse.secret],
    };
    await expect(
      startGatehouse(
        { ...gatehouse.settings, databaseUrl: "file::memory:", trustedRoots: "{}" },
        app,
      ),
    ).rejects.toMatchObject({ variable: "SIGSTORE_TRUSTED_ROOT" });
    const broken = sigstore.trustedRoot.replace(/"rawBytes":"[^"]+"/, '"rawBytes":"AAAA"');
    await expect(
      startGatehouse(
        { ...gatehouse.settings, databaseUrl: "file::memory:", trustedRoots: broken },
        app,
      ),
    ).rejects.toMatchObject({ variable: "SIGSTORE_TRUSTED_ROOT" });
  });
});
