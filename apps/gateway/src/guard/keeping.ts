/** What the root fields of one request say of their answers. */
export interface Keeping {
  /** Says of one more root field that its answer never changes under its address. */
  noteLasting(): void;
  /** Tells whether as many fields have said so. */
  isLasting(fields: number): boolean;
}

/** Returns the record of one request. */
export function createKeeping(): Keeping {
  let lasting = 0;
  return { noteLasting: () => void lasting++, isLasting: (fields) => fields > 0 && lasting === fields };
}
