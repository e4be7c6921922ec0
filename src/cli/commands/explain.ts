import { Command } from "commander";
import type { Question } from "#flow/what-if/explain.ts";
import { answerText } from "#core/render/answer-data.ts";
import { UnusableInput } from "../answer.ts";
import { liveSettings, withoutRecord } from "../live.ts";
import { text, type DefineCommand } from "./command.ts";

const owned = "([A-Za-z0-9][A-Za-z0-9-]{0,99})/([A-Za-z0-9._-]{1,100})";

/** `owner/repo#7`, or `owner/repo@sha` with an environment. */
function questionOf(subject: string, environment: string): Question {
  const pull = new RegExp(`^${owned}#(\\d{1,9})$`).exec(subject);
  if (pull !== null) {
    if (environment !== "")
      throw new UnusableInput(
        `${subject}: a pull request goes to no environment; leave --environment out, or name a commit (OWNER/REPO@SHA)`,
      );
    return {
      kind: "pull_request",
      owner: pull[1] ?? "",
      name: pull[2] ?? "",
      number: Number(pull[3]),
    };
  }
  const commit = new RegExp(`^${owned}@([0-9a-f]{7,40})$`, "i").exec(subject);
  if (commit === null)
    throw new UnusableInput(
      `${subject}: write OWNER/REPO#NUMBER for a pull request, or OWNER/REPO@SHA --environment NAME for a deployment`,
    );
  if (environment === "")
    throw new UnusableInput(
      `${subject}: a commit is judged for an environment; name it with --environment`,
    );
  return {
    kind: "deployment",
    owner: commit[1] ?? "",
    name: commit[2] ?? "",
    sha: (commit[3] ?? "").toLowerCase(),
    environment,
  };
}

export const explain: DefineCommand = () => ({
  command: new Command("explain")
    .description(
      "the live decision on a pull request or a deployment, judged now; nothing is written anywhere",
    )
    .argument("<subject>", "OWNER/REPO#NUMBER, or OWNER/REPO@SHA with --environment")
    .option("--environment <name>", "where the commit is, or would be, deployed to"),
  run: async ([subject], options) => {
    const question = questionOf(text(subject), text(options["environment"]));
    const { settings, app } = liveSettings();
    // The whole product: loaded by nobody who only checks a policy.
    const { askLive } = await import("../../ask-live.ts");
    const { answer: found, isRecordThere } = await askLive(settings, app, ({ explain: ask }) =>
      ask(question),
    );
    if (found.kind === "unanswered") throw new UnusableInput(found.because);
    const { answer, notes } = found;
    return {
      json: answer,
      text: answerText(answer),
      exitCode: answer.decision === "allow" ? 0 : 1,
      troubles: [...notes, ...withoutRecord(isRecordThere, settings)],
    };
  },
});
