import type { Exchange } from "@gatehouse/github-simulator/http/server.ts";
import { actions } from "@gatehouse/github-simulator/scenario/index.ts";
import type { Simulator } from "@gatehouse/github-simulator";
import type { Deployment } from "@gatehouse/github-simulator/world/deployments.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import type { World } from "@gatehouse/github-simulator/world/world.ts";
import type { Answer } from "./answer.ts";
import { judgeDeployment } from "./judge-deployment.ts";
import { judgeSha } from "./judge.ts";
import { policyTexts } from "./policy.ts";
import { frozen, isReadable, type MergeSeen, type Scene, type Told } from "./scene.ts";

/** How long before a write the world may have been as the gate read it. */
const raceMs = 5000;
const staleRaceMs = 300_000;
const tooLarge = 1500;

interface Past {
  /** By this machine's clock, whatever that of the world says: how long ago it was. */
  readonly at: number;
  readonly now: number;
  readonly world: World;
}

/** A green or an approval that the oracle watched, and what it says. */
export interface Watched {
  readonly kind: "green" | "approval";
  readonly repo: string;
  readonly repoId: number;
  /** The commit of a green, the deployment of an approval. */
  readonly subject: string;
  readonly answer: Answer;
  /** Right for an earlier moment only: the gate has to mend it. */
  readonly isRaced: boolean;
}

export interface Counts {
  greens: number;
  approvals: number;
  unjudged: number;
  raced: number;
}

export interface OracleOptions {
  readonly isLate?: () => boolean;
  /** Worlds of before that are remembered. */
  readonly mostKept?: number;
}

/** Watches what a gate publishes at a simulated GitHub, and judges it by itself from that GitHub's own state. */
export class Oracle {
  readonly counts: Counts = { greens: 0, approvals: 0, unjudged: 0, raced: 0 };
  readonly differences: string[] = [];
  readonly doubts: string[] = [];
  readonly raced: Watched[] = [];
  readonly #told: Told[] = [];
  readonly #merges: MergeSeen[] = [];
  readonly #past: Past[] = [];
  readonly #orgPolicies = new Map<number, readonly string[]>();
  readonly #now: () => number;
  readonly #isLate: () => boolean;
  readonly #mostKept: number;
  #sim: Simulator | null = null;

  /** `now`: the clock of the gate that is watched. `isLate`: what is written now may have been read, or told, long before. */
  constructor(
    now: () => number = () => Date.now(),
    { isLate = () => false, mostKept = 60 }: OracleOptions = {},
  ) {
    this.#now = now;
    this.#isLate = isLate;
    this.#mostKept = mostKept;
  }

  /** Looks at the world before whatever a scenario does to it. */
  watch(sim: Simulator): void {
    this.#sim = sim;
    const control: Record<string, unknown> = sim as never;
    for (const name of [...Object.keys(actions), "advance"]) {
      const original = control[name] as (input: unknown) => unknown;
      control[name] = (input: unknown): unknown => {
        this.#remember(input);
        if (name === "pressCheck")
          this.#pressed(input as { repo: string; id: number; by: string; identifier?: string });
        const merge =
          name === "mergePull" || name === "mergeGroup" ? this.#beforeMerge(input) : null;
        const pushed = name === "commit" ? this.#beforePush(input) : null;
        const result = original(input);
        merge?.();
        pushed?.();
        return result;
      };
    }
  }

  /** What a test put on record without GitHub. */
  tell(told: Told): void {
    this.#told.push(told);
  }

  readonly see = (exchange: Exchange): void => {
    const { method, path, status, isFault, responseBody, requestBody } = exchange;
    if (this.#sim === null || isFault || method === "GET" || status >= 300) return;
    const [, name = "", rest = ""] = /^\/repos\/([^/]+\/[^/]+)\/(.*)$/.exec(path) ?? [];
    const repo = this.#repoNamed(name);
    if (repo === undefined) return;
    if (rest.startsWith("check-runs")) this.#seeCheckRun(repo, responseBody);
    const run = /^actions\/runs\/(\d+)\/deployment_protection_rule$/.exec(rest)?.[1];
    if (run !== undefined) this.#seeAnswer(repo, Number(run), requestBody);
  };

  /** What is wrong now of what raced: a green that is still there and that the present world does not allow. */
  standing(): readonly string[] {
    return this.raced.flatMap((one) => {
      const repo = this.#sim?.world.repos.get(one.repoId);
      if (repo === undefined || one.kind !== "green" || !isGreen(repo, one.subject, this.#appId()))
        return [];
      const answer = judgeSha(this.scene(), one.repoId, one.subject);
      return answer.word === "no"
        ? [`${one.repo} ${one.subject.slice(0, 7)} stays green: ${answer.why}`]
        : [];
    });
  }

  scene(world: World | null = this.#sim?.world ?? null): Scene {
    if (world === null) throw new Error("the oracle watches nothing");
    this.#rememberOrganisations(world);
    return {
      world,
      now: this.#now(),
      told: this.#told,
      merges: this.#merges,
      orgPolicies: this.#orgPolicies,
    };
  }

  #appId(): number {
    return this.#sim?.world.appId ?? 0;
  }

  #repoNamed(name: string): Repo | undefined {
    const world = this.#sim?.world;
    return world?.repos.get(world.repoNames.get(name.toLowerCase()) ?? -1);
  }

  #remember(input: unknown): void {
    const world = this.#sim?.world;
    if (world === undefined) return;
    const name = (input as { repo?: unknown } | undefined)?.repo;
    const repo = typeof name === "string" ? this.#repoNamed(name) : undefined;
    this.#rememberOrganisations(world);
    // What is large is looked at as it is: copies of it would take longer than what they watch.
    if (repo !== undefined && sizeOf(repo) > tooLarge) return;
    const past = frozen(world, repo);
    this.#past.push({ at: Date.now(), now: this.#now(), world: past });
    if (this.#past.length > this.#mostKept) this.#past.shift();
  }

  #rememberOrganisations(world: World): void {
    for (const repo of world.repos.values())
      if (repo.name === ".github" && isReadable(world, repo)) {
        const texts = policyTexts(world, repo).filter((one) => one !== undefined);
        if (texts.length > 0) this.#orgPolicies.set(repo.ownerId, texts);
      }
  }

  /** What has to be known of a merge before it happens; the rest is noted when it has. */
  #beforeMerge(input: unknown): (() => void) | null {
    const { repo: name, number } = input as { repo: string; number: number };
    const repo = this.#repoNamed(name);
    const pull = repo?.pulls.get(number);
    if (repo === undefined || pull === undefined) return null;
    const sha = pull.queue?.headSha ?? pull.headSha;
    const from = repo.refs.get(`refs/heads/${pull.baseRef}`) ?? "";
    const wasGreen = isGreen(repo, sha, this.#appId());
    return () => {
      if (pull.mergeCommitSha !== null)
        this.#merges.push({
          repo: repo.id,
          number,
          base: pull.baseRef,
          from,
          to: pull.mergeCommitSha,
          wasGreen,
        });
    };
  }

  /** A push that brings what a pull request holds merges it: how it stood is known before only. */
  #beforePush(input: unknown): (() => void) | null {
    const { repo: name } = input as { repo: string };
    const open = [...(this.#repoNamed(name)?.pulls.values() ?? [])].filter((pull) => !pull.merged);
    const after = open.map((pull) => this.#beforeMerge({ repo: name, number: pull.number }));
    return () => {
      for (const [index, pull] of open.entries()) if (pull.merged) after[index]?.();
    };
  }

  #pressed(input: { repo: string; id: number; by: string; identifier?: string }): void {
    const world = this.#sim?.world;
    const repo = this.#repoNamed(input.repo);
    const run = repo?.checkRuns.get(input.id);
    const by = world?.accountsByLogin.get(input.by.toLowerCase())?.id;
    if (repo === undefined || run === undefined || by === undefined) return;
    this.#told.push({
      kind: input.identifier?.split(":")[0] ?? "recheck",
      repo: repo.id,
      environment: /^gatehouse \/ (.*)$/.exec(run.name)?.[1] ?? null,
      sha: run.headSha,
      by,
      at: this.#now(),
      until: null,
    });
  }

  #seeCheckRun(repo: Repo, response: unknown): void {
    const run = repo.checkRuns.get((response as { id?: number } | undefined)?.id ?? -1);
    if (run?.name !== "gatehouse" || run.appId !== this.#appId()) return;
    if (run.status !== "completed" || run.conclusion !== "success") return;
    this.counts.greens += 1;
    this.#judge(
      "green",
      repo,
      run.headSha,
      (scene) => judgeSha(scene, repo.id, run.headSha),
      run.title,
    );
  }

  #seeAnswer(repo: Repo, runId: number, request: unknown): void {
    const body = request as { state?: string; environment_name?: string; comment?: string };
    if (body.state !== "approved") return;
    const deployment = [...repo.deployments.values()].findLast(
      (one) =>
        one.runId === runId &&
        one.environment.toLowerCase() === body.environment_name?.toLowerCase(),
    );
    if (deployment === undefined) return;
    this.counts.approvals += 1;
    this.#judge(
      "approval",
      repo,
      String(deployment.id),
      (scene) => {
        const at = scene.world.repos.get(repo.id);
        return at === undefined
          ? { word: "unjudged", why: "gone" }
          : judgeDeployment(scene, at, at.deployments.get(deployment.id) ?? deployment);
      },
      body.comment ?? null,
    );
  }

  /** A yes that the gate gave to a deployer outside, who told the test: judged as the deployment that it lets through. */
  allowed(told: {
    readonly repo: string;
    readonly sha: string;
    readonly ref: string;
    readonly environment: string;
    readonly run: number | null;
    readonly askedAt: number;
    readonly title: string;
  }): void {
    const world = this.#sim?.world;
    const repo = this.#repoNamed(told.repo);
    if (world === undefined || repo === undefined) throw new Error(`no repository ${told.repo}`);
    this.counts.approvals += 1;
    const own = [...repo.deployments.values()].findLast(
      (one) =>
        told.run !== null &&
        one.runId === told.run &&
        one.environment.toLowerCase() === told.environment.toLowerCase(),
    );
    const deployment: Deployment = own ?? {
      id: world.nextId(),
      sha: told.sha,
      ref: told.ref,
      task: "deploy",
      environment: told.environment,
      payload: {},
      description: null,
      production: false,
      creatorId: 0,
      viaAppId: null,
      runId: told.run,
      createdAt: told.askedAt,
      updatedAt: told.askedAt,
      statuses: [],
      gate: null,
    };
    this.#judge(
      "approval",
      repo,
      `${told.sha} to ${told.environment}`,
      (scene) => {
        const at = scene.world.repos.get(repo.id);
        return at === undefined
          ? { word: "unjudged", why: "gone" }
          : judgeDeployment(scene, at, deployment);
      },
      told.title,
    );
  }

  #judge(
    kind: Watched["kind"],
    repo: Repo,
    subject: string,
    judge: (scene: Scene) => Answer,
    title: string | null,
  ): void {
    const world = this.#sim?.world;
    if (world === undefined) return;
    const answer = judge(this.scene(world));
    const name = `${world.accounts.get(repo.ownerId)?.login}/${repo.name}`;
    const watched = { kind, repo: name, repoId: repo.id, subject, answer, isRaced: false };
    if (answer.word === "yes") return;
    if (answer.word === "unjudged") {
      this.counts.unjudged += 1;
      this.doubts.push(`${kind} ${name}: ${answer.why}`);
      return;
    }
    const { outbox } = world;
    const isLate = outbox.paused || outbox.faults.length > 0 || this.#isLate();
    const since = Date.now() - (isLate ? staleRaceMs : raceMs);
    const was = this.#past
      .filter((past) => past.at >= since && past.world.repos.has(repo.id))
      .map((past) => judge({ ...this.scene(past.world), now: past.now }).word);
    // A window may have closed while the answer was under way.
    was.push(judge({ ...this.scene(world), now: this.#now() - 2500 }).word);
    if (was.some((word) => word !== "no")) {
      this.counts.raced += 1;
      this.raced.push({ ...watched, isRaced: true });
      return;
    }
    this.differences.push(
      `WRONG ${kind.toUpperCase()} ${name} ${subject}\n  gate:   ${title ?? ""}\n  oracle: ${answer.why}\n${described(world, repo, subject)}`,
    );
    console.error(this.differences.at(-1));
  }
}

const sizeOf = (repo: Repo): number =>
  repo.checkRuns.size +
  [...repo.issues.values()].reduce((sum, one) => sum + one.comments.length, 0);

const isGreen = (repo: Repo, sha: string, appId: number): boolean =>
  [...repo.checkRuns.values()].findLast(
    (run) => run.appId === appId && run.name === "gatehouse" && run.headSha === sha,
  )?.conclusion === "success";

/** World and policy, as far as they speak of a difference. */
function described(world: World, repo: Repo, subject: string): string {
  const login = (id: number | null): string =>
    id === null ? "nobody" : (world.accounts.get(id)?.login ?? String(id));
  const pulls = [...repo.pulls.values()]
    .filter((pull) => pull.headSha === subject || pull.queue?.headSha === subject)
    .map((pull) => ({
      number: pull.number,
      title: repo.issues.get(pull.number)?.title,
      base: pull.baseRef,
      head: pull.headSha.slice(0, 7),
      by: login(repo.issues.get(pull.number)?.authorId ?? null),
      labels: repo.issues.get(pull.number)?.labels.map((one) => one.name),
      reviews: pull.reviews.map(
        (one) => `${login(one.authorId)} ${one.state} ${one.commitId?.slice(0, 7)}`,
      ),
      comments: repo.issues
        .get(pull.number)
        ?.comments.map((one) => `${login(one.authorId)}: ${one.body}`),
    }));
  const checks = [...repo.checkRuns.values()]
    .filter((run) => run.headSha === subject && run.appId !== world.appId)
    .map((run) => `${run.name} ${run.conclusion ?? run.status}`);
  const deployment = repo.deployments.get(Number(subject));
  return [
    `  pulls:  ${JSON.stringify(pulls)}`,
    `  checks: ${checks.join(", ")}`,
    ...(deployment === undefined
      ? []
      : [
          `  deployment: ${deployment.environment} ${deployment.sha.slice(0, 7)} ${deployment.ref}`,
        ]),
    `  policy: ${policyTexts(world, repo)[0]?.replaceAll("\n", "\n          ") ?? "none"}`,
  ].join("\n");
}
