import { health, healthOf, healthParams, seenHealth, seenHealthOf } from "#core/facts/health.ts";
import { GatehouseError } from "#core/model/errors.ts";
import { seenHealthKey, type HealthSources } from "#core/ports/health.ts";
import type { Records } from "#core/ports/records.ts";
import type { RepositoryRecord } from "#core/ports/repository.ts";
import type { Readers } from "./shared-readers.ts";

/** What health sources say, compared; since when it is like that is remembered by the watch of those who wait. */
export function healthReaders(
  sources: HealthSources | undefined,
  records: Pick<Records, "getValue">,
  repository: RepositoryRecord,
): Readers {
  return {
    [health.name]: async (raw) => {
      if (sources === undefined)
        throw new GatehouseError("unsupported", "there are no health sources here");
      const asked = healthParams.parse(raw);
      const answer = await sources.ask(asked, repository);
      const stored = await records.getValue(seenHealthKey);
      const seen = stored === null ? {} : seenHealth.parse(JSON.parse(stored));
      return {
        value: healthOf(answer, asked, seen[seenHealthOf(repository.id, health.need(asked).key)]),
        evidence: [],
      };
    },
  };
}
