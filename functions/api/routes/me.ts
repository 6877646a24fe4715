import * as z from "zod";
import { deleteMe } from "#core/identity/departure.ts";
import { getMe } from "#core/identity/me.ts";
import { ProfileChange, updateProfile } from "#core/identity/profile.ts";
import { count } from "#core/store/rates.ts";
import { type ActorEnv, body, Hono, rates } from "../route.ts";

/** The caller's own account. */
export const me = new Hono<ActorEnv>()
  .get("/", async (c) => c.json(await getMe(c.var.actor)))

  .patch("/", async (c) => {
    await count(rates.updateMe, c.var.actor.userId);
    await updateProfile(c.var.actor, await body(c, ProfileChange));
    return c.json({ ...(await getMe(c.var.actor)), message: "Your profile is changed." });
  })

  .delete("/", async (c) => {
    const { password } = await body(c, z.object({ password: z.string().optional() }));
    if (password) await count(rates.deleteMe, c.var.actor.userId);
    await deleteMe(c.var.actor, password);
    return c.body(null, 204);
  });
