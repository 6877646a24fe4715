import { careForConnections } from "#core/einvoicing/connection-care.ts";

/** Twice a day: renews ANAF tokens before they end and has people warned of those that cannot be renewed. */
export const handler = async (): Promise<void> => {
  await careForConnections();
};
