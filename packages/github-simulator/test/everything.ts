import type { Simulator } from "../src/simulator.ts";

/** Does everything a scenario can do at least once, and returns the names of what it did. */
export function playEverything(simulator: Simulator): ReadonlySet<string> {
  const done = new Set<string>();
  const sim = new Proxy(simulator, {
    get(target, name: keyof Simulator & string) {
      done.add(name);
      return target[name];
    },
  });
  const repo = "acme/shop";
  sim.org({ login: "acme", members: ["ada", "bob"] });
  sim.user({ login: "zed" });
  sim.renameUser({ login: "zed", to: "zoe" });
  sim.orgMember({ org: "acme", login: "eve" });
  sim.orgMember({ org: "acme", login: "mia", state: "pending" });
  sim.repo({ name: repo, files: { "a.ts": "1\n2\n3\n" } });
  sim.team({ org: "acme", slug: "backend", members: ["ada"], repos: { [repo]: "write" } });
  sim.teamMember({ org: "acme", team: "backend", login: "bob" });
  sim.removeTeamMember({ org: "acme", team: "backend", login: "bob" });
  sim.teamRepo({ org: "acme", team: "backend", repo, role: "admin" });
  sim.renameTeam({ org: "acme", team: "backend", to: "core" });
  sim.deleteTeam({ org: "acme", team: "core" });
  sim.collaborator({ repo, login: "carol", role: "triage" });
  sim.collaborator({ repo, login: "carol", role: "write" });
  sim.collaborator({ repo, login: "carol", role: "none" });
  sim.app({ slug: "codecov" });
  sim.manifest({ code: "c", manifest: {} });
  sim.setProperties({ repo, properties: { tier: "gold" } });
  const { id: ruleset } = sim.ruleset({
    repo,
    name: "main",
    requiredChecks: [{ context: "gatehouse" }],
  });
  sim.editRuleset({ repo, id: ruleset, enforcement: "evaluate" });
  const one = sim.openPull({ repo, author: "ada", files: { "b.ts": "b\n" }, labels: ["bug"] });
  const { sha } = sim.commit({ repo, branch: "change-1", files: { "c.ts": "c\n" }, author: "ada" });
  sim.push({ repo, branch: "change-1", sha: one.headSha, force: true });
  sim.push({ repo, branch: "change-1", sha });
  sim.createBranch({ repo, branch: "dev" });
  sim.editPull({ repo, number: one.number, title: "New", body: "text" });
  sim.editPull({ repo, number: one.number, base: "dev" });
  sim.editPull({ repo, number: one.number, base: "main" });
  sim.deleteBranch({ repo, branch: "dev" });
  sim.tag({ repo, tag: "v1" });
  sim.team({ org: "acme", slug: "late" });
  sim.requestReview({ repo, number: one.number, users: ["bob"], teams: ["late"] });
  sim.markDraft({ repo, number: one.number });
  sim.markReady({ repo, number: one.number });
  sim.closePull({ repo, number: one.number });
  sim.reopenPull({ repo, number: one.number });
  const review = sim.review({ repo, number: one.number, by: "bob", state: "approve" });
  sim.editReview({ repo, number: one.number, id: review.id, by: "bob", body: "fine" });
  sim.dismissReview({ repo, number: one.number, id: review.id, by: "ada" });
  const thread = sim.thread({ repo, number: one.number, path: "b.ts", by: "bob" });
  sim.resolveThread({ repo, number: one.number, id: thread.id, by: "ada" });
  sim.unresolveThread({ repo, number: one.number, id: thread.id, by: "bob" });
  sim.label({ repo, number: one.number, label: "hotfix", by: "bob" });
  sim.unlabel({ repo, number: one.number, label: "hotfix", by: "bob" });
  sim.agentStarts({ repo, number: one.number, askedBy: "ada" });
  sim.assign({ repo, number: one.number, to: "bob", by: "ada" });
  const comment = sim.comment({ repo, number: one.number, by: "bob", body: "hi" });
  sim.editComment({ repo, id: comment.id, by: "bob", body: "ho" });
  sim.react({ repo, id: comment.id, by: "ada", content: "eyes" });
  sim.deleteComment({ repo, id: comment.id, by: "bob" });
  const issue = sim.openIssue({ repo, title: "Bug", by: "bob" });
  sim.label({ repo, number: issue.number, label: "bug", by: "ada" });
  sim.unlabel({ repo, number: issue.number, label: "bug", by: "ada" });
  sim.editIssue({ repo, number: issue.number, body: "More of it", by: "ada" });
  sim.setIssueState({ repo, number: issue.number, state: "closed", by: "ada" });
  sim.setIssueState({ repo, number: issue.number, state: "open", by: "ada" });
  sim.updateBranch({ repo, number: one.number });
  const check = sim.checkRun({
    repo,
    sha: "change-1",
    name: "gatehouse",
    app: simulator.world.appId,
    status: "in_progress",
  });
  sim.checkRun({
    repo,
    sha: "change-1",
    name: "gatehouse",
    app: simulator.world.appId,
    conclusion: "success",
    update: true,
  });
  sim.pressCheck({ repo, id: check.id, by: "ada" });
  sim.pressCheck({ repo, id: check.id, by: "ada", identifier: "recheck" });
  sim.rerequestSuite({ repo, sha: "change-1", by: "ada" });
  sim.status({ repo, sha: "change-1", context: "ci", state: "success" });
  const run = sim.workflowRun({
    repo,
    sha: "change-1",
    jobs: ["unit", { name: "e2e", status: "queued" }],
  });
  sim.job({ repo, run: run.id, name: "e2e", status: "in_progress" });
  sim.job({ repo, run: run.id, name: "e2e" });
  sim.rerun({ repo, run: run.id, by: "bob" });
  const held = sim.workflowRun({
    repo,
    sha: "change-1",
    jobs: ["a"],
    conclusion: "action_required",
  });
  sim.approveRun({ repo, run: held.id, by: "bob" });
  sim.cancelRun({ repo, run: held.id, by: "bob" });
  sim.deleteRun({ repo, run: held.id });
  sim.artifact({ repo, run: run.id, name: "coverage", files: { "lcov.info": "" } });
  sim.enqueuePull({ repo, number: one.number });
  sim.dequeuePull({ repo, number: one.number });
  sim.enqueuePull({ repo, number: one.number });
  sim.mergeGroup({ repo, number: one.number });
  sim.environment({ repo, name: "staging" });
  sim.environment({
    repo,
    name: "production",
    gate: true,
    reviewers: { users: ["bob"] },
    waitMinutes: 5,
    branches: ["main"],
  });
  const early = sim.deploy({
    repo,
    environment: ["staging", "production"],
    sha: "main",
    branch: "main",
    actor: "ada",
  });
  sim.finishDeployment({ repo, deployment: early.deployments[0]?.id ?? 0 });
  sim.reviewDeployment({ repo, run: early.run, by: "bob", state: "approved", comment: "go" });
  sim.startWaitingJobs({ repo, run: early.run, by: "admin" });
  sim.finishDeployment({ repo, deployment: early.deployments[1]?.id ?? 0, state: "failure" });
  const refused = sim.deploy({ repo, environment: "production", branch: "main" });
  sim.reviewDeployment({ repo, run: refused.run, by: "bob", state: "rejected", comment: "no" });
  sim.rerun({ repo, run: refused.run, by: "eve" });
  const api = sim.apiDeployment({ repo, environment: "prodution" });
  sim.deploymentStatus({ repo, deployment: api.id, state: "success" });
  sim.deleteEnvironment({ repo, name: "prodution" });
  sim.scanning({ repo, codeScanning: true });
  const finding = { rule: "sql", path: "a.ts", line: 2, securitySeverity: "high" as const };
  const scan = sim.codeScan({ repo, findings: [finding] });
  sim.createBranch({ repo, branch: "side" });
  sim.codeScan({ repo, ref: "side", findings: [finding] });
  sim.codeScan({ repo, ref: "side" });
  sim.codeScan({ repo, ref: "side", findings: [finding] });
  sim.dismissCodeAlert({ repo, number: scan.alerts[0] ?? 0, by: "ada", reason: "false positive" });
  sim.dismissCodeAlert({ repo, number: scan.alerts[0] ?? 0, by: "ada", reason: null });
  sim.deleteAnalysis({ repo, analysis: sim.codeScan({ repo, ref: "side" }).analysis });
  const vulnerable = sim.dependabotAlert({
    repo,
    package: "lodash",
    severity: "critical",
    cve: "CVE-2025-1234",
  });
  sim.setDependabotAlert({ repo, number: vulnerable.number, state: "dismissed", by: "ada" });
  sim.setDependabotAlert({ repo, number: vulnerable.number, state: "open", by: "ada" });
  sim.setDependabotAlert({ repo, number: vulnerable.number, state: "fixed" });
  sim.dependencyChanges({ repo, head: "main", changes: [{ name: "lodash", version: "4.17.21" }] });
  sim.packages({ repo, packages: [{ name: "lodash", version: "4.17.20" }] });
  const leaked = sim.secretAlert({ repo, locations: [{ path: "a.ts", sha: "main" }] });
  sim.setSecretAlert({ repo, number: leaked.number, state: "resolved", by: "ada" });
  sim.setSecretAlert({ repo, number: leaked.number, state: "open", by: "ada" });
  const attested = sim.attestation({ repo, digest: "sha256:00", bundle: {} });
  sim.withdrawAttestation({ repo, id: attested.id });
  sim.attestation({ repo, digest: "sha256:00", bundle: {} });
  sim.oidcToken({ repo, sha: "main", audience: "https://gate.example.com" });
  sim.oidcRequest({ repo, sha: "main" });
  sim.rotateOidcKeys({});
  const below = sim.openPull({ repo, author: "ada", head: "below", files: { "s.ts": "1\n" } });
  const above = sim.openPull({
    repo,
    author: "ada",
    head: "above",
    base: "below",
    files: { "t.ts": "1\n" },
  });
  const stacked = sim.stack({ repo, pulls: [below.number, above.number] });
  const top = sim.openPull({
    repo,
    author: "ada",
    head: "top",
    base: "above",
    files: { "u.ts": "1\n" },
  });
  sim.addToStack({ repo, stack: stacked.number, pull: top.number });
  sim.review({ repo, number: top.number, by: "bob", state: "comment" });
  sim.createBranch({ repo, branch: "next" });
  sim.retargetStack({ repo, stack: stacked.number, base: "next" });
  sim.leaveStack({ repo, pull: top.number });
  sim.mergePull({ repo, number: below.number, by: "bob" });
  sim.deleteBranch({ repo, branch: "below" });
  sim.queueLag({ repo, entries: 0 });
  const two = sim.openPull({ repo, author: null, files: { "d.ts": "d\n" } });
  sim.mergePull({ repo, number: two.number, by: "bob", method: "squash" });
  sim.fork({ repo, owner: "out" });
  const fork = sim.openPull({
    repo,
    headRepo: "out/shop",
    author: "out",
    files: { "e.ts": "e\n" },
  });
  sim.deleteRepo({ repo: "out/shop" });
  sim.comment({ repo, number: fork.number, by: null, body: "x" });
  sim.editRepo({ repo, private: true, defaultBranch: "change-1" });
  sim.editRepo({ repo, private: false });
  sim.renameRepo({ repo, to: "store" });
  sim.archiveRepo({ repo: "acme/store" });
  sim.archiveRepo({ repo: "acme/store", archived: false });
  sim.org({ login: "other", install: false });
  sim.installApp({ account: "other" });
  sim.transferRepo({ repo: "acme/store", to: "other" });
  sim.removeOrgMember({ org: "acme", login: "eve" });
  sim.selectRepos({ account: "other", repos: [] });
  sim.selectRepos({ account: "other", repos: "all" });
  sim.setPermissions({
    account: "other",
    permissions: simulator.world.installations.values().next().value?.permissions ?? {},
  });
  sim.suspend({ account: "other" });
  sim.unsuspend({ account: "other" });
  sim.uninstall({ account: "other" });
  return done;
}
