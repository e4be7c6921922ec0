import { z } from "zod";
import { keptElsewhere, openIncidents, type Incident } from "#core/facts/incidents.ts";
import { GatehouseError } from "#core/model/errors.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Records } from "#core/ports/records.ts";
import type { GitHub } from "../client/client.ts";
import { everyPage } from "../client/pages.ts";
import { asRepository } from "../client/requests.ts";
import type { ExpiringCache } from "./expiring-cache.ts";
import type { Readers } from "./shared-readers.ts";

const params = z.object({ repository: z.string().nullable(), labels: z.array(z.string()) });
const issues = z.array(
  z.object({ number: z.number(), html_url: z.string(), pull_request: z.unknown().optional() }),
);

/** Open issues by label, of the judged repository or another one of the same installation. */
export function incidentReaders(
  github: GitHub,
  records: Named,
  own: RepositoryRecord,
  known: ExpiringCache<readonly Incident[]>,
): Readers {
  return {
    [openIncidents.name]: async (raw) => {
      const { repository, labels } = params.parse(raw);
      const place = repository === null ? own : await find(records, own, repository);
      const lists = await Promise.all(
        labels.map((label) =>
          known.get(`${place.installationId}:${place.id}:${label.toLowerCase()}`, () =>
            readOpen(github, place, label),
          ),
        ),
      );
      const found = new Map(lists.flat().map((incident) => [incident.number, incident]));
      const value = [...found.values()].sort((a, b) => (a.number ?? 0) - (b.number ?? 0));
      const isHidden = place.private && !own.private;
      return {
        value: isHidden ? value.map(({ label }) => ({ number: null, url: null, label })) : value,
        evidence: [],
      };
    },
  };
}

type Named = Pick<Records, "repositoryByName" | "changeValue" | "getValue">;

/**
 * One that is not installed is a name nobody here can ask about: what it holds is not known. Nor is it where another
 * repository bears the name by now than the one that was asked first: the incidents are where they were.
 */
async function find(
  records: Named,
  own: RepositoryRecord,
  written: string,
): Promise<RepositoryRecord> {
  const [name = "", owner = own.owner] = written.split("/").reverse();
  const found = await records.repositoryByName(owner, name);
  if (found === null || !found.active || found.installationId !== own.installationId)
    throw new GatehouseError(
      "forbidden",
      `${keptElsewhere} is not in the installation of ${own.owner}: an administrator adds it`,
    );
  const key = `incidents-in:${own.id}:${written.toLowerCase()}`;
  const id = String(found.id);
  const bound =
    (await records.getValue(key)) ?? (await records.changeValue(key, (before) => before ?? id));
  if (bound !== id)
    throw new GatehouseError(
      "forbidden",
      `${keptElsewhere} is another one than before under the same name: give the first its name back, or name it otherwise in the policy (with or without its owner)`,
    );
  return found;
}

async function readOpen(
  github: GitHub,
  repository: RepositoryRecord,
  label: string,
): Promise<readonly Incident[]> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/issues", {
    owner: repository.owner,
    repo: repository.name,
    state: "open",
    labels: label,
    per_page: 100,
  });
  const rows = await everyPage(github, asRepository(repository), request, issues, 10);
  return rows
    .filter((row) => row.pull_request === undefined || row.pull_request === null)
    .map(({ number, html_url: url }) => ({ number, url, label }));
}
