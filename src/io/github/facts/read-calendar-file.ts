import { z } from "zod";
import {
  calendarFile,
  type CalendarFileFact,
  type CalendarFileParams,
} from "#core/facts/calendar-file.ts";
import { GatehouseError, isTransient } from "#core/model/errors.ts";
import { isOrganizationRepository, organizationRepository } from "#core/policy/files.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Store } from "#core/ports/store.ts";
import type { Clock } from "#core/ports/system.ts";
import type { GitHub } from "../client/client.ts";
import { readText } from "../read/contents.ts";
import type { ExpiringCache } from "./expiring-cache.ts";
import type { Readers } from "./shared-readers.ts";

const params: z.ZodType<CalendarFileParams> = z.object({
  path: z.string().min(1),
  from: z.enum(["organization", "repository"]),
});
const copy = z.object({ text: z.string().nullable(), at: z.number() });

/** The organisation's policy and its calendars stand here. */
/** A copy older than this stands in for nothing any more: what it says of today may be wrong. */
const maxAgeMs = 24 * 3_600_000;

/** Texts by installation, repository and path; dropped when the default branch moves. */
export type CalendarTexts = ExpiringCache<string | null>;

/** How calendar files are read: from default branches only, with the last good copy for the time GitHub cannot be asked. */
export function calendarReaders(
  github: GitHub,
  repository: RepositoryRecord,
  store: Store,
  clock: Clock,
  texts: CalendarTexts,
): Readers {
  const home = async (from: CalendarFileParams["from"]): Promise<RepositoryRecord> => {
    if (from === "repository" || isOrganizationRepository(repository)) return repository;
    const found = await store.records.repositoryByName(repository.owner, organizationRepository);
    if (found === null || found.installationId !== repository.installationId)
      throw new GatehouseError(
        "not_found",
        `the organisation's ${organizationRepository} repository cannot be seen`,
      );
    return found;
  };

  const read = async ({ path, from }: CalendarFileParams): Promise<CalendarFileFact> => {
    const where = await home(from);
    const key = `${where.installationId}:${where.id}:${path}`;
    const stored = `calendar:${key}`;
    try {
      const text = await texts.get(key, async () => {
        const fresh = (await readText(github, where, path, null))?.text ?? null;
        await store.records.setValue(stored, JSON.stringify({ text: fresh, at: clock.now() }));
        return fresh;
      });
      return { text, staleSince: null };
    } catch (error) {
      if (!(error instanceof GatehouseError) || !isTransient(error.code)) throw error;
      const last = copy.safeParse(JSON.parse((await store.records.getValue(stored)) ?? "null"));
      if (!last.success || clock.now() - last.data.at > maxAgeMs) throw error;
      return { text: last.data.text, staleSince: last.data.at };
    }
  };

  return {
    [calendarFile.name]: async (raw) => ({ value: await read(params.parse(raw)), evidence: [] }),
  };
}
