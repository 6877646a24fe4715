import type { Day } from "#core/lib/dates.ts";
import { Decimal } from "#core/lib/decimal.ts";
import type { Language } from "#core/model/words.ts";

const separators: Record<Language, { thousands: string; decimal: string }> = {
  ro: { thousands: ".", decimal: "," },
  de: { thousands: ".", decimal: "," },
  en: { thousands: ",", decimal: "." },
  // French groups by a space that must not break.
  fr: { thousands: "\u00A0", decimal: "," },
};

/** A number as the language writes it: at least `decimals` of them, more only where the value has more. */
export function printedNumber(value: string | Decimal, language: Language, decimals = 2): string {
  const [whole = "", fraction] = Decimal.from(value).text(decimals).replace("-", "").split(".");
  const { thousands, decimal } = separators[language];
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, thousands);
  const sign = Decimal.from(value).sign < 0 ? "−" : "";
  return `${sign}${grouped}${fraction ? `${decimal}${fraction}` : ""}`;
}

/** A day as the language writes it. */
export function printedDay(day: Day, language: Language): string {
  const [year, month, date] = day.split("-");
  if (language === "en") return `${date} ${englishMonths[Number(month) - 1]} ${year}`;
  return language === "fr" ? `${date}/${month}/${year}` : `${date}.${month}.${year}`;
}

const englishMonths = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
