import { randomBytes } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Person } from "#core/model/actor.ts";
import { isReason } from "#core/overrides/reason.ts";
import { argumentText } from "#core/text/command-text.ts";
import { oneLine } from "#core/text/plain-text.ts";
import type { Deps } from "#flow/deps.ts";
import { commandJob, type CommandRequest } from "#flow/jobs/command-job.ts";
import type { Pace } from "#flow/jobs/pace.ts";
import type { Policies } from "#flow/policy/policies.ts";
import { repositoryPattern, type InputProblem } from "./filter.ts";
import { hopelessForm } from "./hopeless-form.ts";
import { forReadersOf } from "./reader-texts.ts";
import type { Viewer } from "./viewer.ts";

/** What a form said, as it was typed: it is shown again where it cannot be taken. */
export interface FreezeForm {
  readonly repository: string;
  readonly environment: string;
  readonly name: string;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
}

/** `waiting`: it is still being carried out; the list shows it once it is. */
export type FormOutcome =
  | { readonly kind: "done" }
  | { readonly kind: "waiting" }
  | { readonly kind: "refused"; readonly problems: readonly InputProblem[] };

interface Asked {
  readonly command: "freeze" | "unfreeze";
  readonly rest: string;
}

const answeredWithinMs = 8_000;
const lookEveryMs = 200;

const outcomeSchema = z.object({
  from: z.string(),
  outcome: z.string(),
  because: z.string().optional(),
});

/** Markdown of an answer as plain words. */
const plainWords = (markdown: string): string =>
  markdown
    .replaceAll(/\\([\\`*_{}[\]<>()#+!|~$&])/g, "$1")
    .replaceAll("\u2060", "")
    .replaceAll("U+2060", "")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&amp;", "&");

const isoOf = (local: string): string | null => {
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$/.test(local)) return null;
  return Number.isNaN(Date.parse(`${local}Z`)) ? null : `${local}Z`;
};

/** The words of a command that a freeze form comes to, or what is wrong with its fields. */
export function askedByForm(
  form: FreezeForm,
  command: Asked["command"],
): Asked | { readonly problems: readonly InputProblem[] } {
  const problems: InputProblem[] = [];
  const wrong = (field: keyof FreezeForm, message: string): void => {
    problems.push({ field, message });
  };
  if (!/^[^\0-\x1f\x7f]{1,255}$/.test(form.environment))
    wrong("environment", "Write the name of an environment, such as production.");
  if (form.name !== "" && !/^[A-Za-z0-9][A-Za-z0-9._/-]{0,99}$/.test(form.name))
    wrong("name", "A name is letters, digits, dots, dashes and slashes, such as month-end.");
  const times = (["from", "until"] as const).flatMap((field) => {
    if (form[field] === "") return [];
    const at = isoOf(form[field]);
    if (at === null) wrong(field, "Write a date and a time of UTC, such as 2026-12-24T18:00.");
    return at === null ? [] : [`${field} ${at}`];
  });
  const reason = oneLine(form.reason, 600);
  if (!isReason(reason)) wrong("reason", "Say why: it is shown to everybody who is held by it.");
  else if (/^(as|from|until)\b/i.test(reason))
    wrong("reason", 'Begin with another word: "as", "from" and "until" are read as fields.');
  if (problems.length > 0) return { problems };
  const as = form.name === "" ? [] : [`as ${argumentText(form.name)}`];
  return {
    command,
    rest: [
      argumentText(form.environment),
      ...as,
      ...(command === "freeze" ? times : []),
      reason,
    ].join(" "),
  };
}

const refusedFor = (field: string, message: string): FormOutcome => ({
  kind: "refused",
  problems: [{ field, message }],
});

export interface FormDeps extends Deps {
  readonly policies: Pick<Policies, "of">;
  /** Shared with comments, so that forms do not add to the allowed rate. */
  readonly pace: Pace;
}

/**
 * Carries out a form the way a comment's command is: the same work item, the same worker, the same authority. What
 * became of it stands in the audit log, where it is waited for. Anybody who has no right at all leaves no trace there.
 */
export async function carryOutForm(
  deps: FormDeps,
  wake: () => void,
  who: { readonly viewer: Viewer; readonly person: Person },
  form: FreezeForm,
  command: Asked["command"],
): Promise<FormOutcome> {
  const { store, clock, pace } = deps;
  const asked = askedByForm(form, command);
  const named = repositoryPattern.exec(form.repository);
  const repository =
    named?.[1] === undefined || named[2] === undefined
      ? null
      : await store.records.repositoryByName(named[1], named[2]);
  const isTheirs = repository !== null && (await who.viewer.mayRead(repository));
  const unknown: readonly InputProblem[] = isTheirs
    ? []
    : [
        {
          field: "repository",
          message: "There is no such repository here, or you may not read it.",
        },
      ];
  if ("problems" in asked || repository === null || !isTheirs)
    return {
      kind: "refused",
      problems: [...unknown, ...("problems" in asked ? asked.problems : [])],
    };
  if (!pace.allows(`${repository.installationId}:${who.person.id}`))
    return refusedFor("", "That is too much within a minute: wait a minute and send it again.");
  const key = `page:${repository.id}:${randomBytes(8).toString("hex")}`;
  const now = clock.now();
  const request: CommandRequest = {
    key,
    repository: repository.id,
    number: null,
    actor: who.person,
    isKnownHere: false,
    isAuthor: false,
    isAddressed: true,
    at: now,
    heardAt: now,
    seenHead: null,
    from: { kind: "page", ...asked },
  };
  const readable = async (because: string): Promise<string> =>
    plainWords(await forReadersOf(deps, repository, because));
  const hopeless = await hopelessForm(deps, request, repository, command);
  if (hopeless !== null) return refusedFor(hopeless.field, await readable(hopeless.because));
  const before = await store.views.newest();
  await store.queue.mark([commandJob.item(request, now)]);
  wake();
  const giveUpAt = performance.now() + answeredWithinMs;
  while (performance.now() < giveUpAt) {
    const entries = await store.views.ofRepository(repository.id, {
      limit: 50,
      kinds: ["command"],
      after: before,
    });
    for (const { detail } of entries) {
      const read = outcomeSchema.safeParse(JSON.parse(detail)).data;
      if (read?.from !== key) continue;
      return read.outcome === "refused"
        ? refusedFor("", await readable(read.because ?? "It was refused."))
        : { kind: "done" };
    }
    await pause(lookEveryMs);
  }
  return { kind: "waiting" };
}
