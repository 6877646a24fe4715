import { app, open, signedIn } from "#functions/api/app.ts";
import { accountPages } from "#functions/api/routes/account-pages.ts";
import { anafAccount } from "#functions/api/routes/anaf.ts";
import { anafPages } from "#functions/api/routes/anaf-pages.ts";

/** One route as its router declares it: `PATCH /api/v1/clients/:uuid`. */
export interface MountedRoute {
  readonly method: string;
  readonly path: string;
  /** As these tests write it. */
  readonly name: string;
  /** The names of what varies in the path, in order. */
  readonly parameters: readonly string[];
  /** A page for people: it answers HTML. */
  readonly isPage: boolean;
}

interface Declared {
  readonly method: string;
  readonly path: string;
}

/** Every route the API serves, asked of the app itself: what is mounted tomorrow is in tomorrow's list. */
export async function mountedRoutes(): Promise<MountedRoute[]> {
  const prefixed = await Promise.all(
    Object.entries({ ...open, ...signedIn }).map(async ([prefix, load]) =>
      [await load()].flat().flatMap(({ routes }) => routes.map((route) => under(prefix, route))),
    ),
  );
  const pages = [...accountPages.routes, ...anafPages.routes];
  const alone = [...app.routes, ...anafAccount.routes.map((route) => under("/api/account/anaf", route))];
  return [...described([...prefixed.flat(), ...alone], false), ...described(pages, true)];
}

/** Where the app hands requests on to a router of which no route is in the list. */
export function unlisted(routes: readonly MountedRoute[]): string[] {
  const places = app.routes.filter(({ method }) => method === "ALL").map(({ path }) => path);
  return places.filter((place) => {
    const start = place.replace(/\/?\*$/, "");
    return !routes.some(({ path }) => path === start || path.startsWith(`${start}/`));
  });
}

const under = (prefix: string, { method, path }: Declared): Declared => ({
  method,
  path: `${prefix}${path}`,
});

/** What answers all methods is no route of its own: a middleware, or the door to a router. */
function described(declared: readonly Declared[], isPage: boolean): MountedRoute[] {
  const found = new Map<string, MountedRoute>();
  for (const { method, path: written } of declared) {
    if (method === "ALL") continue;
    const path = written.replace(/\/$/, "");
    const name = `${method} ${path}`;
    const parameters = [...path.matchAll(/:(\w+)/g)].map(([, parameter]) => parameter!);
    found.set(name, { method, path, name, parameters, isPage });
  }
  return [...found.values()];
}

/** Whether a route changes something. */
export const isWriting = ({ method }: Pick<MountedRoute, "method">): boolean => method !== "GET";

/** Parts of a path that name nothing anybody owns. */
const fixed: Readonly<Record<string, string>> = { cif: "9000000011", provider: "ksef" };

/** Whether a path names something that belongs to somebody. */
export const namesOwned = ({ parameters }: MountedRoute): boolean =>
  parameters.some((parameter) => !(parameter in fixed));

/** The URL nouns of what a path names, in order: `invoices`, `payments`. */
export const nounsOf = ({ path }: MountedRoute): string[] =>
  [...path.matchAll(/([\w-]+)\/:(\w+)/g)].flatMap(([, noun, parameter]) => (fixed[parameter!] ? [] : noun!));

/** The path with an id for each noun. */
export const pathOf = ({ path }: MountedRoute, idOf: (noun: string) => string): string =>
  path.replaceAll(/([\w-]+)\/:(\w+)/g, (_all, noun: string, parameter: string) =>
    [noun, fixed[parameter] ?? idOf(noun)].join("/"),
  );
