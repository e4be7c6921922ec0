import type { Simulator } from "@gatehouse/github-simulator";

/** A check run as the simulated GitHub shows it. */
export interface SeenCheckRun {
  readonly name: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string | null;
  readonly summary: string | null;
}

const patienceMs = 20_000;

/** Waits until the world looks as the story says; a demo that does not get there must fail, not pretend. */
export async function waitFor<T>(what: string, look: () => T | undefined): Promise<T> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline)
      throw new Error(`the demo waited ${patienceMs / 1000} s for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** The newest check run of this name on a commit that satisfies `holds`. */
export function checkRun(
  sim: Simulator,
  repo: string,
  sha: string,
  name: string,
  holds: (run: SeenCheckRun) => boolean,
): SeenCheckRun | undefined {
  const id = sim.world.repoNames.get(repo.toLowerCase());
  const repository = id === undefined ? undefined : sim.world.repos.get(id);
  return [...(repository?.checkRuns.values() ?? [])]
    .reverse()
    .find((run) => run.name === name && run.headSha === sha && holds(run));
}

const symbols: Readonly<Record<string, string>> = { success: "✔", failure: "✖", in_progress: "●" };

/** Markdown of a summary as plain terminal text: a table's row as a block, escapes and invisible characters taken away. */
export function plain(markdown: string): string {
  const lines = markdown.split("\n").map((line) =>
    line
      .replaceAll("\u2060", "")
      .replace(/\\([\\`*_{}[\]<>()#+!|~$])/g, "$1")
      .replaceAll("**", "")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&"),
  );
  const out: string[] = [];
  let table: string[][] = [];
  const flush = (): void => {
    const [, ...rows] = table;
    for (const [rule = "", verdict = "", found = "", required = "", next = ""] of rows) {
      out.push(`${verdict}  ${rule}`, `     found     ${found}`, `     required  ${required}`);
      if (next !== "") out.push(`     next      ${next}`);
    }
    table = [];
  };
  for (const line of lines) {
    if (line.startsWith("|---")) continue;
    if (line.startsWith("|")) {
      table.push(
        line
          .slice(1, -1)
          .split(" | ")
          .map((cell) => cell.trim().replaceAll("`", "")),
      );
      continue;
    }
    flush();
    out.push(line);
  }
  flush();
  return out.join("\n").trim();
}

/** One check run as a person sees it on the pull request. */
export function shown(run: SeenCheckRun): { readonly headline: string; readonly body: string } {
  const state = run.conclusion ?? run.status;
  return {
    headline: `${symbols[state] ?? "·"} ${run.name} — ${state.replace("_", " ")}`,
    body: [run.title ?? "", "", plain(run.summary ?? "")].join("\n"),
  };
}
