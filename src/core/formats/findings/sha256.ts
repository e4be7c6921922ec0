/**
 * SHA-256 in plain code: core is synchronous and knows neither node:crypto nor WebCrypto's promises, and a weak hash
 * would let a crafted message make a new finding look like a known one.
 */
const primesUpTo311 = Array.from({ length: 310 }, (_, index) => index + 2).filter((n) => {
  for (let divisor = 2; divisor * divisor <= n; divisor += 1) if (n % divisor === 0) return false;
  return true;
});
const fraction = (x: number): number => ((x - Math.floor(x)) * 2 ** 32) | 0;
const roundConstants = Int32Array.from(primesUpTo311.slice(0, 64), (prime) =>
  fraction(Math.cbrt(prime)),
);
const initialState = Int32Array.from(primesUpTo311.slice(0, 8), (prime) =>
  fraction(Math.sqrt(prime)),
);

const encoder = new TextEncoder();
const hexByte = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));

/** Scratch space, used and left within one synchronous call: a report of 25 MB asks for a hundred thousand digests. */
const schedule = new Int32Array(64);
const state = new Int32Array(8);
let bytes = new Uint8Array(4_096);

/** Writes the padded message into `bytes`; gives its length, a multiple of 64. */
function pad(text: string): number {
  const room = text.length * 3 + 72;
  if (bytes.length < room) bytes = new Uint8Array(room * 2);
  const { written } = encoder.encodeInto(text, bytes);
  const length = ((written + 8) >> 6) * 64 + 64;
  bytes.fill(0, written, length);
  bytes[written] = 0x80;
  const view = new DataView(bytes.buffer);
  view.setUint32(length - 8, Math.floor(written / 2 ** 29));
  view.setUint32(length - 4, (written << 3) >>> 0);
  return length;
}

function fillSchedule(offset: number): void {
  for (let i = 0; i < 16; i += 1) {
    const at = offset + i * 4;
    schedule[i] =
      (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
  }
  for (let i = 16; i < 64; i += 1) {
    const x = schedule[i - 15]!;
    const y = schedule[i - 2]!;
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    schedule[i] = (schedule[i - 16]! + s0 + schedule[i - 7]! + s1) | 0;
  }
}

function mixBlock(): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  let d = state[3]!;
  let e = state[4]!;
  let f = state[5]!;
  let g = state[6]!;
  let h = state[7]!;
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + roundConstants[i]! + schedule[i]!) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

/** Lower-case hex digest of the text's UTF-8 bytes. */
export function sha256(text: string): string {
  const length = pad(text);
  state.set(initialState);
  for (let offset = 0; offset < length; offset += 64) {
    fillSchedule(offset);
    mixBlock();
  }
  let hex = "";
  for (const word of state)
    hex +=
      hexByte[word >>> 24]! +
      hexByte[(word >>> 16) & 255]! +
      hexByte[(word >>> 8) & 255]! +
      hexByte[word & 255]!;
  return hex;
}
