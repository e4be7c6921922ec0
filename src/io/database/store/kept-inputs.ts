import { promisify } from "node:util";
import { deflateRaw, deflateRawSync, inflateRawSync } from "node:zlib";
import type { KeptText } from "#core/record/keep.ts";
import type { KeptInputs } from "#core/ports/ledger.ts";
import { inPieces } from "./database.ts";
import { deleteFound } from "./prune.ts";
import type { Db } from "./tables.ts";
import type { Database } from "./writer.ts";

const piece = 200;
/** A piece that is used again is marked so at most this often: most decisions stand on what others stood on. */
const markEveryMs = 24 * 3_600_000;
/** Smaller texts are packed at once; larger ones beside the event loop. */
const largeCharacters = 32 * 1024;
/** Far above what is ever kept: a packed text that unpacks to more was not packed here. */
const mostUnpackedBytes = 64 * 1024 * 1024;

const deflate = promisify(deflateRaw);
const packed = (text: string): Promise<Uint8Array> | Uint8Array =>
  text.length > largeCharacters ? deflate(text) : deflateRawSync(text);

/** Packed pieces that are to be recorded with a decision. */
export type PackedInputs = ReadonlyMap<string, Uint8Array>;

async function present(db: Db, digests: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const some of inPieces(digests, piece)) {
    for (const row of await db
      .selectFrom("kept_inputs")
      .select("digest")
      .where("digest", "in", some)
      .execute())
      found.add(row.digest);
  }
  return found;
}

/** Packs what is not kept yet, before the transaction: nobody waits for it with the lock held. */
export async function packInputs(db: Db, kept: readonly KeptText[]): Promise<PackedInputs> {
  if (kept.length === 0) return new Map();
  const known = await present(
    db,
    kept.map(({ digest }) => digest),
  );
  const fresh = kept.filter(({ digest }) => !known.has(digest));
  return new Map(
    await Promise.all(
      fresh.map(async ({ digest, text }): Promise<readonly [string, Uint8Array]> => [
        digest,
        await packed(text),
      ]),
    ),
  );
}

/** Keeps the pieces within the caller's transaction. One that was removed since it was looked for is packed again. */
export async function keepInputs(
  transaction: Db,
  kept: readonly KeptText[],
  ready: PackedInputs,
  now: number,
): Promise<void> {
  if (kept.length === 0) return;
  const digests = kept.map(({ digest }) => digest);
  const known = await present(transaction, digests);
  const rows = kept
    .filter(({ digest }) => !known.has(digest))
    .map(({ digest, text }) => ({
      digest,
      packed: ready.get(digest) ?? deflateRawSync(text),
      used_at: now,
    }));
  for (const some of inPieces(rows, piece))
    await transaction
      .insertInto("kept_inputs")
      .values(some)
      .onConflict((conflict) => conflict.column("digest").doNothing())
      .execute();
  for (const some of inPieces([...known], piece)) {
    await transaction
      .updateTable("kept_inputs")
      .set({ used_at: now })
      .where("digest", "in", some)
      .where("used_at", "<", now - markEveryMs)
      .execute();
  }
}

/** What decisions were made of. */
export function createKeptInputs(db: Database): KeptInputs {
  return {
    read: async (digests) => {
      const found = new Map<string, string>();
      for (const some of inPieces(digests, piece)) {
        for (const row of await db.read
          .selectFrom("kept_inputs")
          .select(["digest", "packed"])
          .where("digest", "in", some)
          .execute())
          found.set(row.digest, unpacked(row.packed));
      }
      return found;
    },

    // A piece is marked as used once a day: the last mark may be a day older than the last use.
    prune: (before) =>
      deleteFound(
        db,
        async (read, limit) =>
          (
            await read
              .selectFrom("kept_inputs")
              .select("digest")
              .where("used_at", "<", before - markEveryMs)
              .limit(limit)
              .execute()
          ).map(({ digest }) => digest),
        (transaction, digests) =>
          transaction
            .deleteFrom("kept_inputs")
            .where("digest", "in", digests)
            .where("used_at", "<", before - markEveryMs)
            .executeTakeFirst(),
      ),
  };
}

/** Hostile input once the database was tampered with: what does not unpack is no text, and its digest will tell. */
function unpacked(bytes: Uint8Array): string {
  try {
    return inflateRawSync(bytes, { maxOutputLength: mostUnpackedBytes }).toString("utf8");
  } catch {
    return "";
  }
}
