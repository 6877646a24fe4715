import { sweep } from "#core/store/due.ts";

/** Every minute: sends the messages that wait in the table and have become due. */
export const handler = async (): Promise<void> => {
  await sweep();
};
