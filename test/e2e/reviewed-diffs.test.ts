import { afterAll, beforeAll, describe, it } from "vitest";
import { newRepo, turnsGreen, waits } from "./fault-world.ts";
import { calm, runGatehouse, type Gatehouse } from "./harness.ts";

let gatehouse: Gatehouse;
beforeAll(async () => {
  gatehouse = await runGatehouse({ skipsWaits: true });
});
afterAll(() => gatehouse.stop());

type File = string | { readonly base64: string };

/** Approved as `reviewed` on `oldBase`, pushed anew as `head` on `newBase`; the head's SHA. */
async function pushedAnew(
  repo: string,
  path: string,
  files: Record<"oldBase" | "reviewed" | "newBase" | "head", File>,
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { sim } = gatehouse;
  sim.commit({ repo, author: "bob", files: { [path]: files.oldBase } });
  const pull = sim.openPull({
    repo,
    author: "ada",
    head: "topic",
    files: { ...more, [path]: files.reviewed },
  });
  await waits(sim, repo, pull.headSha);
  sim.review({ repo, number: pull.number, by: "bob", state: "approve" });
  await turnsGreen(sim, repo, pull.headSha);
  const base = sim.commit({ repo, author: "bob", files: { [path]: files.newBase } });
  const head = sim.commit({
    repo,
    branch: "topic",
    author: "ada",
    parent: base.sha,
    force: true,
    files: { ...more, [path]: files.head },
  });
  await calm(gatehouse);
  return head.sha;
}

const latin1 = (top: string, byte: number): File => ({
  base64: Buffer.from(`${top}a\nb\nc\nx${String.fromCharCode(byte)}\nd\ne\n`, "latin1").toString(
    "base64",
  ),
});
/** More files than come with their texts in one answer: then each blob is read by itself. */
const many = Object.fromEntries(Array.from({ length: 25 }, (_, i) => [`m/${i}.txt`, "1\n"]));

describe("a reviewed diff on another base", () => {
  it.concurrent(
    "W6: one that went into a look-alike that the base added is another diff",
    async () => {
      const section = (name: string, contents: string): string =>
        `permissions:\n  issues: read\n  contents: ${contents}\n  actions: read\nend:\nname: ${name}\n`;
      const repo = newRepo(gatehouse.sim, "look-alike");
      const sha = await pushedAnew(repo, "c.yml", {
        oldBase: `jobs:\n${section("build", "read")}tail\n`,
        reviewed: `jobs:\n${section("build", "write")}tail\n`,
        newBase: `jobs:\n${section("deploy", "read")}${section("build", "read")}tail\n`,
        head: `jobs:\n${section("deploy", "write")}${section("build", "read")}tail\n`,
      });
      await waits(gatehouse.sim, repo, sha);
    },
  );

  it.concurrent.each([
    ["with the answer", {}],
    ["one by one", many],
  ])("W6: bytes of another encoding are compared, texts %s", async (how, more) => {
    const repo = newRepo(gatehouse.sim, `bytes-${how.split(" ", 1).join()}`);
    const files = {
      oldBase: latin1("", 0x41),
      reviewed: latin1("", 0xe9),
      newBase: latin1("top\n", 0x41),
    };
    const sha = await pushedAnew(repo, "l.txt", { ...files, head: latin1("top\n", 0xe8) }, more);
    await waits(gatehouse.sim, repo, sha);
    const same = newRepo(gatehouse.sim, `same-bytes-${how.split(" ", 1).join()}`);
    const kept = await pushedAnew(same, "l.txt", { ...files, head: latin1("top\n", 0xe9) }, more);
    await turnsGreen(gatehouse.sim, same, kept);
  });
});
