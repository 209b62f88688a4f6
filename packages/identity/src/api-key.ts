import { createHash, randomInt, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { AppError, err, ok, type Result } from '@candlecast/domain';

/** A new key: `key` is told once and then only its `prefix` and its `sha256` are kept. */
export interface MintedKey {
  readonly key: string;
  readonly prefix: string;
  /** Of the whole key, 64 hexadecimal digits. */
  readonly sha256: string;
}

const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BEGINNING = 'cc_live_';
const NAME_LENGTH = 8;
const SECRET_LENGTH = 24;
const CHECKSUM_LENGTH = 6;
const SHAPE = new RegExp(`^${BEGINNING}[0-9A-Za-z]{${NAME_LENGTH + SECRET_LENGTH + CHECKSUM_LENGTH}}$`);

/**
 * Makes a key: `cc_live_`, eight digits by which it is called, 24 secret digits (142 random bits), and six digits of checksum (CRC-32 of what
 * comes before), all digits of base 62, as GitHub's tokens have them
 * (https://github.blog/engineering/behind-githubs-new-authentication-token-formats/).
 */
export function mintKey(): MintedKey {
  const digits = Array.from({ length: NAME_LENGTH + SECRET_LENGTH }, () => DIGITS[randomInt(DIGITS.length)]).join('');
  const body = BEGINNING + digits;
  return describe(body + checksumOf(body));
}

/** Tells apart keys and mistyped ones without asking anybody. The error never holds the text. */
export function parseKey(text: string): Result<MintedKey> {
  if (!SHAPE.test(text)) return err(new AppError('UNAUTHENTICATED', 'the API key is not of the form cc_live_ and 38 letters or digits'));
  const body = text.slice(0, -CHECKSUM_LENGTH);
  if (text.slice(-CHECKSUM_LENGTH) !== checksumOf(body)) {
    return err(new AppError('UNAUTHENTICATED', 'the API key is mistyped: its checksum does not fit'));
  }
  return ok(describe(text));
}

/** Tells whether a key has the stored hash, in a time that does not depend on where they differ. */
export function hasHash({ sha256 }: MintedKey, stored: string): boolean {
  const [own, other] = [Buffer.from(sha256, 'hex'), Buffer.from(stored, 'hex')];
  return own.length === other.length && timingSafeEqual(own, other);
}

/** Reads the file that holds a key and nothing else. Throws `config_invalid`, which names the file and never what is in it. */
export function readKeyFile(path: string): MintedKey {
  let text: string;
  try {
    text = readFileSync(path, 'utf8').trim();
  } catch (cause) {
    throw new AppError('config_invalid', `the key file ${path} cannot be read (${(cause as NodeJS.ErrnoException).code})`, { cause });
  }
  const parsed = parseKey(text);
  if (!parsed.ok) throw new AppError('config_invalid', `the key file ${path}: ${parsed.error.message}`);
  return parsed.value;
}

function describe(key: string): MintedKey {
  const prefix = key.slice(0, BEGINNING.length + NAME_LENGTH);
  return { key, prefix, sha256: createHash('sha256').update(key).digest('hex') };
}

function checksumOf(body: string): string {
  let rest = crc32(body);
  let digits = '';
  for (let place = 0; place < CHECKSUM_LENGTH; place++) {
    digits = DIGITS.charAt(rest % DIGITS.length) + digits;
    rest = Math.floor(rest / DIGITS.length);
  }
  return digits;
}
