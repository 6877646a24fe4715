import { AwsError } from "../aws/error.ts";
import type { AwsService } from "../aws/listener.ts";
import { type AwsRequest, header, json } from "../aws/request.ts";
import { queueArn } from "../sst.ts";
import { queueOf, type QueueAttributes, type Queue, type Queues } from "./queues.ts";

interface Entry {
  Id: string;
  MessageBody: string;
  DelaySeconds?: number;
  MessageAttributes?: unknown;
  ReceiptHandle: string;
  VisibilityTimeout?: number;
}

interface Input extends Entry {
  QueueName: string;
  QueueUrl: string;
  Attributes?: QueueAttributes;
  Entries: Entry[];
  MaxNumberOfMessages?: number;
  WaitTimeSeconds?: number;
  SourceArn: string;
  DestinationArn?: string;
}

type Action = (queues: Queues, input: Input, request: AwsRequest) => unknown;

/** The SQS JSON protocol (AWS JSON 1.0) over `queues`. */
export function sqsService(queues: Queues): AwsService {
  return {
    async handle(request) {
      const name = header(request, "x-amz-target").replace("AmazonSQS.", "");
      const action = actions[name];
      if (!action) throw new AwsError("InvalidAction", `The action ${name} is not valid for this endpoint.`);
      const input = JSON.parse(request.body.toString("utf8")) as Input;
      return json((await action(queues, input, request)) ?? {});
    },
    refuse(error, _request) {
      const { code, message, status } = error instanceof AwsError ? error : internal(error);
      // The name older clients know; the SDK reads it first.
      const known = code.endsWith("QueueDoesNotExist") ? "AWS.SimpleQueueService.NonExistentQueue" : code;
      return json({ __type: code, message }, status, { "x-amzn-query-error": `${known};Sender` });
    },
  };
}

function internal(error: unknown): AwsError {
  console.error("The queue emulator failed:", error);
  return new AwsError("InternalError", String(error), 500);
}

const actions: Record<string, Action> = {
  CreateQueue: (queues, input, request) => {
    queues.create(input.QueueName, input.Attributes ?? {});
    return { QueueUrl: url(input.QueueName, request) };
  },
  GetQueueUrl: (queues, input, request) => ({ QueueUrl: url(queues.get(input.QueueName).name, request) }),
  ListQueues: (queues, _input, request) => ({ QueueUrls: queues.names().map((name) => url(name, request)) }),
  SendMessage: (queues, input) => send(queues, named(queues, input), input),
  SendMessageBatch: (queues, input) =>
    each(input.Entries, (entry) => send(queues, named(queues, input), entry)),
  ReceiveMessage: async (queues, input, request) => {
    const queue = named(queues, input);
    const count = input.MaxNumberOfMessages ?? 1;
    if (!(count >= 1 && count <= 10))
      throw new AwsError("InvalidParameterValue", "MaxNumberOfMessages must be between 1 and 10.");
    const waitSeconds = input.WaitTimeSeconds ?? Number(queue.attributes.ReceiveMessageWaitTimeSeconds);
    const Messages = await queues.receive(
      queue,
      count,
      waitSeconds * 1000,
      request.signal,
      input.VisibilityTimeout,
    );
    return Messages.length > 0 ? { Messages } : {};
  },
  DeleteMessage: (queues, input) => queues.remove(named(queues, input), input.ReceiptHandle),
  DeleteMessageBatch: (queues, input) =>
    each(input.Entries, (entry) => queues.remove(named(queues, input), entry.ReceiptHandle)),
  ChangeMessageVisibility: (queues, input) =>
    queues.changeVisibility(named(queues, input), input.ReceiptHandle, input.VisibilityTimeout ?? 0),
  ChangeMessageVisibilityBatch: (queues, input) =>
    each(input.Entries, (entry) =>
      queues.changeVisibility(named(queues, input), entry.ReceiptHandle, entry.VisibilityTimeout ?? 0),
    ),
  GetQueueAttributes: (queues, input) => {
    const queue = named(queues, input);
    const { visible, inFlight, delayed } = queues.counts(queue);
    return {
      Attributes: {
        ...queue.attributes,
        QueueArn: queueArn(queue.name),
        ApproximateNumberOfMessages: String(visible),
        ApproximateNumberOfMessagesNotVisible: String(inFlight),
        ApproximateNumberOfMessagesDelayed: String(delayed),
      },
    };
  },
  PurgeQueue: (queues, input) => queues.purge(named(queues, input)),
  StartMessageMoveTask: (queues, input) => {
    queues.redrive(queueOf(input.SourceArn), input.DestinationArn && queueOf(input.DestinationArn));
    return { TaskHandle: "done" };
  },
};

const named = (queues: Queues, input: Input): Queue => queues.get(queueOf(input.QueueUrl));
const url = (name: string, request: AwsRequest) => `http://${header(request, "host")}/000000000000/${name}`;
const send = (queues: Queues, queue: Queue, entry: Entry) =>
  queues.send(queue, entry.MessageBody, entry.DelaySeconds, entry.MessageAttributes);

/** Runs a batch: at most ten entries, each failing by itself. */
function each(entries: Entry[], act: (entry: Entry) => object | void) {
  if (entries.length === 0) throw new AwsError("EmptyBatchRequest", "There are no entries in the batch.");
  if (entries.length > 10)
    throw new AwsError("TooManyEntriesInBatchRequest", "At most 10 entries are allowed.");
  const Successful: object[] = [];
  const Failed: object[] = [];
  for (const entry of entries) {
    try {
      Successful.push({ Id: entry.Id, ...act(entry) });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      Failed.push({ Id: entry.Id, SenderFault: true, Code: error.code, Message: error.message });
    }
  }
  return { Successful, Failed };
}
