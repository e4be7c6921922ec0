import { closesNext, type RingState } from "#core/rollout/ring-state.ts";
import type { Rollout, RolloutRing } from "#core/rollout/rollout.ts";
import { inert, inertWithCommands, link, table } from "#core/text/markdown.ts";
import { listed, short } from "#core/text/phrases.ts";
import { instant } from "#core/text/time.ts";

/** A ring as it is told to people. Plain text, with commands as code spans. */
export interface RingWords {
  readonly environment: string;
  readonly state: RingState;
  readonly says: string;
  /** Who can do what next. */
  readonly next: readonly string[];
  /** What keeps it shut; null: nothing. */
  readonly closedBy: string | null;
  /** What an override let through here: the rollout goes faster than its rules. */
  readonly letThrough: readonly string[];
}

const symbols: Readonly<Record<RingState, string>> = {
  ahead: "○",
  waits: "⏸",
  goes: "▶",
  bakes: "⏳",
  done: "✅",
  failed: "❌",
  unhealthy: "❌",
  rejected: "❌",
  replaced: "⏹",
  rolled_back: "↩️",
  unproven: "❔",
};

function saysOf({ state, by, bakesUntil }: RolloutRing): string {
  const other = by === null ? "another commit" : short(by);
  switch (state) {
    case "ahead":
      return "not asked for yet";
    case "waits":
      return "held by the gate";
    case "goes":
      return "let through, on its way";
    case "bakes":
      return `bakes until ${instant(bakesUntil ?? 0)}`;
    case "done":
      return "proven";
    case "failed":
      return "failed: to be rolled back";
    case "unhealthy":
      return "turned unhealthy while it baked: to be rolled back";
    case "rejected":
      return "rejected by the gate";
    case "replaced":
      return `replaced by ${other} before it had baked`;
    case "rolled_back":
      return `rolled back to ${other}`;
    case "unproven":
      return "went there past this gate, which proves nothing";
  }
}

const stateWords: Readonly<Partial<Record<RingState, string>>> = {
  failed: "failed",
  unhealthy: "turned unhealthy",
  rejected: "was rejected",
  replaced: "was replaced before it had baked",
  rolled_back: "was rolled back",
  unproven: "went past this gate",
};

const closedWords = ({ closedBy }: RolloutRing): string | null =>
  closedBy === null
    ? null
    : `${closedBy.environment} ${stateWords[closedBy.state] ?? closedBy.state}${closedBy.since === null ? "" : ` (${instant(closedBy.since)})`}`;

/** What is to be done at a ring that nobody asked for yet. */
function nextAhead({ sha, rings }: Rollout, ring: RolloutRing): readonly string[] {
  if (ring.closedBy !== null) return [];
  const before = rings.filter(({ environment }) => ring.after.includes(environment));
  const open = before.filter(({ state }) => state !== "done");
  const baking = before.flatMap(({ bakesUntil }) => bakesUntil ?? []);
  if (open.length === 0) return [`Somebody deploys ${short(sha)} to ${ring.environment}.`];
  if (baking.length === open.length)
    return [
      `A deployment to it that is asked for before ${instant(Math.max(...baking))} waits until then; it opens by itself.`,
    ];
  return [`After ${listed(open.map(({ environment }) => environment))}.`];
}

/** `lane`: how the ring goes back; null: it need not. */
export function ringWords(rollout: Rollout, ring: RolloutRing, lane: string | null): RingWords {
  const { environment, state, unmet, letThrough } = ring;
  return {
    environment,
    state,
    says: saysOf(ring),
    next: [
      ...(lane === null ? [] : [lane]),
      ...(state === "ahead"
        ? nextAhead(rollout, ring)
        : unmet.map(({ name, need, next }) => `${name}: ${need}. ${next}`.trim())),
      ...(state === "bakes" ? ["The next ring opens by itself once it has baked."] : []),
    ],
    closedBy: closedWords(ring),
    letThrough: letThrough.map(
      ({ rule, override, by, reason }) =>
        `${rule} was let through by the override ${override} of @${by}: ${reason}`,
    ),
  };
}

const mostNext = 3;

/** A step of a rollout in one line: where it stands as a whole. */
export function rolloutTitle({ sha, rings }: Rollout): string {
  const shut = rings.find(({ state }) => closesNext(state));
  if (shut !== undefined)
    return `Rollout of ${short(sha)}: ${shut.environment} ${stateWords[shut.state] ?? ""}`.trim();
  const last = rings.findLast(({ row }) => row !== null);
  const isOver = rings.every(({ state }) => state === "done");
  return isOver
    ? `Rollout of ${short(sha)}: everywhere`
    : `Rollout of ${short(sha)}${last === undefined ? "" : `: at ${last.environment}`}`;
}

/** The state of a rollout as a part of the summary comment. Nothing in it counts time, so that it changes only with the state. */
export function rolloutSection(
  rollout: Rollout,
  rings: readonly RingWords[],
  page: string | undefined,
): string {
  const rows = rollout.rings.flatMap((ring, at) => {
    const words = rings[at];
    if (words === undefined) return [];
    const more = words.next.length - mostNext;
    return [
      [
        inert(words.environment),
        `${symbols[words.state]} ${inert(words.says)}`,
        ring.since === null ? "" : instant(ring.since),
        [
          ...(words.closedBy === null ? [] : [`Closed: ${inert(words.closedBy)}.`]),
          ...words.letThrough.map((text) => `⚠️ ${inert(text, 400)}.`),
          ...words.next.slice(0, mostNext).map((text) => inertWithCommands(text, 900)),
          ...(more > 0 ? [`and ${more} more`] : []),
        ].join("<br>"),
      ],
    ];
  });
  return [
    `🚀 **${inert(rolloutTitle(rollout))}**${page === undefined ? "" : ` (${link("its page", page)})`}`,
    table(["Ring", "State", "Since", "Next"], rows),
  ].join("\n\n");
}
