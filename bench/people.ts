import { performance } from "node:perf_hooks";
import { openStore } from "#io/database/store/open-store.ts";
import { verifyAudit } from "#io/database/audit/verify.ts";
import { calm, until } from "../test/e2e/harness.ts";
import { peopleWorld, repo } from "../test/e2e/people-world.ts";
import { ms, percentile, seconds, type Row } from "./row.ts";

const calls = (world: Awaited<ReturnType<typeof peopleWorld>>): number =>
  world.sim.calls.filter((call) => !call.isToken).length;

/** Strangers, and the acknowledgement of a command at GitHub's usual latency. */
async function conversation(): Promise<readonly Row[]> {
  const world = await peopleWorld(undefined, { simulator: { latencyMs: 80 } });
  try {
    const { number, headSha } = world.open();
    await world.waiting(headSha);
    await calm(world.gatehouse);

    world.sim.resetCalls();
    for (let index = 0; index < 1_000; index += 1) world.say(number, "mallory", `spam ${index}`);
    await calm(world.gatehouse);
    const chatter = calls(world);
    for (let index = 0; index < 100; index += 1) world.say(number, "mallory", "/gate hold please");
    await calm(world.gatehouse);
    const commands = calls(world) - chatter;

    const acknowledged: number[] = [];
    const perCommand: number[] = [];
    for (const body of [
      "/gate hold",
      "/gate unhold",
      "/gate recheck",
      "/gate hold",
      "/gate unhold",
    ]) {
      world.sim.resetCalls();
      const from = performance.now();
      const comment = world.say(number, "bob", body);
      await until(
        "an acknowledgement",
        () => world.reactions(number, comment),
        (seen) => seen.includes("eyes"),
      );
      acknowledged.push(performance.now() - from);
      await world.reacted(number, comment, "rocket");
      await calm(world.gatehouse);
      perCommand.push(calls(world));
    }
    const worst = Math.max(...acknowledged);
    return [
      {
        name: "a stranger's 1,000 comments",
        budget: "0 calls",
        measured: `${chatter} calls`,
        kept: chatter === 0,
      },
      {
        name: "a stranger's 100 commands",
        budget: "≤ 1 call",
        measured: `${commands} calls`,
        kept: commands <= 1,
      },
      {
        name: "a command acknowledged, 80 ms latency",
        budget: "< 1 s",
        measured: `${ms(percentile(acknowledged, 0.5))}, worst ${ms(worst)}`,
        kept: worst < 1000,
      },
      {
        name: "calls of hold, unhold and recheck, judged again",
        budget: "none",
        measured: perCommand.join(", "),
        kept: null,
      },
    ];
  } finally {
    await world.gatehouse.stop();
  }
}

/** The replay of a changed policy over fifty pull requests. */
async function impact(): Promise<readonly Row[]> {
  const policy =
    "version: 1\nrules:\n  - name: titled\n    require: { title: { pattern: '^feat: ' } }\n";
  const world = await peopleWorld(policy, { simulator: { latencyMs: 80 } });
  try {
    for (let index = 0; index < 49; index += 1) {
      const { number } = world.sim.openPull({
        repo,
        author: "ada",
        head: `topic-${index}`,
        title: "feat: x",
        files: { [`src/${index}.ts`]: "1\n" },
      });
      if (index >= 5) world.sim.mergePull({ repo, number, by: "carol" });
    }
    await calm(world.gatehouse);
    world.sim.resetCalls();
    const from = performance.now();
    const { headSha } = world.sim.openPull({
      repo,
      author: "carol",
      head: "policy",
      title: "feat: policy",
      files: {
        ".github/gatehouse.yml": `${policy}  - name: reviewed\n    require: { reviews: { approvals: 1 } }\n`,
      },
    });
    const id = world.sim.world.repoNames.get(repo) ?? 0;
    const shown = (): boolean =>
      [...(world.sim.world.repos.get(id)?.checkRuns.values() ?? [])].some(
        (run) =>
          run.headSha === headSha &&
          run.name === "gatehouse / policy" &&
          run.status === "completed" &&
          run.summary?.includes("### Impact") === true,
      );
    await until("the impact", shown, (seen) => seen, 120_000);
    const took = performance.now() - from;
    await calm(world.gatehouse);
    return [
      {
        name: "impact over 50 pull requests",
        budget: "< 60 s",
        measured: seconds(took),
        kept: took < 60_000,
      },
      {
        name: "impact over 50 pull requests, all calls",
        budget: "≤ 200",
        measured: String(calls(world)),
        kept: calls(world) <= 200,
      },
    ];
  } finally {
    await world.gatehouse.stop();
  }
}

async function auditLog(): Promise<readonly Row[]> {
  const store = await openStore({ url: ":memory:" });
  try {
    const entry = (at: number) => ({
      at,
      kind: "command",
      repository: 1,
      subject: "pr:1:7",
      actor: "bob",
      detail: { command: "hold", rest: "until Monday", outcome: "done" },
    });
    const times: number[] = [];
    for (let index = 0; index < 500; index += 1) {
      const from = performance.now();
      await store.audit.append([entry(index)]);
      times.push(performance.now() - from);
    }
    for (let index = 500; index < 100_000; index += 500)
      await store.audit.append(Array.from({ length: 500 }, (_, offset) => entry(index + offset)));
    const from = performance.now();
    const result = await verifyAudit(store);
    const took = performance.now() - from;
    const middle = percentile(times, 0.5);
    return [
      {
        name: "one audit record appended, in memory",
        budget: "< 1 ms",
        measured: ms(middle),
        kept: middle < 1,
      },
      {
        name: "100,000 audit records verified",
        budget: "< 5 s",
        measured: `${seconds(took)}, ${result.kind}`,
        kept: took < 5000 && result.kind === "ok",
      },
    ];
  } finally {
    await store.close();
  }
}

export async function run(): Promise<readonly Row[]> {
  return [...(await conversation()), ...(await impact()), ...(await auditLog())];
}
