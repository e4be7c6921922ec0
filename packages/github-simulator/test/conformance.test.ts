import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { routes } from "../src/rest/index.ts";
import { createRouter, find } from "../src/http/router.ts";
import type { Exchange } from "../src/http/server.ts";
import type { Simulator } from "../src/simulator.ts";
import { clientOf } from "../src/world/user-authorization.ts";
import { checkRequest, checkResponse } from "./conformance/openapi.ts";
import { ask, at, jwt, startSimulator, token } from "./client.ts";

/** Every REST route of the simulator is called on a rich world; each answer must fit GitHub's description. */
describe("the simulator's answers fit GitHub's OpenAPI description", () => {
  const exchanges: Exchange[] = [];
  let sim: Simulator;

  beforeAll(async () => {
    sim = await startSimulator({ onExchange: (exchange) => void exchanges.push(exchange) });
    const { installationId } = sim.org({ login: "acme", members: ["ada", "bob"] });
    sim.repo({
      name: "acme/shop",
      properties: { tier: "gold", regions: ["eu", "us"], empty: null },
      files: {
        "README.md": "# Shop\n",
        "src/a.ts": "1\n2\n3\n",
        link: { symlink: "nowhere" },
        lib: { submodule: "1".repeat(40) },
        ".gitmodules": '[submodule "lib"]\n\tpath = lib\n\turl = https://example.com/lib.git\n',
        ".github/workflows/ci.yml": "on: push\n",
        ".github/CODEOWNERS": "* @acme/backend\n/docs/ @acme/db @acme/nobody @carol @nobody\n",
      },
    });
    sim.team({ org: "acme", slug: "backend", members: ["ada"], repos: { "acme/shop": "write" } });
    sim.team({ org: "acme", slug: "db", parent: "backend", members: ["bob"], pending: ["eve"] });
    sim.collaborator({ repo: "acme/shop", login: "carol", role: "triage" });
    sim.ruleset({
      repo: "acme/shop",
      name: "main",
      requiredChecks: [{ context: "gatehouse", appId: 4711 }],
    });
    const pull = sim.openPull({
      repo: "acme/shop",
      author: "ada",
      title: "Fix",
      body: "text",
      labels: ["bug"],
      files: { "src/a.ts": "1\ntwo\n3\n", "docs/b.md": { from: "README.md" } },
    });
    const ghost = sim.openPull({ repo: "acme/shop", author: null, files: { "g.ts": "g\n" } });
    sim.fork({ repo: "acme/shop", owner: "outsider" });
    const fromFork = sim.openPull({
      repo: "acme/shop",
      headRepo: "outsider/shop",
      author: "outsider",
      files: { "f.ts": "f\n" },
    });
    sim.deleteRepo({ repo: "outsider/shop" });
    const review = sim.review({
      repo: "acme/shop",
      number: pull.number,
      by: "bob",
      state: "approve",
    });
    sim.review({
      repo: "acme/shop",
      number: pull.number,
      by: null,
      state: "comment",
      body: "hm",
      commit: null,
    });
    sim.review({ repo: "acme/shop", number: pull.number, by: "carol", state: "pending" });
    sim.requestReview({
      repo: "acme/shop",
      number: pull.number,
      users: ["carol"],
      teams: ["backend"],
    });
    sim.dismissReview({ repo: "acme/shop", number: pull.number, id: review.id, by: "ada" });
    const comment = sim.comment({
      repo: "acme/shop",
      number: pull.number,
      by: "bob",
      body: "/gate status",
    });
    sim.comment({ repo: "acme/shop", number: pull.number, by: null, body: "gone", viaAppId: 4711 });
    sim.react({ repo: "acme/shop", id: comment.id, by: "ada", content: "+1" });
    const issue = sim.openIssue({
      repo: "acme/shop",
      title: "Bug",
      by: "bob",
      labels: ["bug"],
      assignees: ["ada"],
    });
    sim.setIssueState({ repo: "acme/shop", number: issue.number, state: "closed", by: "ada" });
    sim.editPull({ repo: "acme/shop", number: pull.number, title: "Fix it" });
    sim.status({
      repo: "acme/shop",
      sha: pull.headSha,
      context: "ci/old",
      state: "failure",
      description: "no",
    });
    const check = sim.checkRun({
      repo: "acme/shop",
      sha: pull.headSha,
      name: "lint",
      app: "codecov",
      annotations: [
        {
          path: "src/a.ts",
          start_line: 1,
          end_line: 1,
          start_column: null,
          end_column: null,
          annotation_level: "warning",
          title: "t",
          message: "m",
          raw_details: null,
        },
      ],
    });
    sim.checkRun({ repo: "acme/shop", sha: pull.headSha, name: "slow", status: "in_progress" });
    const run = sim.workflowRun({
      repo: "acme/shop",
      sha: pull.headSha,
      jobs: ["unit", { name: "e2e", status: "in_progress" }],
      artifacts: { coverage: { "lcov.info": "TN:\n" } },
      referencedWorkflows: [{ path: "acme/ci/.github/workflows/x.yml@main", sha: "1".repeat(40) }],
    });
    const old = sim.artifact({
      repo: "acme/shop",
      run: run.id,
      name: "old",
      files: {},
      expired: true,
    });
    sim.environment({
      repo: "acme/shop",
      name: "production",
      gate: ["gatehouse", "other-gate"],
      reviewers: { users: ["admin"], teams: ["backend"] },
      waitMinutes: 1,
      branches: ["main"],
    });
    const deployed = sim.deploy({
      repo: "acme/shop",
      environment: ["production", "staging"],
      branch: "main",
      actor: "ada",
    });
    const deployment = deployed.deployments[0]?.id ?? 0;
    sim.codeScan({
      repo: "acme/shop",
      findings: [
        { rule: "xss", path: "src/a.ts", securitySeverity: "critical" },
        { rule: "style", path: "src/a.ts", line: 2 },
      ],
    });
    const scan = sim.codeScan({
      repo: "acme/shop",
      ref: `refs/pull/${pull.number}/merge`,
      tool: "semgrep",
      findings: [{ rule: "sql", path: "src/a.ts" }],
    });
    sim.dismissCodeAlert({ repo: "acme/shop", number: 1, by: "ada", comment: "fine" });
    sim.dependabotAlert({
      repo: "acme/shop",
      package: "lodash",
      severity: "high",
      patched: "4.17.21",
    });
    sim.dependabotAlert({ repo: "acme/shop", package: "minimist", severity: "low" });
    sim.setDependabotAlert({ repo: "acme/shop", number: 2, state: "dismissed", by: "bob" });
    sim.dependencyChanges({
      repo: "acme/shop",
      head: pull.headSha,
      changes: [
        {
          name: "a",
          version: "1.0.0",
          license: null,
          vulnerabilities: [
            {
              severity: "high",
              advisory_ghsa_id: "GHSA-1",
              advisory_summary: "s",
              advisory_url: "https://example.com",
            },
          ],
        },
      ],
    });
    sim.packages({ repo: "acme/shop", packages: [{ name: "a", version: "0.9.0" }] });
    sim.secretAlert({ repo: "acme/shop", locations: [{ path: "src/a.ts", sha: pull.headSha }] });
    sim.setSecretAlert({
      repo: "acme/shop",
      number: 1,
      state: "resolved",
      by: "ada",
      comment: "rotated",
    });
    sim.secretAlert({ repo: "acme/shop" });
    sim.attestation({
      repo: "acme/shop",
      digest: "sha256:ab",
      bundle: {
        mediaType: "application/vnd.dev.sigstore.bundle.v0.3+json",
        verificationMaterial: {},
        dsseEnvelope: {},
      },
    });
    sim.webhook({ url: null });
    sim.manifest({ code: "abc", manifest: { name: "gatehouse" } });
    await sim.settled();

    const as = await token(sim, installationId ?? 0);
    const app = jwt(sim.now());
    const delivery = sim.deliveries[0]?.id ?? 0;
    const label = { labels: ["later"] };
    const shop = [...sim.world.repos.values()].find((repo) => repo.name === "shop");
    if (shop === undefined) throw new Error("no shop");
    const suite = shop.suites.keys().next().value ?? 0;
    const r = "/repos/acme/shop";
    const calls: readonly (readonly [string, string, unknown?])[] = [
      ["GET", "/app"],
      ["GET", "/app/installations"],
      ["GET", `/app/installations/${installationId}`],
      [
        "POST",
        `/app/installations/${installationId}/access_tokens`,
        { repositories: ["shop"], permissions: { checks: "write" } },
      ],
      ["GET", `${r}/installation`],
      ["GET", "/orgs/acme/installation"],
      ["GET", "/users/acme/installation"],
      ["GET", "/app/hook/config"],
      ["PATCH", "/app/hook/config", { url: "http://127.0.0.1:9/", secret: "s" }],
      ["GET", "/app/hook/deliveries?per_page=2"],
      ["GET", `/app/hook/deliveries/${delivery}`],
      ["POST", `/app/hook/deliveries/${delivery}/attempts`],
      ["POST", "/app-manifests/abc/conversions"],
      ["GET", "/apps/gatehouse"],
      ["GET", "/installation/repositories"],
      ["GET", r],
      ["GET", "/repositories/" + String(at((await ask(sim, "GET", r, { as })).body, "id"))],
      ["GET", "/orgs/acme/repos"],
      ["GET", "/orgs/acme/properties/values"],
      ["GET", `${r}/branches`],
      ["GET", `${r}/branches/main`],
      ["GET", `${r}/rules/branches/main`],
      ["GET", `${r}/rulesets`],
      ["GET", `${r}/rulesets/${shop.rulesets[0]?.id}`],
      ["GET", `${r}/properties/values`],
      ["GET", `${r}/activity`],
      ["GET", `${r}/activity?ref=main&activity_type=push`],
      ["GET", "/rate_limit"],
      ["GET", "/meta"],
      ["GET", `${r}/contents`],
      ["GET", `${r}/contents/README.md`],
      ["GET", `${r}/codeowners/errors?ref=main`],
      ["GET", `${r}/contents/src?ref=main`],
      ["GET", `${r}/contents/link`],
      ["GET", `${r}/contents/lib`],
      ["GET", `${r}/git/ref/heads/main`],
      ["GET", `${r}/git/matching-refs/heads/`],
      ["GET", `${r}/git/commits/${pull.headSha}`],
      ["GET", `${r}/git/trees/main?recursive=1`],
      ["GET", `${r}/git/trees/${pull.headSha}`],
      [
        "GET",
        `${r}/git/blobs/${at((await ask(sim, "GET", `${r}/contents/README.md`, { as })).body, "sha") as string}`,
      ],
      ["GET", `${r}/commits`],
      ["GET", `${r}/commits?sha=main&path=src&since=2020-01-01T00:00:00Z`],
      ["GET", `${r}/commits/${pull.headSha}`],
      ["GET", `${r}/commits/${pull.headSha}/pulls`],
      ["GET", `${r}/compare/main...${pull.headSha}`],
      ["GET", `${r}/pulls`],
      ["GET", `${r}/pulls?state=all&sort=updated&direction=desc&per_page=1`],
      ["GET", `${r}/pulls/${pull.number}`],
      ["GET", `${r}/pulls/${ghost.number}`],
      ["GET", `${r}/pulls/${pull.number}/files`],
      ["GET", `${r}/pulls/${pull.number}/commits`],
      ["GET", `${r}/pulls/${pull.number}/reviews`],
      ["GET", `${r}/pulls/${pull.number}/reviews/${review.id}`],
      ["GET", `${r}/pulls/${pull.number}/merge`],
      ["GET", `${r}/commits/${pull.headSha}/check-runs`],
      ["GET", `${r}/commits/${pull.headSha}/check-runs?filter=all&check_name=lint`],
      ["GET", `${r}/check-runs/${check.id}`],
      ["GET", `${r}/check-runs/${check.id}/annotations`],
      ["GET", `${r}/commits/${pull.headSha}/check-suites`],
      ["GET", `${r}/check-suites/${suite}`],
      ["GET", `${r}/check-suites/${suite}/check-runs`],
      ["GET", `${r}/commits/${pull.headSha}/status`],
      ["GET", `${r}/commits/${pull.headSha}/statuses`],
      ["GET", `${r}/issues`],
      ["GET", `${r}/issues?state=closed&labels=bug`],
      ["GET", `${r}/issues/${issue.number}`],
      ["POST", `${r}/issues`, { title: "T", body: "B", labels: ["x"], assignees: ["ada"] }],
      ["PATCH", `${r}/issues/${issue.number}`, { state: "open", labels: ["y"] }],
      ["GET", `${r}/issues/${pull.number}/comments`],
      ["GET", `${r}/issues/comments`],
      ["GET", `${r}/issues/comments/${comment.id}`],
      ["POST", `${r}/issues/${pull.number}/comments`, { body: "hi" }],
      ["PATCH", `${r}/issues/comments/${comment.id}`, { body: "ho" }],
      ["GET", `${r}/issues/comments/${comment.id}/reactions`],
      ["POST", `${r}/issues/comments/${comment.id}/reactions`, { content: "eyes" }],
      ["POST", `${r}/issues/comments/${comment.id}/reactions`, { content: "eyes" }],
      ["GET", `${r}/labels`],
      ["POST", `${r}/labels`, { name: "new", color: "ff0000" }],
      ["GET", `${r}/labels/bug`],
      ["GET", `${r}/issues/${pull.number}/labels`],
      ["POST", `${r}/issues/${pull.number}/labels`, label],
      ["DELETE", `${r}/issues/${pull.number}/labels/later`],
      ["GET", `${r}/issues/${pull.number}/timeline`],
      ["GET", `${r}/issues/${pull.number}/events`],
      ["GET", `${r}/issues/events`],
      ["DELETE", `${r}/issues/${pull.number}/labels`],
      ["GET", "/users/ada"],
      ["GET", `/user/${sim.user({ login: "ada" }).id}`],
      ["GET", "/orgs/acme/members"],
      ["GET", "/orgs/acme/members/ada"],
      ["GET", "/orgs/acme/teams"],
      ["GET", "/orgs/acme/teams/backend"],
      ["GET", "/orgs/acme/teams/backend/members"],
      ["GET", "/orgs/acme/teams/backend/memberships/bob"],
      ["GET", "/orgs/acme/teams/db/memberships/eve"],
      ["GET", "/orgs/acme/teams/backend/teams"],
      ["GET", `${r}/teams`],
      ["GET", `${r}/collaborators`],
      ["GET", `${r}/collaborators/ada`],
      ["GET", `${r}/collaborators/carol/permission`],
      ["GET", `${r}/actions/runs?head_sha=${pull.headSha}`],
      ["GET", `${r}/actions/runs/${run.id}`],
      ["GET", `${r}/actions/runs/${run.id}/attempts/1`],
      ["GET", `${r}/actions/runs/${run.id}/jobs`],
      ["GET", `${r}/actions/runs/${run.id}/attempts/1/jobs`],
      ["GET", `${r}/actions/jobs/${run.jobs[0]?.id}`],
      ["GET", `${r}/actions/runs/${run.id}/artifacts`],
      ["GET", `${r}/actions/artifacts`],
      ["GET", `${r}/actions/artifacts/${run.artifacts[0]?.id}`],
      ["GET", `${r}/actions/artifacts/${run.artifacts[0]?.id}/zip`],
      ["GET", `${r}/actions/artifacts/${old.id}/zip`],
      ["GET", `${r}/actions/workflows`],
      ["GET", `${r}/actions/workflows/ci.yml`],
      ["GET", `${r}/actions/workflows/ci.yml/runs`],
      ["GET", `${r}/code-scanning/alerts`],
      ["GET", `${r}/code-scanning/alerts?ref=refs/pull/${pull.number}/merge&state=open`],
      ["GET", `${r}/code-scanning/alerts/1`],
      ["GET", `${r}/code-scanning/alerts/1/instances`],
      ["GET", `${r}/code-scanning/analyses`],
      ["GET", `${r}/code-scanning/analyses?pr=${pull.number}`],
      ["GET", `${r}/code-scanning/analyses/${scan.analysis}`],
      ["GET", `${r}/dependabot/alerts?per_page=1`],
      ["GET", `${r}/dependabot/alerts?state=open,fixed&severity=high`],
      ["GET", `${r}/dependabot/alerts/2`],
      ["GET", `${r}/dependency-graph/compare/main...${pull.headSha}`],
      ["GET", `${r}/dependency-graph/sbom`],
      ["GET", `${r}/secret-scanning/alerts?hide_secret=true`],
      ["GET", `${r}/secret-scanning/alerts/1`],
      ["GET", `${r}/secret-scanning/alerts/1/locations`],
      ["GET", `${r}/attestations/sha256:ab`],
      ["GET", `${r}/environments`],
      ["GET", `${r}/environments/production`],
      ["GET", `${r}/environments/production/deployment_protection_rules`],
      ["GET", `${r}/environments/production/deployment-branch-policies`],
      [
        "GET",
        `${r}/environments/production/deployment_protection_rules/${shop.environments.get("production")?.rules[0]?.id}`,
      ],
      ["GET", `${r}/deployments`],
      ["GET", `${r}/deployments?environment=production`],
      ["GET", `${r}/deployments/${deployment}`],
      ["GET", `${r}/deployments/${deployment}/statuses`],
      [
        "GET",
        `${r}/deployments/${deployment}/statuses/${shop.deployments.get(deployment)?.statuses[0]?.id}`,
      ],
      [
        "POST",
        `${r}/deployments`,
        {
          ref: "main",
          auto_merge: false,
          required_contexts: [],
          environment: "qa",
          payload: { a: 1 },
          description: null,
        },
      ],
      [
        "POST",
        `${r}/deployments/${deployment}/statuses`,
        { state: "pending", description: "soon", environment_url: "https://example.com" },
      ],
      ["GET", `${r}/actions/runs/${deployed.run}/pending_deployments`],
      ["GET", `${r}/actions/runs/${deployed.run}/jobs`],
      ["GET", `${r}/actions/runs/${deployed.run}/approvals`],
      [
        "POST",
        `${r}/actions/runs/${deployed.run}/deployment_protection_rule`,
        { environment_name: "production", comment: "holds" },
      ],
      [
        "POST",
        `${r}/actions/runs/${deployed.run}/deployment_protection_rule`,
        { environment_name: "production", state: "approved", comment: "fine" },
      ],
      [
        "POST",
        `${r}/actions/runs/${deployed.run}/deployment_protection_rule`,
        { environment_name: "production", state: "approved" },
      ],
      ["GET", `${r}/actions/runs/${deployed.run}/approvals`],
    ];
    for (const [method, path, body] of calls) {
      const isApp = path.startsWith("/app/") || path === "/app" || path.endsWith("/installation");
      const isNobody = path.startsWith("/app-manifests");
      await ask(sim, method, path, {
        ...(isNobody ? {} : { as: isApp ? app : as }),
        ...(body === undefined ? {} : { body }),
      });
    }
    const made = await ask(sim, "POST", `${r}/check-runs`, {
      as,
      body: {
        name: "gatehouse",
        head_sha: pull.headSha,
        status: "in_progress",
        external_id: "x",
        output: {
          title: "t",
          summary: "s",
          annotations: [
            { path: "a", start_line: 1, end_line: 2, annotation_level: "failure", message: "m" },
          ],
        },
      },
    });
    await ask(sim, "PATCH", `${r}/check-runs/${at(made.body, "id") as number}`, {
      as,
      body: {
        status: "completed",
        conclusion: "success",
        actions: [{ label: "Go", description: "Goes", identifier: "go" }],
      },
    });
    // What the App must never ask for, but a person may: a merge, a commit status, taking a reaction or a comment away.
    const person = sim.user({ login: "admin" }).token;
    await ask(sim, "PATCH", `${r}/code-scanning/alerts/2`, {
      as: person,
      body: { state: "dismissed", dismissed_reason: "won't fix", dismissed_comment: "no" },
    });
    await ask(sim, "PUT", `${r}/environments/production`, {
      as: person,
      body: {
        wait_timer: 2,
        prevent_self_review: true,
        reviewers: [{ type: "User", id: sim.user({ login: "admin" }).id }],
        deployment_branch_policy: { protected_branches: false, custom_branch_policies: true },
      },
    });
    await ask(sim, "POST", `${r}/actions/runs/${deployed.run}/pending_deployments`, {
      as: person,
      body: {
        environment_ids: [shop.environments.get("production")?.id],
        state: "approved",
        comment: "go",
      },
    });
    await ask(sim, "POST", `${r}/statuses/${pull.headSha}`, {
      as: person,
      body: { state: "success", context: "x" },
    });
    const reaction = await ask(sim, "POST", `${r}/issues/comments/${comment.id}/reactions`, {
      as: person,
      body: { content: "heart" },
    });
    await ask(
      sim,
      "DELETE",
      `${r}/issues/comments/${comment.id}/reactions/${at(reaction.body, "id") as number}`,
      { as: person },
    );
    await ask(sim, "DELETE", `${r}/issues/comments/${comment.id}`, { as: person });
    await ask(sim, "PUT", `${r}/pulls/${fromFork.number}/merge`, {
      as: person,
      body: { merge_method: "squash", sha: fromFork.headSha },
    });
    await ask(sim, "GET", `${r}/pulls/${fromFork.number}/merge`, { as });
    await ask(sim, "DELETE", "/installation/token", { as });

    // What a person does who signs in with the App.
    const client = clientOf(sim.world.appId);
    const consent = await fetch(
      `${sim.url}/login/oauth/authorize?client_id=${client.id}&redirect_uri=http://127.0.0.1/back&state=s&login=admin`,
      { redirect: "manual" },
    );
    const back = new URL(consent.headers.get("location") ?? "");
    const exchanged = await ask(sim, "POST", "/login/oauth/access_token", {
      body: {
        client_id: client.id,
        client_secret: client.secret,
        code: back.searchParams.get("code"),
        redirect_uri: "http://127.0.0.1/back",
      },
    });
    const personal = String(at(exchanged.body, "access_token"));
    await ask(sim, "GET", "/user", { as: personal });
    await ask(sim, "GET", "/user/teams", { as: personal });
    const installed = await ask(sim, "GET", "/user/installations", { as: personal });
    await ask(
      sim,
      "GET",
      `/user/installations/${String(at(installed.body, "installations", 0, "id"))}/repositories`,
      { as: personal },
    );
    await ask(sim, "DELETE", `/applications/${client.id}/token`, {
      body: { access_token: personal },
    });
  });

  afterAll(() => sim.stop());

  it("asks every route", () => {
    const router = createRouter(routes);
    const asked = new Set(exchanges.map(({ method, path }) => find(router, method, path)?.route));
    expect(
      routes.filter((route) => !asked.has(route)).map((route) => `${route.method} ${route.path}`),
    ).toEqual([]);
  });

  it("answers none with a fault of its own", () => {
    expect(
      exchanges
        .filter(({ status }) => status >= 500)
        .map(({ method, path, responseBody }) => [method, path, responseBody]),
    ).toEqual([]);
  });

  it("answers in GitHub's shapes", () => {
    const documented = exchanges.filter(
      ({ path }) => !path.startsWith("/repositories/") && !path.startsWith("/login/"),
    );
    expect(
      documented.flatMap(({ method, url, status, responseBody }) =>
        checkResponse({ method, url, status, body: responseBody }),
      ),
    ).toEqual([]);
  });

  it("was asked as GitHub's description says one may ask", () => {
    expect(
      exchanges
        // What browsers open and how codes are exchanged is no part of the REST API's description.
        .filter(({ path }) => !path.startsWith("/login/"))
        .flatMap(({ method, url, requestBody }) =>
          checkRequest({ method, url, body: requestBody }),
        ),
    ).toEqual([]);
  });
});
