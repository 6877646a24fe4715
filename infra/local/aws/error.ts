/** An error in AWS's own words; each protocol writes it down its own way. */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message = code, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
