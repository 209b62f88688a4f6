import { crc32 } from 'node:zlib';

/** Returns the bytes of a zip with the given files, stored without compression: for tests, which have no zip writer. */
export function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const body = Buffer.from(text);
    const sizes = Buffer.alloc(14);
    sizes.writeUInt32LE(crc32(body), 0);
    sizes.writeUInt32LE(body.length, 4);
    sizes.writeUInt32LE(body.length, 8);
    sizes.writeUInt16LE(name.length, 12);
    const local = Buffer.concat([Buffer.from('504b030414000000000000000000', 'hex'), sizes, Buffer.alloc(2), Buffer.from(name), body]);
    const placed = Buffer.alloc(16);
    placed.writeUInt32LE(offset, 12);
    directory.push(Buffer.concat([Buffer.from('504b0102140014000000000000000000', 'hex'), sizes, placed, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('504b0506', 'hex');
  end.writeUInt16LE(directory.length, 8);
  end.writeUInt16LE(directory.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, central, end]);
}
