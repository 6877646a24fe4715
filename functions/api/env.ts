import type { Actor, CompanyActor } from "#core/lib/actor.ts";

/** What every request carries. */
interface Request {
  requestId: string;
}

/** Routes anybody may call. */
export type PublicEnv = { Variables: Request };

/** Routes of a signed-in caller. */
export type ActorEnv = { Variables: Request & { actor: Actor } };

/** Routes inside one company; see company.ts. */
export type CompanyEnv = { Variables: Request & { actor: CompanyActor } };
