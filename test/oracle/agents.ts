import { readFileSync } from "node:fs";
import { parse } from "yaml";
import type { World } from "@gatehouse/github-simulator/world/world.ts";
import { docOf, listOf } from "./doc.ts";

const bare = (login: string): string => login.toLowerCase().replace(/\[bot\]$/, "");

const shipped = new Set(
  listOf(
    docOf(parse(readFileSync(new URL("../../policies/agents.yml", import.meta.url), "utf8")))[
      "agents"
    ],
  ).map((one) => bare(String(docOf(one)["login"]))),
);

/** Whether the account is a coding agent's of the shipped list. */
export const isAgent = (world: World, id: number): boolean =>
  shipped.has(bare(world.accounts.get(id)?.login ?? ""));

export const kindOf = (world: World, id: number): string =>
  isAgent(world, id) ? "agent" : world.accounts.get(id)?.type === "User" ? "person" : "bot";
