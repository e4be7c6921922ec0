/** One source of the file that HEALTH_SOURCES names, its secrets filled in. */
export interface HealthSource {
  readonly name: string;
  readonly type: "prometheus" | "datadog" | "json";
  /** Root of the API, or the address of the JSON document; no slash at its end. */
  readonly url: string;
  /** Sent with every question; may hold secrets. */
  readonly headers: Readonly<Record<string, string>>;
  /** How long a value speaks for the time after it; undefined: as the source has it. */
  readonly lookbackMs: number | undefined;
  /** Globs on owner/name of repositories whose policies may ask it; undefined: all. */
  readonly repositories: readonly string[] | undefined;
  /** Values that must never be written anywhere. */
  readonly secrets: readonly string[];
}
