import { z } from "zod";

/** What GitHub answers when an App was made from a manifest. */
export const convertedApp = z.object({
  id: z.number().int(),
  slug: z.string().nullish(),
  html_url: z.string().nullish(),
  pem: z.string(),
  webhook_secret: z.string(),
  client_id: z.string(),
  client_secret: z.string(),
});
export type ConvertedApp = z.infer<typeof convertedApp>;

/** What became of the credentials. */
export interface Kept {
  /** The file that they were written to; null: they could not be written, and are shown this once. */
  readonly file: string | null;
  /** Why they could not be written, or lie beside the file that is read at start. */
  readonly trouble: string | null;
  readonly values: Readonly<Record<string, string>>;
  /** Why the gate could not be started with them; null: it runs. */
  readonly notStarted: string | null;
}
