import type { Context } from "hono";
import * as z from "zod";
import { Login, login } from "#core/identity/login.ts";
import { confirmEmail, requestLetter, resetPassword } from "#core/identity/recovery.ts";
import { EmailAddress, NewPassword, Registration, register } from "#core/identity/register.ts";
import { refresh } from "#core/identity/sessions.ts";
import { refused } from "#core/lib/error.ts";
import { count } from "#core/store/rates.ts";
import { body, Hono, limited, type PublicEnv, rates } from "../route.ts";

const Code = z.object({ token: z.string().min(1) });
const Address = z.object({ email: EmailAddress });

/** Sign-in and what belongs to it; nobody is known here yet. */
export const auth = new Hono<PublicEnv>()
  .post("/", limited(rates.login), async (c) => c.json(await login(await body(c, Login))))

  .post("/register", limited(rates.register), async (c) => {
    const input = await body(c, Registration);
    const { user, tokens } = await register({ ...input, locale: input.locale ?? preferredLocale(c) });
    const message = "Check your inbox to confirm your e-mail address.";
    return c.json({ ...tokens, message, email: user.email }, 201);
  })

  .on("POST", ["/token/refresh", "/refresh"], refreshTokens)

  .post("/confirm-email", async (c) => {
    await confirmEmail((await body(c, Code)).token);
    return c.json({ message: "Your e-mail address is confirmed." });
  })

  .post("/resend-confirmation", limited(rates.resendConfirmation), async (c) => {
    const { email } = await body(c, Address);
    await count(rates.resendConfirmationTo, email);
    await count(rates.resendConfirmationAgain, email);
    await requestLetter("confirm-email", email);
    return c.json({ message: "If this address waits for confirmation, a new link is on its way." });
  })

  .post("/forgot-password", limited(rates.forgotPassword), async (c) => {
    await requestLetter("reset-password", (await body(c, Address)).email);
    return c.json({
      message: "If an account uses this address, a link to reset its password is on its way.",
    });
  })

  .post("/reset-password", limited(rates.resetPassword), async (c) => {
    const { token, password } = await body(c, Code.extend({ password: z.string().min(1) }));
    await resetPassword(token, checkedPassword(password));
    return c.json({ message: "Your password is changed. Sign in with the new one." });
  });

/** Answers a new token pair for a refresh token; clients know three paths of it. */
/** `/api/token/refresh`, the oldest spelling of the same. */
export const tokenRefresh = new Hono<PublicEnv>().post("/refresh", refreshTokens);

async function refreshTokens(c: Context<PublicEnv>) {
  const { refresh_token: token } = await body(c, z.object({ refresh_token: z.string().min(1) }));
  return c.json(await refresh(token));
}

/** A new password that is strong enough; here, unlike at registration, a weak one is refused with 422. */
export function checkedPassword(password: string): string {
  if (NewPassword.safeParse(password).success) return password;
  throw refused("The password needs 8 to 1000 characters.", { password: "needs 8 to 1000 characters" });
}

const preferredLocale = (c: Context): "ro" | "en" =>
  c.req.header("accept-language")?.toLowerCase().startsWith("en") ? "en" : "ro";
