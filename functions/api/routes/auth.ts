import { Hono } from "hono";
import { Login, login } from "#core/identity/login.ts";
import { Registration, register } from "#core/identity/register.ts";
import { body } from "../body.ts";
import type { PublicEnv } from "../env.ts";

/** Sign-in and what belongs to it; nobody is known here yet. */
export const auth = new Hono<PublicEnv>()
  .post("/", async (c) => c.json(await login(await body(c, Login))))
  .post("/register", async (c) => {
    const registration = await body(c, Registration);
    const locale = registration.locale ?? (c.req.header("accept-language")?.startsWith("en") ? "en" : "ro");
    const { tokens, user } = await register({ ...registration, locale });
    return c.json(
      { ...tokens, message: "Check your inbox to confirm your e-mail address.", email: user.email },
      201,
    );
  });
