import type { Agent } from "#core/people/agents.ts";

/** The shipped list of coding agents, for people to read. */
export const agentList = (agents: readonly Agent[]): string =>
  [
    "# Coding agents that Gatehouse knows by itself; a policy lists more of them under `agents:`.",
    "# Made from src/core/people/agents.ts: npm run docs",
    "agents:",
    ...agents.map(({ login, id, what }) => `  - { login: "${login}", id: ${id} } # ${what}`),
    "",
  ].join("\n");
