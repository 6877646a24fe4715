/** Prints a fresh value for a secret: `node scripts/new-key.ts jwt` (signs sessions) or `token` (seals ANAF tokens). */
import { generateKeyPairSync, randomBytes } from "node:crypto";

const makers: Record<string, () => string> = {
  jwt: () => JSON.stringify(generateKeyPairSync("ed25519").privateKey.export({ format: "jwk" })),
  token: () => randomBytes(32).toString("base64"),
};

const make = makers[process.argv[2] ?? ""];
if (!make) {
  console.error(`Usage: node scripts/new-key.ts ${Object.keys(makers).join("|")}`);
  process.exit(2);
}
console.log(make());
