/** Text without diacritics, case, hyphens and doubled blanks: how names of places and units are compared. */
export const fold = (text: string): string =>
  text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .replace(/[-–_.,\s]+/g, " ")
    .trim();
