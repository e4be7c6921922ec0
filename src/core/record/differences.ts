import { z } from "zod";

const recorded = z.object({
  decision: z.string(),
  title: z.string().catch(""),
  head: z.string().nullish(),
  policy: z.string().nullish(),
  rules: z
    .array(
      z.object({
        name: z.string(),
        verdict: z.string(),
        overridden: z.string().nullable().catch(null),
      }),
    )
    .catch([]),
});

/** What the log says of one decision, read back. */
export type RecordedDecision = z.infer<typeof recorded>;

/** null: not the detail of a decision. */
export function readRecorded(detail: unknown): RecordedDecision | null {
  return recorded.safeParse(detail).data ?? null;
}

const verdictOf = (decision: RecordedDecision, name: string): string | undefined => {
  const rule = decision.rules.find((each) => each.name === name);
  if (rule === undefined) return undefined;
  return rule.overridden === null ? rule.verdict : `${rule.verdict}, overridden`;
};

/** In what a decision differs from the one before it on the same subject, a phrase each. */
export function differences(before: RecordedDecision, after: RecordedDecision): readonly string[] {
  const names = [...new Set([...before.rules, ...after.rules].map(({ name }) => name))];
  const rules = names.flatMap((name) => {
    const [was, is] = [verdictOf(before, name), verdictOf(after, name)];
    if (was === is) return [];
    if (was === undefined) return [`${name}: new, ${is ?? ""}`];
    return [is === undefined ? `${name}: no more judged` : `${name}: ${was} → ${is}`];
  });
  return [
    ...(before.head !== after.head && after.head ? [`new commit ${after.head.slice(0, 7)}`] : []),
    ...(before.policy !== after.policy ? ["another policy"] : []),
    ...rules,
    ...(rules.length === 0 && before.title !== after.title ? ["other words"] : []),
  ];
}
