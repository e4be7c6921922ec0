/** A browser without a screen: cookies, redirects by hand, forms. */
export class BrowserLike {
  readonly origin: string;
  readonly #cookies = new Map<string, string>();

  constructor(origin: string) {
    this.origin = origin;
  }

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies;
  }

  setCookie(name: string, value: string): void {
    this.#cookies.set(name, value);
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const url = new URL(path, this.origin);
    const headers = new Headers(init.headers);
    const own = url.origin === this.origin;
    if (own && this.#cookies.size > 0)
      headers.set(
        "cookie",
        [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; "),
      );
    const answer = await fetch(url, { ...init, headers, redirect: "manual" });
    if (own)
      for (const cookie of answer.headers.getSetCookie()) {
        const [pair = ""] = cookie.split(";");
        const at = pair.indexOf("=");
        const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
        if (value === "" || /max-age=0/i.test(cookie)) this.#cookies.delete(name);
        else this.#cookies.set(name, value);
      }
    return answer;
  }

  async page(path: string): Promise<{ readonly status: number; readonly text: string }> {
    const answer = await this.request(path);
    return { status: answer.status, text: await answer.text() };
  }

  /** Signs in at the simulated GitHub; answers where the browser ended. */
  async signIn(login: string, returnTo = "/"): Promise<string> {
    const begun = await this.request(`/login?return_to=${encodeURIComponent(returnTo)}`);
    const there = new URL(begun.headers.get("location") ?? "");
    there.searchParams.set("login", login);
    const consent = await fetch(there, { redirect: "manual" });
    const finished = await this.request(consent.headers.get("location") ?? "");
    return finished.headers.get("location") ?? `${finished.status}: ${await finished.text()}`;
  }

  /** Sends a form of a page as a browser would: with the hidden fields that stand in it. */
  async submit(
    from: string,
    action: string,
    fields: Readonly<Record<string, string>>,
  ): Promise<Response> {
    const { text } = await this.page(from);
    const csrf = /name="csrf" value="([^"]+)"/.exec(text)?.[1] ?? "";
    return this.request(action, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ csrf, ...fields }).toString(),
    });
  }
}
