/** Codes of the system and of TLS, by what a person has to look at. */
const kinds: readonly (readonly [RegExp, (host: string) => string])[] = [
  [
    /^(?:ENOTFOUND|EAI_AGAIN)$/,
    (host) =>
      `${host} cannot be found: look at the name (GHE_HOST) and at DNS; behind a proxy set HTTPS_PROXY.`,
  ],
  [
    /SELF_SIGNED|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT)|CERT_UNTRUSTED/,
    (host) =>
      `The certificate of ${host} is of an authority that this process does not know: point NODE_EXTRA_CA_CERTS to the authority's certificate (a PEM file) and start again.`,
  ],
  [
    /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/,
    (host) =>
      `The certificate of ${host} is not good now: renew it, or look at this machine's clock.`,
  ],
  [
    /ALTNAME_INVALID$/,
    (host) => `The certificate is of another host than ${host}: look at the name (GHE_HOST).`,
  ],
  [
    /^(?:EPROXY|UND_ERR_ABORTED|UND_ERR_PRX_TLS)$/,
    (host) =>
      `The proxy lets nothing through to ${host}: look at HTTPS_PROXY (its name and password too), or name the host in NO_PROXY.`,
  ],
  [
    /^(?:EPROTO|ERR_SSL_.+)$/,
    (host) => `${host} does not speak TLS there: look at GHE_HOST, and at GHE_PROTOCOL.`,
  ],
  [
    /^(?:ECONNREFUSED|EHOSTUNREACH|ENETUNREACH)$/,
    (host) =>
      `${host} takes no connection from here: look at the address, at firewalls, and whether it runs; behind a proxy set HTTPS_PROXY.`,
  ],
  [
    /TIMEDOUT|TIMEOUT|^ABORT_ERR$|^23$/,
    (host) =>
      `${host} did not answer in time: look at firewalls between here and there; behind a proxy set HTTPS_PROXY.`,
  ],
];

/** The system's code for why nothing came back, however deep a client wrapped it; null: none is told. */
export function networkCode(error: unknown): string | null {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; depth += 1) {
    if ("code" in at && (typeof at.code === "string" || typeof at.code === "number"))
      return String(at.code);
    if (at instanceof AggregateError && at.errors.length > 0) at = at.errors[0];
    else at = at.cause;
  }
  return null;
}

/** What to look at where a server gives no answer, in one sentence. */
export function unreachable(host: string, code: string | null): string {
  const known = code === null ? undefined : kinds.find(([pattern]) => pattern.test(code));
  return (
    known?.[1](host) ??
    `${host} does not answer${code === null ? "" : ` (${code})`}: look at the network and at GHE_HOST.`
  );
}
