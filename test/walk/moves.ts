import type { Simulator } from "@gatehouse/github-simulator";
import type { Pull } from "@gatehouse/github-simulator/world/pulls.ts";
import type { Repo } from "@gatehouse/github-simulator/world/repositories.ts";
import type { WatchedGate } from "../e2e/harness.ts";
import { performOnBranches, type BranchMove } from "./branch-moves.ts";
import { sweepSoon } from "./sweep.ts";

/** One step of a walk as data: a trace of them is played again. Things are named as a reader would, never by ids. */
export type Move =
  | BranchMove
  | {
      readonly do: "open";
      readonly repo: string;
      readonly by: string;
      readonly head: string;
      readonly base: string;
      readonly title: string;
      readonly path: string;
    }
  | {
      readonly do: "push";
      readonly repo: string;
      readonly branch: string;
      readonly by: string;
      readonly author: string;
      readonly path: string;
      readonly text: string;
      readonly coauthor?: string;
      readonly force?: boolean;
    }
  | {
      readonly do: "retarget" | "title";
      readonly repo: string;
      readonly number: number;
      readonly to: string;
      readonly by: string;
    }
  | {
      readonly do: "review";
      readonly repo: string;
      readonly number: number;
      readonly by: string;
      readonly state: "approve" | "request_changes" | "comment";
    }
  | { readonly do: "dismiss"; readonly repo: string; readonly number: number; readonly nth: number }
  | {
      readonly do:
        | "thread"
        | "resolve"
        | "merge"
        | "close"
        | "reopen"
        | "update"
        | "enqueue"
        | "dequeue"
        | "mergeGroup";
      readonly repo: string;
      readonly number: number;
      readonly by: string;
    }
  | {
      readonly do: "checks";
      readonly repo: string;
      readonly number: number;
      readonly isGroup: boolean;
      readonly event: string;
      readonly jobs: readonly { readonly name: string; readonly conclusion: string }[];
    }
  | {
      readonly do: "check";
      readonly repo: string;
      readonly number: number;
      readonly name: string;
      readonly app: string;
      readonly conclusion: string;
    }
  | {
      readonly do: "rerun";
      readonly repo: string;
      readonly nth: number;
      readonly conclusion: string;
    }
  | {
      readonly do: "label" | "unlabel";
      readonly repo: string;
      readonly number: number;
      readonly label: string;
      readonly by: string;
      readonly viaApp?: boolean;
    }
  | {
      readonly do: "say";
      readonly repo: string;
      readonly number: number;
      readonly by: string;
      readonly body: string;
      readonly viaApp?: boolean;
    }
  | {
      readonly do: "deploy";
      readonly repo: string;
      readonly environment: string;
      readonly actor: string;
      readonly event?: string;
      /** What the nth deployment there was of, once more. */
      readonly again?: number;
    }
  | {
      readonly do: "scan";
      readonly repo: string;
      readonly number: number;
      readonly rules: readonly string[];
    }
  | {
      readonly do: "dismissAlert";
      readonly repo: string;
      readonly nth: number;
      readonly by: string;
      readonly isBack: boolean;
    }
  | { readonly do: "clock"; readonly ms: number }
  | { readonly do: "sweep" }
  | {
      readonly do: "finish";
      readonly repo: string;
      readonly nth: number;
      readonly state: "success" | "failure";
    }
  | { readonly do: "policy"; readonly repo: string; readonly text: string | null }
  | { readonly do: "join" | "leave"; readonly team: string; readonly login: string }
  | {
      readonly do: "role";
      readonly repo: string;
      readonly login: string;
      readonly role: "read" | "triage" | "write" | "maintain";
    }
  | { readonly do: "lose"; readonly times: number; readonly isSilent: boolean }
  | { readonly do: "double"; readonly times: number }
  | { readonly do: "late"; readonly times: number; readonly ms: number }
  | { readonly do: "hold" }
  | { readonly do: "release"; readonly order: "kept" | "reversed" | "shuffled" }
  | { readonly do: "restart"; readonly isAbrupt: boolean }
  | { readonly do: "pause"; readonly ms: number }
  | { readonly do: "quiet" };

export function repoOf(sim: Simulator, name: string): Repo {
  const found = sim.world.repos.get(sim.world.repoNames.get(name) ?? -1);
  if (found === undefined) throw new Error(`no repository ${name}`);
  return found;
}

function pullOf(sim: Simulator, repo: string, number: number): Pull {
  const found = repoOf(sim, repo).pulls.get(number);
  if (found === undefined) throw new Error(`no pull request ${number}`);
  return found;
}

const someApp = (sim: Simulator): number => {
  const found = [...sim.world.apps.values()].find((one) => one.slug === "ci");
  if (found === undefined) throw new Error("no other app");
  return found.id;
};

/** The commit of an earlier deployment to the same environment. */
function earlier(
  sim: Simulator,
  { repo, environment }: { readonly repo: string; readonly environment: string },
  nth: number,
): string {
  const found = [...repoOf(sim, repo).deployments.values()]
    .filter((one) => one.environment === environment)
    .at(nth);
  if (found === undefined) throw new Error(`nothing was deployed to ${environment}`);
  return found.sha;
}

/** Does one move; what is not possible any more when a trace is played with steps left out is passed over. */
export async function perform(gatehouse: WatchedGate, move: Move): Promise<void> {
  const { sim } = gatehouse;
  switch (move.do) {
    case "open":
      sim.openPull({
        repo: move.repo,
        author: move.by,
        head: move.head,
        base: move.base,
        title: move.title,
        files: { [move.path]: `${move.head}\n` },
      });
      return;
    case "push":
      sim.commit({
        repo: move.repo,
        branch: move.branch,
        author: move.author,
        pusher: move.by,
        files: { [move.path]: move.text },
        ...(move.coauthor === undefined ? {} : { coauthors: [move.coauthor] }),
        ...(move.force === true ? { force: true, parent: "main" } : {}),
      });
      return;
    case "retarget":
      sim.editPull({ repo: move.repo, number: move.number, base: move.to, by: move.by });
      return;
    case "title":
      sim.editPull({ repo: move.repo, number: move.number, title: move.to, by: move.by });
      return;
    case "review":
      sim.review({ repo: move.repo, number: move.number, by: move.by, state: move.state });
      return;
    case "dismiss": {
      const { reviews } = pullOf(sim, move.repo, move.number);
      const found = reviews
        .filter((one) => one.state === "APPROVED" || one.state === "CHANGES_REQUESTED")
        .at(move.nth);
      if (found !== undefined)
        sim.dismissReview({ repo: move.repo, number: move.number, id: found.id, by: "frank" });
      return;
    }
    case "thread":
      sim.thread({ repo: move.repo, number: move.number, path: "src/a.ts", by: move.by });
      return;
    case "resolve":
      for (const one of pullOf(sim, move.repo, move.number).threads)
        if (!one.resolved)
          sim.resolveThread({ repo: move.repo, number: move.number, id: one.id, by: move.by });
      return;
    case "merge":
      sim.mergePull({ repo: move.repo, number: move.number, by: move.by });
      return;
    case "close":
      sim.closePull({ repo: move.repo, number: move.number, by: move.by });
      return;
    case "reopen":
      sim.reopenPull({ repo: move.repo, number: move.number, by: move.by });
      return;
    case "update":
      sim.updateBranch({ repo: move.repo, number: move.number, by: move.by });
      return;
    case "enqueue":
      sim.enqueuePull({ repo: move.repo, number: move.number, by: move.by });
      return;
    case "dequeue":
      sim.dequeuePull({ repo: move.repo, number: move.number, by: move.by });
      return;
    case "mergeGroup":
      sim.mergeGroup({ repo: move.repo, number: move.number });
      return;
    case "checks": {
      const pull = pullOf(sim, move.repo, move.number);
      const sha = move.isGroup ? pull.queue?.headSha : pull.headSha;
      if (sha !== undefined && sha !== null)
        sim.workflowRun({ repo: move.repo, sha, event: move.event, jobs: move.jobs });
      return;
    }
    case "check":
      sim.checkRun({
        repo: move.repo,
        sha: pullOf(sim, move.repo, move.number).headSha,
        name: move.name,
        app: move.app,
        conclusion: move.conclusion,
      });
      return;
    case "rerun": {
      const run = [...repoOf(sim, move.repo).runs.values()]
        .filter((one) => one.path.endsWith("ci.yml"))
        .at(move.nth);
      if (run !== undefined)
        sim.rerun({ repo: move.repo, run: run.id, by: "ada", conclusion: move.conclusion });
      return;
    }
    case "label":
    case "unlabel":
      sim[move.do]({
        repo: move.repo,
        number: move.number,
        label: move.label,
        by: move.by,
        ...(move.viaApp === true ? { viaAppId: someApp(sim) } : {}),
      });
      return;
    case "say":
      sim.comment({
        repo: move.repo,
        number: move.number,
        by: move.by,
        body: move.body,
        ...(move.viaApp === true ? { viaAppId: someApp(sim) } : {}),
      });
      return;
    case "deploy":
      sim.deploy({
        repo: move.repo,
        environment: move.environment,
        actor: move.actor,
        ...(move.event === undefined ? {} : { event: move.event }),
        ...(move.again === undefined ? {} : { sha: earlier(sim, move, move.again) }),
      });
      return;
    case "stack":
    case "stackOn":
    case "retargetStack":
    case "leaveStack":
    case "deleteBranch":
      performOnBranches(sim, repoOf(sim, move.repo), move);
      return;
    case "scan":
      sim.codeScan({
        repo: move.repo,
        ref: `refs/pull/${move.number}/merge`,
        findings: move.rules.map((rule) => ({
          rule,
          path: "src/a.ts",
          severity: "error",
          securitySeverity: "high",
        })),
      });
      return;
    case "dismissAlert": {
      const alert = repoOf(sim, move.repo).evidence.codeAlerts.at(move.nth);
      if (alert === undefined) throw new Error("no alert");
      sim.dismissCodeAlert({
        repo: move.repo,
        number: alert.number,
        by: move.by,
        ...(move.isBack ? { reason: null } : {}),
      });
      return;
    }
    case "clock":
      gatehouse.advance(move.ms);
      return;
    case "sweep":
      await sweepSoon(gatehouse);
      return;
    case "finish": {
      const going = [...repoOf(sim, move.repo).deployments.values()].filter(
        (one) => one.statuses.at(-1)?.state === "in_progress",
      );
      const found = going.at(move.nth);
      if (found !== undefined)
        sim.finishDeployment({ repo: move.repo, deployment: found.id, state: move.state });
      return;
    }
    case "policy":
      sim.commit({
        repo: move.repo,
        files: { ".github/gatehouse.yml": move.text },
        author: "frank",
        message: "chore: policy",
      });
      return;
    case "join":
      sim.teamMember({ org: "acme", team: move.team, login: move.login });
      return;
    case "leave":
      sim.removeTeamMember({ org: "acme", team: move.team, login: move.login });
      return;
    case "role":
      sim.collaborator({ repo: move.repo, login: move.login, role: move.role });
      return;
    case "lose":
      sim.deliveryFault({
        times: move.times,
        ...(move.isSilent ? { suppress: true } : { drop: true }),
      });
      return;
    case "double":
      sim.deliveryFault({ times: move.times, duplicate: 1 });
      return;
    case "late":
      sim.deliveryFault({ times: move.times, delayMs: move.ms });
      return;
    case "hold":
      sim.holdWebhooks();
      return;
    case "release":
      sim.releaseWebhooks({ order: move.order });
      return;
    case "restart":
      await gatehouse.restart(move.isAbrupt ? 0 : 5000);
      return;
    case "pause":
      await new Promise((resolve) => setTimeout(resolve, move.ms));
      return;
    case "quiet":
      return;
  }
}
