import type { Ask } from "#core/facts/ask.ts";
import { health, type HealthFact } from "#core/facts/health.ts";
import { fail, pass, pending, skipped, unknown, type Verdict } from "#core/model/verdict.ts";
import { formatDuration } from "#core/text/duration.ts";
import { instant } from "#core/text/time.ts";
import { laterIsTighter, moreIsTighter, together } from "../kit/direction.ts";
import { defineRule, type Direction, type RuleContext } from "../kit/rule.ts";
import { comparisonOf, isText, params, spanOf, type Params } from "./params.ts";
import {
  askedAgain,
  askedEveryMs,
  measuredText,
  reliedOnMs,
  sinceText,
  unansweredText,
} from "./phrases.ts";

function requiredOf(asked: Params): string {
  const ms = spanOf(asked);
  return `${asked.source} says ${isText(asked)}${ms === 0 ? "" : ` over ${formatDuration(ms)}`}`;
}

/** Of the same question only: the lower limit where less is asked for, the higher one where more is. */
function comparedLimits(organization: Params, repository: Params): Direction {
  const [ours, theirs] = [comparisonOf(organization), comparisonOf(repository)];
  if (ours.operator !== theirs.operator) return "looser";
  if (ours.to === theirs.to) return "same";
  switch (ours.operator) {
    case "<":
    case "<=":
      return theirs.to < ours.to ? "tighter" : "looser";
    case ">":
    case ">=":
      return theirs.to > ours.to ? "tighter" : "looser";
    default:
      return "looser";
  }
}

export const healthRule = defineRule<Params>({
  name: "health",
  summary: "A health source answers, and its value keeps to what is asked over the whole time.",
  appliesTo: ["deployment"],
  params,
  needs: () => [health],
  judge,
  compare: (organization, repository) =>
    organization.source !== repository.source || organization.query !== repository.query
      ? "looser"
      : together(
          comparedLimits(organization, repository),
          moreIsTighter(spanOf(organization), spanOf(repository)),
          laterIsTighter(["hold", "fail"], organization.no_data, repository.no_data),
        ),
  asksSources: ({ source }) => [source],
  describe: requiredOf,
});

/** Unmet it is pending: what runs gets better by itself or by somebody. A source that fails is unknown, and never allows. */
function judge({ params: asked, subject }: RuleContext<Params>, ask: Ask): Verdict | undefined {
  const required = requiredOf(asked);
  if (subject.kind !== "deployment") return skipped({ found: "not a deployment", required });
  const found = ask(
    health.need({
      source: asked.source,
      query: asked.query,
      is: comparisonOf(asked),
      span: { kind: "last", ms: spanOf(asked) },
    }),
  );
  if (found === undefined) return undefined;
  if (found.kind === "unanswered")
    return unknown({
      found: unansweredText(asked.source, found),
      required,
      need: `${asked.source} cannot be asked how things are`,
      next: askedAgain,
    });
  return measured(asked, found, required);
}

type Measured = Extract<HealthFact, { kind: "measured" }>;

function measured(asked: Params, found: Measured, required: string): Verdict {
  const { value, lines, keeps, since, kept, gapAt } = found;
  if (value === null || (gapAt !== null && asked.no_data === "fail"))
    return withoutData(asked, found, required);
  const said = measuredText(value, lines);
  if (kept)
    return pass({
      found: said,
      required,
      goodUntil: found.askedAt + reliedOnMs,
    });
  if (!keeps)
    return pending({
      found: `${said}${lastingText(asked, found)}`,
      required,
      need: `${asked.source} does not say ${isText(asked)}`,
      next: askedAgain,
    });
  // It keeps to it now; the rest is time, as long as it goes on like that.
  const opensAt =
    since === null ? undefined : Math.max(since + spanOf(asked), found.askedAt + askedEveryMs);
  return pending({
    found: `${said}${since === null ? "" : `, ${isText(asked)}${sinceText(since)}`}${gapAt === null ? "" : "; no data before"}`,
    required,
    need: `${asked.source} says ${isText(asked)} for less than ${formatDuration(spanOf(asked))}`,
    next:
      opensAt === undefined
        ? askedAgain
        : `If it goes on like that, Gatehouse opens by itself at ${instant(opensAt)}; it asks every minute until then.`,
    ...(opensAt === undefined ? {} : { changesAt: opensAt }),
  });
}

/** Since when it does not keep to it; where that is longer than was asked about, only that. */
function lastingText(asked: Params, { since, askedAt }: Measured): string {
  const ms = spanOf(asked);
  return ms > 0 && since !== null && askedAt - since >= ms - askedEveryMs
    ? ` for ${formatDuration(ms)} or longer`
    : sinceText(since);
}

function withoutData(asked: Params, { value }: Measured, required: string): Verdict {
  const parts = {
    found: value === null ? "no data" : "no data for a part of the time",
    required,
    need: `${asked.source} has no data${value === null ? "" : " for a part of the time"}`,
  };
  return asked.no_data === "fail"
    ? fail({
        ...parts,
        next: "A maintainer of the policy looks at the query; deploy again when the source has values for it.",
      })
    : pending({ ...parts, next: askedAgain });
}
