import {
  gateSays,
  runGatehouse,
  until,
  type CheckRunSeen,
  type Gatehouse,
  type GatehouseOptions,
} from "./harness.ts";

export const repo = "acme/shop";

/** Two people may override, one of them wrote nothing; a label, a review, a window's worth of authority. */
export const peoplePolicy = `version: 1
commands: { bare: true }
rules:
  - name: reviewed
    require: { reviews: { approvals: 1 } }
  - name: titled
    require: { title: { pattern: "^feat: " } }
  - name: not-frozen
    applies_to: deployment
    require: { not_frozen: true }
  - name: release-approval
    when: { environments: [production] }
    require: { approvals: { count: 1, teams: [seniors] } }
overrides:
  - name: emergency
    label: emergency
    rules: [reviewed]
    by: { teams: [commanders] }
    confirmations: 1
    lasts: 4h
    ticket: required
    post_review: { within: 2d, teams: [security] }
  - name: hotfix
    rules: [reviewed]
    by: { teams: [commanders] }
    lasts: 2h
freezers: { teams: [seniors] }
`;

export interface Opened {
  readonly number: number;
  readonly headSha: string;
}

export interface PeopleWorld {
  readonly gatehouse: Gatehouse;
  readonly sim: Gatehouse["sim"];
  readonly open: (input?: Partial<Parameters<Gatehouse["sim"]["openPull"]>[0]>) => Opened;
  /** Comments as somebody; answers the comment's id. */
  readonly say: (number: number, by: string, body: string) => number;
  readonly reactions: (number: number, comment: number) => readonly string[];
  readonly reacted: (number: number, comment: number, content: string) => Promise<unknown>;
  /** The summary comments on a pull request (at most one is ever right). */
  readonly words: (number: number) => readonly string[];
  readonly wordsSay: (number: number, what: RegExp) => Promise<string>;
  readonly labelsOn: (number: number) => readonly string[];
  readonly issues: () => readonly {
    readonly number: number;
    readonly title: string;
    readonly state: string;
    readonly body: string;
  }[];
  readonly waiting: (sha: string, title?: RegExp) => Promise<CheckRunSeen>;
  readonly green: (sha: string, title?: RegExp) => Promise<CheckRunSeen>;
}

/**
 * ada writes, bob triages and commands, carol maintains and commands, dora is a senior and reviews security, eve reads,
 * mallory is nobody here.
 */
export async function peopleWorld(
  policy = peoplePolicy,
  options: GatehouseOptions = {},
): Promise<PeopleWorld> {
  const gatehouse = await runGatehouse({ skipsWaits: true, ...options });
  const { sim } = gatehouse;
  sim.org({ login: "acme", members: ["ada", "bob", "carol", "dora", "eve"] });
  sim.user({ login: "mallory" });
  sim.repo({ name: repo, files: { "src/a.ts": "1\n", ".github/gatehouse.yml": policy } });
  for (const [login, role] of [
    ["ada", "write"],
    ["bob", "triage"],
    ["carol", "maintain"],
    ["dora", "write"],
    ["eve", "read"],
  ] as const)
    sim.collaborator({ repo, login, role });
  sim.team({ org: "acme", slug: "commanders", members: ["bob", "carol"] });
  sim.team({ org: "acme", slug: "seniors", members: ["dora"] });
  sim.team({ org: "acme", slug: "security", members: ["dora"] });
  const issueOf = (number: number) => {
    const id = sim.world.repoNames.get(repo);
    const issue = id === undefined ? undefined : sim.world.repos.get(id)?.issues.get(number);
    if (issue === undefined) throw new Error(`no issue ${number}`);
    return issue;
  };
  const ourBodies = (number: number): readonly string[] =>
    issueOf(number)
      .comments.filter((comment) => comment.viaAppId !== null)
      .map((comment) => comment.body);
  const reactions = (number: number, comment: number): readonly string[] =>
    issueOf(number)
      .comments.find((each) => each.id === comment)
      ?.reactions.map((reaction) => reaction.content) ?? [];
  return {
    gatehouse,
    sim,
    open: (input = {}) =>
      sim.openPull({
        repo,
        author: "ada",
        head: "topic",
        title: "feat: something",
        files: { "src/a.ts": "2\n" },
        ...input,
      }),
    say: (number, by, body) => sim.comment({ repo, number, by, body }).id,
    reactions,
    reacted: (number, comment, content) =>
      until(
        `reaction ${content}`,
        () => reactions(number, comment),
        (seen) => seen.includes(content),
      ),
    words: ourBodies,
    wordsSay: async (number, what) =>
      (
        await until(
          `a comment that says ${what}`,
          () => ourBodies(number),
          (seen) => seen.some((body) => what.test(body)),
        )
      ).join("\n"),
    labelsOn: (number) => issueOf(number).labels.map((label) => label.name),
    issues: () => {
      const id = sim.world.repoNames.get(repo);
      return [...(id === undefined ? [] : (sim.world.repos.get(id)?.issues.values() ?? []))]
        .filter((issue) => !issue.isPull)
        .map(({ number, title, state, body }) => ({ number, title, state, body: body ?? "" }));
    },
    waiting: (sha, title = /./) =>
      gateSays(
        sim,
        repo,
        sha,
        (run) => run.status === "in_progress" && title.test(run.title ?? ""),
      ),
    green: (sha, title = /./) =>
      gateSays(
        sim,
        repo,
        sha,
        (run) => run.conclusion === "success" && title.test(run.title ?? ""),
      ),
  };
}
