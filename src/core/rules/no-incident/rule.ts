import { z } from "zod";
import type { Ask } from "#core/facts/ask.ts";
import { keptElsewhere, openIncidents } from "#core/facts/incidents.ts";
import type { Event } from "#core/model/event.ts";
import { pass, pending, type Verdict } from "#core/model/verdict.ts";
import { count, listed } from "#core/text/phrases.ts";
import { moreMembersAreTighter } from "../kit/direction.ts";
import { defineRule, type RuleContext } from "../kit/rule.ts";

const label = z
  .string()
  .min(1)
  .max(50)
  .regex(/^[^,]+$/, { error: "no comma: GitHub's search for labels takes it for two" });

const params = z.strictObject({
  repository: z
    .string()
    .max(200)
    .regex(/^(?:[\w.-]+\/)?[\w.-]+$/, { error: "not a repository; write its name, or owner/name" })
    .optional()
    .meta({
      description: "Where incidents are kept; this repository by default.",
      examples: ["incidents", "acme/incidents"],
    }),
  labels: z
    .array(label)
    .min(1)
    .max(10)
    .meta({
      description: "Labels, any of which makes an issue an incident.",
      examples: [["incident", "sev-1"]],
    }),
});
type Params = z.output<typeof params>;

const minute = 60_000;

const requiredOf = ({ labels, repository }: Params): string =>
  `no open issue ${listed(labels, 3)}${repository === undefined ? "" : ` in ${keptElsewhere}`}`;

export const noIncident = defineRule<Params>({
  name: "no_incident",
  summary: "No open issue carries one of the labels of an incident.",
  appliesTo: ["deployment", "pull_request"],
  params,
  needs: () => [openIncidents],
  judge,
  isAffectedBy,
  compare: (organization, repository) =>
    organization.repository?.toLowerCase() === repository.repository?.toLowerCase()
      ? moreMembersAreTighter(organization.labels, repository.labels)
      : "looser",
  joined: ["labels"],
  describe: requiredOf,
});

/** Incidents kept elsewhere have no events here. An issue's own label tells whether it is about one; an edited label may be any. */
function isAffectedBy(event: Event, { repository, labels }: Params): boolean {
  if (!isKeptHere(repository, event)) return false;
  if (event.label === null || !/^issues\./.test(event.name)) return true;
  return labels.some((one) => one.toLowerCase() === event.label?.toLowerCase());
}

function isKeptHere(written: string | undefined, { repository: here }: Event): boolean {
  if (written === undefined || here === null) return true;
  const [name = "", owner = here.owner] = written.split("/").reverse();
  return (
    name.toLowerCase() === here.name.toLowerCase() &&
    owner.toLowerCase() === here.owner.toLowerCase()
  );
}

/** Unmet it is pending: somebody closes the incident. Another repository's events wake nobody here, so it is asked again. */
function judge({ params: asked, now }: RuleContext<Params>, ask: Ask): Verdict | undefined {
  const required = requiredOf(asked);
  const elsewhere = asked.repository !== undefined;
  const open = ask(
    openIncidents.need({ repository: asked.repository ?? null, labels: asked.labels }),
  );
  if (open === undefined) return undefined;
  if (open.length === 0)
    return pass({
      found: "no incident is open",
      required,
      ...(elsewhere ? { changesAt: now + 5 * minute } : {}),
    });
  const names = open.flatMap(({ number }) =>
    number === null ? [] : [`${asked.repository ?? ""}#${number}`],
  );
  const incidents = count(open.length, "incident");
  const named = names.length === open.length;
  return pending({
    found: named ? `${incidents} open: ${listed(names, 3)}` : `${incidents} open`,
    required,
    need: `${named ? listed(names, 2) : incidents} ${open.length === 1 ? "is" : "are"} open`,
    next: `Somebody closes ${open.length === 1 ? "it" : "them"} when the incident is over; then Gatehouse judges again by itself.`,
    evidence: open.flatMap(({ number, url, label: by }) =>
      number === null || url === null ? [] : [{ label: `#${number} (${by})`, url }],
    ),
    ...(elsewhere ? { changesAt: now + minute } : {}),
  });
}
