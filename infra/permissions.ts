/**
 * What a link allows. SST's own links grant `dynamodb:*`, `s3:*` and `sqs:*`; ours grant what core does with them.
 * Imported before any stack, because a link is read when a function is declared.
 */
sst.Linkable.wrap(sst.aws.Dynamo, (table) => ({
  properties: { name: table.name },
  include: [
    sst.aws.permission({
      actions: [
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:BatchWriteItem",
        "dynamodb:ConditionCheckItem",
      ],
      resources: [table.arn, $interpolate`${table.arn}/index/*`],
    }),
  ],
}));

sst.Linkable.wrap(sst.aws.Bucket, (bucket) => ({
  properties: { name: bucket.name },
  include: [
    sst.aws.permission({
      actions: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      resources: [$interpolate`${bucket.arn}/*`],
    }),
    // Without it S3 answers "access denied" instead of "no such key" for a missing object.
    sst.aws.permission({ actions: ["s3:ListBucket"], resources: [bucket.arn] }),
  ],
}));

sst.Linkable.wrap(sst.aws.Queue, (queue) => ({
  properties: { url: queue.url },
  include: [sst.aws.permission({ actions: ["sqs:SendMessage"], resources: [queue.arn] })],
}));

sst.Linkable.wrap(sst.aws.Email, (email) => ({
  properties: { sender: email.sender, configSet: email.configSet },
  include: [
    sst.aws.permission({
      actions: ["ses:SendEmail"],
      resources: [email.nodes.identity.arn, email.nodes.configurationSet.arn],
    }),
  ],
}));
