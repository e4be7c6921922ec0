import { accountOf } from "./world/accounts.ts";
import { fullName } from "./world/lookup.ts";
import { iso } from "./render/account.ts";
import { readObject } from "./http/json.ts";
import type { Reply } from "./http/reply.ts";
import type { Repo } from "./world/repositories.ts";
import type { World } from "./world/world.ts";

/** Downloads of artifacts: the short-lived address to which the API redirects. */
export function blob(world: World, url: URL): Reply {
  const [, , repoId, artifactId, until] = url.pathname.split("/");
  const found = world.repos.get(Number(repoId))?.artifacts.get(Number(artifactId));
  if (found === undefined || Number(until) < world.now())
    return { status: 403, body: { message: "Signature not valid in the specified time frame" } };
  return { status: 200, raw: found.zip, headers: { "content-type": "application/zip" } };
}

/** A bundle where GitHub keeps those it does not show in the list: one block of Snappy, all of it literal. */
export function storedBundle(world: World, url: URL): Reply {
  const [, , repoId, id] = url.pathname.split("/");
  const found = world.repos
    .get(Number(repoId))
    ?.evidence.attestations.find((one) => one.id === Number(id) && one.stored);
  if (found === undefined)
    return { status: 404, body: { message: "The specified blob does not exist." } };
  const content = Buffer.from(JSON.stringify(found.bundle), "utf8");
  const length: number[] = [];
  for (let rest = content.length; length.length === 0 || rest > 0; rest = Math.floor(rest / 128))
    length.push((rest % 128) + (rest >= 128 ? 128 : 0));
  const literal = Buffer.alloc(5);
  literal.writeUInt8(63 << 2, 0);
  literal.writeUInt32LE(content.length - 1, 1);
  return {
    status: 200,
    raw: Buffer.concat([Buffer.from(length), literal, content]),
    headers: { "content-type": "application/x-snappy" },
  };
}

function repoState(world: World, repo: Repo): Record<string, unknown> {
  const login = (id: number | null): string | null =>
    id === null ? null : accountOf(world, id).login;
  return {
    id: repo.id,
    name: fullName(world, repo),
    private: repo.private,
    archived: repo.archived,
    refs: Object.fromEntries(repo.refs),
    pulls: [...repo.pulls.values()].map((pull) => {
      const issue = repo.issues.get(pull.number);
      return {
        number: pull.number,
        title: issue?.title,
        state: pull.merged ? "merged" : issue?.state,
        head: pull.headSha,
        base: pull.baseRef,
        labels: issue?.labels.map((one) => one.name),
        comments: issue?.comments.map((one) => ({
          id: one.id,
          by: login(one.authorId),
          body: one.body,
          reactions: one.reactions.map((r) => r.content),
        })),
        reviews: pull.reviews.map((one) => ({
          by: login(one.authorId),
          state: one.state,
          commit: one.commitId,
        })),
      };
    }),
    issues: [...repo.issues.values()]
      .filter((one) => !one.isPull)
      .map((one) => ({
        number: one.number,
        title: one.title,
        state: one.state,
        body: one.body,
        labels: one.labels.map((label) => label.name),
        assignees: one.assigneeIds.map(login),
      })),
    checkRuns: [...repo.checkRuns.values()].map((run) => ({
      id: run.id,
      name: run.name,
      app: world.apps.get(run.appId)?.slug,
      sha: run.headSha,
      status: run.status,
      conclusion: run.conclusion,
      title: run.title,
      summary: run.summary,
      text: run.text,
      annotations: run.annotations.length,
      externalId: run.externalId,
      actions: run.actions,
    })),
    deployments: [...repo.deployments.values()].map((one) => ({
      id: one.id,
      environment: one.environment,
      sha: one.sha,
      state: one.statuses.at(-1)?.state ?? null,
      run: one.runId,
      gate:
        one.gate === null
          ? null
          : { state: one.gate.state, reports: [...one.gate.reports.values()].flat() },
    })),
  };
}

/** What a person, or an acceptance program, wants to see: repositories with their pull requests, checks, deployments. */
export function state(world: World): Record<string, unknown> {
  return {
    now: iso(world.now()),
    installations: [...world.installations.values()].map((one) => ({
      id: one.id,
      account: accountOf(world, one.accountId).login,
      suspended: one.suspendedAt !== null,
      permissions: one.permissions,
    })),
    repositories: [...world.repos.values()].map((repo) => repoState(world, repo)),
    deliveries: world.outbox.log.map((one) => ({
      id: one.id,
      guid: one.guid,
      event: one.event,
      action: one.action,
      status: one.statusCode,
      redelivery: one.redelivery,
    })),
  };
}

/** Runs one named action with a JSON body; a wrong name or input is 400 with the reason. */
export async function act(
  actions: Readonly<Record<string, (input: never) => unknown>>,
  name: string,
  body: string,
): Promise<Reply> {
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined)
    return { status: 404, body: { message: `no action "${name}"`, actions: Object.keys(actions) } };
  const input = readObject(body);
  if (input === null) return { status: 400, body: { message: "the body is not JSON" } };
  try {
    const result: unknown = await action(input as never);
    return { status: 200, body: result ?? {} };
  } catch (error) {
    return {
      status: 400,
      body: { message: error instanceof Error ? error.message : String(error) },
    };
  }
}
