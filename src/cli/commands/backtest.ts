import { Command } from "commander";
import { isChanged } from "#core/policy/impact.ts";
import { impactWords } from "#core/render/impact.ts";
import { UnusableInput } from "../answer.ts";
import { readText } from "../files.ts";
import { liveSettings, withoutRecord } from "../live.ts";
import { unusable } from "../problems.ts";
import { text, type DefineCommand } from "./command.ts";

function lastOf(value: unknown): number | null {
  if (value === undefined) return null;
  const last = /^\d{1,4}$/.test(text(value)) ? Number(text(value)) : -1;
  if (last < 0 || last > 1000)
    throw new UnusableInput(
      `--last ${text(value)}: write how many merged pull requests, 0 to 1000`,
    );
  return last;
}

/** One line that is written over where somebody looks on, a line now and then in a file. */
function progress(): (done: number, all: number) => void {
  const isTerminal = process.stderr.isTTY;
  return (done, all) => {
    if (isTerminal)
      process.stderr.write(`\rreplaying: ${done} of ${all}${done === all ? "\n" : ""}`);
    else if (done === all || done % 10 === 0)
      process.stderr.write(`gatehouse: replaying: ${done} of ${all}\n`);
  };
}

export const backtest: DefineCommand = () => ({
  command: new Command("backtest")
    .description(
      "what a policy would do: it is replayed over the open pull requests and the last merged ones, beside the policy in force",
    )
    .argument("<repository>", "OWNER/REPO")
    .requiredOption("--policy <file>", "the proposed policy")
    .option(
      "--last <number>",
      "how many merged pull requests; as the policy's backtest says, 50 where it does not",
    ),
  run: async ([repository], options) => {
    const [, owner = "", name = ""] =
      /^([A-Za-z0-9][A-Za-z0-9-]{0,99})\/([A-Za-z0-9._-]{1,100})$/.exec(text(repository)) ?? [];
    if (owner === "") throw new UnusableInput(`${text(repository)}: write OWNER/REPO`);
    const last = lastOf(options["last"]);
    const file = text(options["policy"]);
    const policy = readText(file);
    const { settings, app } = liveSettings();
    // The whole product: loaded by nobody who only checks a policy.
    const { askLive } = await import("../../ask-live.ts");
    const { answer, isRecordThere } = await askLive(settings, app, (live) =>
      live.backtest({ owner, name, policy, last, onProgress: progress() }),
    );
    if (answer.kind === "unanswered") throw new UnusableInput(answer.because);
    if (answer.kind === "unusable") throw unusable(file, answer.problems);
    const { impact, neverMet, notes } = answer;
    const changed = impact.replayed.filter(isChanged).length;
    const pullRequests = impact.replayed.map((each) => ({ ...each, changed: isChanged(each) }));
    return {
      json: {
        repository: `${owner}/${name}`,
        changed,
        replayed: pullRequests.length,
        left_out: impact.leftOut,
        calls: impact.calls,
        pull_requests: pullRequests,
        never_met: neverMet,
      },
      text: impactWords(impact, neverMet),
      exitCode: changed > 0 ? 1 : 0,
      troubles: [...notes, ...withoutRecord(isRecordThere, settings)],
    };
  },
});
