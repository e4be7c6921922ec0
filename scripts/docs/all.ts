import { commands } from "../../src/cli/commands/index.ts";
import { factList } from "#core/facts/index.ts";
import { policyJsonSchema } from "#core/policy/json-schema.ts";
import { policyTestsJsonSchema } from "#core/simulate/policy-tests/json-schema.ts";
import { predicateList } from "#core/policy/when/index.ts";
import { ruleList } from "#core/rules/index.ts";
import { shippedAgents } from "#core/people/agents.ts";
import { agentList } from "./agents.ts";
import { commandSections } from "./command-line.ts";
import { eventTable, factTable, permissionTable } from "./facts.ts";
import { faultRows } from "./fault-rows.ts";
import { foundRows } from "./found-rows.ts";
import type { Generated } from "./generated.ts";
import { metricTable } from "./metrics.ts";
import { simulatedFactTable } from "./simulated-facts.ts";
import { policyKeyTable } from "./policy-keys.ts";
import { presetTables } from "./preset-tables.ts";
import { presetsIn } from "./presets.ts";
import { proofsIn, proofTable, unprovenRows } from "./proofs.ts";
import { requirementPages, requirementTable } from "./requirements.ts";
import { reportDefinitions } from "./report.ts";
import { measuredTable, reckonedTable } from "./scale.ts";
import { sampleCheckRun } from "./sample.ts";
import { threatRows } from "./threat-rows.ts";
import { whenTable } from "./when.ts";

/** Everything that is made from code, in one list. */
export function allGenerated(root: string): readonly Generated[] {
  const section = (path: string, name: string, text: string): Generated => ({ kind: "section", path, name, text });
  const proofs = proofsIn(root);
  const presets = presetsIn(root);
  return [
    { kind: "file", path: "docs/policy.schema.json", text: `${JSON.stringify(policyJsonSchema(), null, 2)}\n` },
    { kind: "file", path: "docs/policy-tests.schema.json", text: `${JSON.stringify(policyTestsJsonSchema(), null, 2)}\n` },
    { kind: "file", path: "policies/agents.yml", text: agentList(shippedAgents) },
    ...requirementPages(root, ruleList, presets),
    section("README.md", "sample", sampleCheckRun(root)),
    section("docs/policy-language.md", "keys", policyKeyTable()),
    section("docs/policy-language.md", "when", whenTable(predicateList)),
    section("docs/policy-language.md", "requirements", requirementTable(ruleList)),
    section("docs/policy-language.md", "presets", presetTables(presets)),
    section("docs/policy-tests.md", "plain-facts", simulatedFactTable()),
    section("docs/facts.md", "facts", factTable(factList)),
    section("docs/facts.md", "events", eventTable(factList)),
    section("docs/facts.md", "permissions", permissionTable(factList)),
    section("docs/command-line.md", "commands", commandSections(commands)),
    section("docs/operations.md", "metrics", metricTable()),
    section("docs/scale.md", "measured", measuredTable()),
    section("docs/scale.md", "reckoned", reckonedTable()),
    section("docs/report.md", "report", reportDefinitions()),
    section("docs/security.md", "threats", proofTable("T", threatRows, proofs)),
    section("docs/security.md", "faults", proofTable("F", faultRows, proofs)),
    section("docs/security.md", "found", proofTable("W", foundRows, proofs)),
  ];
}

/** Rows of docs/security.md that no test carries. */
export function allUnproven(root: string): readonly string[] {
  const proofs = proofsIn(root);
  return [
    ...unprovenRows("T", threatRows, proofs),
    ...unprovenRows("F", faultRows, proofs),
    ...unprovenRows("W", foundRows, proofs),
  ];
}
