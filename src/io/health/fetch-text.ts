import { networkCode } from "#core/render/unreachable.ts";

/** Why a source gave no answer that can be read, in words for anybody: no address, no host. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer";
}

export interface Fetched {
  readonly text: string;
  readonly status: number;
  /** By the server's own clock (epoch ms); null: it does not say. */
  readonly date: number | null;
}

const mostBytes = 4 * 1024 * 1024;

async function textOf(answer: Response): Promise<string> {
  const reader = answer.body?.getReader();
  if (reader === undefined) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { value } = await reader.read();
    if (value === undefined) return Buffer.concat(chunks).toString("utf8");
    size += value.byteLength;
    if (size > mostBytes) {
      await reader.cancel();
      throw new NoAnswer(`answers more than ${mostBytes / 1024 / 1024} MiB`);
    }
    chunks.push(value);
  }
}

const statusText = (status: number): string =>
  status === 401 || status === 403
    ? `does not let us ask (${status}): its credentials in HEALTH_SOURCES do not suffice`
    : status === 404
      ? "answers 404: its address in HEALTH_SOURCES leads nowhere"
      : status === 429
        ? "is asked too often (429)"
        : status >= 300 && status < 400
          ? `sends us elsewhere (${status}), which is not followed`
          : `answers ${status}`;

/** Asks an address; throws `NoAnswer` for everything but an answer that can be read. `readable`: statuses whose body says why. */
export async function fetchText(
  url: string,
  headers: Readonly<Record<string, string>>,
  {
    signal,
    readable = [],
  }: { readonly signal: AbortSignal; readonly readable?: readonly number[] },
): Promise<Fetched> {
  try {
    const answer = await fetch(url, {
      headers: {
        accept: "application/json",
        "cache-control": "no-cache",
        "user-agent": "gatehouse",
        ...headers,
      },
      // Credentials are for this host, and addresses come from the settings alone.
      redirect: "manual",
      signal,
    });
    if (!answer.ok && !readable.includes(answer.status)) {
      await answer.body?.cancel();
      throw new NoAnswer(statusText(answer.status));
    }
    const date = Date.parse(answer.headers.get("date") ?? "");
    return {
      text: await textOf(answer),
      status: answer.status,
      date: Number.isNaN(date) ? null : date,
    };
  } catch (error) {
    if (error instanceof NoAnswer) throw error;
    if (signal.aborted) throw new NoAnswer("did not answer in time");
    const code = networkCode(error);
    throw new NoAnswer(`cannot be reached${code === null ? "" : ` (${code})`}`);
  }
}
