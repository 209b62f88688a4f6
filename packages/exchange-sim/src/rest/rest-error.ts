/** An answer other than 200: the exchange's HTTP status, code and sentence. Thrown by handlers, written by the server. */
export class RestError extends Error {
  readonly status: number;
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = 'RestError';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The caller's mistakes, in the exchange's words. */
export const refusals = {
  illegal: (name: string, range: string) =>
    new RestError(400, -1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`),
  tooMany: (expected: number, received: number) =>
    new RestError(400, -1101, `Too many parameters; expected '${expected}' and received '${received}'.`),
  duplicate: (name: string) => new RestError(400, -1101, `Duplicate values for a parameter detected: '${name}'.`),
  missing: (name: string) => new RestError(400, -1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`),
  unread: (read: number, sent: number) =>
    new RestError(400, -1104, `Not all sent parameters were read; read '${read}' parameter(s) but was sent '${sent}'.`),
  empty: (name: string) => new RestError(400, -1105, `Parameter '${name}' was empty.`),
  interval: () => new RestError(400, -1120, 'Invalid interval.'),
  symbol: () => new RestError(400, -1121, 'Invalid symbol.'),
  status: () => new RestError(400, -1122, 'Invalid symbolStatus.'),
  combination: () => new RestError(400, -1128, 'Combination of optional parameters invalid.'),
  value: (name: string) => new RestError(400, -1130, `Data sent for parameter '${name}' is not valid.`),
  duplicateSymbols: () => new RestError(400, -1151, 'Symbol is present multiple times in the list.'),
  timeUnit: () => new RestError(400, -1194, 'Invalid value for time unit; expected either MICROSECOND or MILLISECOND.'),
  statusMismatch: () => new RestError(400, -1220, "The symbol's status does not match the requested symbolStatus."),
} as const;
