/**
 * What stacks/ linked to this function, as SST hands it to a Lambda: an encrypted `resource.enc` beside the bundle with
 * its key in the environment (platform/src/components/aws/function.ts), and `SST_RESOURCE_<Name>` variables.
 *
 * SST's own reader (`import { Resource } from "sst"`) does the same, but the package brings a 72 MB deploy binary into
 * every `npm start`, and copies the whole environment at import. These lines are compared with it in tests/infra.
 */
import { createDecipheriv } from "node:crypto";
import { readFileSync } from "node:fs";

interface Named {
  readonly name: string;
}
interface Queue {
  readonly url: string;
}
interface Secret {
  readonly value: string;
}

interface Linked {
  readonly Table: Named;
  readonly Files: Named;
  readonly Submissions: Queue;
  readonly Sync: Queue;
  readonly Downloads: Queue;
  readonly Documents: Queue;
  readonly Events: Queue;
  readonly Webhooks: Queue;
  readonly Mails: Queue;
  readonly Folds: Queue;
  readonly JwtKey: Secret;
  readonly TokenKey: Secret;
  readonly AnafClientId: Secret;
  readonly AnafClientSecret: Secret;
  readonly Mail: { readonly sender: string; readonly configSet: string };
}

/** Linked resources by name; read at each use, so that importing this file needs nothing. Throws on what is not linked. */
export const linked = new Proxy({} as Linked, { get: (_target, name) => find(String(name)) });

function find(name: string): unknown {
  const inline = process.env[`SST_RESOURCE_${name}`];
  const value: unknown = inline ? JSON.parse(inline) : sealed()[name];
  if (value === undefined)
    throw new Error(`${name} is not linked to this function; see its \`link\` in stacks/.`);
  return value;
}

let opened: Record<string, unknown> | undefined;

/** SST seals links with AES-256-GCM under a key made for this stage, nonce zero, tag at the end. */
function sealed(): Record<string, unknown> {
  const { SST_KEY: key, SST_KEY_FILE: file } = process.env;
  if (opened || !key || !file) return opened ?? {};
  const bytes = readFileSync(file);
  const decipher = createDecipheriv("aes-256-gcm", Buffer.from(key, "base64"), Buffer.alloc(12));
  decipher.setAuthTag(bytes.subarray(-16));
  const text = Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString("utf8");
  return (opened = JSON.parse(text) as Record<string, unknown>);
}
