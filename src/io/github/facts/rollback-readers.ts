import { z } from "zod";
import { rollbackHistory } from "#core/facts/deployments.ts";
import type { History } from "./read-history.ts";
import type { Readers } from "./shared-readers.ts";

const params = z.object({ environment: z.string().min(1), sha: z.string().nullable() });

/** What a command about deployments may ask where it stands on a pull request. */
export function rollbackReaders(history: History): Readers {
  return {
    [rollbackHistory.name]: async (raw) => {
      const { environment, sha } = params.parse(raw);
      return { value: await history.forRollback(environment, sha), evidence: [] };
    },
  };
}
