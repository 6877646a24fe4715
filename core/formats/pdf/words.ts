import type { Language } from "#core/model/words.ts";
import { german } from "./words/de.ts";
import { english } from "./words/en.ts";
import { french } from "./words/fr.ts";
import { romanian, type Words } from "./words/ro.ts";

export type { Words } from "./words/ro.ts";

/** The words of the printed document in the languages an invoice can be printed in. */
export const wordsOf: Record<Language, Words> = { ro: romanian, en: english, de: german, fr: french };
