import type { Simulator } from "@gatehouse/github-simulator";

export const repo = "acme/shop";
const environment = "production";
const freeze = "month-end";

const policy = `version: 1
rules:
  - name: reviewed
    description: Somebody else has read it.
    require: { reviews: { approvals: 1 } }
  - name: tests
    description: The unit tests pass.
    require: { checks: { names: [unit], app: github-actions } }
  - name: not-frozen
    description: Nobody froze the environment.
    when: { environments: [production] }
    require: { not_frozen: true }
`;

/** What GitHub's page of a pull request would show. */
export interface Seen {
  readonly number: number;
  readonly title: string;
  readonly branch: string;
  readonly state: "open" | "merged";
  readonly reviews: readonly { readonly by: string; readonly state: string }[];
  readonly checks: readonly SeenCheck[];
  readonly comments: readonly { readonly by: string; readonly body: string }[];
  readonly deployments: readonly {
    readonly id: number;
    readonly sha: string;
    readonly gate: string;
    readonly state: string;
  }[];
  /** The newest word of the gate on what is to be deployed. */
  readonly deploymentCheck: SeenCheck | null;
  readonly isFrozen: boolean;
}

export interface SeenCheck {
  readonly name: string;
  readonly state: string;
  readonly title: string;
  readonly summary: string;
  readonly details: string | null;
}

export interface Story {
  readonly see: () => Seen;
  /** What each button does; the rest of the world answers by itself. */
  readonly acts: Readonly<Record<string, () => void>>;
}

/** A pull request and an environment to play with: ada wrote it, bob reviews, carol may freeze. */
export function tellStory(sim: Simulator): Story {
  sim.org({ login: "acme", members: ["ada", "bob", "carol"] });
  sim.repo({
    name: repo,
    files: { ".github/gatehouse.yml": policy, "src/cart.ts": "export const total = 0;\n" },
  });
  for (const [login, role] of [
    ["ada", "write"],
    ["bob", "write"],
    ["carol", "maintain"],
  ] as const)
    sim.collaborator({ repo, login, role });
  sim.environment({ repo, name: environment, gate: true });

  const id = sim.world.repoNames.get(repo);
  const repository = id === undefined ? undefined : sim.world.repos.get(id);
  if (repository === undefined) throw new Error(`no ${repo} in the simulated GitHub`);
  const login = (of: number | null): string =>
    (of === null ? undefined : sim.world.accounts.get(of))?.login ?? "gatehouse[bot]";

  let opened = 0;
  let number = 0;
  let run: number | null = null;
  let isFrozen = false;

  const pullNow = () => {
    const [pull, issue] = [repository.pulls.get(number), repository.issues.get(number)];
    if (pull === undefined || issue === undefined) throw new Error(`no pull request ${number}`);
    return { pull, issue };
  };

  function open(): void {
    opened += 1;
    run = null;
    const made = sim.openPull({
      repo,
      title: opened === 1 ? "Count the cart" : `Count the cart, part ${opened}`,
      author: "ada",
      head: `cart-${opened}`,
      files: { "src/cart.ts": `export const total = ${opened};\n` },
    });
    number = made.number;
  }

  function test(conclusion: "success" | "failure"): void {
    const { headSha } = pullNow().pull;
    if (run === null) {
      const path = ".github/workflows/ci.yml";
      const jobs = [{ name: "unit", status: "completed" as const, conclusion }];
      run = sim.workflowRun({ repo, sha: headSha, path, jobs }).id;
      return;
    }
    sim.rerun({ repo, run, by: "ada" });
    sim.job({ repo, run, name: "unit", status: "completed", conclusion });
  }

  const checkOf = (sha: string, names: (name: string) => boolean): readonly SeenCheck[] => {
    const newest = new Map<string, SeenCheck>();
    for (const each of repository.checkRuns.values())
      if (each.headSha === sha && names(each.name))
        newest.set(each.name, {
          name: each.name,
          state: each.conclusion ?? each.status,
          title: each.title ?? "",
          summary: each.summary ?? "",
          details: each.detailsUrl,
        });
    return [...newest.values()];
  };

  open();
  return {
    see: () => {
      const { pull, issue } = pullNow();
      const deployments = [...repository.deployments.values()].reverse();
      const [newest] = deployments;
      return {
        number,
        title: issue.title,
        branch: pull.headRef,
        state: pull.merged ? "merged" : "open",
        reviews: pull.reviews.map(({ authorId, state }) => ({
          by: login(authorId),
          state: state.toLowerCase().replaceAll("_", " "),
        })),
        checks: checkOf(pull.headSha, (name) => !name.includes("/")),
        comments: issue.comments.map(({ authorId, body }) => ({ by: login(authorId), body })),
        deployments: deployments.map((each) => ({
          id: each.id,
          sha: each.sha,
          gate: each.gate?.state ?? "waiting",
          state: each.statuses.at(-1)?.state ?? "queued",
        })),
        deploymentCheck:
          newest === undefined
            ? null
            : (checkOf(newest.sha, (name) => name === `gatehouse / ${environment}`)[0] ?? null),
        isFrozen,
      };
    },
    acts: {
      approve: () => void sim.review({ repo, number, by: "bob", state: "approve" }),
      fail: () => test("failure"),
      pass: () => test("success"),
      push: () => {
        const { pull } = pullNow();
        run = null;
        const files = { "src/cart.ts": `export const total = ${sim.now()};\n` };
        sim.commit({ repo, branch: pull.headRef, author: "ada", files, message: "Count again" });
      },
      merge: () => {
        // GitHub keeps the button grey while a required check is not green.
        const gate = checkOf(pullNow().pull.headSha, (name) => name === "gatehouse")[0];
        if (gate?.state === "success") sim.mergePull({ repo, number, by: "ada" });
      },
      again: open,
      deploy: () => void sim.deploy({ repo, environment, actor: "ada" }),
      finish: () => {
        for (const each of repository.deployments.values())
          if (each.gate?.state === "approved" && each.statuses.at(-1)?.state !== "success")
            sim.finishDeployment({ repo, deployment: each.id });
      },
      freeze: () => {
        const body = `/gate freeze ${environment} as ${freeze} the books are closing`;
        sim.comment({ repo, number, by: "carol", body });
        isFrozen = true;
      },
      unfreeze: () => {
        const body = `/gate unfreeze ${freeze} the books are closed`;
        sim.comment({ repo, number, by: "carol", body });
        isFrozen = false;
      },
    },
  };
}
