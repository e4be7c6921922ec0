import { LRUCache } from "lru-cache";
import { z } from "zod";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { GitHub } from "../client/client.ts";
import { eachPage } from "../client/pages.ts";
import { asRepository, namesOf } from "../client/requests.ts";
import { isOurs, writing } from "./own-writing.ts";

/** A marker stands in what follows this, near its beginning. */
const beginning = "<!-- gatehouse";
const mostOfMarker = 1_000;
/** The newest thousand issues: what is looked for was made since the last backup. */
const mostPages = 10;
const mostKept = 20_000;

const issue = writing.extend({ number: z.number() });

interface OwnIssue {
  readonly number: number;
  readonly marked: string;
}

async function eachNewest(
  github: GitHub,
  repository: RepositoryRecord,
  see: (row: z.infer<typeof issue>) => void,
  isEnough: () => boolean,
): Promise<void> {
  const request = github.endpoint("GET /repos/{owner}/{repo}/issues", {
    ...namesOf(repository),
    state: "all",
    sort: "created",
    direction: "desc",
    per_page: 100,
  });
  await eachPage(
    github,
    asRepository(repository, "issues"),
    request,
    z.array(issue),
    (page) => {
      page.forEach(see);
      return page.length;
    },
    { maxPages: mostPages, partWillDo: true, until: isEnough },
  );
}

export interface OwnIssues {
  /** The number of the issue of ours that carries the marker, as GitHub has it now. */
  readonly find: (repository: RepositoryRecord, marker: string) => Promise<number | null>;
  /**
   * The same for what the store does not know of: issues are listed once a repository and process, for what is made
   * after the process started is in its store.
   */
  readonly findUnseen: (repository: RepositoryRecord, marker: string) => Promise<number | null>;
}

/** Finds issues that this App opened by the markers in them. */
export function createOwnIssues(github: GitHub): OwnIssues {
  const listed = new LRUCache<number, readonly OwnIssue[]>({
    maxSize: mostKept,
    sizeCalculation: (issues) => issues.length + 1,
  });

  async function list(repository: RepositoryRecord): Promise<readonly OwnIssue[]> {
    const known = listed.get(repository.id);
    if (known !== undefined) return known;
    const found: OwnIssue[] = [];
    await eachNewest(
      github,
      repository,
      (row) => {
        if (!isOurs(github, row, beginning)) return;
        const at = row.body?.indexOf(beginning) ?? 0;
        found.push({
          number: row.number,
          marked: row.body?.slice(at, at + mostOfMarker) ?? "",
        });
      },
      () => false,
    );
    listed.set(repository.id, found);
    return found;
  }

  return {
    find: async (repository, marker) => {
      let ours: number | null = null;
      await eachNewest(
        github,
        repository,
        (row) => {
          if (ours === null && isOurs(github, row, marker)) ours = row.number;
        },
        () => ours !== null,
      );
      return ours;
    },
    findUnseen: async (repository, marker) =>
      (await list(repository)).find(({ marked }) => marked.includes(marker))?.number ?? null,
  };
}
