import { z } from "zod";
import { errorCodes } from "#core/model/errors.ts";
import { readSubject } from "#core/model/subject.ts";
import { namedKinds } from "#core/policy/named.ts";
import type { FactResult } from "#core/model/fact.ts";
import type { DecisionInputs } from "./inputs.ts";
import type { InputDigests } from "./keep.ts";

const person = z.object({
  id: z.number(),
  login: z.string(),
  type: z.enum(["User", "Bot", "Organization", "Mannequin"]),
});

const fileState = z.object({
  current: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("absent") }),
    z.object({ kind: z.literal("text"), text: z.string() }),
    z.object({ kind: z.literal("obstacle"), message: z.string() }),
  ]),
  lastGood: z.string().nullable(),
  binding: z.boolean(),
});

const texts = z.array(z.tuple([z.string(), z.string()]));

const policy = z.object({
  organization: fileState.nullable(),
  own: fileState,
  repository: z.object({
    owner: z.string(),
    name: z.string(),
    properties: z.record(z.string(), z.union([z.string(), z.array(z.string())])).nullable(),
    earlierNames: z.array(z.string()).optional(),
  }),
  presets: texts,
  extended: texts,
  digest: z.string(),
  absent: z
    .array(
      z.object({
        kind: z.enum(namedKinds),
        name: z.string(),
        nearest: z.string().nullable(),
      }),
    )
    .optional(),
});

const situation = z.object({
  subject: z.unknown(),
  holds: z.array(
    z.object({ by: z.string(), reason: z.string(), at: z.number(), label: z.string().optional() }),
  ),
  overrides: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      rules: z.array(z.string()),
      sha: z.string(),
      by: person,
      confirmedBy: z.array(person),
      reason: z.string(),
      ticket: z.string().optional(),
      grantedAt: z.number(),
      expiresAt: z.number(),
    }),
  ),
  end: z.number().nullable(),
});

const evidence = z.object({
  label: z.string(),
  url: z.string().optional(),
  sha: z.string().optional(),
  at: z.number().optional(),
  digest: z.string().optional(),
});

/** A fact's value is what its reader made of GitHub's answer; each definition knows its type. */
const fact = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown(), evidence: z.array(evidence) }),
  z.object({
    ok: z.literal(false),
    code: z.enum(errorCodes),
    message: z.string(),
    retryAt: z.number().optional(),
  }),
]);

/** A fact as it was kept; null for what is not of Gatehouse's making. */
export function readKeptFact(text: string): FactResult<unknown> | null {
  try {
    return fact.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

const digests = z.object({
  policy: z.string(),
  situation: z.string(),
  facts: z.record(z.string(), z.string()),
  now: z.number(),
  leftOut: z.array(z.string()).optional(),
});

/** The inputs as the audit record of a decision names them; null where it names none. */
export function readDigests(value: unknown): InputDigests | null {
  const read = digests.safeParse(value);
  if (!read.success) return null;
  const { leftOut, ...rest } = read.data;
  return leftOut === undefined ? rest : { ...rest, leftOut };
}

export const digestsOf = ({
  policy: files,
  situation: around,
  facts,
}: InputDigests): readonly string[] => [...new Set([files, around, ...Object.values(facts)])];

/** Puts the pieces together again. Throws for what is not of Gatehouse's making: a piece whose digest is right is. */
export function putTogether(
  named: InputDigests,
  textOf: (digest: string) => string,
): DecisionInputs {
  const parsed = (digest: string): unknown => JSON.parse(textOf(digest));
  const { presets, extended, ...files } = policy.parse(parsed(named.policy));
  const { subject, ...around } = situation.parse(parsed(named.situation));
  const facts = new Map<string, FactResult<unknown>>(
    Object.entries(named.facts).map(([key, digest]) => [key, fact.parse(parsed(digest))]),
  );
  return {
    policy: { ...files, presets: new Map(presets), extended: new Map(extended) },
    subject: readSubject(subject),
    facts,
    now: named.now,
    ...around,
  };
}
