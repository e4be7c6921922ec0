import { z } from "zod";
import { incidentsKey, type HiddenAnswer, type HiddenQuestion } from "#core/sweep/hidden.ts";
import type { GitHub } from "../client/client.ts";
import { orAbsent } from "../client/or-absent.ts";
import { asInstallation, type RestAnswer } from "../client/requests.ts";
import { digestOf } from "./digest-of.ts";

type Of<Kind extends HiddenQuestion["kind"]> = Extract<HiddenQuestion, { readonly kind: Kind }>;

const properties = z.array(
  z.object({ repository_id: z.number(), properties: z.array(z.unknown()) }),
);
/** 20,000 repositories; the rest has its turn. */
const mostPages = 200;

/** What repositories of an organisation have of custom properties, by their ids. Pages that did not change are free. */
export async function readOrganizationProperties(
  github: GitHub,
  { repository: { installationId, owner }, asked }: Of<"organization_properties">,
): Promise<HiddenAnswer> {
  const wanted = new Set(asked);
  const marks: Record<string, string> = {};
  const as = asInstallation(installationId, "organization_properties");
  const first = github.endpoint("GET /orgs/{org}/properties/values", { org: owner, per_page: 100 });
  let calls = 0;
  let url: string | null = first.url;
  for (let page = 0; url !== null && page < mostPages; page += 1) {
    const answer: RestAnswer<z.infer<typeof properties>> | null = await orAbsent(
      github.rest(as, { ...first, url }, properties),
    );
    // A personal account has no such list.
    if (answer === null) return { marks: { "": "forbidden" }, isFree: false };
    if (!answer.isRemembered) calls += 1;
    for (const { repository_id: id, properties: values } of answer.data)
      if (wanted.has(String(id))) marks[id] = digestOf(values);
    url = answer.next;
  }
  return { marks, isFree: calls === 0, calls };
}

const perCall = 100;
const place = z.object({
  databaseId: z.number(),
  issues: z.object({ nodes: z.array(z.object({ number: z.number() }).nullable()) }),
});
const answer = z.record(z.string(), z.unknown());

/** Which incidents are open, by repository and label: a call for each hundred, which is a point each. */
export async function readManyIncidents(
  github: GitHub,
  { repository: { installationId }, asked }: Of<"many_incidents">,
): Promise<HiddenAnswer> {
  const marks: Record<string, string> = {};
  let calls = 0;
  for (let from = 0; from < asked.length; from += perCall) {
    const part = asked.slice(from, from + perCall);
    const text = (value: string): string => JSON.stringify(value);
    const data = await github.graphql(asInstallation(installationId), {
      query: `query ManyIncidents {\n${part
        .map(
          ({ repository: { owner, name }, label }, index) =>
            `i${index}: repository(owner: ${text(owner)}, name: ${text(name)}) { databaseId issues(labels: [${text(label)}], states: [OPEN], first: 100, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { number } } }`,
        )
        .join("\n")}\n}`,
      variables: {},
      schema: answer,
      partial: true,
    });
    calls += 1;
    for (const [index, one] of part.entries()) {
      const read = place.safeParse(data[`i${index}`]);
      // What is not shown keeps the mark that it had: it is looked at when its subject has its turn.
      if (read.success && read.data.databaseId === one.repository.id)
        marks[incidentsKey(one)] = digestOf(read.data.issues.nodes.map((issue) => issue?.number));
    }
  }
  return { marks, isFree: false, calls };
}
