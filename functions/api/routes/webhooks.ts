import * as z from "zod";
import { eventTypes } from "#core/model/events.ts";
import * as Deliveries from "#core/notify/deliveries.ts";
import * as Endpoints from "#core/notify/endpoints.ts";
import { body, type CompanyEnv, Hono, inCompany, listed, once, paged, pageQuery, query } from "../route.ts";

const newEndpoint = z.object({
  url: z.string("is required"),
  events: z.array(z.string(), "must be a list of event names").min(1, "name at least one event, or *"),
  description: z.string().max(255).nullish(),
  isActive: z.boolean().optional(),
});

const history = z.object({
  status: z.enum(["pending", "success", "retrying", "failed"]).optional(),
  eventType: z.string().optional(),
  from: z.string().optional(),
  to: z.string().optional(),
});

/** An endpoint as shown; its secret is whole only right after it was made. */
const endpointView = (
  { rev, organizationId, ...endpoint }: Endpoints.Endpoint,
  secret: "whole" | "masked",
) => ({
  ...endpoint,
  uuid: endpoint.id,
  secret: secret === "whole" ? endpoint.secret : `whsec_••••${endpoint.secret.slice(-4)}`,
});

/** A delivery under the names of all its readers. */
const deliveryView = ({ rev, ...delivery }: Deliveries.Delivery, endpointId: string) => ({
  ...delivery,
  uuid: delivery.id,
  webhookUuid: endpointId,
  event: delivery.eventType,
  requestMethod: "POST",
  requestPayload: delivery.payload,
  responseStatusCode: delivery.responseCode,
  createdAt: delivery.triggeredAt,
});

/** Event types; public to every signed-in caller and before `/{uuid}`, which would take its place. */
export const webhookEvents = new Hono().get("/", (c) => {
  const data = eventTypes.map((type) => ({ ...type, event: type.name }));
  const categories = Object.groupBy(data, ({ category }) => category);
  return c.json({ ...listed(data, data.length, { page: 1, limit: data.length }), categories });
});

export const webhooks = new Hono<CompanyEnv>()
  .use(inCompany)
  .get("/", async (c) => {
    const all = await Endpoints.list(c.var.actor);
    return c.json(
      paged(
        all.map((endpoint) => endpointView(endpoint, "masked")),
        pageQuery(c),
      ),
    );
  })
  .post("/", async (c) => {
    const input = await body(c, newEndpoint);
    return once(c, c.var.actor, {
      status: 201,
      run: async (actor) => endpointView(await Endpoints.create(actor, input), "whole"),
      again: async (actor, id) => endpointView(await Endpoints.get(actor, id), "whole"),
    });
  })
  .get("/:uuid", async (c) => {
    const endpoint = await Endpoints.get(c.var.actor, c.req.param("uuid"));
    const past = await Deliveries.list(c.var.actor, endpoint.id);
    return c.json({
      ...endpointView(endpoint, "masked"),
      deliveriesCount: past.length,
      lastDeliveryAt: past[0]?.triggeredAt ?? null,
      lastDeliveryStatus: past[0]?.status ?? null,
    });
  })
  .patch("/:uuid", async (c) => {
    const changes = await body(c, newEndpoint.partial());
    return c.json(endpointView(await Endpoints.update(c.var.actor, c.req.param("uuid"), changes), "masked"));
  })
  .delete("/:uuid", async (c) => {
    await Endpoints.remove(c.var.actor, c.req.param("uuid"));
    return c.body(null, 204);
  })
  .post("/:uuid/test", async (c) => {
    const { eventType } = await body(c, z.object({ eventType: z.string().default("webhook.test") }));
    const made = await Deliveries.sendTest(c.var.actor, c.req.param("uuid"), eventType);
    return c.json({
      success: made.status === "success",
      statusCode: made.responseCode,
      durationMs: made.durationMs,
      error: made.errorMessage,
      deliveryUuid: made.id,
      status: made.status,
      eventType: made.eventType,
      requestPayload: made.payload,
      requestHeaders: made.requestHeaders,
      responseCode: made.responseCode,
      responseBody: made.responseBody?.slice(0, 1024) ?? null,
      deliveredAt: made.deliveredAt,
    });
  })
  .post("/:uuid/regenerate-secret", async (c) =>
    c.json(endpointView(await Endpoints.regenerateSecret(c.var.actor, c.req.param("uuid")), "whole")),
  )
  .get("/:uuid/deliveries", async (c) => {
    const { status, eventType, from = "", to } = query(c, history);
    const matching = (await Deliveries.list(c.var.actor, c.req.param("uuid"))).filter(
      (delivery) =>
        (!status || delivery.status === status) &&
        (!eventType || delivery.eventType === eventType) &&
        delivery.triggeredAt >= from &&
        (!to || delivery.triggeredAt.slice(0, to.length) <= to),
    );
    const page = paged(matching, pageQuery(c));
    const { data, ...meta } = page;
    return c.json({
      ...page,
      data: data.map((delivery) => deliveryView(delivery, c.req.param("uuid"))),
      meta,
    });
  })
  .get("/:uuid/deliveries/:delivery", async (c) => {
    const { uuid, delivery } = c.req.param();
    return c.json(deliveryView(await Deliveries.get(c.var.actor, uuid, delivery), uuid));
  })
  .post("/:uuid/deliveries/:delivery/retry", async (c) => {
    const { uuid, delivery } = c.req.param();
    await Deliveries.retry(c.var.actor, uuid, delivery);
    return c.json({ status: "queued" }, 202);
  });
