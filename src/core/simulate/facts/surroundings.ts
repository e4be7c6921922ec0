import { z } from "zod";
import { openIncidents } from "#core/facts/incidents.ts";
import { deployment } from "#core/facts/deployment.ts";
import { customProperties, environments, repository } from "#core/facts/repository.ts";
import { noParams, NotGiven, simulateFact } from "./simulated-fact.ts";
import { environmentOf, propertiesOf } from "./world.ts";

export const surroundingFacts = {
  repository: simulateFact(repository, noParams, (_params, { given: words, owner, name }) => ({
    id: 1,
    owner,
    name,
    private: words.repository?.private ?? true,
    defaultBranch: words.repository?.default_branch ?? "main",
  })),
  // Those that the facts speak of: a command may name them, and the policy's own are known beside them.
  environments: simulateFact(environments, noParams, (_params, { given: words }) => [
    ...new Set([
      ...(words.deployment === undefined ? [] : [environmentOf(words.deployment)]),
      ...(words.deployments ?? []).flatMap(({ environment }) => environment ?? []),
    ]),
  ]),
  openIncidents: simulateFact(
    openIncidents,
    z.object({ repository: z.string().nullable(), labels: z.array(z.string()) }),
    (asked, { given }) =>
      (given.incidents ?? []).flatMap(({ label, repository: place, number }, index) =>
        (place ?? null) === asked.repository &&
        asked.labels.some((each) => each.toLowerCase() === label.toLowerCase())
          ? [{ number: number ?? index + 1, url: "", label }]
          : [],
      ),
  ),
  customProperties: simulateFact(customProperties, noParams, (_params, world) =>
    propertiesOf(world),
  ),
  deployment: simulateFact(deployment, noParams, (_params, world) => {
    const given = world.given.deployment;
    if (given === undefined) throw new NotGiven("the facts name no deployment");
    return {
      id: given.id ?? 1,
      environment: environmentOf(given),
      sha: given.sha ?? world.headSha,
      ref: given.ref ?? world.given.repository?.default_branch ?? "main",
      actor: given.actor === null || given.actor === undefined ? null : world.person(given.actor),
      triggeredBy:
        given.triggered_by === null || given.triggered_by === undefined
          ? null
          : world.person(given.triggered_by),
      scheduled: given.scheduled ?? false,
      createdAt: world.askedAt,
      // The ref of a proposal whose origin nobody tells is a stranger's.
      fork: given.fork ?? (given.ref ?? "").startsWith("refs/pull/"),
      movedTo: given.moved_to ?? null,
      over: false,
    };
  }),
};
