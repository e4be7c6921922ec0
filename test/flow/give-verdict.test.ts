import { beforeEach, describe, expect, it } from "vitest";
import type { DeploymentRow } from "#core/model/deployment.ts";
import type { Effect } from "#core/model/effect.ts";
import type { Lease } from "#core/ports/queue.ts";
import type { Store } from "#core/ports/store.ts";
import type { Deps } from "#flow/deps.ts";
import { createExclusive } from "#flow/jobs/exclusive.ts";
import type { DeploymentAssessment } from "#flow/judge/deployment-assessment.ts";
import { giveVerdict } from "#flow/judge/give-verdict.ts";
import { stopsHeard } from "#flow/publish/terms.ts";
import { aDeployment, minute } from "../core/build.ts";
import { aRepository, noMeter } from "../io/github/local-github.ts";
import {
  anItem,
  closeAfterEach,
  handClock,
  openAt,
  type HandClock,
} from "../io/database/store/harness.ts";

const repository = aRepository();
const subject = { ...aDeployment, repository: repository.id, runId: 5 };

let clock: HandClock;
let store: Store;
let sent: Effect[];
closeAfterEach();
beforeEach(async () => {
  clock = handClock();
  store = await openAt(":memory:", clock);
  sent = [];
});

function deps(): Deps {
  const quiet = (): void => undefined;
  const needed: Partial<Deps> = {
    store,
    clock,
    meter: noMeter,
    log: {
      trace: quiet,
      debug: quiet,
      info: quiet,
      warn: quiet,
      error: quiet,
      fatal: quiet,
    } as Deps["log"],
    webUrl: "https://github.example",
    pagesAt: null,
    github: { team: () => Promise.resolve(null) } as unknown as Deps["github"],
    publisher: {
      perform: async (effect, _repository, known) => {
        await known.mayLeave?.();
        sent.push(effect);
        return { remoteId: null };
      },
      hasLanded: () => Promise.resolve(true),
    },
  };
  return needed as Deps;
}

const row: DeploymentRow = {
  repository: repository.id,
  deploymentId: subject.deploymentId,
  environment: subject.environment,
  sha: subject.sha,
  ref: subject.ref,
  runId: 5,
  actor: null,
  createdAt: 1,
  state: "waiting",
  startedAt: null,
  finishedAt: null,
  succeededAt: null,
  gateRequestedAt: 1_800_000_000_000,
  gateAnsweredAt: null,
  gateAnswer: null,
  reports: 0,
};

const approves = (
  changesAt: number | null,
): DeploymentAssessment & { readonly kind: "approve" } => ({
  kind: "approve",
  rendered: { title: "May go", summary: "All rules hold.", text: null, annotations: [] },
  decision: null,
  digest: "p",
  blobs: { repository: null, organization: null },
  inputs: null,
  policy: null,
  label: "p",
  facts: new Map(),
  requests: [],
  asked: null,
  changesAt,
  ownCheckRuns: [],
  retry: null,
});

/** The verdict of a try, on evidence that was read so long ago. */
async function given(ageMs: number, attempts: number, changesAt: number | null = null) {
  await store.deployments.save(row);
  await store.queue.mark([anItem({ key: "dep", runAt: clock.now() })]);
  const [lease] = await store.queue.lease("w", clock.now(), 15_000, 1);
  const held: Lease = { ...(lease as Lease), attempts };
  const heard = await stopsHeard({ store }, repository.id, null);
  return giveVerdict(
    deps(),
    createExclusive(),
    { lease: held, subject, runId: 5, repository, row, heard },
    approves(changesAt),
    clock.now() - ageMs,
  );
}
const answers = (): readonly string[] =>
  sent.flatMap((effect) =>
    effect.kind === "deployment_review" ? [effect.state ?? effect.comment] : [],
  );

describe("an approval", () => {
  it("leaves on evidence of less than a minute", async () => {
    expect((await given(minute - 1, 0)).kind).toBe("done");
    expect(answers()).toEqual(["approved"]);
  });

  it.each([0, 1, 2, 3, 4, 20])(
    "never leaves on older evidence, at try %i; from the third on people are told why it waits",
    async (attempts) => {
      const outcome = await given(minute, attempts);
      expect(outcome).toMatchObject({ kind: "again" });
      expect(answers()).not.toContain("approved");
      expect(answers().join("\n").includes("more than a minute old")).toBe(attempts >= 2);
      const isPaused = outcome.kind === "again" && outcome.at > clock.now();
      expect(isPaused).toBe(attempts >= 2);
    },
  );

  it("never leaves at or after the instant from which it may be another answer", async () => {
    expect(await given(10, 7, clock.now())).toMatchObject({ kind: "again" });
    expect(answers()).toEqual([]);
  });
});
