import type { Person } from "#core/model/actor.ts";

/** A coding agent, by an account that it acts with. `[bot]`: an App's account only; else any account of that login. */
export interface Agent {
  readonly login: string;
  /** The account's number, which no renaming changes. */
  readonly id: number;
  readonly what: string;
}

/** The shipped list; policies add theirs under `agents:`. `policies/agents.yml` is made from it. */
export const shippedAgents: readonly Agent[] = [
  { login: "Copilot", id: 198_982_749, what: "GitHub Copilot coding agent, as REST names it" },
  { login: "copilot-swe-agent[bot]", id: 198_982_749, what: "the same, as GraphQL names it" },
  { login: "claude[bot]", id: 209_825_114, what: "Claude, as a GitHub App" },
  { login: "claude", id: 81_847, what: "Claude, as co-author of commits" },
  { login: "cursor[bot]", id: 206_951_365, what: "Cursor, as a GitHub App" },
  { login: "cursoragent", id: 199_161_495, what: "Cursor, as author of commits" },
  { login: "chatgpt-codex-connector[bot]", id: 199_175_422, what: "OpenAI Codex" },
  { login: "google-labs-jules[bot]", id: 161_369_871, what: "Jules of Google Labs" },
  { login: "devin-ai-integration[bot]", id: 158_243_242, what: "Devin" },
];

const suffix = "[bot]";
const shippedIds: ReadonlySet<number> = new Set(shippedAgents.map(({ id }) => id));
const shippedNames: readonly Named[] = shippedAgents.map(({ login }) => named(login));

/** Whether it is a coding agent, of the shipped list or of those that the policy lists. */
export function isAgent(person: Person, listed: readonly string[] = []): boolean {
  if (shippedIds.has(person.id)) return true;
  const bare = withoutSuffix(person.login);
  for (const entry of shippedNames) if (isNamed(entry, bare, person.type)) return true;
  return listed.some((entry) => isNamed(named(entry), bare, person.type));
}

interface Named {
  /** Without the suffix of Apps, in lower case. */
  readonly bare: string;
  readonly isOfApp: boolean;
}

function named(login: string): Named {
  return { bare: withoutSuffix(login), isOfApp: login.toLowerCase().endsWith(suffix) };
}

/** GraphQL leaves out the suffix that REST adds to the logins of Apps. */
const isNamed = (entry: Named, bare: string, type: Person["type"]): boolean =>
  entry.bare === bare && (!entry.isOfApp || type === "Bot");

function withoutSuffix(login: string): string {
  const lower = login.toLowerCase();
  return lower.endsWith(suffix) ? lower.slice(0, -suffix.length) : lower;
}

export const kindsOfAuthor = ["person", "bot", "agent"] as const;
export type KindOfAuthor = (typeof kindsOfAuthor)[number];

/** The account of every workflow's own token (GITHUB_TOKEN): who may push a branch can have it commit or open anything. */
const workflowsAccount = { login: "github-actions[bot]", id: 41_898_282 } as const;

/** Whether it acts for anybody with write access. */
export const isOfAnyWorkflow = (person: Person): boolean =>
  person.id === workflowsAccount.id ||
  isNamed(named(workflowsAccount.login), withoutSuffix(person.login), person.type);

/** Coding agents that policies list; `unproven`: those of them who are agents by the word of somebody who may not let them off. */
export interface ListedAgents {
  readonly listed: readonly string[];
  readonly unproven: readonly string[];
}

/**
 * Whether the account is of one of these kinds. A workflow's own token may act for a person or for a bot: it counts
 * as either where that restricts, and as neither where it exempts (`isNegated`). An unproven agent counts likewise as an
 * agent and as what its account is.
 */
export function isOfKinds(
  person: Person,
  kinds: readonly KindOfAuthor[],
  { listed, unproven }: ListedAgents,
  { isNegated }: { readonly isNegated: boolean },
): boolean {
  if (isOfAnyWorkflow(person))
    return !isNegated && kinds.some((kind) => kind === "person" || kind === "bot");
  const sure = listed.filter((login) => !unproven.includes(login));
  const may: readonly KindOfAuthor[] = isAgent(person, unproven)
    ? [kindOfAuthor(person, sure), "agent"]
    : [kindOfAuthor(person, sure)];
  return isNegated
    ? may.every((kind) => kinds.includes(kind))
    : may.some((kind) => kinds.includes(kind));
}

/** A coding agent counts as an agent and not as a bot, whatever its account. */
function kindOfAuthor(person: Person, listed: readonly string[]): KindOfAuthor {
  if (isAgent(person, listed)) return "agent";
  return person.type === "Bot" ? "bot" : "person";
}
