import { createHmac } from "node:crypto";

/**
 * The headers of a delivery. Two families say the same, so that either kind of receiver verifies (DECISIONS 12): the
 * seed's HMAC over the body with the whole secret as key, and Standard Webhooks over `id.timestamp.body` with the
 * decoded part. The timestamp is wall time: a receiver compares it with its own clock.
 */
export function signedHeaders(
  secret: string,
  event: { id: string; name: string },
  body: string,
): Record<string, string> {
  const hex = createHmac("sha256", secret).update(body).digest("hex");
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ""), "base64");
  const standard = createHmac("sha256", key).update(`${event.id}.${timestamp}.${body}`).digest("base64");
  return {
    "Content-Type": "application/json",
    "User-Agent": "Storno-Webhook/1.0",
    "X-Webhook-Signature": hex,
    "X-Webhook-Event": event.name,
    "X-Webhook-Id": event.id,
    "X-Storno-Signature": `sha256=${hex}`,
    "X-Storno-Event": event.name,
    "X-Storno-Delivery": event.id,
    "webhook-id": event.id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1,${standard}`,
  };
}
