import { generateKeyPairSync, randomBytes } from "node:crypto";
import type { DatabaseSync } from "node:sqlite";

/** How a secret's first value is made; the simulator knows its one OAuth client by the last two. */
const makers: Record<string, () => string> = {
  JwtKey: () => JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })),
  TokenKey: () => randomBytes(32).toString("base64"),
  AnafClientId: () => "sim-client",
  AnafClientSecret: () => "sim-secret",
};

/** The value of a secret on this machine: made once, then kept with the data it seals and signs. */
export function localSecret(database: DatabaseSync, name: string): string {
  database.exec("CREATE TABLE IF NOT EXISTS secret (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;");
  const known = database.prepare("SELECT value FROM secret WHERE name = ?").get(name);
  if (known) return String(known.value);
  const make = makers[name];
  if (!make) throw new Error(`Say in infra/local/secrets.ts how the secret ${name} is made.`);
  const value = make();
  database.prepare("INSERT INTO secret VALUES (?, ?)").run(name, value);
  return value;
}
