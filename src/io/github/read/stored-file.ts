import { GitHubError } from "../client/github-error.ts";

/** GitHub's own hosts, and the storage it hands files out from. */
const storage =
  /^(?:[a-z0-9-]+\.)*(?:github\.com|githubusercontent\.com|ghe\.com|blob\.core\.windows\.net)$/;

export interface StoredFileOptions {
  /** The API that named the address: its own host is asked too, as that of a GitHub Enterprise Server. */
  readonly apiUrl: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/**
 * Fetches a file from an address that stood in an answer of GitHub's. No token goes with it, no redirect is followed, and
 * other hosts than GitHub's are not asked at all (threat T38). What comes is not believed: the caller verifies it. The
 * address is itself a secret and is never shown.
 */
export async function fetchStored(
  address: string,
  { apiUrl, timeoutMs, maxBytes }: StoredFileOptions,
): Promise<Uint8Array> {
  if (!URL.canParse(address))
    throw new GitHubError("invalid", "GitHub named an address of a file that is none");
  const url = new URL(address);
  const isHome = url.origin === new URL(apiUrl).origin;
  if (!isHome && (url.protocol !== "https:" || url.port !== "" || !storage.test(url.hostname)))
    throw new GitHubError(
      "invalid",
      "GitHub named a file on a host that is not its own, which is not asked",
    );
  let response: Response;
  try {
    response = await fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(timeoutMs),
      headers: { "user-agent": "gatehouse" },
    });
  } catch {
    throw new GitHubError("unavailable", "the file's storage host did not answer");
  }
  if (response.status !== 200) {
    await response.body?.cancel().catch(() => undefined);
    const code = response.status >= 500 || response.status === 429 ? "unavailable" : "not_found";
    throw new GitHubError(code, `the file's storage host answered ${response.status}`, {
      status: response.status,
    });
  }
  return cappedBytes(response, maxBytes);
}

async function cappedBytes(response: Response, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      size += chunk.byteLength;
      if (size > maxBytes)
        throw new GitHubError("incomplete", `the file is larger than ${maxBytes} bytes`);
      chunks.push(chunk);
    }
  } catch (error) {
    if (error instanceof GitHubError) throw error;
    throw new GitHubError("unavailable", "the file broke off while it was read");
  }
  return Buffer.concat(chunks, size);
}
