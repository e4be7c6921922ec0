import { Command } from "commander";
import { setTimeout as sleep } from "node:timers/promises";
import { hasCredentials, webAddress, withoutCredentials } from "#core/text/address.ts";
import { parseDuration } from "#core/text/duration.ts";
import { oneLine } from "#core/text/plain-text.ts";
import { UnusableInput, type Answer } from "../answer.ts";
import {
  askOnce,
  jobToken,
  type Asked,
  type GateQuestion,
  type GateReply,
} from "../ask-gate/ask.ts";
import { deployerOfProcess, type DeployerEnvironment } from "../ask-gate/environment.ts";
import { text, type DefineCommand } from "./command.ts";

/** Proxies cut off what is silent for longer. */
const heldSeconds = 55;
const longestMs = 31 * 24 * 3_600_000;
const exitCodes = { allow: 0, deny: 1, hold: 3 } as const;

function rootOf({ url }: DeployerEnvironment): string {
  const root = webAddress(url ?? "");
  if (root === null || hasCredentials(root))
    throw new UnusableInput(
      url === undefined
        ? "GATEHOUSE_URL is not set: set it to the address of the gate, like https://gatehouse.example.com"
        : `GATEHOUSE_URL: "${withoutCredentials(url)}" is no address without a user and a password; write it like https://gatehouse.example.com`,
    );
  return root.origin;
}

function questionOf(
  options: Readonly<Record<string, unknown>>,
  around: DeployerEnvironment,
): GateQuestion {
  const wanted = (option: string, fallback: string | undefined, remedy: string): string => {
    const value = text(options[option]) || (fallback ?? "");
    if (value === "") throw new UnusableInput(`--${option}: ${remedy}`);
    return value;
  };
  const ref = text(options["ref"]);
  const digest = text(options["digest"]);
  return {
    environment: wanted("environment", undefined, "name the environment that is deployed to"),
    repository: wanted("repository", around.repository, "name the repository as owner/name"),
    sha: wanted("sha", around.sha, "name the full SHA of the commit that is deployed"),
    ...(ref === "" ? {} : { ref }),
    ...(digest === "" ? {} : { digest }),
  };
}

function waitOf(written: string): number {
  if (written === "0") return 0;
  const ms = parseDuration(written);
  if (ms === undefined || ms < 0 || ms > longestMs)
    throw new UnusableInput(`--wait ${written}: write a time up to 31d, such as 30m or 2h`);
  return ms;
}

function wordsOf(reply: GateReply): string {
  const rules = reply.rules
    .filter(({ verdict, enforcement }) => verdict !== "pass" && enforcement === "active")
    .filter(({ verdict }) => verdict !== "skipped")
    .map(({ name, verdict, found, next }) =>
      oneLine(`  ${name}: ${verdict}: ${found}${next === "" ? "" : `. Next: ${next}`}`, 600),
    );
  return [
    oneLine(`${reply.decision}: ${reply.title}`, 600),
    ...rules,
    ...(reply.until === null || reply.decision === "allow"
      ? []
      : [`  may change at ${reply.until}`]),
    ...(reply.valid_until === null ? [] : [`  good until ${reply.valid_until}`]),
    ...(reply.url === null ? [] : [`  ${oneLine(reply.url, 600)}`]),
  ].join("\n");
}

/** A job shows what GitHub says of it; everything else a token of ours. */
async function bearerOf(around: DeployerEnvironment, root: string): Promise<string> {
  if (around.jobToken !== undefined) return jobToken(around.jobToken, root);
  if (around.token !== undefined) return around.token;
  throw new UnusableInput(
    "there is no token: set GATEHOUSE_TOKEN to one of `gatehouse token create`, or give the job the permission id-token: write",
  );
}

async function askOf(
  around: DeployerEnvironment,
  root: string,
  question: GateQuestion,
  seconds: number,
): Promise<Asked> {
  try {
    return await askOnce(root, await bearerOf(around, root), question, seconds);
  } catch (error) {
    if (error instanceof UnusableInput) throw error;
    const because = error instanceof Error ? error.message : String(error);
    return { kind: "unanswered", because, afterMs: 5_000 };
  }
}

/** Asks until the gate says yes or no, or the time is over. Nothing but a yes of the gate is a yes. */
async function askGate(options: Readonly<Record<string, unknown>>): Promise<Answer> {
  const around = deployerOfProcess();
  const root = rootOf(around);
  const question = questionOf(options, around);
  const end = performance.now() + waitOf(text(options["wait"]));
  const left = (): number => Math.max(0, end - performance.now());
  let told = "";
  const tell = (line: string): void => {
    if (line !== told) process.stderr.write(`gatehouse: ${line}\n`);
    told = line;
  };
  for (;;) {
    const asked = await askOf(
      around,
      root,
      question,
      Math.min(heldSeconds, Math.floor(left() / 1000)),
    );
    if (asked.kind === "refused") throw new UnusableInput(oneLine(asked.because, 600));
    if (asked.kind === "answered") {
      const { reply } = asked;
      if (reply.decision !== "hold" || left() < 1000)
        return { json: reply, text: wordsOf(reply), exitCode: exitCodes[reply.decision] };
      tell(oneLine(`held: ${reply.title}`, 600));
      // A gate that is about to stop lets everybody go at once.
      await sleep(500);
      continue;
    }
    tell(oneLine(asked.because, 600));
    if (left() < asked.afterMs)
      return {
        json: { error: asked.because },
        text: `hold: the gate could not be asked: ${oneLine(asked.because, 600)}`,
        exitCode: 3,
      };
    await sleep(asked.afterMs);
  }
}

export const gate: DefineCommand = () => ({
  command: new Command("gate")
    .description(
      "ask the gate whether a commit may be deployed to an environment, from wherever deployments are made; exit 0 allow, 1 deny, 3 still held",
    )
    .option("--environment <name>", "where it is deployed to")
    .option("--sha <sha>", "the commit; left out: GITHUB_SHA, GIT_COMMIT or CI_COMMIT_SHA")
    .option("--repository <name>", "owner/name; left out: GITHUB_REPOSITORY")
    .option("--ref <ref>", "the branch or tag that contains it; left out: the default branch")
    .option("--digest <digest>", "the artifact that goes out, sha256:…")
    .option("--wait <time>", "how long to wait while it is held, such as 30m", "0"),
  run: (_args, options) => askGate(options),
});
