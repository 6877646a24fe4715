/** An answer other than a success: status, body, headers. Thrown by whoever refuses. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: object;
  readonly headers: Record<string, string>;

  constructor(status: number, body: object, headers: Record<string, string> = {}) {
    super(JSON.stringify(body));
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

/** KSeF's exceptions (API 2.6), by code. */
const EXCEPTIONS = {
  21111: "Nieprawidłowe wyzwanie autoryzacyjne.",
  21173: "Brak sesji o wskazanym numerze referencyjnym.",
  21164: "Faktura o podanym identyfikatorze nie istnieje.",
  21178: "Nie znaleziono UPO.",
  21180: "Status sesji nie pozwala na wykonanie operacji.",
  21301: "Brak autoryzacji.",
  21304: "Brak uwierzytelnienia.",
  21402: "Nieprawidłowy rozmiar pliku.",
  21403: "Nieprawidłowy skrót pliku.",
  21405: "Błąd walidacji danych wejściowych.",
  21470: "Przesłany identyfikator klucza jest nieznany lub wskazuje na wycofany klucz.",
} as const;

/** HTTP 400 with one exception. */
export const exception = (exceptionCode: keyof typeof EXCEPTIONS, ...details: string[]): Refusal =>
  new Refusal(400, {
    exception: {
      exceptionDetailList: [{ exceptionCode, exceptionDescription: EXCEPTIONS[exceptionCode], details }],
      serviceName: "simulator",
    },
  });

export const unauthorized = (detail: string): Refusal =>
  new Refusal(401, { title: "Unauthorized", status: 401, detail });

export const tooMany = (seconds: number): Refusal => {
  const details = [`Przekroczono limit żądań. Spróbuj ponownie po ${seconds} sekundach.`];
  const status = { code: 429, description: "Too Many Requests", details };
  return new Refusal(429, { status }, { "retry-after": String(seconds) });
};
