import { recoverForgotten } from "#core/einvoicing/forgotten.ts";

/** Every hour: takes up submissions whose next message was lost. */
export const handler = async (): Promise<void> => {
  const recovered = await recoverForgotten();
  if (recovered > 0) console.warn(JSON.stringify({ metric: "submissions.recovered", recovered }));
};
