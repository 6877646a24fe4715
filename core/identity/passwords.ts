import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";

/**
 * The price of one guess: 16 MiB of memory and about 0.2 s on one core, which OWASP's password storage cheat sheet
 * names as the equal of N = 2^17, p = 1; more memory would fit fewer sign-ins beside each other on one instance.
 */
const current = { N: 2 ** 14, r: 8, p: 5 };
const version = "scrypt1";
const keyBytes = 32;

/** What is stored of a password: version, parameters, salt and key, so that the price may rise later. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const key = await derive(password, salt, current);
  const { N, r, p } = current;
  return [version, N, r, p, salt.toString("base64url"), key.toString("base64url")].join("$");
}

/**
 * Whether the password is the one behind the hash. Takes the same time when there is no hash, so that nobody learns
 * from a slow answer that an address is known.
 */
export async function isPassword(password: string, stored: string | undefined): Promise<boolean> {
  const { salt, key, ...price } = read(stored ?? nobodys);
  const same = timingSafeEqual(await derive(password, salt, price), key);
  return same && stored !== undefined;
}

/** Whether the hash was made at another price than today's and should be made again at the next sign-in. */
export function isOutdated(stored: string): boolean {
  const { N, r, p } = read(stored);
  return N !== current.N || r !== current.r || p !== current.p;
}

/** Matches no password: its key is not the outcome of any derivation we know. */
const nobodys = [version, current.N, current.r, current.p, "A".repeat(22), "A".repeat(43)].join("$");

function read(stored: string) {
  const [name, N, r, p, salt, key] = stored.split("$");
  if (name !== version || !salt || !key)
    throw new Error("A password is stored in a form this version does not know.");
  return {
    N: Number(N),
    r: Number(r),
    p: Number(p),
    salt: Buffer.from(salt, "base64url"),
    key: Buffer.from(key, "base64url"),
  };
}

/** Unicode forms that look the same are the same password (NIST SP 800-63B §5.1.1.2). */
const derive = (password: string, salt: Buffer, { N, r, p }: typeof current): Promise<Buffer> =>
  new Promise((resolve, reject) =>
    scrypt(password.normalize("NFKC"), salt, keyBytes, { N, r, p, maxmem: 256 * N * r }, (error, key) =>
      error ? reject(error) : resolve(key),
    ),
  );
