import { makeToken } from "#flow/sign-in/api-tokens.ts";
import { openStore } from "#io/database/store/open-store.ts";
import type { GateAnswer } from "#core/render/gate-answer.ts";
import type { Gatehouse } from "./harness.ts";
import { deploymentOf, newShop } from "./deployments-world.ts";

/** People approve, windows open, freezes hold: for an environment that no protection rule guards. */
export const outsidePolicy = `version: 1
rules:
  - name: in-hours
    when: { environments: [live] }
    require: { window: hours }
  - name: not-frozen
    applies_to: deployment
    require: { not_frozen: true }
  - name: release-approval
    when: { environments: [live] }
    require: { approvals: { count: 1, teams: [release] } }
  - name: tested
    when: { environments: [checked] }
    applies_to: deployment
    require: { checks: { all: true } }
  - name: proven
    when: { environments: [second] }
    require: { promoted_from: { environment: first } }
windows:
  hours:
    timezone: UTC
    open: { days: [mon, tue, wed, thu, fri], from: "09:00", to: "17:00" }
freezers: { teams: [release] }
`;

/** Tuesday, noon. */
export const noon = Date.UTC(2026, 10, 24, 12);

export interface Question {
  readonly repository: string;
  readonly sha: string;
  readonly environment: string;
  readonly ref?: string;
  readonly digest?: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: GateAnswer & {
    readonly error?: string;
    readonly message?: string;
    readonly problems?: readonly { readonly field: string; readonly message: string }[];
  };
}

export async function ask(
  gatehouse: Gatehouse,
  token: string | null,
  question: unknown,
  options: { readonly wait?: number | string; readonly signal?: AbortSignal } = {},
): Promise<Reply> {
  const askedAt = gatehouse.now();
  const query = options.wait === undefined ? "" : `?wait=${options.wait}`;
  const response = await fetch(`${gatehouse.gate.url}/api/v1/gate${query}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body: typeof question === "string" ? question : JSON.stringify(question),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const body = (await response.json()) as Reply["body"];
  if (response.status === 200 && body.decision === "allow")
    watched(gatehouse, token ?? "", question as Question, askedAt, body.title);
  return { status: response.status, headers: response.headers, body };
}

/** Each yes is judged by the oracle, from the simulated GitHub's own state. */
export function watched(
  { oracle, sim }: Gatehouse,
  token: string,
  { repository, sha, environment, ref }: Question,
  askedAt: number,
  title: string,
): void {
  const [, payload = ""] = token.split(".");
  const claims = (
    payload === "" ? {} : JSON.parse(Buffer.from(payload, "base64url").toString())
  ) as { readonly run_id?: string; readonly ref?: string };
  const repo = sim.world.repos.get(sim.world.repoNames.get(repository.toLowerCase()) ?? 0);
  oracle.allowed({
    repo: repository,
    sha,
    environment,
    ref: claims.ref ?? ref ?? repo?.defaultBranch ?? "",
    run: claims.run_id === undefined ? null : Number(claims.run_id),
    askedAt,
    title,
  });
}

/** A token as `gatehouse token create` makes it. */
export async function tokenFor(
  { settings, now }: Gatehouse,
  repositories: readonly string[],
  environments: readonly string[] = [],
  lastsMs = 3_600_000,
): Promise<string> {
  const store = await openStore({ url: settings.databaseUrl, now });
  const { token } = await makeToken(
    store.tokens,
    { now },
    {
      purpose: "api",
      name: "jenkins",
      repositories,
      environments,
      createdBy: "test",
      lastsMs,
    },
  );
  await store.close();
  return token;
}

export interface Job {
  readonly repo: string;
  readonly run: number;
  /** GitHub's own deployment of the job. */
  readonly deployment: number;
  readonly sha: string;
  readonly question: Question;
  readonly token: (over?: Partial<Parameters<Gatehouse["sim"]["oidcToken"]>[0]>) => string;
}

/** A job for an environment without a protection rule: it runs, and asks. */
export function jobIn(gatehouse: Gatehouse, repo: string, environment = "live"): Job {
  const { sim, gate } = gatehouse;
  const { run, deployments } = sim.deploy({ repo, environment, actor: "dave", event: "push" });
  const deployment = deployments[0]?.id ?? 0;
  const { sha } = deploymentOf(sim, repo, deployment);
  return {
    repo,
    run,
    deployment,
    sha,
    question: { repository: repo, sha, environment },
    token: (over = {}) =>
      sim.oidcToken({ repo, sha, run, environment, actor: "dave", audience: gate.url, ...over }),
  };
}

/** A repository of its own, without any environment that asks by itself. */
export function outsideShop({ sim }: Gatehouse, name: string, policy = outsidePolicy): string {
  const repo = newShop(sim, name, policy);
  for (const environment of ["production", "staging"])
    sim.deleteEnvironment({ repo, name: environment });
  return repo;
}
