import * as z from "zod";
import { fold } from "#core/store/listing/fold.ts";
import { consume } from "./consume.ts";

export const handler = consume(z.object({ list: z.string() }), ({ list }) => fold(list));
