import { describe, expect, it } from 'vitest';
import { findUser } from './run-user.ts';

const PASSWD = 'root:x:0:0:root:/root:/bin/bash\ntoor:x:0:0::/root:/bin/sh\npostgres:x:101:104:admin,,,:/var/lib/postgresql:/bin/bash\n';

describe('findUser', () => {
  it('finds the ids of a user', () => {
    expect(findUser(PASSWD, 'postgres')).toEqual({ uid: 101, gid: 104 });
  });

  it('takes neither a missing user nor root under another name', () => {
    expect(findUser(PASSWD, 'nobody')).toBeUndefined();
    expect(findUser(PASSWD, 'toor')).toBeUndefined();
  });
});
