import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { UnusableInput } from "../../src/cli/answer.ts";
import { evaluate } from "../../src/cli/commands/evaluate.ts";
import { validate } from "../../src/cli/commands/validate.ts";

/** What the command line answers, as an outside program sees it: exit code, the JSON document, standard error. */
export interface Asked {
  readonly exit: 0 | 1 | 2 | 3;
  readonly json: Evaluation | null;
  readonly stderr: string;
}

export interface Evaluation {
  readonly decision: string;
  readonly rules: readonly {
    readonly name: string;
    readonly verdict: string;
    readonly enforcement: string;
    readonly reason: string;
    readonly next: string;
  }[];
  readonly title: string;
  readonly summary: string;
}

export interface Problem {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
  readonly severity: string;
}

interface Inputs {
  readonly policy: string;
  readonly facts: string;
  readonly organization?: string | undefined;
  readonly now?: string | undefined;
}

/** `gatehouse evaluate --json` over files of its own. */
export async function ask({ policy, facts, organization, now }: Inputs): Promise<Asked> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-acceptance-"));
  const file = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  try {
    const answer = await evaluate().run([], {
      policy: file("policy.yml", policy),
      facts: file("facts.yml", facts),
      ...(organization === undefined ? {} : { orgPolicy: file("organization.yml", organization) }),
      ...(now === undefined ? {} : { now }),
    });
    return { exit: answer?.exitCode ?? 0, json: asEvaluation(answer?.json), stderr: "" };
  } catch (error) {
    if (error instanceof UnusableInput) return { exit: 2, json: null, stderr: error.message };
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function asEvaluation(json: unknown): Evaluation {
  const text: Evaluation = JSON.parse(JSON.stringify(json));
  return text;
}

/** `decision rule=verdict …`, or what standard error says: one line a row. */
export async function outcome(inputs: Inputs): Promise<string> {
  const { exit, json, stderr } = await ask(inputs);
  if (json === null) return `exit ${exit}: ${stderr}`;
  return [json.decision, ...json.rules.map(({ name, verdict }) => `${name}=${verdict}`)].join(" ");
}

/** `gatehouse validate --json` of a text, or of bytes that may be none. */
export async function validateText(
  text: string | Uint8Array,
  organization?: string,
): Promise<{
  readonly exit: number;
  readonly valid: boolean;
  readonly problems: readonly Problem[];
}> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-acceptance-"));
  try {
    const path = join(folder, "policy.yml");
    writeFileSync(path, text);
    const above = join(folder, "organization.yml");
    if (organization !== undefined) writeFileSync(above, organization);
    const answer = await validate().run(
      [path],
      organization === undefined ? {} : { orgPolicy: above },
    );
    const json: { readonly valid: boolean; readonly problems: readonly Problem[] } = JSON.parse(
      JSON.stringify(answer?.json),
    );
    return { exit: answer?.exitCode ?? 0, ...json };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
