import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { issuerOf } from "#io/github/facts/attestations/attestation-reader.ts";
import { valueOf } from "../simulated.ts";
import {
  attestationWorld,
  kindsOf,
  repo,
  sha256,
  slsa,
  type AttestationWorld,
} from "./attestation-world.ts";

let world: AttestationWorld;
beforeEach(async () => {
  world = await attestationWorld();
});
afterEach(() => world.stop());

const found = async (query: Parameters<AttestationWorld["asked"]>[0] = {}) =>
  valueOf(await world.asked(query));

describe("the attestations of a deployment", () => {
  it("are those of the artifacts of the run that deploys, verified", async () => {
    const digest = world.upload("shop");
    await world.attest(digest);
    world.calls();
    expect(await found({ subject: "shop" })).toEqual({
      repository: "acme/shop",
      issuer: `${world.sim.url}/_services/token`,
      artifacts: [
        {
          name: "shop",
          digest,
          problem: null,
          run: {
            id: world.run,
            workflow: ".github/workflows/release.yml",
            url: expect.stringContaining("/actions/runs/"),
          },
          attestations: [
            {
              kind: "verified",
              predicate: slsa,
              attests: true,
              signer: {
                issuer: `${world.sim.url}/_services/token`,
                workflow: "acme/shop/.github/workflows/release.yml@refs/heads/main",
                repository: "acme/shop",
                repositoryId: world.repository.id,
                commit: world.sha,
                trigger: "push",
                runUrl: `${world.sim.url}/acme/shop/actions/runs/1/attempts/1`,
              },
            },
          ],
        },
      ],
      waiting: [],
      ignored: [],
    });
    expect(world.calls()).toEqual([
      "GET /repos/acme/shop/actions/runs",
      `GET /repos/acme/shop/actions/runs/${world.run}/artifacts`,
      `GET /repos/acme/shop/attestations/${encodeURIComponent(digest)}`,
    ]);
  });

  it("an attestation of another digest, kept under this one, is told apart", async () => {
    await world.attest(sha256("something else"), {}, { under: world.upload("shop") });
    expect((await found({ subject: "shop" })).artifacts[0]?.attestations).toMatchObject([
      { kind: "verified", attests: false },
    ]);
  });

  it("a bundle that was tampered with is refused, whatever GitHub says of it", async () => {
    const digest = world.upload("shop");
    const bundle = structuredClone(await world.sigstore.sign({ digest: sha256("x") })) as {
      dsseEnvelope: { payload: string };
    };
    bundle.dsseEnvelope.payload = Buffer.from(
      Buffer.from(bundle.dsseEnvelope.payload, "base64")
        .toString()
        .replace(sha256("x").slice(7), digest.slice(7)),
    ).toString("base64");
    world.sim.attestation({ repo, digest, bundle });
    expect((await found({ subject: "shop" })).artifacts[0]?.attestations).toMatchObject([
      { kind: "refused" },
    ]);
  });

  it("an artifact that nobody attests has none", async () => {
    world.upload("shop");
    expect(kindsOf(await found())).toEqual([["shop"]]);
  });

  it("are looked up for a digest alone, without any artifact", async () => {
    const digest = sha256("an image");
    await world.attest(digest);
    world.calls();
    expect(kindsOf(await found({ subject: digest }))).toEqual([[digest, "verified"]]);
    expect(world.calls()).toEqual([
      `GET /repos/acme/shop/attestations/${encodeURIComponent(digest)}`,
    ]);
  });

  it("of one predicate are asked for, so that others are not even read", async () => {
    const digest = world.upload("shop");
    await world.attest(digest, { predicate: "https://spdx.dev/Document/v2.3" });
    expect(kindsOf(await found({ subject: "shop" }))).toEqual([["shop"]]);
    expect(
      kindsOf(await found({ subject: "shop", predicate: "https://spdx.dev/Document/v2.3" })),
    ).toEqual([["shop", "verified"]]);
  });

  it("of files in an artifact count for the artifact when each file has one", async () => {
    world.upload("dist", { "out/shop.tgz": "shop", "out/cli.tgz": "cli" });
    await world.attest(sha256("shop"));
    expect(kindsOf(await found({ subject: "dist" }))).toEqual([
      ["out/shop.tgz", "verified"],
      ["out/cli.tgz"],
    ]);
    await world.attest(sha256("cli"));
    expect(kindsOf(await found({ subject: "dist" }))).toEqual([
      ["out/shop.tgz", "verified"],
      ["out/cli.tgz", "verified"],
    ]);
  });

  it.each(["shop.tgz", "shop-*.tgz", "out/*.tgz", "**/shop-1.tgz"])(
    "are found by the name of a file: %s",
    async (subject) => {
      world.upload("dist", { "out/shop-1.tgz": "shop", "shop.tgz": "shop", "readme.txt": "hello" });
      await world.attest(sha256("shop"));
      expect(kindsOf(await found({ subject }))).toEqual([
        [expect.stringContaining("shop"), "verified"],
      ]);
    },
  );

  it("an artifact that cannot be opened may hold the file, and says so", async () => {
    world.sim.artifact({
      repo,
      run: world.run,
      name: "dist",
      files: { zipBase64: Buffer.from("no zip").toString("base64") },
    });
    expect((await found({ subject: "shop.tgz" })).artifacts).toMatchObject([
      { name: "dist", digest: null, problem: expect.stringContaining("broken") },
    ]);
  });

  it("what the deploying run made itself comes before what other runs of the commit made", async () => {
    const { id } = world.sim.workflowRun({
      repo,
      sha: world.sha,
      event: "push",
      path: ".github/workflows/ci.yml",
      jobs: ["build"],
    });
    await world.attest(world.upload("shop", { shop: "of ci" }, id));
    expect(kindsOf(await found({ subject: "shop" }))).toEqual([["shop", "verified"]]);
    world.upload("shop", { shop: "of release" });
    expect(kindsOf(await found({ subject: "shop" }))).toEqual([["shop"]]);
  });

  it("T22: of a fork's run of the same commit, or of an older run of the workflow, they do not count", async () => {
    const fork = world.sim.fork({ repo, owner: "mallory" }).name;
    const theirs = world.sim.workflowRun({
      repo,
      sha: world.sha,
      headRepo: fork,
      path: ".github/workflows/evil.yml",
      jobs: ["build"],
    });
    await world.attest(world.upload("shop", { shop: "theirs" }, theirs.id));
    expect(await found({ subject: "shop" })).toMatchObject({
      artifacts: [],
      ignored: [expect.stringContaining("of the fork mallory/shop")],
    });
    const old = world.sim.workflowRun({
      repo,
      sha: world.sha,
      event: "push",
      path: ".github/workflows/build.yml",
      jobs: ["build"],
    });
    world.upload("shop", { shop: "old" }, old.id);
    const fresh = world.sim.workflowRun({
      repo,
      sha: world.sha,
      event: "push",
      path: ".github/workflows/build.yml",
      jobs: ["build"],
    });
    const digest = world.upload("shop", { shop: "fresh" }, fresh.id);
    expect((await found({ subject: "shop" })).artifacts.map((each) => each.digest)).toEqual([
      digest,
    ]);
  });

  it("of its workflow the run that deploys counts, also when a newer one was started since", async () => {
    const digest = world.upload("shop");
    const newer = world.sim.workflowRun({
      repo,
      sha: world.sha,
      event: "push",
      path: ".github/workflows/release.yml",
      jobs: ["build"],
    });
    world.upload("shop", { shop: "newer" }, newer.id);
    expect((await found({ subject: "shop" })).artifacts.map((each) => each.digest)).toEqual([
      digest,
    ]);
  });

  it("waits for workflows that still run", async () => {
    world.sim.workflowRun({
      repo,
      sha: world.sha,
      event: "push",
      name: "Build",
      path: ".github/workflows/build.yml",
      jobs: [{ name: "build", status: "in_progress" }],
    });
    expect(await found({ subject: "shop" })).toMatchObject({ artifacts: [], waiting: ["Build"] });
  });

  it("that GitHub shows by address only are fetched from there, unpacked and verified", async () => {
    await world.attest(world.upload("shop"), {}, { stored: true });
    expect(kindsOf(await found({ subject: "shop" }))).toEqual([["shop", "verified"]]);
  });

  it("more than are read: one that holds is enough, else nobody can tell", async () => {
    const digest = world.upload("shop");
    for (let i = 0; i < 101; i++)
      world.sim.attestation({ repo, digest, bundle: { mediaType: `rubbish ${i}` } });
    const { artifacts } = await found({ subject: "shop" });
    expect(artifacts[0]).toMatchObject({ problem: "it has more attestations than are read" });
    expect(new Set(artifacts[0]?.attestations.map(({ kind }) => kind))).toEqual(
      new Set(["unreadable"]),
    );
  });

  it("without the permission are unreadable, and the remedy is the permission; everything else goes on", async () => {
    world.upload("shop");
    world.sim.setPermissions({
      account: "acme",
      permissions: {
        actions: "read",
        contents: "read",
        metadata: "read",
        deployments: "write",
        checks: "write",
      },
    });
    expect(await world.asked()).toMatchObject({ ok: false, code: "forbidden" });
  });

  it.each<[string, number, string]>([
    ["does not answer", 502, "unavailable"],
    ["refuses", 403, "forbidden"],
  ])("are unreadable when GitHub %s", async (_what, status, code) => {
    world.upload("shop");
    world.sim.fault({ match: { path: "/repos/acme/shop/attestations/" }, status, times: 10 });
    expect(await world.asked()).toMatchObject({ ok: false, code });
  });
});

describe("whom to believe", () => {
  it("under no known authority nobody can tell, and the remedy is a trusted root", async () => {
    await world.stop();
    world = await attestationWorld({ trustedRoots: null });
    await world.attest(world.upload("shop"));
    expect((await found()).artifacts[0]?.attestations).toMatchObject([
      {
        kind: "unreadable",
        reason: expect.stringContaining("O=sigstore.mock"),
        remedy: expect.stringContaining("SIGSTORE_TRUSTED_ROOT"),
      },
    ]);
  });

  it.each([
    ["https://github.com", "https://token.actions.githubusercontent.com"],
    ["https://acme.ghe.com", "https://token.actions.acme.ghe.com"],
    ["https://github.example.com", "https://github.example.com/_services/token"],
  ])("the workflows of %s are vouched for by %s", (server, issuer) => {
    expect(issuerOf(server)).toBe(issuer);
  });
});
