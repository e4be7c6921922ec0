import { setTimeout as sleep } from "node:timers/promises";
import type { Db } from "../store/tables.ts";
import type { Write } from "../store/writer.ts";
import { kindOf } from "./failure.ts";

const triesAtMost = 6;

/** Each act is a transaction of its own, side by side; two that stood in each other's way are done one after the other. */
export function createPostgresWriter(db: Db): Write {
  return async (act) => {
    for (let attempt = 1; ; attempt++) {
      try {
        return await db.transaction().execute(act);
      } catch (error) {
        if (attempt >= triesAtMost || !stoodInTheWay(error)) throw error;
      }
      await sleep(attempt * 3);
    }
  };
}

const stoodInTheWay = (error: unknown): boolean =>
  error instanceof Error && kindOf(error.cause) === "again";
