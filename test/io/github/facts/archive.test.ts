import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { artifactLimits, readArchive } from "#io/github/facts/archive.ts";
import { readCoverage } from "#core/formats/coverage/read.ts";
import { writeZip, type ZipEntry } from "./zip-writer.ts";

const everything = (): boolean => true;
const kilobyte = 1024;

describe("readArchive", () => {
  it("gives the wanted entries as text, in order, and passes over folders and the rest", async () => {
    const zip = writeZip([
      { name: "coverage/", mode: 0o040755 },
      { name: "coverage/lcov.info", data: "SF:a\n" },
      { name: "coverage/index.html", data: "<html>" },
      { name: "coverage/ümlaut.xml", data: "\ufeffé", stored: true },
      { name: "coverage/utf16.xml", data: Buffer.from("\ufeff<a/>", "utf16le") },
    ]);
    expect(await readArchive(zip, (name) => !name.endsWith(".html"))).toEqual({
      entries: [
        { name: "coverage/lcov.info", text: "SF:a\n" },
        { name: "coverage/ümlaut.xml", text: "é" },
        { name: "coverage/utf16.xml", text: "<a/>" },
      ],
      skipped: [],
    });
  });

  it("reads an empty archive as empty", async () =>
    expect(await readArchive(writeZip([]), everything)).toEqual({ entries: [], skipped: [] }));

  it.each([
    ["nothing", Buffer.alloc(0)],
    ["text", Buffer.from("not a zip at all")],
    [
      "an archive cut off at its end",
      writeZip([{ name: "a", data: "x".repeat(kilobyte) }]).subarray(0, -10),
    ],
    [
      "an archive cut off at its beginning",
      writeZip([{ name: "a", data: "x".repeat(kilobyte) }]).subarray(10),
    ],
    [
      "an archive that promises more entries than it has",
      writeZip([{ name: "a" }], { entryCount: 7 }),
    ],
    [
      "an entry that is no deflate stream",
      writeZip([{ name: "a", data: "plain", stored: true, method: 8 }]),
    ],
    ["an unknown compression", writeZip([{ name: "a", data: "plain", method: 14 }])],
  ])("says what is broken about %s", async (_, bytes) => {
    expect(await readArchive(bytes, everything)).toMatchObject({
      error: expect.stringContaining("broken"),
    });
  });

  it("never throws on a flipped byte, and never gives other content than was packed", async () => {
    const zip = writeZip([
      { name: "lcov.info", data: "SF:a.ts\nDA:1,1\nend_of_record\n".repeat(20) },
      { name: "b.xml", data: "<a/>", stored: true },
    ]);
    const honest = await readArchive(zip, everything);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(zip.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (at, flip) => {
          const broken = Buffer.from(zip);
          broken[at] = (broken[at] ?? 0) ^ flip;
          const answer = await readArchive(broken, everything);
          if ("error" in answer || "error" in honest) return;
          expect(honest.entries.map((entry) => entry.text)).toEqual(
            expect.arrayContaining(answer.entries.map((entry) => entry.text)),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("T20: archives made to harm", () => {
  const megabyte = kilobyte * kilobyte;

  it.each<[string, readonly ZipEntry[], string]>([
    [
      "a bomb: one entry that inflates a thousandfold",
      [{ name: "coverage.xml", data: Buffer.alloc(8 * megabyte) }],
      "compressed more than",
    ],
    [
      "a bomb whose declared size is a lie",
      [{ name: "coverage.xml", data: Buffer.alloc(8 * megabyte), declared: 100 }],
      "too many bytes",
    ],
    [
      "an entry larger than allowed",
      [{ name: "coverage.xml", data: "x", declared: 65 * megabyte }],
      "more than",
    ],
    ["a slip", [{ name: "../../etc/cron.d/x", data: "x" }], "relative path"],
    ["a slip in the middle", [{ name: "a/../../x", data: "x" }], "relative path"],
    ["a slip with backslashes", [{ name: "..\\..\\x", data: "x" }], "invalid characters"],
    ["a backslash", [{ name: "a\\x", data: "x" }], "invalid characters"],
    ["an absolute name", [{ name: "/etc/passwd", data: "x" }], "absolute path"],
    ["a drive", [{ name: "C:/x", data: "x" }], "absolute path"],
    ["a NUL in the name", [{ name: "coverage.xml\0.png", data: "x" }], "control character"],
    ["a line break in the name", [{ name: "a\nb", data: "x" }], "control character"],
    ["no name", [{ name: "", data: "x" }], "0 characters"],
    ["an endless name", [{ name: "x".repeat(5000), data: "x" }], "5000 characters"],
    ["a symbolic link", [{ name: "coverage.xml", data: "/etc/passwd", mode: 0o120777 }], "link"],
    ["a device", [{ name: "coverage.xml", mode: 0o020666 }], "link"],
    [
      "one name twice",
      [
        { name: "lcov.info", data: "good" },
        { name: "lcov.info", data: "bad" },
      ],
      "twice",
    ],
    ["encryption", [{ name: "lcov.info", data: "x", flags: 1 }], "encrypted"],
    ["a wrong checksum", [{ name: "lcov.info", data: "x", checksum: 1 }], "checksum"],
  ])("T20: refuses %s", async (_, entries, reason) => {
    const honest: ZipEntry = { name: "honest.info", data: "SF:a\n" };
    expect(await readArchive(writeZip([honest, ...entries]), everything)).toMatchObject({
      error: expect.stringContaining(reason),
    });
  });

  it("T20: refuses a bad name or a link even where nobody wants that entry", async () => {
    const none = (): boolean => false;
    expect(await readArchive(writeZip([{ name: "../x" }]), none)).toHaveProperty("error");
    expect(await readArchive(writeZip([{ name: "x", mode: 0o120777 }]), none)).toHaveProperty(
      "error",
    );
  });

  it("T20: caps all entries together, whatever each declares", async () => {
    const limits = { ...artifactLimits, totalBytes: 10 * kilobyte };
    const noise = Buffer.from(Array.from({ length: 4 * kilobyte }, (_, i) => (i * 7919) % 251));
    const zip = writeZip(["a", "b", "c"].map((name) => ({ name, data: noise })));
    expect(await readArchive(zip, everything, limits)).toMatchObject({
      error: expect.stringContaining("10240"),
    });
    expect(await readArchive(zip, (name) => name !== "c", limits)).toHaveProperty("entries");
  });

  it("T20: caps entries and the archive itself", async () => {
    const zip = writeZip(Array.from({ length: 30 }, (_, i) => ({ name: `f${i}` })));
    expect(await readArchive(zip, everything, { ...artifactLimits, entries: 29 })).toMatchObject({
      error: expect.stringContaining("30 entries"),
    });
    expect(
      await readArchive(zip, everything, { ...artifactLimits, archiveBytes: 100 }),
    ).toMatchObject({ error: expect.stringContaining("bytes") });
    expect(await readArchive(writeZip([], { entryCount: 65_535 }), everything)).toHaveProperty(
      "error",
    );
  });

  it("T20: does not inflate what nobody asked for", async () => {
    const zip = writeZip([
      { name: "bomb.bin", data: Buffer.alloc(8 * megabyte) },
      { name: "lcov.info", data: "SF:a\n" },
    ]);
    expect(await readArchive(zip, (name) => name === "lcov.info")).toEqual({
      entries: [{ name: "lcov.info", text: "SF:a\n" }],
      skipped: [],
    });
  });

  it("T20: never opens an archive in an archive, whatever it is called", async () => {
    const inner = writeZip([{ name: "lcov.info", data: "SF:a\n" }]);
    const zip = writeZip([
      { name: "coverage.zip", data: inner },
      { name: "coverage.xml", data: inner },
      { name: "coverage.json", data: Buffer.from([0x1f, 0x8b, 8]) },
    ]);
    expect(await readArchive(zip, everything)).toEqual({
      entries: [],
      skipped: ["coverage.zip", "coverage.xml", "coverage.json"],
    });
  });

  it("T20: stops when its time is up", async () => {
    const zip = writeZip([{ name: "lcov.info", data: "SF:a\n" }]);
    expect(await readArchive(zip, everything, artifactLimits, AbortSignal.abort())).toMatchObject({
      error: expect.stringContaining("longer than"),
    });
  });
});

describe("T21, T24: what an artifact says is judged by the reader", () => {
  it.each([
    [
      "T21: entities",
      '<!DOCTYPE coverage [<!ENTITY x SYSTEM "file:///etc/passwd">]><coverage line-rate="1"/>',
      "refused",
    ],
    ["T24: an empty report", "", "empty"],
  ])("%s", async (_, data, reason) => {
    const archive = await readArchive(writeZip([{ name: "coverage.xml", data }]), everything);
    if ("error" in archive) throw new Error(archive.error);
    const [entry] = archive.entries;
    expect(readCoverage(entry?.name ?? "", entry?.text ?? "")).toMatchObject({
      error: expect.stringContaining(reason),
    });
  });
});
