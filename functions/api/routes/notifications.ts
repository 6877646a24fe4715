import * as z from "zod";
import { keyOf, typeNamed } from "#core/model/notifications.ts";
import {
  listPreferences,
  type Preference,
  type PreferenceChange,
  updatePreferences,
} from "#core/notify/bell.ts";
import * as Notifications from "#core/notify/notifications.ts";
import { type ActorEnv, body, Hono, paged, pageQuery } from "../route.ts";

/** Everybody's own notifications, whichever company a request names. */
export const notifications = new Hono<ActorEnv>()
  .get("/", async (c) => {
    const page = paged(await Notifications.list(c.var.actor), pageQuery(c));
    return c.json({ ...page, data: page.data.map(view) });
  })
  .get("/unread-count", async (c) => c.json({ count: await Notifications.countUnread(c.var.actor) }))
  .post("/read-all", async (c) => {
    await Notifications.readAll(c.var.actor);
    return c.body(null, 204);
  })
  .patch("/:id/read", async (c) => {
    await Notifications.read(c.var.actor, c.req.param("id"));
    return c.body(null, 204);
  });

const view = ({ id, type, title, message, link, data, readAt, createdAt }: Notifications.Shown) => ({
  id,
  uuid: id,
  type,
  channel: "in_app",
  title,
  message,
  from: data.company ?? null,
  link,
  data,
  isRead: readAt !== null,
  readAt,
  sentAt: createdAt,
  createdAt,
  // Nothing is pushed to devices yet.
  push: { attempted: false, sentAt: null, error: null, skippedReason: "no_devices" },
});

const flag = z.boolean("must be true or false").optional();
const Preferences = z.object({
  preferences: z.union(
    [
      z.array(
        z.object({
          eventType: z.string(),
          emailEnabled: flag,
          inAppEnabled: flag,
          pushEnabled: flag,
          telegramEnabled: flag,
          whatsappEnabled: flag,
          smsEnabled: flag,
        }),
      ),
      z.record(z.string(), z.object({ email: flag, inApp: flag, push: flag })),
    ],
    "must be a list of switches, or an object with one entry of switches per type",
  ),
});

/** Everybody's own switches, in the two forms that published clients know. */
export const notificationPreferences = new Hono<ActorEnv>()
  .get("/", async (c) => c.json(preferencesView(await listPreferences(c.var.actor))))
  .put("/", async (c) => {
    const changes = changesIn(await body(c, Preferences));
    return c.json(preferencesView(await updatePreferences(c.var.actor, changes)));
  });

/** Changes in either form, by type; what names no type is left out, as published clients expect. */
const changesIn = ({ preferences }: z.output<typeof Preferences>): PreferenceChange[] => {
  const named = Array.isArray(preferences)
    ? preferences.map(
        (one) =>
          [
            one.eventType,
            {
              email: one.emailEnabled,
              inApp: one.inAppEnabled,
              push: one.pushEnabled,
              telegram: one.telegramEnabled,
              whatsapp: one.whatsappEnabled,
              sms: one.smsEnabled,
            },
          ] as const,
      )
    : Object.entries(preferences);
  return named.flatMap(([name, given]) => {
    const type = typeNamed(name);
    return type ? [[type, given] as const] : [];
  });
};

const preferencesView = (all: readonly Preference[]) => ({
  preferences: Object.fromEntries(
    all.map(({ type, switches: { email, inApp, push } }) => [keyOf(type), { email, inApp, push }]),
  ),
  data: all.map(({ type, switches }) => ({
    eventType: type,
    emailEnabled: switches.email,
    inAppEnabled: switches.inApp,
    pushEnabled: switches.push,
    telegramEnabled: switches.telegram,
    whatsappEnabled: switches.whatsapp,
    smsEnabled: switches.sms,
  })),
});
