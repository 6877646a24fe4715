/** A resource of the graph, with the inputs its provider would get. */
export interface Resource {
  readonly type: string;
  readonly name: string;
  readonly inputs: Record<string, unknown>;
}

interface NewResource {
  type: string;
  name: string;
  inputs: Record<string, unknown>;
}

interface Invocation {
  token: string;
  inputs: Record<string, unknown>;
}

const account = "123456789012";
const region = "eu-central-1";
const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${account}:${rest}`;

/** Pulumi's mark on a secret value; the graph shows what is inside. */
const secretMark = "4dabf18193072939515e22adb298388d";

/** Answers Pulumi's engine would give: each new resource exists at once, under an ARN made from its name. */
export function mocks(resources: Resource[]) {
  return {
    newResource({ type, name, inputs: sealed }: NewResource) {
      const inputs = open(sealed) as Record<string, unknown>;
      resources.push({ type, name, inputs });
      const { id, state } = outputs(type, name, inputs);
      return { id, state: { ...inputs, ...state } };
    },
    call({ token, inputs }: Invocation): Record<string, unknown> {
      return lookups[token]?.(inputs) ?? inputs;
    },
  };
}

/** What a provider would add to the inputs once the resource exists. */
function outputs(type: string, name: string, inputs: Record<string, unknown>) {
  const physical =
    [inputs.name, inputs.bucket, inputs.functionName].find((given) => typeof given === "string") ?? name;
  const known: Record<string, () => { id: string; state: object }> = {
    "aws:sqs/queue:Queue": () => {
      const url = `https://sqs.${region}.amazonaws.com/${account}/${physical}`;
      return { id: url, state: { name: physical, url, arn: arn("sqs", physical) } };
    },
    "aws:dynamodb/table:Table": () => ({
      id: physical,
      state: {
        name: physical,
        arn: arn("dynamodb", `table/${physical}`),
        streamArn: arn("dynamodb", `table/${physical}/stream/1`),
      },
    }),
    "aws:s3/bucket:Bucket": () => ({
      id: physical,
      state: { bucket: physical, arn: `arn:aws:s3:::${physical}` },
    }),
    "aws:lambda/function:Function": () => ({
      id: physical,
      state: { name: physical, arn: arn("lambda", `function:${physical}`) },
    }),
    "aws:lambda/functionUrl:FunctionUrl": () => ({
      id: physical,
      state: { functionUrl: `https://${name.toLowerCase()}.lambda-url.${region}.on.aws/` },
    }),
    "aws:iam/role:Role": () => ({
      id: physical,
      state: { name: physical, arn: `arn:aws:iam::${account}:role/${physical}` },
    }),
    "random:index/randomBytes:RandomBytes": () => ({
      id: name,
      state: { base64: Buffer.alloc(Number(inputs.length ?? 32), 7).toString("base64") },
    }),
  };
  const service = type.split(":")[1]?.split("/")[0] ?? "none";
  return known[type]?.() ?? { id: `${name}-id`, state: { name: physical, arn: arn(service, physical) } };
}

const lookups: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>> = {
  "aws:index/getRegion:getRegion": () => ({ name: region, region, id: region }),
  "aws:index/getPartition:getPartition": () => ({ partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" }),
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: account,
    arn: `arn:aws:iam::${account}:user/x`,
    id: account,
  }),
  "aws:iam/getPolicyDocument:getPolicyDocument": (inputs) => {
    const statements = (inputs.statements ?? []) as Record<string, unknown>[];
    const json = JSON.stringify({
      Version: "2012-10-17",
      Statement: statements.map((statement) => ({
        Effect: statement.effect ?? "Allow",
        Action: statement.actions,
        Resource: statement.resources,
        Principal: statement.principals,
        Condition: statement.conditions,
      })),
    });
    return { ...inputs, json, minifiedJson: json, id: "policy" };
  },
};

function open(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== "object" || value === null) return value;
  if (secretMark in value) return open((value as unknown as { value: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, open(inner)]));
}
